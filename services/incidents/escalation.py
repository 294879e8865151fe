"""What an escalation may do: pure functions over an incident and its escalation records.

The owner stays with the service desk throughout. A functional escalation moves the incident to
a team with more skill and comes back by hand-back, rejection, recall or resolution; a
hierarchical one asks a manager and moves nothing.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from services.core.text import clean_text, require
from services.incidents.acts import AnswerEscalation, EscalateToTeam, EscalateUp
from services.incidents.conditions import ensure_open_record, ensure_seen
from services.incidents.errors import (
    AlreadyEscalated,
    AlreadyTaken,
    NotEscalated,
    NotYourTeam,
    TransitionNotAllowed,
)
from services.incidents.incident import (
    OPEN_STATES,
    Escalation,
    EscalationKind,
    EscalationState,
    Incident,
    IncidentState,
)
from services.people.person import Team, Tier
from services.sync.changes import Act


@dataclass(frozen=True, slots=True)
class HandOver:
    """The incident and its escalation after an act, and the record before it if it changed."""

    incident: Incident
    escalation: Escalation
    previous: Escalation | None = None


def offer(
    incident: Incident, current: Escalation | None, command: EscalateToTeam, act: Act, to: Team
) -> HandOver:
    """The incident offered to a team, unassigned until one of its people accepts.

    Raises:
        TransitionNotAllowed: it is not in progress or on hold.
        AlreadyEscalated: it is already with that team.
        FieldMissing: reason, tried, found or need is empty.
    """
    if incident.state not in (IncidentState.IN_PROGRESS, IncidentState.ON_HOLD):
        raise TransitionNotAllowed(
            act="EscalateToTeam", state=incident.state.value, number=incident.number
        )
    ensure_seen("team", command.seen_team_id, incident.team_id, command.seen_team_id)
    if incident.team_id == to.id:
        raise AlreadyEscalated(team=to.name)
    for field in ("reason", "tried", "found", "need"):
        require(field, clean_text(getattr(command, field), field=field))
    escalation = Escalation(
        id=command.escalation_id,
        incident_id=incident.id,
        kind=EscalationKind.FUNCTIONAL,
        state=EscalationState.OFFERED,
        from_team_id=incident.team_id,
        from_person_id=incident.assignee_id,
        to_team_id=to.id,
        previous_id=current.id if current else None,
        reason=clean_text(command.reason, field="reason"),
        tried=clean_text(command.tried, field="tried"),
        found=clean_text(command.found, field="found"),
        need=clean_text(command.need, field="need"),
        offered_by_id=act.actor_id,
        offered_at=act.happened_at,
    )
    moved = replace(
        incident,
        state=IncidentState.IN_PROGRESS,
        on_hold_reason=None,
        follow_up_at=None,
        team_id=to.id,
        assignee_id=None,
        accepted_at=None,
        escalation_id=escalation.id,
        escalation_state=EscalationState.OFFERED,
        was_escalated=incident.was_escalated or to.tier > Tier.SERVICE_DESK,
        reassignment_count=incident.reassignment_count + 1,
        updated_at=act.happened_at,
    )
    return HandOver(moved, escalation, _passed_on(current, act) if current else None)


def accept(
    incident: Incident, escalation: Escalation, act: Act, my_teams: frozenset[UUID]
) -> HandOver:
    """The incident taken by a member of the receiving team.

    Raises:
        AlreadyTaken: a colleague accepted first.
        NotYourTeam: the actor is not in that team.
    """
    ensure_open_record(incident)
    if escalation.state is EscalationState.ACCEPTED:
        raise AlreadyTaken(by=str(escalation.accepted_by_id))
    _ensure_receiving(escalation, my_teams)
    accepted = replace(
        escalation,
        state=EscalationState.ACCEPTED,
        accepted_by_id=act.actor_id,
        accepted_at=act.happened_at,
    )
    taken = replace(
        incident,
        assignee_id=act.actor_id,
        accepted_at=act.happened_at,
        escalation_state=EscalationState.ACCEPTED,
        updated_at=act.happened_at,
    )
    return HandOver(taken, accepted)


def reject(
    incident: Incident,
    escalation: Escalation,
    previous: Escalation | None,
    act: Act,
    my_teams: frozenset[UUID],
    reason: str,
) -> HandOver:
    """The incident returned to the team, and the person, it came from.

    Raises:
        NotEscalated: it was accepted meanwhile; hand it back instead.
        NotYourTeam: the actor is not in the receiving team.
        FieldMissing: no reason.
    """
    if escalation.state is not EscalationState.OFFERED:
        raise NotEscalated(number=incident.number)
    _ensure_receiving(escalation, my_teams)
    ended = _end(escalation, EscalationState.REJECTED, act, reason)
    revived = _revived(previous) if previous else None
    returned = replace(
        _given_to(incident, escalation.from_team_id, escalation.from_person_id, act),
        escalation_id=revived.id if revived else None,
        escalation_state=revived.state if revived else None,
    )
    return HandOver(returned, ended, revived)


def hand_back(
    incident: Incident, escalation: Escalation, act: Act, my_teams: frozenset[UUID], remark: str
) -> HandOver:
    """The incident back at the service desk, given by the team that accepted it.

    Raises:
        NotEscalated: nobody accepted it yet; reject it instead.
        NotYourTeam: the actor is not in that team.
        FieldMissing: no remark.
    """
    if escalation.state is not EscalationState.ACCEPTED:
        raise NotEscalated(number=incident.number)
    _ensure_receiving(escalation, my_teams)
    return _back_at_desk(incident, escalation, EscalationState.HANDED_BACK, act, remark)


def recall(incident: Incident, escalation: Escalation, act: Act, reason: str) -> HandOver:
    """The incident taken back by the service desk, with a reason."""
    return _back_at_desk(incident, escalation, EscalationState.RECALLED, act, reason)


def hand_back_by_resolving(escalation: Escalation, act: Act) -> Escalation:
    """The escalation ended because the team that held it resolved the incident."""
    return replace(
        escalation,
        state=EscalationState.HANDED_BACK,
        ended_by_id=act.actor_id,
        ended_at=act.happened_at,
        end_remark="Resolved",
    )


def tell(incident: Incident, command: EscalateUp, act: Act) -> Escalation:
    """A call for a manager's decision: what is needed, and by when.

    Raises:
        FieldMissing: no reason or no need.
        TransitionNotAllowed: the incident is no longer open.
    """
    if incident.state not in OPEN_STATES:
        raise TransitionNotAllowed(
            act="EscalateUp", state=incident.state.value, number=incident.number
        )
    require("reason", clean_text(command.reason, field="reason"))
    require("need", clean_text(command.need, field="need"))
    return Escalation(
        id=command.escalation_id,
        incident_id=incident.id,
        kind=EscalationKind.HIERARCHICAL,
        state=EscalationState.TOLD,
        from_team_id=incident.team_id,
        from_person_id=act.actor_id,
        to_person_id=command.to_person_id,
        reason=clean_text(command.reason, field="reason"),
        need=clean_text(command.need, field="need"),
        needed_by=command.needed_by,
        offered_by_id=act.actor_id,
        offered_at=act.happened_at,
    )


def answer(escalation: Escalation, command: AnswerEscalation, act: Act) -> Escalation:
    """The call with the manager's decision.

    Raises:
        NotEscalated: it was answered or withdrawn before.
        FieldMissing: no answer.
    """
    return end_call(escalation, EscalationState.ANSWERED, act, command.answer)


def end_call(escalation: Escalation, state: EscalationState, act: Act, remark: str) -> Escalation:
    """A call up the management line that is over.

    Raises:
        NotEscalated: it was over before.
        FieldMissing: no remark.
    """
    if escalation.state is not EscalationState.TOLD:
        raise NotEscalated(escalation_id=str(escalation.id))
    return _end(escalation, state, act, remark)


def _passed_on(escalation: Escalation, act: Act) -> Escalation:
    return replace(
        escalation,
        state=EscalationState.PASSED_ON,
        ended_by_id=act.actor_id,
        ended_at=act.happened_at,
    )


def _revived(escalation: Escalation) -> Escalation:
    """The escalation as it stood before it was passed on: accepted, or still waiting."""
    state = EscalationState.ACCEPTED if escalation.accepted_at else EscalationState.OFFERED
    return replace(escalation, state=state, ended_by_id=None, ended_at=None)


def _ensure_receiving(escalation: Escalation, my_teams: frozenset[UUID]) -> None:
    if escalation.to_team_id not in my_teams:
        raise NotYourTeam(team_id=str(escalation.to_team_id))


def _end(escalation: Escalation, state: EscalationState, act: Act, remark: str) -> Escalation:
    text = clean_text(remark, field="remark")
    require("remark", text)
    return replace(
        escalation,
        state=state,
        ended_by_id=act.actor_id,
        ended_at=act.happened_at,
        end_remark=text,
    )


def _back_at_desk(
    incident: Incident, escalation: Escalation, state: EscalationState, act: Act, remark: str
) -> HandOver:
    ensure_open_record(incident)
    ended = _end(escalation, state, act, remark)
    returned = _given_to(incident, incident.owner_team_id, incident.owner_id, act)
    return HandOver(replace(returned, escalation_id=None, escalation_state=None), ended)


def _given_to(incident: Incident, team_id: UUID, person_id: UUID | None, act: Act) -> Incident:
    return replace(
        incident,
        team_id=team_id,
        assignee_id=person_id,
        accepted_at=act.happened_at if person_id == act.actor_id else None,
        reassignment_count=incident.reassignment_count + 1,
        updated_at=act.happened_at,
    )
