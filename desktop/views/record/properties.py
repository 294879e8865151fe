"""The six fields that are looked at most; what may be changed is a button."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.action_hub import keys_of
from desktop.actions import STATE_ACTS
from desktop.theme.sizes import GUTTER_PANE
from desktop.widgets.property_grid import PropertyGrid
from services.incidents.incident import OnHoldReason
from services.incidents.priority import Impact, Urgency
from services.incidents.read_models import IncidentDetail

E = TypeVar("E", bound=Enum)
IMPACTS: Final[Mapping[Impact, str]] = {
    Impact.ORGANISATION: str(QT_TRANSLATE_NOOP("fields", "Organisation")),
    Impact.TEAM: str(QT_TRANSLATE_NOOP("fields", "Team")),
    Impact.ONE_PERSON: str(QT_TRANSLATE_NOOP("fields", "One person")),
}
URGENCIES: Final[Mapping[Urgency, str]] = {
    Urgency.HIGH: str(QT_TRANSLATE_NOOP("fields", "High")),
    Urgency.MEDIUM: str(QT_TRANSLATE_NOOP("fields", "Medium")),
    Urgency.LOW: str(QT_TRANSLATE_NOOP("fields", "Low")),
}
HOLD_REASONS: Final[Mapping[OnHoldReason, str]] = {
    OnHoldReason.CALLER: str(QT_TRANSLATE_NOOP("fields", "caller")),
    OnHoldReason.CHANGE: str(QT_TRANSLATE_NOOP("fields", "change")),
    OnHoldReason.PROBLEM: str(QT_TRANSLATE_NOOP("fields", "problem")),
    OnHoldReason.SUPPLIER: str(QT_TRANSLATE_NOOP("fields", "supplier")),
    OnHoldReason.EVIDENCE: str(QT_TRANSLATE_NOOP("fields", "evidence")),
    OnHoldReason.SCHEDULED: str(QT_TRANSLATE_NOOP("fields", "scheduled")),
}
_ACTS: Final = {
    "service": "ChangeService",
    "category": "CategoriseIncident",
    "assignee": "AssignIncident",
    "priority": "PrioritiseIncident",
}


def word(text: str) -> str:
    """The translated word of a field's value."""
    return QCoreApplication.translate("fields", text)


def word_for(words: Mapping[E, str], value: E) -> str:
    """The word of a value; one that only a newer program knows is its own word."""
    return word(words.get(value, str(value.value)))


def impact_by_urgency(impact: Impact | None, urgency: Urgency | None) -> str:
    """``Team × High``, or that it is not set."""
    if impact is None or urgency is None:
        return word(str(QT_TRANSLATE_NOOP("fields", "Not set")))
    return f"{word_for(IMPACTS, impact)} × {word_for(URGENCIES, urgency)}"


class Properties(QWidget):
    """Three by two; ``edit_requested`` names the field."""

    edit_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = PropertyGrid(columns=2, label_px=70)
        fields = (
            ("state", self.tr("State")), ("assignee", self.tr("Assignee")),
            ("service", self.tr("Service")), ("team", self.tr("Team")),
            ("category", self.tr("Category")), ("priority", self.tr("Impact")),
        )  # fmt: skip
        for key, label in fields:
            self.grid.add(key, label, editable=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 10, GUTTER_PANE, 8)
        column.addWidget(self.grid)
        self.grid.activated.connect(self.edit_requested)

    def show_for(self, detail: IncidentDetail, viewer_id: UUID | None) -> None:
        """Show the values; those the viewer may change answer to a click."""
        incident = detail.incident
        label = detail.label
        is_mine = viewer_id is not None and incident.assignee_id == viewer_id
        who = self.tr("You") if is_mine else detail.assignee or self.tr("Nobody")
        grid = self.grid
        grid.value("state").show_value(label.value, state=label.name.lower())
        grid.value("assignee").show_value(who, person=detail.assignee)
        grid.value("service").show_value(detail.service)
        grid.value("team").show_value(detail.team, suffix=f"T{int(detail.tier)}")
        grid.value("category").show_value(detail.category_path or self.tr("None"))
        grid.value("priority").show_value(impact_by_urgency(incident.impact, incident.urgency))
        for key, act in _ACTS.items():
            self._allow(key, detail.may(act), detail.why_not(act))
        self._allow("state", any(detail.may(act) for act in STATE_ACTS), "")

    def value_of(self, field: str) -> QWidget | None:
        """The value of a field, if it is one of the six."""
        return self.grid.value(field) if field in (*_ACTS, "state", "team") else None

    def _allow(self, key: str, may: bool, why_not: str) -> None:
        value = self.grid.value(key)
        value.set_editable(may)
        tip = self.tr("Change (%1)").replace("%1", keys_of(f"edit.{key}"))
        value.setToolTip(tip if may else why_not)
