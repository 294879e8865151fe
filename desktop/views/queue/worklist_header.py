"""The heads of the queue's columns; the one sorted by is strong and has an arrow."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.models.worklist_model import KEYS, MARK
from desktop.theme.sizes import TABLE_HEAD
from desktop.theme.theme import current_theme
from desktop.views.queue.worklist_cells import PADDING
from desktop.widgets.paint import draw_icon, draw_text, text_width
from services.incidents.read_models import Order

_ARROW: Final = 12


class WorklistHeader(QHeaderView):
    """Painted heads, 28 high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._order = Order()
        self.setFixedHeight(TABLE_HEAD)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setAccessibleName(self.tr("Columns"))

    def set_order(self, order: Order) -> None:
        """Mark the column the list is sorted by."""
        self._order = order
        self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        theme = current_theme()
        painter.save()
        painter.fillRect(rect, theme.color("bg.surface"))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, theme.color("line.default"))
        key = KEYS[logical_index]
        if key != MARK:
            self._paint_words(painter, QRectF(rect).adjusted(PADDING, 0, 0, -1), logical_index)
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRectF, column: int) -> None:
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        is_sorted = KEYS[column] == self._order.by.value
        role, ink = ("overline", "fg.default") if is_sorted else ("micro", "fg.muted")
        if is_sorted:
            role = "badge"
            room.setWidth(min(room.width(), text_width(title, role) + _ARROW + 6))
        words = room.adjusted(0, 0, -_ARROW - 2, 0) if is_sorted else room
        draw_text(painter, words, title, role, ink)
        if is_sorted:
            arrow = "arrow.down" if self._order.is_descending else "arrow.up"
            top = room.center().y() - _ARROW / 2
            draw_icon(painter, arrow, "fg.default", room.right() - _ARROW, top, _ARROW)
