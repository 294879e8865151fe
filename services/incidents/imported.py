"""What an import records where another system went its own way."""

from dataclasses import replace
from datetime import datetime

from services.incidents.acts import RecordImportedAssignment, RecordImportedState
from services.incidents.conditions import ensure_open_record
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
    return _with_imported_marks(moved, command, act.happened_at)


def _with_imported_marks(
    incident: Incident, command: RecordImportedState, moment: datetime
) -> Incident:
    state = command.state
    finished = state in (IncidentState.RESOLVED, IncidentState.CLOSED)
    was_resolved = incident.resolved_at is not None
    return replace(
        incident,
        is_imported=True,
        on_hold_reason=command.on_hold_reason if state is IncidentState.ON_HOLD else None,
        resolved_at=(incident.resolved_at or moment) if finished else None,
        resolution_code=ResolutionCode.NOT_RECORDED if finished else None,
        resolution="Not recorded" if finished else "",
        reopen_count=incident.reopen_count + (was_resolved and not finished),
        closed_at=moment if state is IncidentState.CLOSED else None,
        confirmation_method=(
            ConfirmationMethod.NOT_RECORDED if state is IncidentState.CLOSED else None
        ),
    )
