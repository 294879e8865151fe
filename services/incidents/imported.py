"""What an import records where another system went its own way."""

from dataclasses import replace

from services.incidents.conditions import ensure_open_record
from services.incidents.imported_acts import (
    CorrectImportedRecord,
    RecordImportedAssignment,
    RecordImportedState,
)
from services.incidents.incident import ConfirmationMethod, Incident, IncidentState, ResolutionCode
from services.incidents.lifecycle import move
from services.people.person import Role
from services.people.roles import require_role
from services.sync.changes import Act


def record_imported_assignment(
    incident: Incident, command: RecordImportedAssignment, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident with the team and person another system had given it to.

    Raises:
        RoleMissing: the actor is no administrator.
    """
    require_role(roles, {Role.ADMINISTRATOR}, "RecordImportedAssignment")
    ensure_open_record(incident)
    bounced = command.team_id != incident.team_id and not command.is_first
    return replace(
        incident,
        is_imported=True,
        team_id=command.team_id,
        assignee_id=command.assignee_id,
        accepted_at=act.happened_at if command.assignee_id else None,
        reassignment_count=incident.reassignment_count + bounced,
        updated_at=act.happened_at,
    )


def record_imported_state(
    incident: Incident, command: RecordImportedState, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident in the state another system reported, with what is unknown left open."""
    moved = move(incident, command.state, act, "RecordImportedState", roles)
    was_finished = incident.state in _FINISHED
    return _with_imported_marks(moved, command, act, was_finished=was_finished)


def correct_imported_record(
    incident: Incident, command: CorrectImportedRecord, act: Act, roles: frozenset[Role]
) -> Incident:
    """The imported incident with the times and the category another system last held.

    Raises:
        RoleMissing: the actor is no administrator, or the incident was not imported.
    """
    require_role(roles, {Role.ADMINISTRATOR} if incident.is_imported else (), "correct an import")
    return replace(
        incident,
        resolved_at=command.resolved_at,
        closed_at=command.closed_at,
        category_id=command.category_id,
        subcategory_id=command.subcategory_id,
        updated_at=act.happened_at,
    )


_FINISHED = (IncidentState.RESOLVED, IncidentState.CLOSED)


def _with_imported_marks(
    incident: Incident, command: RecordImportedState, act: Act, *, was_finished: bool
) -> Incident:
    state, moment = command.state, act.happened_at
    finished, is_closed = state in _FINISHED, state is IncidentState.CLOSED
    is_reopened = was_finished and not finished
    return replace(
        incident,
        is_imported=True,
        on_hold_reason=command.on_hold_reason if state is IncidentState.ON_HOLD else None,
        resolved_at=(incident.resolved_at or moment) if finished else None,
        resolution_code=ResolutionCode.NOT_RECORDED if finished else None,
        resolution="Not recorded" if finished else "",
        reopened_at=moment if is_reopened else incident.reopened_at,
        reopen_count=incident.reopen_count + is_reopened,
        closed_at=moment if is_closed else None,
        closed_by_id=act.actor_id if is_closed else None,
        confirmation_method=ConfirmationMethod.NOT_RECORDED if is_closed else None,
    )
