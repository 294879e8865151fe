"""The way of an incident through the tiers, and what was handed over each time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.text import duration_text, full_when_text
from desktop.theme.theme import current_theme
from desktop.views.paging.page_card import PageCard
from desktop.views.record.details_tab import Scroller
from desktop.views.record.properties import word
from desktop.widgets.badges import Tag
from desktop.widgets.buttons import Button
from desktop.widgets.card import Card
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import RIGHT, draw_text, rounded, text_width
from desktop.widgets.paint_badges import Tone
from services.incidents.incident import EscalationKind, EscalationState
from services.incidents.read_models import EscalationItem, IncidentDetail, TierSpan
from services.paging.read_models import PageItem

STATES: Final[Mapping[EscalationState, tuple[str, Tone]]] = {
    EscalationState.OFFERED: (str(QT_TRANSLATE_NOOP("fields", "Waits for answer")), "violet"),
    EscalationState.ACCEPTED: (str(QT_TRANSLATE_NOOP("fields", "Accepted")), "accent"),
    EscalationState.REJECTED: (str(QT_TRANSLATE_NOOP("fields", "Rejected")), "warn"),
    EscalationState.PASSED_ON: (str(QT_TRANSLATE_NOOP("fields", "Passed on")), "neutral"),
    EscalationState.HANDED_BACK: (str(QT_TRANSLATE_NOOP("fields", "Handed back")), "ok"),
    EscalationState.RECALLED: (str(QT_TRANSLATE_NOOP("fields", "Recalled")), "neutral"),
    EscalationState.TOLD: (str(QT_TRANSLATE_NOOP("fields", "Waits for answer")), "violet"),
    EscalationState.ANSWERED: (str(QT_TRANSLATE_NOOP("fields", "Answered")), "ok"),
}
_ROW: Final = 30


class TierPath(QWidget):
    """One bar per stretch with a team: as long as it took, with the time beside it."""

    def __init__(
        self, spans: Sequence[TierSpan], now: datetime, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._spans = tuple(spans)
        self._now = now
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = [f"{s.team} T{int(s.tier)} {self._length(s)}" for s in self._spans]
        self.setAccessibleName(", ".join(words))

    def _length(self, span: TierSpan) -> str:
        return duration_text((span.until or self._now) - span.since)

    def sizeHint(self) -> QSize:
        return QSize(240, _ROW * len(self._spans))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        names = [f"{span.team} T{int(span.tier)}" for span in self._spans]
        left = min(130.0, max((text_width(name, "meta") for name in names), default=0) + 12)
        track = self.width() - left - 76
        starts = [span.since for span in self._spans]
        ends = [span.until or self._now for span in self._spans]
        whole = max((max(ends) - min(starts)).total_seconds(), 1.0) if starts else 1.0
        for line, span in enumerate(self._spans):
            y = line * _ROW
            draw_text(painter, QRectF(0, y, left - 8, _ROW), names[line], "meta", "fg.muted")
            start = (span.since - min(starts)).total_seconds() / whole
            length = (ends[line] - span.since).total_seconds() / whole
            rounded(painter, QRectF(left, y + 13, track, 4), 2, theme.color("sla.track"))
            bar = QRectF(left + track * start, y + 12, max(4.0, track * length), 6)
            token = "accent.solid" if span.until is None else "sla.ok"
            rounded(painter, bar, 3, theme.color(token))
            box = QRectF(self.width() - 70, y, 70, _ROW)
            role = "meta.medium" if span.until is None else "meta"
            draw_text(painter, box, self._length(span), role, "fg.default", RIGHT)
        painter.end()


class EscalationsTab(Scroller):
    """Time per tier, then each escalation with what was tried, found and needed.

    A call up the management line that waits offers to record its answer or to withdraw it.
    """

    answer_requested = Signal(object)
    withdrawal_requested = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._detail: IncidentDetail | None = None
        self._pages: tuple[PageItem, ...] = ()

    def show_for(self, detail: IncidentDetail, now: datetime) -> None:
        """Show the escalations of an incident, newest first."""
        if self._detail is None or self._detail.incident.id != detail.incident.id:
            self._pages = ()
        self._detail = detail
        self._show(detail, now)

    def show_pages(self, pages: tuple[PageItem, ...], now: datetime) -> None:
        """Show the pages of the incident above its escalations."""
        if pages != self._pages:
            self._pages = pages
            if self._detail is not None:
                self._show(self._detail, now)

    def _show(self, detail: IncidentDetail, now: datetime) -> None:
        at = self.verticalScrollBar().value()
        column = self.renew()
        if self._pages:
            column.addWidget(PlainLabel(self.tr("PAGES"), "overline", "fg.subtle"))
            for place, item in enumerate(self._pages):
                column.addWidget(PageCard(item, now, is_open=place == 0))
            column.addSpacing(8)
        if detail.tier_spans:
            column.addWidget(PlainLabel(self.tr("TIME PER TEAM"), "overline", "fg.subtle"))
            column.addWidget(TierPath(detail.tier_spans, now))
            column.addSpacing(8)
        if not detail.escalations:
            sentence = self.tr("This incident was not escalated.")
            column.addWidget(PlainLabel(sentence, "body", "fg.muted", wrap=True))
        for escalation in detail.escalations:
            column.addWidget(self._card(escalation, now))
        column.addStretch(1)
        self.verticalScrollBar().setValue(at)

    def _card(self, item: EscalationItem, now: datetime) -> QWidget:
        escalation = item.escalation
        card = Card(margins=(12, 10, 12, 12))
        card.body.setSpacing(6)
        state, tone = STATES.get(escalation.state, (str(escalation.state.value), "neutral"))
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self._way(item), "body.strong", elide=True), 1)
        head.addWidget(Tag(word(state), tone))
        card.body.addLayout(head)
        by = self.tr("%1 by %2").replace("%1", full_when_text(escalation.offered_at, now))
        by = by.replace("%2", item.offered_by)
        card.body.addWidget(PlainLabel(by, "meta", "fg.subtle", wrap=True))
        for name, text in self._texts(item, now):
            if text:
                self._pair(card.body, name, text)
        if escalation.state is EscalationState.TOLD:
            card.body.addLayout(self._ways_out(item))
        return card

    def _ways_out(self, item: EscalationItem) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        answer = Button(self.tr("Record answer…"), icon="reply")
        answer.clicked.connect(partial(self._ask, self.answer_requested, item))
        withdraw = Button(self.tr("Withdraw…"), "ghost")
        withdraw.clicked.connect(partial(self._ask, self.withdrawal_requested, item))
        row.addWidget(answer)
        row.addWidget(withdraw)
        row.addStretch(1)
        return row

    def _ask(self, signal: SignalInstance, item: EscalationItem, *_: object) -> None:
        signal.emit(item)

    def _way(self, item: EscalationItem) -> str:
        if item.escalation.kind is EscalationKind.HIERARCHICAL:
            return self.tr("Up the line to %1").replace("%1", item.to_person)
        tier = f" T{int(item.to_tier)}" if item.to_tier else ""
        return f"{item.from_team} T{int(item.from_tier)} → {item.to_team}{tier}"

    def _texts(self, item: EscalationItem, now: datetime) -> list[tuple[str, str]]:
        escalation = item.escalation
        is_call = escalation.kind is EscalationKind.HIERARCHICAL
        needed = full_when_text(escalation.needed_by, now) if escalation.needed_by else ""
        remark = self.tr("Answer") if is_call else self.tr("Remark")
        return [
            (self.tr("Reason"), escalation.reason),
            (self.tr("Tried"), escalation.tried),
            (self.tr("Found"), escalation.found),
            (self.tr("Needed"), escalation.need),
            (self.tr("By"), needed),
            (self.tr("Accepted"), self._moment(item.accepted_by, escalation.accepted_at, now)),
            (self.tr("Ended"), self._moment(item.ended_by, escalation.ended_at, now)),
            (remark, escalation.end_remark),
        ]

    def _moment(self, who: str, at: datetime | None, now: datetime) -> str:
        return "" if at is None else f"{full_when_text(at, now)}, {who}".rstrip(", ")

    def _pair(self, column: QVBoxLayout, name: str, text: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        label = PlainLabel(name, "meta", "fg.subtle")
        label.setFixedWidth(64)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(text, "body", wrap=True, selectable=True), 1)
        column.addLayout(row)
