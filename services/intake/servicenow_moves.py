"""Which act takes an incident from its present state to the one the log reports."""

from collections.abc import Callable, Iterator
from typing import Protocol

from services.incidents.acts import (
    CloseIncident,
    HoldIncident,
    ReopenIncident,
    ResolveIncident,
    ResumeIncident,
    StartIncident,
)
from services.incidents.imported_acts import RecordImportedState
from services.incidents.incident import (
    OPEN_STATES,
    ConfirmationMethod,
    Incident,
    IncidentState,
    ResolutionCode,
)
from services.intake.names import Names
from services.intake.servicenow_log import LogEvent
from services.intake.servicenow_values import NOT_RECORDED, STATES

NEW, IN_PROGRESS, ON_HOLD = IncidentState.NEW, IncidentState.IN_PROGRESS, IncidentState.ON_HOLD
JUMP = "Recorded as the other system had it"
RESOLVED, CLOSED = IncidentState.RESOLVED, IncidentState.CLOSED


class Remark(Protocol):
    """Words that go with the first command that has room for them."""

    def take(self) -> str:
        """The words, once."""
        ...


def moves(
    event: LogEvent, incident: Callable[[], Incident], names: Names, remark: Remark
) -> Iterator[object]:
    """The command that leads to the state of the event, or none where it is there already.

    A state the log does not define leaves the incident as it is.
    """
    now = incident()
    standing = STATES.get(event.raw("incident_state"), (now.state, now.on_hold_reason))
    if standing == (now.state, now.on_hold_reason):
        return
    state, reason = standing
    if state is RESOLVED and now.state in OPEN_STATES:
        yield _resolving(event, now, names)
    elif command := _plain_move(now, state):
        yield command
    elif state is IN_PROGRESS and now.state is ON_HOLD:
        yield ResumeIncident(incident_id=now.id, remark=remark.take())
    elif state is ON_HOLD and reason is not None and now.state in OPEN_STATES:
        yield HoldIncident(
            incident_id=now.id, reason=reason, follow_up_at=None, remark=remark.take()
        )
    elif state is CLOSED and now.state is RESOLVED:
        yield CloseIncident(
            incident_id=now.id, method=ConfirmationMethod.NOT_RECORDED, remark=remark.take()
        )
    else:
        yield RecordImportedState(
            incident_id=now.id,
            state=state,
            on_hold_reason=reason,
            remark="; ".join(filter(None, (JUMP, remark.take()))),
        )


def _plain_move(now: Incident, state: IncidentState) -> object | None:
    """Moves whose commands leave no room for a remark."""
    if state is not IN_PROGRESS:
        return None
    if now.state is NEW:
        return StartIncident(incident_id=now.id)
    if now.state is RESOLVED:
        return ReopenIncident(incident_id=now.id, reason=NOT_RECORDED)
    return None


def _resolving(event: LogEvent, now: Incident, names: Names) -> ResolveIncident:
    known = [text for column in ("closed_code", "resolved_by") if (text := event.text(column))]
    return ResolveIncident(
        incident_id=now.id,
        code=ResolutionCode.NOT_RECORDED,
        resolution=NOT_RECORDED + (f" (ServiceNow: {', '.join(known)})" if known else ""),
        category_id=now.category_id or names.category_not_recorded,
        subcategory_id=now.subcategory_id,
        service_id=now.service_id or names.service_id,
    )
