"""The procedure of a major incident and its roles, decided by rules and by the shared database."""

import pytest
from builders import CLEO, DANA, IMRAN, MINUTE, MONA, NETWORKING, TARA, THEO, VPN, Desk, Office
from major_world import (
    accepted,
    commanded,
    drill,
    held,
    impact,
    major_of,
    offer,
    proposed,
    resolve_major,
    take_command,
)

from services.core.errors import AppError, FieldMissing, RoleMissing
from services.incidents import acts as incident_acts
from services.incidents.incident import CancelReason, IncidentState
from services.incidents.priority import Impact, Severity, Urgency
from services.major_incidents import acts, errors
from services.major_incidents.major import (
    HoldingState,
    MajorState,
    Proposal,
    ResponsePhase,
    ResponseRole,
    RoleHolding,
)

ROLE = ResponseRole


def severity(id_: object, to: Severity, seen: Severity | None) -> incident_acts.ChangeSeverity:
    return incident_acts.ChangeSeverity(
        incident_id=id_,
        severity=to,
        reason="seen",
        seen_severity=seen,  # type: ignore[arg-type]
    )


def refused(desk: Desk, command: object, who: object, error: type[AppError]) -> None:
    with pytest.raises(error):
        desk.give(command, who)  # type: ignore[arg-type]


def test_a_severe_incident_is_proposed_by_the_act_that_makes_it_so(desk: Desk) -> None:
    logged = desk.log(severity=Severity.SEV1)
    assert major_of(desk, logged).because is Proposal.SEVERITY
    urgent = desk.log(impact=Impact.ORGANISATION, urgency=Urgency.HIGH)
    assert major_of(desk, urgent).because is Proposal.PRIORITY
    raised = desk.log()
    desk.do(severity(raised, Severity.SEV2, None))
    assert major_of(desk, raised).state is MajorState.PROPOSED


def test_what_was_rejected_is_proposed_again_only_for_a_new_reason(desk: Desk) -> None:
    id_ = desk.log(severity=Severity.SEV2)
    desk.do(acts.RejectMajorIncident(incident_id=id_, decision="One site"), MONA)
    desk.do(severity(id_, Severity.SEV3, Severity.SEV2))
    desk.do(severity(id_, Severity.SEV1, Severity.SEV3))
    assert major_of(desk, id_).state is MajorState.REJECTED
    ranked = incident_acts.PrioritiseIncident(
        incident_id=id_,
        impact=Impact.ORGANISATION,
        urgency=Urgency.HIGH,
        seen_impact=None,
        seen_urgency=None,
        seen_priority=None,
    )
    desk.do(ranked)
    again = major_of(desk, id_)
    assert (again.state, again.because) == (MajorState.PROPOSED, Proposal.PRIORITY)
    assert again.decided_by_id is None


def test_only_who_decides_accepts_and_it_is_accepted_once(desk: Desk) -> None:
    id_ = proposed(desk)
    refused(desk, acts.AcceptMajorIncident(incident_id=id_), DANA, RoleMissing)
    detected = desk.clock.now()
    desk.do(acts.AcceptMajorIncident(incident_id=id_, detected_at=detected), MONA)
    found = major_of(desk, id_)
    assert (found.state, found.detected_at) == (MajorState.ACCEPTED, detected)
    assert found.decided_by_id == MONA
    refused(desk, acts.AcceptMajorIncident(incident_id=id_), MONA, errors.MajorMovedOn)


def test_taking_command_begins_a_new_incident_and_is_done_once(desk: Desk) -> None:
    id_ = accepted(desk)
    assert desk.incident(id_).state is IncidentState.NEW
    refused(desk, take_command(id_), THEO, RoleMissing)
    desk.do(take_command(id_), IMRAN)
    begun = desk.incident(id_)
    assert (begun.state, begun.assignee_id) == (IncidentState.IN_PROGRESS, IMRAN)
    refused(desk, take_command(id_), IMRAN, errors.CommandHeld)


