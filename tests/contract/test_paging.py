"""How pages advance, on both shared databases: the same steps, at the same moments."""

from datetime import timedelta

from builders import MONA, NETWORK, TARA, THEO, VENDOR, VERA
from paging_world import (
    NETWORK_POLICY,
    STEP_S,
    PagingWorld,
    page_of_vendor,
    shift,
)

from services.core.ids import derived_id, new_id
from services.incidents import acts as incident_acts
from services.on_call.policy import EscalationPolicy, EscalationStep, StepWhen
from services.on_call.roster import Roster
from services.paging import acts
from services.paging.page import (
    Answer,
    CalledAs,
    Delivery,
    DeliveryState,
    PageRecipient,
    PageState,
    PageStep,
)


def test_a_page_goes_from_step_to_step_and_ends_with_the_catch_all_for_ever(
    world: PagingWorld,
) -> None:
    page_id = world.page()
    world.after(0)
    assert world.send() == ["Theo push"]
    world.after(120)
    assert world.send() == ["Theo sms"]
    world.after(STEP_S - 120)
    assert world.send() == ["Vera push"]
    world.after(STEP_S)
    assert world.send() == ["Theo push"]
    world.after(STEP_S)
    assert world.send() == ["Vera push"]
    for _ in range(4):
        world.after(STEP_S)
        assert world.send() == ["Imran push"]
    page = world.read(page_id)
    assert page.state is PageState.OPEN
    assert page.is_catch_all


def test_an_acknowledged_page_calls_nobody_and_reopens_after_its_time(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    assert world.send() == ["Theo push"]
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), THEO)
    world.desk.sync()
    world.after(1)
    page = world.read(page_id)
    assert page.state is PageState.ACKNOWLEDGED
    assert page.acknowledged_by_id == THEO
    world.after(1700)
    assert world.send() == []
    world.after(101)
    assert world.read(page_id).state is PageState.OPEN
    assert world.send() == ["Theo push"]


