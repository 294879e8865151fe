"""Closing: the caller confirmed, or could not be reached in spite of trying."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.text import full_when_text, plural
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import CloseForm
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import filled
from desktop.widgets.buttons import Button
from desktop.widgets.card import Card
from desktop.widgets.form import FormField
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.incidents.incident import ConfirmationMethod, Incident
from services.incidents.lifecycle import ATTEMPT_DAYS_NEEDED, ATTEMPTS_NEEDED

_SLACK = timedelta(hours=12)
"""The dialog may stay open for a while; beyond this a time is surely mistyped."""
CONFIRMED, NO_ANSWER = "confirmed", "no_answer"


def missing_attempts(attempts: tuple[datetime, ...]) -> tuple[int, int]:
    """Attempts, and further days, still needed to close without an answer (days in UTC)."""
    days = {at.astimezone(UTC).date() for at in attempts}
    return max(0, ATTEMPTS_NEEDED - len(attempts)), max(0, ATTEMPT_DAYS_NEEDED - len(days))


class CloseDialog(FormDialog):
    """Confirmation or logged attempts. Emits ``CloseForm``."""

    attempt_requested = Signal(str)

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        now: datetime,
        caller: str = "",
        attempts: tuple[datetime, ...] = (),
    ) -> None:
        super().__init__(
            host, self.tr("Confirm and close"), primary=self.tr("Close incident"),
            icon="confirm.close", subject=Subject.of(incident), width=680,
        )  # fmt: skip
        self._now = now.astimezone()
        self._attempts = attempts
        ways = [
            Segment(CONFIRMED, self.tr("The caller confirmed"), "check"),
            Segment(NO_ANSWER, self.tr("No answer"), "call"),
        ]
        self._way = SegmentedControl(self.tr("How it ends"), ways, height=32, stretch=True)
        self.add_field("way", self.tr("How it ends"), self._way)
        self._confirmed = self._confirmation(caller)
        self._unanswered = self._attempt_list()
        self.body.addWidget(self._confirmed)
        self.body.addWidget(self._unanswered)
        remark = TextEdit(self.tr("Remark"), lines=2)
        self.add_field("remark", self.tr("Remark"), remark, hint=self.tr("internal"))
        self.set_footer(self.tr("Closed is final. Later trouble becomes a follow-up."), "lock")
        self._way.chosen.connect(self._show_way)
        self._show_way()
        self.show_attempts(attempts)
        self.ready()

    def _confirmation(self, caller: str) -> QWidget:
        holder, column = _column()
        methods = [
            Segment("phone", self.tr("Phone"), "channel.phone"),
            Segment("email", self.tr("Email"), "channel.email"),
            Segment("chat", self.tr("Chat"), "channel.chat"),
            Segment("in_person", self.tr("In person"), "channel.walkup"),
        ]
        method = SegmentedControl(self.tr("Confirmed by"), methods, height=32, stretch=True)
        self.add_field("method", self.tr("How"), method, into=column)
        row = QHBoxLayout()
        row.setSpacing(12)
        column.addLayout(row)
        who = LineEdit(self.tr("Who confirmed"))
        who.setMaxLength(Limit.NAME.value)
        self.add_field("confirmed_by", self.tr("Who"), who, into=row, stretch=1, hint=" ")
        who.setText(caller)
        when = WhenField(self.tr("When"), self._now)
        self.add_field("confirmed_at", self.tr("When"), when, into=row, stretch=1)
        return holder

    def _attempt_list(self) -> QWidget:
        holder, column = _column()
        self._card = Card("bg.subtle", "line.default", margins=(12, 10, 12, 10))
        self._card.body.setSpacing(4)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._still = PlainLabel("", "body.medium", wrap=True)
        self._card.body.addLayout(self._lines)
        self._card.body.addWidget(self._still)
        field = FormField(self.tr("Attempts to reach the caller"), self._card)
        column.addWidget(field)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._attempt = LineEdit(
            self.tr("What happened at the attempt"), icon="call",
            placeholder=self.tr("Called twice, left a message"),
        )  # fmt: skip
        log = Button(self.tr("Log an attempt now"), height=32)
        row.addWidget(self._attempt, 1)
        row.addWidget(log)
        column.addLayout(row)
        log.clicked.connect(self._ask_for_attempt)
        self._attempt.returnPressed.connect(self._ask_for_attempt)
        self._error = PlainLabel("", "meta", "danger.fg", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        return holder

    def _ask_for_attempt(self) -> None:
        text = self._attempt.text().strip() or self.tr("Called, no answer")
        self.attempt_requested.emit(text)
        self._attempt.clear()

    def show_attempts(self, attempts: tuple[datetime, ...]) -> None:
        """List the attempts logged so far and what is still missing."""
        self._attempts = tuple(sorted(attempts))
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for at in self._attempts:
            self._lines.addWidget(_attempt_line(full_when_text(at, self._now)))
        self._error.hide()
        self._still.setText(self._still_missing())
        enough = missing_attempts(self._attempts) == (0, 0)
        self._still.set_token("ok.fg" if enough else "fg.default")
        self._fit()

    def _still_missing(self) -> str:
        count, days = missing_attempts(self._attempts)
        if not count and not days:
            return self.tr("Tried often enough: it may be closed without an answer.")
        parts = []
        if count:
            parts.append(plural(count, self.tr("more attempt"), self.tr("more attempts")))
        if days:
            parts.append(plural(days, self.tr("more day"), self.tr("more days")))
        rule = self.tr("Still missing: %1. Needed are %2 attempts on %3 days.")
        needed = (str(ATTEMPTS_NEEDED), str(ATTEMPT_DAYS_NEEDED))
        return filled(rule, self.tr(" on ").join(parts), *needed)

    def _show_way(self) -> None:
        confirmed = self._way.current == CONFIRMED
        self._confirmed.setVisible(confirmed)
        self._unanswered.setVisible(not confirmed)
        self.fields.require(
            "confirmed_by", self.tr("Name who confirmed that it works.") if confirmed else ""
        )
        self._fit()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self._show_way()

    def problems(self) -> dict[str, str]:
        """What is missing on the way chosen."""
        if self._way.current == NO_ANSWER:
            enough = missing_attempts(self._attempts) == (0, 0)
            return {} if enough else {"attempts": self._still_missing()}
        found = super().problems()
        if "confirmed_at" not in found and self.fields.when("confirmed_at") > self._now + _SLACK:
            found["confirmed_at"] = self.tr("This is in the future.")
        return found

    def _point_at(self, problems: Mapping[str, str]) -> None:
        if "attempts" in problems:
            self._error.setText(self.tr("Not yet. Log the missing attempts first."))
            self._error.show()
            self._attempt.setFocus()
        super()._point_at(problems)

    def form(self) -> CloseForm:
        """What was typed."""
        text = self.fields.text
        if self._way.current == NO_ANSWER:
            method, who, when = ConfirmationMethod.NO_ANSWER, "", None
        else:
            method = ConfirmationMethod(text("method"))
            who, when = text("confirmed_by"), self.fields.when("confirmed_at")
        return CloseForm(method=method, confirmed_by=who, confirmed_at=when, remark=text("remark"))


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return holder, column


def _attempt_line(text: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(IconLabel("call", "fg.subtle", 14))
    row.addWidget(PlainLabel(text, "body.tabular"))
    row.addStretch(1)
    return holder
