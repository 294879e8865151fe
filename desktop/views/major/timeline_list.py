"""The lines of the timeline, painted: time, kind, who, what, pin."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.theme.sizes import ROW
from desktop.views.dialogs.words import first_name
from desktop.views.major.values import LineView
from desktop.views.major.words import KINDS, kind_word
from desktop.widgets.paint import draw_icon, draw_text, hairline, text_width
from desktop.widgets.painted_list import Index, PaintedList, paint_ground

_KIND_AT: Final = 48
_WORD_AT: Final = 68
_WHO_AT: Final = 174
_PIN: Final = 28


class _Lines(QStyledItemDelegate):
    """Paints a line in one go."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        paint_ground(painter, box.adjusted(-4, 1, 4, -1), state)
        if not state & QStyle.StateFlag.State_Selected:
            bottom = round(box.bottom()) - 1
            hairline(painter, round(box.left()), bottom, round(box.width()), "line.subtle")
        self._paint_line(painter, box, line)

    def _paint_line(self, painter: QPainter, box: QRectF, line: LineView) -> None:
        look = KINDS[line.kind]
        ink = "fg.subtle" if line.is_removed else "fg.default"
        x, y, height = box.left(), box.top(), box.height()
        draw_text(painter, QRectF(x, y, 44, height), line.time, "body.tabular", "fg.muted")
        draw_icon(painter, look.icon, look.token, x + _KIND_AT, y + (height - 16) / 2)
        word = QRectF(x + _WORD_AT, y, _WHO_AT - _WORD_AT - 4, height)
        draw_text(painter, word, kind_word(line.kind), "body.medium", look.token)
        who = first_name(line.who)
        wide = text_width(who, "body.medium")
        draw_text(painter, QRectF(x + _WHO_AT, y, wide + 1, height), who, "body.medium", "fg.muted")
        start = x + _WHO_AT + (wide + 8 if who else 0)
        room = QRectF(start, y, box.right() - _PIN - start, height)
        taken = draw_text(painter, room, line.text.replace("\n", " "), "body", ink)
        if line.is_removed:
            hairline(painter, round(start), round(y + height / 2), round(taken), "fg.subtle")
        if line.is_pinned:
            draw_icon(painter, "pin", "accent.fg", box.right() - 20, y + (height - 16) / 2)


class TimelineList(PaintedList):
    """Enter, a double click or the right button open the menu of a line."""

    menu_requested = Signal(object, QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, _Lines, parent)
        self.setVerticalScrollMode(PaintedList.ScrollMode.ScrollPerPixel)
        self.itemDoubleClicked.connect(lambda _: self.open_menu())

    def show_lines(self, lines: list[LineView]) -> None:
        """Show lines, newest first; the chosen one and the place stay."""
        current, bar = self.current, self.verticalScrollBar()
        at = bar.value()
        self.show_rows(lines, current)
        bar.setValue(at)

    @property
    def line(self) -> LineView | None:
        """The chosen line."""
        chosen = self.selectedItems()
        found = chosen[0].data(Qt.ItemDataRole.UserRole) if chosen else None
        return found if isinstance(found, LineView) else None

    def open_menu(self) -> None:
        """Open the menu of the chosen line below it."""
        if (line := self.line) is not None:
            box = self.visualItemRect(self.selectedItems()[0])
            at = self.viewport().mapToGlobal(QPoint(_WHO_AT, box.bottom()))
            self.menu_requested.emit(line, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_menu()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos())
        if item is not None:
            self.setCurrentItem(item)
            self.menu_requested.emit(item.data(Qt.ItemDataRole.UserRole), event.globalPos())