def test_a_snoozed_page_calls_whoever_is_on_call_by_then(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send()
    world.desk.sync()
    world.desk.do(acts.SnoozePage(page_id=page_id, snooze_s=600), THEO)
    world.desk.sync()
    world.after(1)
    assert world.send() == []
    world.after(601)
    assert world.send() == ["Theo push"]
    assert world.read(page_id).rounds_from == 1


def test_a_declined_page_takes_its_next_step_at_once(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send()
    world.desk.sync()
    world.desk.do(acts.DeclinePage(page_id=page_id), THEO)
    world.desk.sync()
    world.after(0)
    assert world.send() == ["Vera push"]
    assert {r.answer for r in world.desk.find(PageRecipient, person_id=THEO)} == {Answer.DECLINED}


def test_a_page_can_be_taken_back_only_while_nobody_was_called(world: PagingWorld) -> None:
    page_id = world.page(hold_s=5)
    world.after(1)
    assert world.send() == []
    world.desk.do(acts.WithdrawPage(page_id=page_id))
    world.desk.sync()
    world.after(10)
    assert world.send() == []
    assert world.read(page_id).state is PageState.SUPERSEDED
    second = world.page(hold_s=5)
    world.after(6)
    assert world.send() == ["Theo push"]
    assert world.read(second).started_at is not None


def test_a_resolved_incident_ends_its_page_before_anything_is_sent(world: PagingWorld) -> None:
    page_id = world.page()
    world.engine.fire_due()
    world.desk.sync()
    world.desk.resolve(world.read(page_id).incident_id)
    world.desk.sync()
    assert world.send() == []
    assert world.read(page_id).state is PageState.SUPERSEDED
    states = {d.state for d in world.desk.find(Delivery, page_id=page_id)}
    assert DeliveryState.SUPERSEDED in states
    assert DeliveryState.DELIVERED not in states


def test_a_page_that_waited_too_long_is_held_until_somebody_sends_it(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    world.desk.sync()
    page_id = new_id(world.office.clock.now())
    world.desk.give(
        acts.PageTeam(page_id=page_id, incident_id=incident_id, team_id=NETWORK, reason="Late")
    )
    world.office.clock.advance(timedelta(minutes=11))
    world.desk.sync()
    world.after(0)
    assert world.send() == []
    assert world.read(page_id).state is PageState.HELD
    world.desk.do(acts.SendHeldPage(page_id=page_id))
    world.desk.sync()
    world.after(0)
    assert world.send() == ["Theo push"]


def test_a_step_that_reaches_nobody_is_passed_over_at_once(world: PagingWorld) -> None:
    world.put([
        EscalationPolicy(id=derived_id("p"), name="Empty first", team_id=VENDOR),
        EscalationStep(
            id=derived_id("p", 0), policy_id=derived_id("p"), position=0, person_ids=(MONA,)
        ),
        EscalationStep(
            id=derived_id("p", 1), policy_id=derived_id("p"), position=1, person_ids=(VERA,)
        ),
    ])  # fmt: skip
    world.desk.sync()
    page_id = page_of_vendor(world)
    assert world.send() == ["Vera push"]
    called = world.desk.find(PageRecipient, page_id=page_id)
    assert {r.person_id for r in called} == {MONA, VERA}


def test_steps_are_taken_in_their_hours_only(world: PagingWorld) -> None:
    policy = derived_id("hours")
    world.put([
        EscalationPolicy(
            id=policy, name="Hours", team_id=VENDOR, business_hours="mon-fri 08:00-18:00"
        ),
        *(
            EscalationStep(
                id=derived_id(policy, n), policy_id=policy, position=n, taken=taken,
                person_ids=(person,),
            )
            for n, (taken, person) in enumerate(
                [(StepWhen.BUSINESS_HOURS, THEO), (StepWhen.OUT_OF_HOURS, VERA)]
            )
        ),
    ])  # fmt: skip
    world.desk.sync()
    page_of_vendor(world)
    assert world.send() == ["Vera push"]


def test_without_policy_the_team_is_called_and_then_its_lead_and_the_catch_all(
    world: PagingWorld,
) -> None:
    page_id = page_of_vendor(world)
    assert world.send() == ["Imran push"]
    assert world.desk.find(PageRecipient, page_id=page_id)[0].called_as is CalledAs.CATCH_ALL


def test_a_policy_changed_meanwhile_changes_no_running_page(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send()
    world.put([
        EscalationStep(
            id=derived_id("step", "new"), policy_id=NETWORK_POLICY, position=9, person_ids=(MONA,)
        )
    ])  # fmt: skip
    world.desk.sync()
    assert len(world.desk.find(PageStep, page_id=page_id)) == 2


def test_a_page_for_everyone_is_open_until_all_have_answered(world: PagingWorld) -> None:
    policy = derived_id("everyone")
    world.put([
        EscalationPolicy(id=policy, name="Everyone", team_id=VENDOR, is_everyone=True),
        EscalationStep(
            id=derived_id(policy, 0), policy_id=policy, position=0, person_ids=(THEO, VERA)
        ),
    ])  # fmt: skip
    world.desk.sync()
    page_id = page_of_vendor(world)
    assert sorted(world.send()) == ["Theo push", "Vera push"]
    world.desk.do(acts.AcknowledgePage(page_id=page_id), THEO)
    world.desk.sync()
    assert world.read(page_id).state is PageState.OPEN
    world.after(STEP_S)
    assert world.send() == ["Vera push"]
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    world.desk.sync()
    assert world.read(page_id).state is PageState.ACKNOWLEDGED


def test_backup_is_called_where_nobody_is_on_duty(world: PagingWorld) -> None:
    roster = derived_id("roster", "vendor")
    world.put([
        Roster(id=roster, name="Vendor", team_id=VENDOR, time_zone="UTC"),
        shift(roster, TARA, is_backup=True),
    ])  # fmt: skip
    world.desk.sync()
    page_of_vendor(world)
    assert world.send() == ["Tara push"]


def test_accepting_the_escalation_answers_its_page(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    world.desk.do(
        incident_acts.EscalateToTeam(
            incident_id=incident_id, escalation_id=new_id(world.office.clock.now()),
            to_team_id=NETWORK, reason="Skill", tried="All", found="Nothing", need="You",
            seen_team_id=world.desk.incident(incident_id).team_id, page_id=page_id,
        )
    )  # fmt: skip
    world.desk.sync()
    world.after(0)
    assert world.send() == ["Theo push"]
    world.desk.accept(incident_id)
    world.desk.sync()
    page = world.read(page_id)
    assert (page.state, page.acknowledged_by_id) == (PageState.ACKNOWLEDGED, THEO)


def test_the_auditor_finds_what_must_not_be(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    assert {a.kind for a in world.engine.audit()} == set()
    world.office.clock.advance(timedelta(seconds=STEP_S + 61))
    found = {a.kind for a in world.engine.audit()}
    assert {"page-overdue", "delivery-overdue"} <= found


def test_how_paging_stands(world: PagingWorld) -> None:
    world.page()
    assert world.engine.fire_due().dispatcher_count == 0
    world.engine.beat("a")
    standing = world.engine.fire_due()
    assert standing.dispatcher_count == 1
    assert standing.open_pages == 1
    world.office.clock.advance(timedelta(seconds=61))
    assert world.engine.fire_due().dispatcher_count == 0
