"""One function per command on an escalation: state in, row changes out."""

from services.incidents import acts, escalation
from services.incidents.errors import NotEscalated
from services.incidents.escalation import HandOver
from services.incidents.escalation_transitions import ANSWERING
from services.incidents.incident import Escalation, EscalationState, Incident
from services.people.person import AGENTS, Role, Team
from services.people.roles import require_role, roles_of, teams_of
from services.sync.changes import Act, Changes, State


def escalate_to_team(state: State, act: Act, command: acts.EscalateToTeam) -> Changes:
    """An offer to another team."""
    _require_agent(state, act, "EscalateToTeam")
    incident = state.get(Incident, command.incident_id)
    current = _open_one(state, incident) if incident.escalation_id else None
    to = state.get(Team, command.to_team_id)
    handed = escalation.offer(incident, current, command, act, to)
    changes = Changes.none().insert(handed.escalation).update(incident, handed.incident)
    if current is not None and handed.previous is not None:
        changes = changes.update(current, handed.previous)
    return changes


def accept_escalation(state: State, act: Act, command: acts.AcceptEscalation) -> Changes:
    """The receiving team takes it."""
    _require_agent(state, act, "AcceptEscalation")
    incident = state.get(Incident, command.incident_id)
    before = _open_one(state, incident)
    handed = escalation.accept(incident, before, act, teams_of(state, act.actor_id))
    return _handed(incident, before, handed)


def reject_escalation(state: State, act: Act, command: acts.RejectEscalation) -> Changes:
    """The receiving team returns it to the team before."""
    _require_agent(state, act, "RejectEscalation")
    incident = state.get(Incident, command.incident_id)
    before = _open_one(state, incident)
    previous = state.get(Escalation, before.previous_id) if before.previous_id else None
    mine = teams_of(state, act.actor_id)
    handed = escalation.reject(incident, before, previous, act, mine, command.reason)
    changes = _handed(incident, before, handed)
    if previous is not None and handed.previous is not None:
        changes = changes.update(previous, handed.previous)
    return changes


def hand_back_escalation(state: State, act: Act, command: acts.HandBackEscalation) -> Changes:
    """The accepting team gives it back to the service desk."""
    _require_agent(state, act, "HandBackEscalation")
    incident = state.get(Incident, command.incident_id)
    before = _open_one(state, incident)
    mine = teams_of(state, act.actor_id)
    return _handed(
        incident, before, escalation.hand_back(incident, before, act, mine, command.remark)
    )


def recall_escalation(state: State, act: Act, command: acts.RecallEscalation) -> Changes:
    """The service desk takes it back."""
    require_role(roles_of(state, act.actor_id), {Role.SERVICE_DESK}, "RecallEscalation")
    incident = state.get(Incident, command.incident_id)
    before = _open_one(state, incident)
    return _handed(incident, before, escalation.recall(incident, before, act, command.reason))


def escalate_up(state: State, act: Act, command: acts.EscalateUp) -> Changes:
    """A manager is told what is needed."""
    _require_agent(state, act, "EscalateUp")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().insert(escalation.tell(incident, command, act))


def answer_escalation(state: State, act: Act, command: acts.AnswerEscalation) -> Changes:
    """The manager's decision."""
    require_role(roles_of(state, act.actor_id), ANSWERING, "AnswerEscalation")
    before = state.get(Escalation, command.escalation_id)
    return Changes.none().update(before, escalation.answer(before, command, act))


def withdraw_escalation(state: State, act: Act, command: acts.WithdrawEscalation) -> Changes:
    """A call up the line that is no longer needed."""
    _require_agent(state, act, "WithdrawEscalation")
    before = state.get(Escalation, command.escalation_id)
    ended = escalation.end_call(before, EscalationState.RECALLED, act, command.reason)
    return Changes.none().update(before, ended)


def _handed(incident: Incident, before: Escalation, handed: HandOver) -> Changes:
    return Changes.none().update(incident, handed.incident).update(before, handed.escalation)


def _open_one(state: State, incident: Incident) -> Escalation:
    if incident.escalation_id is None:
        raise NotEscalated(number=incident.number)
    return state.get(Escalation, incident.escalation_id)


def _require_agent(state: State, act: Act, name: str) -> None:
    """Only who works on incidents hands them over; an import speaks for those who did."""
    roles = roles_of(state, act.actor_id)
    if not (act.on_behalf_of and Role.ADMINISTRATOR in roles):
        require_role(roles, AGENTS, name)
