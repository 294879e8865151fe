"""Strips above a record: what stands in the way of working on it, and the way out."""

from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub, keys_of, text_of
from desktop.text import date_text
from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import IncidentState
from services.incidents.read_models import ConflictItem, IncidentDetail

_LOOKS: Final = {
    "warn": ("warn.tint", "warn.line", "warn.fg"),
    "lock": ("bg.sunken", "line.default", "fg.muted"),
}


class Strip(QWidget):
    """Icon, strong lead and sentence; ``buttons`` is a row below them."""

    def __init__(self, look: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground, self._line, ink = _LOOKS[look]
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

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(self._ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(self._line))
        painter.end()


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


class ConflictStrip(Strip):
    """A change made here and one made elsewhere clash: keep mine, take theirs or compare."""

    decided = Signal(object, str)
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", "changes", parent)
        self._command_id: UUID | None = None
        self._typed = ""
        self._mine = Button(self.tr("Keep mine"), keys="1")
        self._theirs = Button(self.tr("Take theirs"), keys="2")
        self._compare = Button(self.tr("Compare"), "ghost", keys="3")
        self._copy = Button(self.tr("Copy what I typed"), "ghost", icon="copy")
        for button in (self._mine, self._theirs, self._compare):
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        self.words.addWidget(self._copy)
        self._mine.clicked.connect(self.keep_mine)
        self._theirs.clicked.connect(self.take_theirs)
        self._compare.clicked.connect(self.compare_requested)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._typed))

    def show_for(self, conflicts: tuple[ConflictItem, ...]) -> None:
        """Show the first conflict, or nothing."""
        was_shown = not self.isHidden()
        self.setVisible(bool(conflicts))
        if not conflicts:
            self._command_id = None
            return
        first = conflicts[0]
        self._command_id, self._typed = first.command_id, first.typed
        self._mine.setText(self._labelled(self.tr("Keep %1"), first.mine, self.tr("Keep mine")))
        self._theirs.setText(
            self._labelled(self.tr("Take %1"), first.theirs, self.tr("Take theirs"))
        )
        lead = self.tr("%1 changed in two places.").replace("%1", first.field)
        if not first.field:
            lead = self.tr("This could not be saved for all.")
        more = len(conflicts) - 1
        rest = self.tr("%n more need you.", "", more) if more else ""
        self.say(lead, f"{first.sentence} {rest}".strip())
        self._copy.setVisible(bool(first.typed))
        if not was_shown:
            announce(self, self.accessibleName())

    def _labelled(self, pattern: str, value: str, fallback: str) -> str:
        """``Keep P2`` while the value is short, ``Keep mine`` otherwise."""
        return pattern.replace("%1", value) if 0 < len(value) <= 8 else fallback

    def keep_mine(self) -> None:
        """Decide for what was entered here."""
        if self._command_id is not None:
            self.decided.emit(self._command_id, "mine")

    def take_theirs(self) -> None:
        """Decide for what was entered elsewhere."""
        if self._command_id is not None:
            self.decided.emit(self._command_id, "theirs")


def is_final(detail: IncidentDetail) -> bool:
    """Whether the record no longer changes."""
    return detail.incident.state in (IncidentState.CLOSED, IncidentState.CANCELLED)
