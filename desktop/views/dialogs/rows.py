"""One incident in one line, as dialogs list it."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.text import incident_key
from desktop.widgets.paint import RIGHT, draw_text, text_width
from desktop.widgets.paint_badges import PRIORITY_WIDTH, priority_badge
from desktop.widgets.paint_states import state_glyph
from services.incidents.read_models import RelatedItem


class IncidentLine(QWidget):
    """Badge, number, summary and state."""

    def __init__(self, item: RelatedItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = item
        self.setFixedHeight(26)
        words = (incident_key(item.number), item.summary, item.label.value)
        self.setAccessibleName(", ".join(words))

    def sizeHint(self) -> QSize:
        return QSize(320, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        item, height = self._item, self.height()
        painter = QPainter(self)
        x = PRIORITY_WIDTH + 8.0
        if item.priority is not None:
            priority_badge(painter, QPointF(0, (height - 18) / 2), int(item.priority))
        key = incident_key(item.number)
        x += draw_text(painter, QRectF(x, 0, 90, height), key, "mono", "fg.muted") + 8
        word = text_width(item.label.value, "meta") + 1
        end = self.width() - word
        draw_text(painter, QRectF(end, 0, word, height), item.label.value, "meta", align=RIGHT)
        state_glyph(painter, QPointF(end - 18, (height - 14) / 2), item.label.name.lower())
        draw_text(painter, QRectF(x, 0, end - 28 - x, height), item.summary, "body")
        painter.end()
