"""The list of places at the left of the window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

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

from desktop.theme.sizes import NAVIGATION_NARROW, SELECTION_BAR
from desktop.theme.theme import current_theme
from desktop.widgets.paint import RIGHT, draw_icon, draw_text, focus_frame, rounded
from desktop.widgets.paint_badges import count_pill, count_pill_width

Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 30
_SECTION: Final = 36


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place; with an empty ``key`` it is the heading of a section."""

    key: str
    text: str
    icon: str = ""
    count: int = 0
    tone: Literal["", "warn", "danger"] = ""

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        parts = [self.text, str(self.count) if self.count else "", self.tone and "warning"]
        return ", ".join(part for part in parts if part)


class _NavRow(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(Qt.ItemDataRole.UserRole)
        return QSize(40, _ROW if item.key else _SECTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        state = option.state
        narrow = box.width() < NAVIGATION_NARROW + 8
        if not item.key:
            if not narrow:
                room = box.adjusted(18, 10, -12, 0)
                draw_text(painter, room, item.text.upper(), "overline", "fg.subtle")
            return
        self._paint_ground(painter, box, state)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        icon = "accent.fg" if chosen else "fg.muted"
        x = (box.width() - 16) / 2 if narrow else 18
        draw_icon(painter, item.icon, icon, x, box.center().y() - 8)
        if not narrow:
            self._paint_words(painter, box, item)

    def _paint_ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        theme = current_theme()
        ground = box.adjusted(8, 1, -8, -1)
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, ground, 6, theme.color("bg.selected"))
            bar = QRectF(ground.left(), ground.top() + 5, SELECTION_BAR, ground.height() - 10)
            rounded(painter, bar, 1.5, theme.color("accent.solid"))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, ground, 6, theme.color("bg.pressed"))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Active:
            focus_frame(painter, ground)

    def _paint_words(self, painter: QPainter, box: QRectF, item: NavItem) -> None:
        end = box.right() - 19
        count = str(item.count) if item.count else ""
        room = 0.0
        if count and item.tone:
            room = count_pill_width(count)
            pill = QRectF(box.right() - 13 - room, box.center().y() - 9, room, 18)
            count_pill(painter, pill, count, item.tone)
        elif count:
            right = QRectF(end - 40, box.top(), 40, box.height())
            room = draw_text(painter, right, count, "meta.tabular", "fg.subtle", RIGHT)
        words = QRectF(42, box.top(), end - room - 8 - 42, box.height())
        draw_text(painter, words, item.text, "body")


class NavList(QListWidget):
    """Places with icon, text and count; ``chosen`` carries the key."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_NavRow(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.itemSelectionChanged.connect(self._tell)

    def set_items(self, items: Sequence[NavItem], current: str = "") -> None:
        """Show places, one of them current, without telling."""
        self.blockSignals(True)
        self.clear()
        for item in items:
            row = QListWidgetItem(item.text, self)
            self._dress(row, item)
            if not item.key:
                row.setFlags(Qt.ItemFlag.NoItemFlags)
        self.blockSignals(False)
        self.set_current(current)

    def set_count(self, key: str, count: int) -> None:
        """Show another count behind a place."""
        for at in range(self.count()):
            row = self.item(at)
            item = row.data(Qt.ItemDataRole.UserRole)
            if item.key == key and item.count != count:
                self._dress(row, replace(item, count=count))

    def _dress(self, row: QListWidgetItem, item: NavItem) -> None:
        row.setData(Qt.ItemDataRole.UserRole, item)
        row.setData(Qt.ItemDataRole.AccessibleTextRole, item.spoken)
        row.setToolTip(item.text)

    def set_current(self, key: str) -> None:
        """Choose a place without telling; an unknown key clears the choice."""
        self.blockSignals(True)
        self.clearSelection()
        for at in range(self.count()):
            if key and self.item(at).data(Qt.ItemDataRole.UserRole).key == key:
                self.setCurrentRow(at)
        self.blockSignals(False)
        self.viewport().update()

    @property
    def current(self) -> str:
        """Key of the chosen place."""
        rows = self.selectedItems()
        return str(rows[0].data(Qt.ItemDataRole.UserRole).key) if rows else ""

    def wanted_height(self) -> int:
        """Height that shows every place."""
        return sum(self.sizeHintForRow(at) for at in range(self.count()))

    def keyboardSearch(self, search: str) -> None:
        """Letters are verbs, never a search in this list."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def _tell(self) -> None:
        if self.current:
            self.chosen.emit(self.current)