def test_command_is_handed_over_by_acceptance_and_never_laid_down(desk: Desk) -> None:
    id_ = commanded(desk)
    (first,) = desk.find(RoleHolding, incident_id=id_)
    refused(desk, offer(id_, ROLE.INCIDENT_MANAGER, THEO), DANA, errors.NotInCharge)
    handed = offer(id_, ROLE.INCIDENT_MANAGER, THEO, handover="Gateway is suspected")
    desk.do(handed, IMRAN)
    end = acts.EndRole(incident_id=id_, holding_id=first.id)
    refused(desk, end, IMRAN, errors.CommandStays)
    take = acts.AcceptRole(incident_id=id_, holding_id=handed.holding_id)
    refused(desk, take, TARA, errors.RoleNotYours)
    assert desk.get(RoleHolding, first.id).state is HoldingState.HELD
    desk.do(take, THEO)
    before, now = desk.get(RoleHolding, first.id), desk.get(RoleHolding, handed.holding_id)
    assert (before.state, before.ended_at) == (HoldingState.ENDED, now.accepted_at)
    assert (now.state, now.relieves_id) == (HoldingState.HELD, first.id)
    refused(desk, take, THEO, errors.RoleMovedOn)


def test_a_role_is_declined_or_ended_by_who_has_it_or_leads(desk: Desk) -> None:
    id_ = commanded(desk)
    asked = offer(id_, ROLE.TECH_LEAD, THEO)
    desk.do(asked, IMRAN)
    desk.do(acts.DeclineRole(incident_id=id_, holding_id=asked.holding_id, remark="Asleep"), THEO)
    assert desk.get(RoleHolding, asked.holding_id).state is HoldingState.DECLINED
    lead = held(desk, id_, ROLE.TECH_LEAD, TARA)
    held(desk, id_, ROLE.TECH_LEAD, THEO)
    end = acts.EndRole(incident_id=id_, holding_id=lead.id)
    refused(desk, end, DANA, errors.NotInCharge)
    desk.do(end, IMRAN)
    refused(desk, offer(id_, ROLE.OWN, CLEO), IMRAN, FieldMissing)
    desk.do(offer(id_, ROLE.OWN, CLEO, title="Courier", duties="Brings food"), IMRAN)


def test_it_is_resolved_in_its_console_with_all_that_is_linked(desk: Desk) -> None:
    id_ = commanded(desk)
    child = desk.log()
    link = incident_acts.LinkToParent(incident_id=child, parent_id=id_, seen_parent_id=None)
    desk.do(link)
    plain = incident_acts.ResolveIncident(
        incident_id=id_, code=resolve_major(desk, id_).code, resolution="Done",
        category_id=NETWORKING, subcategory_id=None, service_id=VPN,
    )  # fmt: skip
    refused(desk, plain, DANA, errors.MajorStillOpen)
    refused(desk, resolve_major(desk, id_), THEO, errors.NotInCharge)
    refused(desk, resolve_major(desk, id_, recovery=" "), IMRAN, FieldMissing)
    desk.do(resolve_major(desk, id_), IMRAN)
    found = major_of(desk, id_)
    assert (found.state, found.phase) == (MajorState.RESOLVED, ResponsePhase.RESOLVED)
    assert {desk.incident(i).resolution for i in (id_, child)} == {"Restarted the gateway"}
    assert {h.state for h in desk.find(RoleHolding, incident_id=id_)} == {HoldingState.ENDED}
    refused(desk, acts.ReviewMajorIncident(incident_id=id_), CLEO, errors.NotInCharge)
    desk.do(acts.ReviewMajorIncident(incident_id=id_), THEO)
    assert major_of(desk, id_).state is MajorState.REVIEWED


def test_a_deputy_resolves_too(desk: Desk) -> None:
    id_ = commanded(desk)
    held(desk, id_, ROLE.DEPUTY, DANA)
    desk.do(resolve_major(desk, id_), DANA)
    assert desk.incident(id_).state is IncidentState.RESOLVED


def test_reopening_brings_the_procedure_back(desk: Desk) -> None:
    id_ = commanded(desk)
    desk.do(resolve_major(desk, id_), IMRAN)
    desk.do(incident_acts.ReopenIncident(incident_id=id_, reason="Down again"))
    found = major_of(desk, id_)
    assert (found.state, found.impact_ended_at) == (MajorState.ACCEPTED, None)
    desk.do(take_command(id_), IMRAN)


@pytest.mark.parametrize("made", [proposed, commanded])
def test_cancelling_the_incident_ends_the_procedure(desk: Desk, made: object) -> None:
    id_ = made(desk)  # type: ignore[operator]
    desk.do(
        incident_acts.CancelIncident(incident_id=id_, reason=CancelReason.RAISED_IN_ERROR), DANA
    )
    found = major_of(desk, id_)
    assert (found.state, found.decision) == (MajorState.DEMOTED, "incident cancelled")
    assert not [h for h in desk.find(RoleHolding, incident_id=id_) if h.state is HoldingState.HELD]


