"""What the person at the desk may do with an incident now, and in words why not."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from uuid import UUID

from services.core.records import is_known
from services.incidents.confidentiality import may_restrict
from services.incidents.incident import (
    FINAL_STATES,
    OPEN_ESCALATION_STATES,
    OPEN_STATES,
    Escalation,
    EscalationState,
    Incident,
    IncidentState,
)
from services.incidents.labels import label_of
from services.incidents.read_models import ActPermission
from services.incidents.transitions import roles_for
from services.people.person import AGENTS, Role

EDITS = (
    "DescribeIncident",
    "ChangeCaller",
    "CategoriseIncident",
    "ChangeService",
    "PrioritiseIncident",
    "ChangeSeverity",
    "LinkToParent",
)
MOVES = {
    "StartIncident": IncidentState.IN_PROGRESS,
    "HoldIncident": IncidentState.ON_HOLD,
    "ResumeIncident": IncidentState.IN_PROGRESS,
    "ResolveIncident": IncidentState.RESOLVED,
    "ReopenIncident": IncidentState.IN_PROGRESS,
    "CloseIncident": IncidentState.CLOSED,
    "CancelIncident": IncidentState.CANCELLED,
}
CHANGED_BY_NEWER = "This incident was changed by a newer Firstline; update to work on it"
ONLY_DESK_CLOSES = "Service Desk closes after confirming with caller"


@dataclass(frozen=True, slots=True)
class Standing:
    """The incident, its open escalation and the person who looks at them."""

    incident: Incident
    escalation: Escalation | None
    person_id: UUID
    roles: frozenset[Role]
    team_ids: frozenset[UUID]


def permissions(standing: Standing) -> tuple[ActPermission, ...]:
    """Every act on this incident with whether it may be done now.

    None may while a value of it means nothing to this program: no rule could judge it.
    """
    reasons = {act: _move(standing, act, end) for act, end in MOVES.items()}
    reasons |= {act: _edit(standing) for act in EDITS}
    reasons |= {act: rule(standing) for act, rule in _OTHERS.items()}
    if not _is_understood(standing.incident) or not _is_understood(standing.escalation):
        reasons = dict.fromkeys(reasons, CHANGED_BY_NEWER)
    return tuple(ActPermission(act, not reason, reason) for act, reason in reasons.items())


def _is_understood(record: Incident | Escalation | None) -> bool:
    return record is None or all(is_known(getattr(record, f.name)) for f in fields(record))


def _move(standing: Standing, act: str, end: IncidentState) -> str:
    incident = standing.incident
    if act == "CloseIncident" and Role.SERVICE_DESK not in standing.roles:
        return ONLY_DESK_CLOSES
    if act == "StartIncident" and _waits_for_assignee(incident):
        return _agent(standing)
    roles = roles_for(act, incident.state, end)
    if act == "StartIncident" and incident.state is not IncidentState.NEW:
        roles = frozenset()
    if not roles:
        return f"It is {label_of(incident).value.lower()}"
    if act == "CloseIncident" and incident.escalation_state in OPEN_ESCALATION_STATES:
        return "It has to be handed back first"
    if not roles & standing.roles:
        return "Only the service desk may"
    return ""


def _waits_for_assignee(incident: Incident) -> bool:
    return (
        incident.state is IncidentState.IN_PROGRESS
        and incident.accepted_at is None
        and incident.escalation_state is not EscalationState.OFFERED
    )


def _agent(standing: Standing) -> str:
    return "" if standing.roles & AGENTS else "Your role only reads incidents"


def _edit(standing: Standing) -> str:
    if standing.incident.state in FINAL_STATES:
        return f"It is {standing.incident.state.value}; notes can still be added"
    return _agent(standing)


def _escalate(standing: Standing) -> str:
    if standing.incident.state not in (
        IncidentState.NEW,
        IncidentState.IN_PROGRESS,
        IncidentState.ON_HOLD,
    ):
        return f"It is {label_of(standing.incident).value.lower()}"
    return _agent(standing)


def _assign(standing: Standing) -> str:
    if standing.incident.state is IncidentState.RESOLVED:
        return "It is resolved"
    return _edit(standing)


def _restrict(standing: Standing) -> str:
    if not (reason := _edit(standing)) and not may_restrict(
        standing.incident, standing.person_id, standing.roles
    ):
        return "Only its opener, owner, assignee or an incident manager may"
    return reason


def _receiving(wanted: EscalationState) -> Callable[[Standing], str]:
    def rule(standing: Standing) -> str:
        open_one = standing.escalation
        if open_one is None or open_one.state is not wanted:
            return "No escalation waits for this"
        if open_one.to_team_id not in standing.team_ids:
            return "Only the receiving team may"
        return _agent(standing)

    return rule


def _recall(standing: Standing) -> str:
    if standing.escalation is None:
        return "It is not with another team"
    return "" if Role.SERVICE_DESK in standing.roles else "Only the service desk may"


def _page(standing: Standing) -> str:
    if standing.incident.state not in OPEN_STATES:
        return f"It is {label_of(standing.incident).value.lower()}"
    asking = AGENTS | {Role.ADMINISTRATOR, Role.MANAGER}
    return "" if standing.roles & asking else "Your role does not page"


_OTHERS: dict[str, Callable[[Standing], str]] = {
    "PageTeam": _page,
    "PagePeople": _page,
    "AssignIncident": _assign,
    "RestrictIncident": _restrict,
    "AddNote": _agent,
    "EscalateToTeam": _escalate,
    "EscalateUp": _escalate,
    "AcceptEscalation": _receiving(EscalationState.OFFERED),
    "RejectEscalation": _receiving(EscalationState.OFFERED),
    "HandBackEscalation": _receiving(EscalationState.ACCEPTED),
    "RecallEscalation": _recall,
}
