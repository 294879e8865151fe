"""Incidents that went the usual way to a state."""

from collections.abc import Callable
from uuid import UUID

from builders import (
    Desk,
    hold_command,
)

from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    IncidentState,
)

S = IncidentState
STATES = (S.NEW, S.IN_PROGRESS, S.ON_HOLD, S.RESOLVED, S.CLOSED, S.CANCELLED)


def in_state(desk: Desk, state: IncidentState) -> UUID:
    """An incident that went the usual way to this state."""
    id_ = desk.log()
    if state is not S.NEW and state is not S.CANCELLED:
        desk.start(id_)
    if state is S.ON_HOLD:
        desk.do(hold_command(id_))
    if state in (S.RESOLVED, S.CLOSED):
        desk.resolve(id_)
    if state is S.CLOSED:
        desk.close_incident(id_)
    if state is S.CANCELLED:
        desk.do(acts.CancelIncident(incident_id=id_, reason=CancelReason.NOT_AN_INCIDENT))
    assert desk.incident(id_).state is state
    return id_


Given = Callable[[Desk, UUID], object]
