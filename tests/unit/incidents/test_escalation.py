"""Hand-overs between tiers: the incident wanders, its owner stays."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from builders import (
    ADAM,
    DANA,
    DESK_TEAM,
    MONA,
    NETWORK,
    TARA,
    THEO,
    VENDOR,
    VERA,
    Desk,
    escalate_command,
    hold_command,
)

from services.core.errors import AppError, FieldMissing, RoleMissing
from services.incidents import acts
from services.incidents.errors import (
    AlreadyEscalated,
    AlreadyTaken,
    NotEscalated,
    NotHandedBack,
    NotYourTeam,
    TransitionNotAllowed,
)
from services.incidents.incident import CancelReason, Escalation, EscalationState, IncidentState

E = EscalationState


@pytest.fixture
def id_(desk: Desk) -> UUID:
    """An incident that Dana works on."""
    return desk.start(desk.log())


def reject(desk: Desk, id_: UUID, who: UUID) -> None:
    desk.do(acts.RejectEscalation(incident_id=id_, reason="Not ours"), who)


def hand_back(desk: Desk, id_: UUID, who: UUID) -> None:
    desk.do(acts.HandBackEscalation(incident_id=id_, remark="Gateway fixed"), who)


def states(desk: Desk, id_: UUID) -> list[str]:
    """The escalations of an incident in the order they were offered."""
    found = sorted(desk.find(Escalation, incident_id=id_), key=lambda e: e.offered_at)
    return [e.state.value for e in found]


def place(desk: Desk, id_: UUID) -> tuple[UUID, UUID | None, EscalationState | None]:
    incident = desk.incident(id_)
    return incident.team_id, incident.assignee_id, incident.escalation_state


def test_an_offer_clears_the_assignee_and_keeps_the_owner(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    found = desk.incident(id_)
    assert place(desk, id_) == (NETWORK, None, E.OFFERED)
    assert (found.owner_team_id, found.owner_id) == (DESK_TEAM, DANA)
    assert (found.was_escalated, found.reassignment_count) == (True, 1)
    hand_over = desk.escalation_of(id_)
    assert (hand_over.tried, hand_over.found, hand_over.need) == (
        "Restarted the client",
        "Gateway answers late",
        "Look at the gateway",
    )
    assert (hand_over.offered_by_id, hand_over.from_person_id) == (DANA, DANA)


def test_an_incident_on_hold_goes_on_by_being_escalated(desk: Desk, id_: UUID) -> None:
    desk.do(hold_command(id_))
    desk.escalate(id_)
    found = desk.incident(id_)
    assert (found.state, found.on_hold_reason) == (IncidentState.IN_PROGRESS, None)
    assert found.follow_up_at is None


def test_up_the_tiers_and_back_by_rejecting(desk: Desk, id_: UUID) -> None:
    desk.accept(desk.escalate(id_), THEO)
    desk.escalate(id_, VENDOR, THEO)
    assert states(desk, id_) == ["passed_on", "offered"]
    reject(desk, id_, VERA)
    assert place(desk, id_) == (NETWORK, THEO, E.ACCEPTED)
    assert states(desk, id_) == ["accepted", "rejected"]
    hand_back(desk, id_, THEO)
    assert place(desk, id_) == (DESK_TEAM, DANA, None)
    assert states(desk, id_) == ["handed_back", "rejected"]
    desk.close_incident(desk.resolve(id_))


def test_a_team_that_never_accepted_gets_back_an_offer(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    desk.escalate(id_, VENDOR, DANA)
    reject(desk, id_, VERA)
    assert place(desk, id_) == (NETWORK, None, E.OFFERED)
    assert states(desk, id_) == ["offered", "rejected"]
    desk.accept(id_, TARA)
    assert place(desk, id_) == (NETWORK, TARA, E.ACCEPTED)


def test_rejecting_the_first_offer_returns_it_to_the_person_at_the_desk(
    desk: Desk, id_: UUID
) -> None:
    desk.escalate(id_)
    reject(desk, id_, TARA)
    assert place(desk, id_) == (DESK_TEAM, DANA, None)
    assert desk.incident(id_).escalation_id is None
    assert desk.incident(id_).reassignment_count == 2


def test_tier_three_hands_back_straight_to_the_desk(desk: Desk, id_: UUID) -> None:
    desk.accept(desk.escalate(id_), THEO)
    desk.accept(desk.escalate(id_, VENDOR, THEO), VERA)
    hand_back(desk, id_, VERA)
    assert place(desk, id_) == (DESK_TEAM, DANA, None)
    assert states(desk, id_) == ["passed_on", "handed_back"]


def test_a_tier_that_resolves_hands_back_by_that(desk: Desk, id_: UUID) -> None:
    desk.resolve(desk.accept(desk.escalate(id_)), THEO)
    assert place(desk, id_) == (DESK_TEAM, DANA, None)
    assert states(desk, id_) == ["handed_back"]
    assert desk.incident(id_).resolved_by_id == THEO
    desk.close_incident(id_)


@pytest.mark.parametrize("is_accepted", [False, True])
def test_the_desk_recalls_with_a_reason(desk: Desk, id_: UUID, is_accepted: bool) -> None:
    desk.escalate(id_)
    if is_accepted:
        desk.accept(id_)
    with pytest.raises(FieldMissing):
        desk.give(acts.RecallEscalation(incident_id=id_, reason=" "))
    with pytest.raises(RoleMissing):
        desk.give(acts.RecallEscalation(incident_id=id_, reason="Mine"), THEO)
    desk.do(acts.RecallEscalation(incident_id=id_, reason="Caller called"))
    assert place(desk, id_) == (DESK_TEAM, DANA, None)
    assert states(desk, id_) == ["recalled"]


def test_only_the_receiving_team_answers(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    for command in (
        acts.AcceptEscalation(incident_id=id_),
        acts.RejectEscalation(incident_id=id_, reason="No"),
    ):
        for outsider in (DANA, VERA):
            with pytest.raises(NotYourTeam):
                desk.give(command, outsider)
    with pytest.raises(NotEscalated):
        desk.give(acts.HandBackEscalation(incident_id=id_, remark="x"), THEO)
    desk.accept(id_, THEO)
    with pytest.raises(AlreadyTaken):
        desk.give(acts.AcceptEscalation(incident_id=id_), TARA)
    with pytest.raises(NotEscalated):
        desk.give(acts.RejectEscalation(incident_id=id_, reason="No"), THEO)
    with pytest.raises(NotYourTeam):
        desk.give(acts.HandBackEscalation(incident_id=id_, remark="x"), VERA)


def test_an_offer_is_accepted_not_just_taken(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    with pytest.raises(TransitionNotAllowed):
        desk.give(acts.StartIncident(incident_id=id_), DANA)


def test_not_twice_to_the_same_team(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    with pytest.raises(AlreadyEscalated):
        desk.give(escalate_command(desk, id_))


def test_closing_waits_for_the_hand_back(desk: Desk, id_: UUID) -> None:
    """A resolved incident can be away only in theory; the rule holds all the same."""
    from dataclasses import replace

    from services.incidents.lifecycle import close
    from services.people.person import Role
    from services.sync.changes import Act

    desk.escalate(id_)
    resolved = replace(desk.incident(id_), state=IncidentState.RESOLVED)
    act = Act(command_id=uuid4(), actor_id=DANA, happened_at=desk.clock.now())
    from builders import close_command

    with pytest.raises(NotHandedBack):
        close(
            resolved,
            close_command(id_, desk.clock.now()),
            act,
            frozenset({Role.SERVICE_DESK}),
            (),
        )


def test_cancelling_recalls_an_open_escalation(desk: Desk, id_: UUID) -> None:
    desk.escalate(id_)
    desk.do(acts.CancelIncident(incident_id=id_, reason=CancelReason.NOT_AN_INCIDENT))
    assert states(desk, id_) == ["recalled"]
    assert desk.incident(id_).escalation_id is None


def up(desk: Desk, id_: UUID) -> UUID:
    escalation_id = uuid4()
    command = acts.EscalateUp(
        incident_id=id_,
        escalation_id=escalation_id,
        to_person_id=MONA,
        reason="Costs money",
        need="Approval",
        needed_by=desk.clock.now() + timedelta(hours=1),
    )
    desk.do(command, THEO)
    return escalation_id


def test_up_the_management_line_moves_nothing(desk: Desk, id_: UUID) -> None:
    before = desk.incident(id_)
    escalation_id = up(desk, id_)
    assert desk.incident(id_) == before
    answer = acts.AnswerEscalation(incident_id=id_, escalation_id=escalation_id, answer="Yes")
    with pytest.raises(FieldMissing):
        desk.give(acts.AnswerEscalation(incident_id=id_, escalation_id=escalation_id, answer=""))
    desk.do(answer, MONA)
    found = desk.get(Escalation, escalation_id)
    assert (found.state, found.end_remark, found.ended_by_id) == (E.ANSWERED, "Yes", MONA)
    for command in (
        answer,
        acts.WithdrawEscalation(incident_id=id_, escalation_id=escalation_id, reason="x"),
    ):
        with pytest.raises(NotEscalated):
            desk.give(command)


def test_a_call_up_the_line_can_be_withdrawn(desk: Desk, id_: UUID) -> None:
    escalation_id = up(desk, id_)
    withdraw = acts.WithdrawEscalation(
        incident_id=id_, escalation_id=escalation_id, reason="Solved"
    )
    desk.do(withdraw, THEO)
    assert desk.get(Escalation, escalation_id).state is E.RECALLED


@pytest.mark.parametrize("who", [MONA, ADAM])
def test_who_does_not_work_on_incidents_does_not_hand_them_over(
    desk: Desk, id_: UUID, who: UUID
) -> None:
    with pytest.raises(AppError, match="role-missing"):
        desk.give(escalate_command(desk, id_), who)
