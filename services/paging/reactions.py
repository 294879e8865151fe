"""What acts on incidents mean for pages. Both are decided in one transaction."""

from typing import TypeGuard
from uuid import UUID

from services.catalogue.service import BusinessService
from services.core.ids import derived_id
from services.incidents.acts import AcceptEscalation, EscalateToTeam
from services.incidents.incident import OPEN_STATES, Incident
from services.major_incidents.acts import (
    AcceptMajorIncident,
    AcceptRole,
    DemoteMajorIncident,
    TakeCommand,
)
from services.major_incidents.major import HoldingState, ResponseRole, RoleHolding
from services.on_call.policy import EscalationPolicy
from services.paging import lifecycle
from services.paging.commands import policy_of
from services.paging.page import Page, PageState
from services.sync.changes import Act, Changes, State

MANAGER, HELD = ResponseRole.INCIDENT_MANAGER, HoldingState.HELD
TAKE_COMMAND = "Take command of this major incident"
ENDING = (PageState.OPEN, PageState.HELD)


def pages_follow(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """The pages that end because their incident is no longer open or no longer with that team,
    the page that an accepted escalation answers, and the one that an escalation asks for.

    A major incident pages its incident manager once it is accepted, until somebody commands it.
    """
    more = Changes.none()
    for before, after in changes.updates_of(Incident):
        more |= _ended(state, act, before, after)
    if isinstance(command, AcceptEscalation):
        more |= _answered(state, act, command.incident_id)
    if isinstance(command, EscalateToTeam) and command.page_id is not None:
        more |= _asked(state, act, command, command.page_id)
    if isinstance(command, AcceptMajorIncident):
        more |= _manager_asked(state, act, command)
    if _is_for_manager(command, changes):
        more |= _manager_found(state, act, command.incident_id)
    return more


def _ended(state: State, act: Act, before: Incident, after: Incident) -> Changes:
    is_over = after.state not in OPEN_STATES
    has_moved = before.team_id != after.team_id
    if not (is_over or has_moved):
        return Changes.none()
    changes = Changes.none()
    for page in state.find(Page, incident_id=after.id):
        if page.state in ENDING and (is_over or page.to_team_id == before.team_id):
            remark = "incident no longer open" if is_over else "with another team"
            changes = changes.update(page, lifecycle.superseded(page, act, remark))
    return changes


def _answered(state: State, act: Act, incident_id: UUID) -> Changes:
    incident = state.get(Incident, incident_id)
    changes = Changes.none()
    for page in state.find(Page, incident_id=incident_id, state=PageState.OPEN):
        if page.to_team_id == incident.team_id and not page.is_everyone:
            changes = changes.update(page, lifecycle.acknowledge(page, (), act))
    return changes


def _asked(state: State, act: Act, command: EscalateToTeam, page_id: UUID) -> Changes:
    return Changes.none().insert(
        lifecycle.opened(
            act,
            state.get(Incident, command.incident_id),
            page_id,
            reason=command.need,
            hold_s=command.page_hold_s,
            team_id=command.to_team_id,
            policy=policy_of(state, command.to_team_id),
        )
    )


def _manager_asked(state: State, act: Act, command: AcceptMajorIncident) -> Changes:
    """The page to the incident manager; an exercise pages nobody."""
    incident = state.get(Incident, command.incident_id)
    if incident.is_drill:
        return Changes.none()
    service = state.find(BusinessService, id=incident.service_id) if incident.service_id else ()
    policy_id = service[0].major_policy_id if service else None
    policy = state.find(EscalationPolicy, id=policy_id, is_active=True) if policy_id else ()
    return Changes.none().insert(
        lifecycle.opened(
            act,
            incident,
            derived_id(act.command_id, "page"),
            reason=TAKE_COMMAND,
            policy=policy[0] if policy else None,
            is_for_command=True,
        )
    )


def _manager_found(state: State, act: Act, incident_id: UUID) -> Changes:
    """The pages to the incident manager end: somebody commands, or nobody is wanted any more."""
    changes = Changes.none()
    for page in state.find(Page, incident_id=incident_id):
        if page.state in ENDING and not (page.to_team_id or page.to_person_ids):
            changes = changes.update(page, lifecycle.superseded(page, act, "commanded"))
    return changes


def _is_for_manager(
    command: object, changes: Changes
) -> TypeGuard[AcceptRole | TakeCommand | DemoteMajorIncident]:
    """Whether an act gives a response its incident manager, or ends it without one."""
    if not isinstance(command, AcceptRole):
        return isinstance(command, TakeCommand | DemoteMajorIncident)
    return any(h.role is MANAGER and h.state is HELD for _, h in changes.updates_of(RoleHolding))
