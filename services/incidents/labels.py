"""The word a screen shows for where an incident stands."""

from datetime import datetime
from enum import Enum
from typing import Protocol

from services.incidents.incident import EscalationState, IncidentState


class StateLabel(Enum):
    """A state, or what is derived from it while an incident is in progress."""

    NEW = "New"
    ASSIGNED = "Assigned"
    IN_PROGRESS = "In progress"
    ESCALATED = "Escalated"
    REOPENED = "Reopened"
    ON_HOLD = "On hold"
    RESOLVED = "Resolved"
    CLOSED = "Closed"
    CANCELLED = "Cancelled"


class Standing(Protocol):
    """The fields of an incident that decide its label."""

    @property
    def state(self) -> IncidentState:
        """The stored state."""
        ...

    @property
    def escalation_state(self) -> EscalationState | None:
        """State of the open escalation, if any."""
        ...

    @property
    def accepted_at(self) -> datetime | None:
        """When the assignee took it up."""
        ...

    @property
    def reopened_at(self) -> datetime | None:
        """When it was last reopened."""
        ...


_PLAIN = {
    IncidentState.NEW: StateLabel.NEW,
    IncidentState.ON_HOLD: StateLabel.ON_HOLD,
    IncidentState.RESOLVED: StateLabel.RESOLVED,
    IncidentState.CLOSED: StateLabel.CLOSED,
    IncidentState.CANCELLED: StateLabel.CANCELLED,
}


def label_of(incident: Standing) -> StateLabel:
    """Escalated while a team has not answered, Assigned while nobody took it up, else its state."""
    if plain := _PLAIN.get(incident.state):
        return plain
    if incident.escalation_state is EscalationState.OFFERED:
        return StateLabel.ESCALATED
    if incident.accepted_at is None:
        return StateLabel.ASSIGNED
    if incident.reopened_at is not None:
        return StateLabel.REOPENED
    return StateLabel.IN_PROGRESS
