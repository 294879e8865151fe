"""Strips above a record: what stands in the way of working on it, and the way out."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub, keys_of, text_of
from desktop.text import date_text
from desktop.theme.sizes import GUTTER_PANE
from desktop.widgets.buttons import Button
from desktop.widgets.card import Band
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import IncidentState
from services.incidents.permissions import CHANGED_BY_NEWER
from services.incidents.read_models import IncidentDetail

_LOOKS: Final = {
    "warn": ("warn.tint", "warn.line", "warn.fg"),
    "lock": ("bg.sunken", "line.default", "fg.muted"),
}


class Strip(Band):
    """Icon, strong lead and sentence; ``buttons`` is a row below them."""

    def __init__(self, look: str, icon: str, parent: QWidget | None = None) -> None:
        ground, line, ink = _LOOKS[look]
        super().__init__(ground, line, parent)
        self._lead = PlainLabel("", "body.strong", wrap=True)
        self._text = PlainLabel("", "body", wrap=True)
        self.words = QVBoxLayout()
        self.buttons = QHBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 9, GUTTER_PANE, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(icon, ink), 0, Qt.AlignmentFlag.AlignTop)
        self.words.setSpacing(1)
        self.words.addWidget(self._lead)
        self.words.addWidget(self._text)
        self.buttons.setContentsMargins(0, 5, 0, 0)
        self.buttons.setSpacing(8)
        self.words.addLayout(self.buttons)
        row.addLayout(self.words, 1)
        self.hide()

    def say(self, lead: str, text: str) -> None:
        """Say something else."""
        self._lead.setText(lead)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{lead} {text}".strip())


class TriageStrip(Strip):
    """Says that nobody has set impact and urgency yet."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("warn", "warn", parent)
        self._set = Button(self.tr("Set impact and urgency"), keys=keys_of("edit.priority"))
        self._set.clicked.connect(lambda: hub.trigger("edit.priority"))
        self.buttons.addWidget(self._set)
        self.buttons.addStretch(1)
        self.say(self.tr("Not triaged."), self.tr("Its priority follows from impact and urgency."))

    def show_for(self, detail: IncidentDetail) -> None:
        """Show where there is no priority and the record can still change."""
        untriaged = detail.incident.priority is None
        self.setVisible(untriaged and not is_final(detail))
        self._set.setVisible(detail.may("PrioritiseIncident"))


class NewerStrip(Strip):
    """Says that a newer program wrote something here, and that this one leaves it alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("lock", "lock", parent)
        self.buttons.addStretch(1)
        self.say(
            self.tr("This incident was changed by a newer Firstline."),
            self.tr("What it wrote is shown as it is. Update to work on it."),
        )

    def show_for(self, detail: IncidentDetail) -> None:
        """Show where no act is possible for that reason."""
        self.setVisible(detail.why_not("AddNote") == CHANGED_BY_NEWER)


class ReadOnlyStrip(Strip):
    """Says who closed the record and when, what still works, and the way out."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("lock", "lock", parent)
        follow_up = Button(text_of("incident.follow_up"), keys=keys_of("incident.follow_up"))
        follow_up.clicked.connect(lambda: hub.trigger("incident.follow_up"))
        self.buttons.addWidget(follow_up)
        self.buttons.addStretch(1)

    def show_for(self, detail: IncidentDetail, now: datetime) -> None:
        """Show for closed and cancelled records."""
        self.setVisible(is_final(detail))
        if not is_final(detail):
            return
        incident = detail.incident
        works = self.tr("Notes can be added, fields cannot.")
        if incident.state is IncidentState.CLOSED and incident.closed_at is not None:
            lead = self.tr("Closed %1 by %2.")
            day = date_text(incident.closed_at.astimezone(now.tzinfo), now)
            who = detail.closed_by or self.tr("Service Desk")
            self.say(lead.replace("%1", day).replace("%2", who), works)
            return
        at = incident.cancelled_at or incident.updated_at
        when = date_text(at.astimezone(now.tzinfo), now)
        self.say(self.tr("Cancelled %1.").replace("%1", when), works)


def is_final(detail: IncidentDetail) -> bool:
    """Whether the record no longer changes."""
    return detail.incident.state in (IncidentState.CLOSED, IncidentState.CANCELLED)
