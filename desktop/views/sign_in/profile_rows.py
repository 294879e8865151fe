"""The profiles to choose from, at the left of the sign-in screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.theme.sizes import RADIUS_CONTROL, SELECTION_BAR
from desktop.theme.theme import current_theme
from desktop.views.tips import plain_tip
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded
from desktop.widgets.paint_badges import TAG_HEIGHT, tag, tag_width

Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 52
_WORDS_AT: Final = 44


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One profile: its name and where it is; ``tag`` says that it is open, or new."""

    id: str
    name: str
    where: str
    icon: str
    tag: str = ""

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        return ", ".join(part for part in (self.name, self.where, self.tag) if part)


class _ProfilePainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        state = option.state
        box = QRectF(option.rect).adjusted(8, 2, -8, -2)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, box, state, chosen)
        ink = "accent.fg" if chosen else "fg.muted"
        draw_icon(painter, row.icon, ink, box.left() + 14, box.center().y() - 8)
        end = box.right() - 10
        if row.tag:
            width = tag_width(row.tag)
            place = QRectF(end - width, box.center().y() - TAG_HEIGHT / 2, width, TAG_HEIGHT)
            tag(painter, place, row.tag, "accent")
            end -= width + 8
        left = box.left() + _WORDS_AT - 8
        name = QRectF(left, box.top() + 6, end - left, 18)
        draw_text(painter, name, row.name, "body.medium")
        draw_text(painter, name.translated(0, 18), row.where, "meta", "fg.subtle")

    def _paint_ground(
        self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, chosen: bool
    ) -> None:
        theme = current_theme()
        if chosen:
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.selected"))
            bar = QRectF(box.left(), box.top() + 8, SELECTION_BAR, box.height() - 16)
            rounded(painter, bar, 1.5, theme.color("accent.solid"))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.pressed"))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Active:
            focus_frame(painter, box)


class ProfileRows(QListWidget):
    """A list of profiles; ``chosen`` carries the id of the one moved to."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_ProfilePainter(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.itemSelectionChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[ProfileRow], current: str) -> None:
        """Show profiles, one of them chosen, without telling."""
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.name, self)
            item.setData(Qt.ItemDataRole.UserRole, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            item.setToolTip(plain_tip(f"{row.name}\n{row.where}"))
            if row.id == current:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.viewport().update()

    @property
    def current(self) -> str:
        """Id of the chosen profile, empty when none is."""
        chosen = self.selectedItems()
        return str(chosen[0].data(Qt.ItemDataRole.UserRole).id) if chosen else ""

    @property
    def rows(self) -> list[ProfileRow]:
        """What is shown."""
        return [self.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self.count())]

    def keyboardSearch(self, search: str) -> None:
        """Letters are verbs, never a search in this list."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def _tell(self) -> None:
        if self.current:
            self.chosen.emit(self.current)
