"""The timeline of a record: any number of entries, each measured and painted once it is seen."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.models.timeline_model import TimelineModel
from desktop.theme.theme import current_theme
from desktop.views.record import timeline_block as block
from desktop.views.record.timeline_block import Block
from desktop.views.tips import show_tip
from desktop.widgets.paint import (
    RIGHT,
    draw_icon,
    draw_icon_in,
    draw_text,
    focus_frame,
    rounded,
    text_width,
)
from desktop.widgets.paint_badges import marker, tag
from services.incidents.read_models import TimelineEntry

Index = QModelIndex | QPersistentModelIndex
_KEPT: Final = 400


class _TimelineDelegate(QStyledItemDelegate):
    def __init__(self, view: "TimelineView", model: TimelineModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._blocks: OrderedDict[tuple[UUID, int, str, str], Block] = OrderedDict()

    def block_of(self, entry: TimelineEntry) -> Block:
        """The measured entry, kept by width and theme."""
        width = self._view.viewport().width()
        key = (entry.id, width, current_theme().name, self._model.time_of(entry))
        if key not in self._blocks:
            actor = self._model.actor_of(entry)
            self._blocks[key] = block.measured(entry, actor, self._side(entry), width)
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        return self._blocks[key]

    def forget(self) -> None:
        """Measure again."""
        self._blocks.clear()

    def _side(self, entry: TimelineEntry) -> float:
        cloud = 22 if self._model.is_pending(entry) else 0
        return text_width(self._model.time_of(entry), "meta") + cloud

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(Qt.ItemDataRole.UserRole)
        return QSize(120, round(self.block_of(entry).height + 0.49))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        state = option.state
        entry = index.data(Qt.ItemDataRole.UserRole)
        measured = self.block_of(entry)
        painter.save()
        painter.translate(box.topLeft())
        self._paint_rail(painter, entry, box.height(), index.row())
        self._paint_head(painter, entry, measured, box.width())
        self._paint_tags(painter, measured)
        self._paint_text(painter, entry, measured)
        is_focused = state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus()
        if is_focused:
            frame = QRectF(8, 0, box.width() - 16, box.height() - block.BELOW + 8)
            focus_frame(painter, frame, 6)
        painter.restore()

    def _paint_rail(
        self, painter: QPainter, entry: TimelineEntry, height: float, line: int
    ) -> None:
        theme = current_theme()
        middle = block.LEFT_EDGE + block.MARK / 2
        if line + 1 < self._model.rowCount():
            rail = QRectF(middle - 0.5, block.MARK + 2, 1, height - block.MARK - 4)
            painter.fillRect(rail, theme.color("line.default"))
        icon, tone = block.LOOKS[entry.kind]
        marker(painter, QRectF(block.LEFT_EDGE, 0, block.MARK, block.MARK), icon, tone)

    def _paint_head(
        self, painter: QPainter, entry: TimelineEntry, measured: Block, width: float
    ) -> None:
        theme = current_theme()
        painter.setPen(theme.color("fg.muted"))
        measured.sentence.draw(painter, QPointF(block.TEXT_LEFT, 2))
        time = QRectF(0, 2, width - block.RIGHT_EDGE, 18)
        taken = draw_text(painter, time, self._model.time_of(entry), "meta", "fg.subtle", RIGHT)
        if self._model.is_pending(entry):
            x = width - block.RIGHT_EDGE - taken - 22
            draw_icon(painter, "sync.pending", "warn.fg", x, 3, 16)

    def _paint_tags(self, painter: QPainter, measured: Block) -> None:
        for placed in measured.tags:
            if placed.tone is None and placed.text:
                draw_text(painter, placed.box, placed.text, "meta", "fg.subtle")
            elif placed.tone is None:
                draw_icon_in(painter, placed.box, "arrow.right", "fg.subtle", 14)
            else:
                tag(painter, placed.box, placed.text, placed.tone)

    def _paint_text(self, painter: QPainter, entry: TimelineEntry, measured: Block) -> None:
        theme = current_theme()
        if measured.text is not None:
            inset = block.BUBBLE if entry.kind in block.BUBBLED else 0
            if inset:
                ground = "bg.subtle" if entry.is_internal else "bg.surface"
                line = "line.subtle" if entry.is_internal else "info.line"
                rounded(painter, measured.text_box, 6, theme.color(ground), theme.color(line))
            painter.setPen(theme.color("fg.default"))
            at = measured.text_box.topLeft() + QPointF(inset, inset - 2 if inset else 0)
            measured.text.draw(painter, at)
        if measured.more_box is not None:
            words = self._view.tr("Show all %1 characters")
            words = words.replace("%1", f"{len(entry.text):,}")
            draw_text(painter, measured.more_box, words, "meta.medium", "accent.fg")

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        return show_tip(event, view, index) or super().helpEvent(event, view, option, index)


class TimelineView(QListView):
    """Entries with a mark each on one line; ``whole_text_requested`` carries an entry."""

    whole_text_requested = Signal(object)

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = _TimelineDelegate(self, model)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Timeline"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(100)
        self.setViewportMargins(0, 14, 0, 0)
        self.activated.connect(self._open)
        model.modelReset.connect(self._delegate.forget)
        model.dataChanged.connect(self._measure_again)

    def _measure_again(self) -> None:
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._delegate.forget()
            self.scheduleDelayedItemsLayout()

    def keyboardSearch(self, search: str) -> None:
        """Letters are verbs here."""

    def selectAll(self) -> None:
        """Nothing is selected here."""

    def _open(self, index: QModelIndex) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        if entry is not None and self._delegate.block_of(entry).more_box is not None:
            self.whole_text_requested.emit(entry)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position()
        index = self.indexAt(at.toPoint())
        if not index.isValid():
            return
        more = self._delegate.block_of(index.data(Qt.ItemDataRole.UserRole)).more_box
        if more is not None and more.contains(at - QPointF(self.visualRect(index).topLeft())):
            self._open(index)
