"""The word a screen shows for where an incident stands."""

from datetime import datetime
from enum import Enum

from services.core.records import is_known, shown_member
from services.incidents.incident import EscalationState, Incident, IncidentState


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


_PLAIN = {
    IncidentState.NEW: StateLabel.NEW,
    IncidentState.ON_HOLD: StateLabel.ON_HOLD,
    IncidentState.RESOLVED: StateLabel.RESOLVED,
    IncidentState.CLOSED: StateLabel.CLOSED,
    IncidentState.CANCELLED: StateLabel.CANCELLED,
}


def label_of(incident: Incident) -> StateLabel:
    """Escalated while a team has not answered, Assigned while nobody took it up, else its state.

    A state that only a newer program knows is its own label.
    """
    return label_from(
        incident.state, incident.escalation_state, incident.accepted_at, incident.reopened_at
    )


def label_from(
    state: IncidentState,
    escalation_state: EscalationState | None,
    accepted_at: datetime | None,
    reopened_at: datetime | None,
) -> StateLabel:
    """The label that follows from the four fields that decide it."""
    if plain := _PLAIN.get(state):
        return plain
    if not is_known(state):
        own: StateLabel = shown_member(StateLabel, state.value)
        return own
    if escalation_state is EscalationState.OFFERED:
        return StateLabel.ESCALATED
    if accepted_at is None:
        return StateLabel.ASSIGNED
    if reopened_at is not None:
        return StateLabel.REOPENED
    return StateLabel.IN_PROGRESS