def test_a_proposal_ends_where_the_incident_is_resolved_without_it(desk: Desk) -> None:
    id_ = proposed(desk)
    desk.resolve(id_)
    assert major_of(desk, id_).state is MajorState.DEMOTED


def test_a_demoted_one_goes_on_as_an_incident(desk: Desk) -> None:
    id_ = commanded(desk)
    refused(desk, acts.DemoteMajorIncident(incident_id=id_, decision=""), IMRAN, FieldMissing)
    desk.do(acts.DemoteMajorIncident(incident_id=id_, decision="One site"), IMRAN)
    assert desk.incident(id_).state is IncidentState.IN_PROGRESS
    assert {h.state for h in desk.find(RoleHolding, incident_id=id_)} == {HoldingState.ENDED}
    desk.resolve(id_)


def test_the_moments_of_the_impact_follow_each_other(desk: Desk) -> None:
    id_ = commanded(desk)
    now = desk.clock.now()
    desk.do(impact(major_of(desk, id_), started_at=now - 9 * MINUTE, detected_at=now), THEO)
    for wrong in (
        {"ended_at": now - 10 * MINUTE},
        {"detected_at": now - 10 * MINUTE},
        {"started_at": now + 60 * MINUTE, "detected_at": None},
    ):
        refused(desk, impact(major_of(desk, id_), **wrong), THEO, errors.ImpactTimesWrong)
    late = resolve_major(desk, id_, impact_ended_at=now - 30 * MINUTE)
    refused(desk, late, IMRAN, errors.ImpactTimesWrong)


def test_a_drill_is_accepted_from_the_start_and_marked(desk: Desk) -> None:
    refused(desk, drill(desk), DANA, RoleMissing)
    command = drill(desk)
    desk.do(command, IMRAN)
    incident, major = desk.incident(command.incident_id), major_of(desk, command.incident_id)
    assert incident.is_drill
    assert incident.summary == "Drill: Everything is down"
    assert (major.is_drill, major.state) == (True, MajorState.ACCEPTED)
    desk.do(take_command(command.incident_id), IMRAN)
    desk.do(resolve_major(desk, command.incident_id), IMRAN)


def test_a_drill_plays_a_past_one_again(desk: Desk) -> None:
    past = commanded(desk, summary="VPN drops", service_id=VPN, severity=Severity.SEV3)
    command = drill(desk, replay_of_id=major_of(desk, past).id, summary="")
    desk.do(command, IMRAN)
    again = desk.incident(command.incident_id)
    assert (again.summary, again.service_id) == ("Drill: VPN drops", VPN)
    assert again.severity is Severity.SEV3


def test_two_take_command_at_once_and_one_has_it(office: Office) -> None:
    here, there = office.desk(), office.desk("there")
    id_ = accepted(here)
    there.sync()
    here.give(take_command(id_), IMRAN)
    there.give(take_command(id_), IMRAN)
    here.sync()
    there.sync()
    here.sync()
    assert [c.code for c in there.conflicts()] == ["command-held"]
    for desk in (here, there):
        assert len(desk.find(RoleHolding, incident_id=id_, state=HoldingState.HELD)) == 1


def test_two_propose_at_once_and_it_is_proposed_once(office: Office) -> None:
    """By a rule on one desk and by hand on the other; neither act is lost."""
    here, there = office.desk(), office.desk("there")
    id_ = here.log()
    there.sync()
    here.give(severity(id_, Severity.SEV1, None))
    there.give(acts.ProposeMajorIncident(incident_id=id_, reason="Nobody can work"), THEO)
    ranked = incident_acts.PrioritiseIncident(
        incident_id=id_,
        impact=Impact.ORGANISATION,
        urgency=Urgency.HIGH,
        seen_impact=None,
        seen_urgency=None,
        seen_priority=None,
    )
    other = office.desk("other")
    other.give(ranked)
    for desk in (here, there, other, here, there):
        desk.sync()
    assert [c.code for c in there.conflicts()] == ["major-moved-on"]
    assert not other.conflicts()
    assert there.incident(id_).priority is not None
    assert major_of(there, id_).because is Proposal.SEVERITY
    assert major_of(here, id_) == major_of(there, id_) == major_of(other, id_)
