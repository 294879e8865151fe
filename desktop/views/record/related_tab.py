"""Incidents that are linked to this one; a click opens them."""

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.text import incident_key, when_text
from desktop.theme.theme import current_theme
from desktop.views.record.details_tab import Scroller
from desktop.views.tips import plain_tip
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import RIGHT, draw_text, focus_frame, rounded, text_width
from desktop.widgets.paint_badges import PRIORITY_WIDTH, priority_badge, tag, tag_width
from desktop.widgets.paint_states import GLYPH, state_glyph, state_word
from services.incidents.read_models import IncidentDetail, RelatedItem


class RelatedRow(QPushButton):
    """One linked incident: badge, number and state, its summary below."""

    def __init__(self, item: RelatedItem, when: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = item
        self._when = when
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = (item.relation, incident_key(item.number), item.label.value, item.summary)
        self.setAccessibleName(", ".join(words))
        self.setToolTip(plain_tip(item.summary))

    def sizeHint(self) -> QSize:
        return QSize(300, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.underMouse():
            rounded(painter, box, 6, current_theme().color("bg.hover"))
        if self.hasFocus():
            focus_frame(painter, box)
        x = self._paint_badge(painter)
        key = incident_key(self._item.number)
        x += draw_text(painter, QRectF(x, 5, 120, 18), key, "mono", "fg.muted") + 12
        state = self._item.label.name.lower()
        state_glyph(painter, QPointF(x, 7), state)
        draw_text(painter, QRectF(x + GLYPH + 6, 5, 90, 18), state_word(state), "meta")
        end = QRectF(box.right() - 96, 5, 88, 18)
        draw_text(painter, end, self._when, "meta", "fg.subtle", RIGHT)
        line = QRectF(8, 25, box.width() - 16, 18)
        draw_text(painter, line, self._item.summary, "body")
        painter.end()

    def _paint_badge(self, painter: QPainter) -> float:
        if self._item.priority is not None:
            priority_badge(painter, QPointF(8, 5), int(self._item.priority))
            return 8 + PRIORITY_WIDTH + 8
        word = self.tr("Triage")
        tag(painter, QRectF(8, 5, tag_width(word), 18), word, "warn")
        return 8 + text_width(word, "micro") + 22


class RelatedTab(Scroller):
    """Parent, children, duplicates and follow-ups by kind of link."""

    incident_opened = Signal(object)

    def show_for(self, detail: IncidentDetail, now: datetime) -> None:
        """Show what is linked."""
        column = self.renew()
        column.setContentsMargins(8, 12, 8, 16)
        column.setSpacing(0)
        relation = ""
        for item in detail.related:
            if item.relation != relation:
                relation = item.relation
                column.addWidget(self._head(relation, is_first=not column.count()))
            column.addWidget(self._row(item, now))
        for relation in detail.hidden_links:
            column.addWidget(self._head(relation, is_first=not column.count()))
            hidden = PlainLabel(
                self.tr("An incident you may not see, or older than this desk keeps"),
                "body", "fg.muted", wrap=True,
            )  # fmt: skip
            hidden.setContentsMargins(8, 4, 8, 4)
            column.addWidget(hidden)
        if not detail.related and not detail.hidden_links:
            sentence = PlainLabel(self.tr("No linked incidents."), "body", "fg.muted")
            sentence.setContentsMargins(8, 2, 8, 0)
            column.addWidget(sentence)
        column.addStretch(1)

    def _head(self, relation: str, *, is_first: bool) -> PlainLabel:
        head = PlainLabel(relation.upper(), "overline", "fg.subtle")
        head.setContentsMargins(8, 0 if is_first else 8, 8, 4)
        return head

    def _row(self, item: RelatedItem, now: datetime) -> RelatedRow:
        row = RelatedRow(item, when_text(item.reported_at, now))
        row.clicked.connect(lambda: self.incident_opened.emit(item.id))
        return row
