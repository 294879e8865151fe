"""The list of places at the left of the window."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.theme.sizes import NAVIGATION_NARROW
from desktop.widgets.paint import RIGHT, draw_icon, draw_text
from desktop.widgets.paint_badges import count_pill, count_pill_width, small_count
from desktop.widgets.painted_list import Index, PaintedList, paint_ground

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

    @property
    def tip(self) -> str:
        """Its text, for where the list is narrow."""
        return self.text


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
        paint_ground(painter, box.adjusted(8, 1, -8, -1), state)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        icon = "accent.fg" if chosen else "fg.muted"
        x = (box.width() - 16) / 2 if narrow else 18
        draw_icon(painter, item.icon, icon, x, box.center().y() - 8)
        if not narrow:
            self._paint_words(painter, box, item)
        elif item.count and item.tone:
            pill = QRectF(box.center().x() + 2, box.top() + 1, 16, 16)
            small_count(painter, pill, str(item.count), item.tone)

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


class NavList(PaintedList):
    """Places with icon, text and count."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, _NavRow, parent)

    def set_count(self, key: str, count: int) -> None:
        """Show another count behind a place."""
        for at in range(self.count()):
            row = self.item(at)
            item = row.data(Qt.ItemDataRole.UserRole)
            if item.key == key and item.count != count:
                self.dress(row, replace(item, count=count))

    def wanted_height(self) -> int:
        """Height that shows every place."""
        return sum(self.sizeHintForRow(at) for at in range(self.count()))
