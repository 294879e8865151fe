"""How pages advance, on both shared databases: the same steps, at the same moments."""

from datetime import timedelta
from typing import Any

from builders import MONA, NETWORK, TARA, THEO, VENDOR, VERA
from paging_world import (
    NETWORK_POLICY,
    STEP_S,
    PagingWorld,
    shift,
)

from services.core.ids import derived_id, new_id
from services.incidents import acts as incident_acts
from services.on_call.policy import EscalationPolicy, EscalationStep, StepWhen
from services.on_call.roster import Roster
from services.paging import acts
from services.paging.claiming import digest_of
from services.paging.destination import Destination, ProviderKind
from services.paging.page import (
    Answer,
    CalledAs,
    Delivery,
    DeliveryAttempt,
    DeliveryKind,
    DeliveryState,
    Outcome,
    PageRecipient,
    PageState,
    PageStep,
)
from services.providers.answer_words import ACKNOWLEDGED


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
    page_id = _page_of_vendor(world)
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
    _page_of_vendor(world)
    assert world.send() == ["Vera push"]


def test_without_policy_the_team_is_called_and_then_its_lead_and_the_catch_all(
    world: PagingWorld,
) -> None:
    page_id = _page_of_vendor(world)
    assert world.send() == ["Imran push"]
    assert world.desk.find(PageRecipient, page_id=page_id)[0].called_as is CalledAs.CATCH_ALL


def _page_of_vendor(world: PagingWorld) -> Any:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    world.desk.do(
        acts.PageTeam(page_id=page_id, incident_id=incident_id, team_id=VENDOR, reason="Help")
    )
    world.desk.sync()
    world.after(0)
    world.desk.sync()
    return page_id


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


def test_a_refused_delivery_moves_the_page_on_at_once(world: PagingWorld) -> None:
    world.put([])
    page_id = world.page()
    world.after(0)
    assert world.send(Outcome.REFUSED, reason="unknown number") == ["Theo push"]
    world.after(121)
    assert world.send(Outcome.REFUSED) == ["Theo sms"]
    world.after(0)
    assert world.send() == ["Vera push"]
    assert world.read(page_id).position == 1


def test_an_unsure_delivery_is_repeated_and_says_so(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    first = world.engine.claim("a", "")
    assert first is not None
    assert not first.may_repeat
    assert world.engine.finish(first, Outcome.UNSURE, retry_after_s=5)
    assert world.engine.claim("a", "") is None
    world.office.clock.advance(timedelta(seconds=6))
    again = world.engine.claim("b", "")
    assert again is not None
    assert again.delivery_id == first.delivery_id
    assert again.may_repeat


def test_whoever_lost_the_lease_finishes_nothing(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    zombie = world.engine.claim("zombie", "")
    assert zombie is not None
    world.office.clock.advance(timedelta(seconds=31))
    heir = world.engine.claim("heir", "")
    assert heir is not None
    assert heir.delivery_id == zombie.delivery_id
    assert not world.engine.finish(zombie, Outcome.REFUSED)
    assert world.engine.finish(heir, Outcome.DELIVERED)
    world.desk.sync()
    assert world.desk.get(Delivery, heir.delivery_id).state is DeliveryState.DELIVERED
    attempts = world.desk.find(DeliveryAttempt, delivery_id=heir.delivery_id)
    assert {a.outcome for a in attempts} == {Outcome.REFUSED, Outcome.DELIVERED}


def test_a_poisonous_delivery_is_given_up_and_the_page_goes_on(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    world.page(
        acts.PagePeople(page_id=page_id, incident_id=incident_id, person_ids=(VERA,), reason="!")
    )
    world.after(0)
    for _ in range(5):
        assert world.engine.claim("dies", "") is not None
        world.office.clock.advance(timedelta(seconds=31))
    assert world.send() == []
    world.after(0)
    assert world.send() == ["Vera push"]
    assert world.read(page_id).round == 1


def test_more_than_three_pages_for_one_person_go_out_as_one(world: PagingWorld) -> None:
    pages = [world.page() for _ in range(4)]
    world.engine.fire_due()
    claimed = world.engine.claim("a", "")
    assert claimed is not None
    assert claimed.page_id == pages[-1]
    assert len(claimed.bundled) == 3
    assert world.engine.claim("a", "") is None
    assert world.engine.finish(claimed, Outcome.DELIVERED)


def test_a_bundle_that_is_not_sent_lets_go_of_the_others(world: PagingWorld) -> None:
    pages = [world.page() for _ in range(4)]
    world.engine.fire_due()
    claimed = world.engine.claim("a", "")
    assert claimed is not None
    assert world.engine.finish(claimed, Outcome.REFUSED)
    again = [world.engine.claim("a", "") for _ in range(4)]
    assert [claimed.page_id if claimed else None for claimed in again] == [
        *reversed(pages[:-1]),
        None,
    ]


def test_nobody_gets_more_text_messages_than_the_limit(world: PagingWorld) -> None:
    for _ in range(2):
        world.page()
    world.after(0)
    world.send()
    world.after(125)
    assert world.send() == ["Theo sms"]
    world.after(61)
    assert world.send() == ["Theo sms"]


def test_a_link_answers_for_whom_it_was_sent_to(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    claimed = world.engine.claim("a", digest_of("secret"))
    assert claimed is not None
    world.engine.finish(claimed, Outcome.DELIVERED)
    assert world.engine.answer("guess", ACKNOWLEDGED) == "unknown"
    assert world.engine.answer(digest_of("secret"), ACKNOWLEDGED) == "acknowledged"
    page = world.read(page_id)
    assert (page.state, page.acknowledged_by_id) == (PageState.ACKNOWLEDGED, THEO)
    assert world.engine.answer(digest_of("secret"), ACKNOWLEDGED) == "too-late"


def test_a_page_for_everyone_is_open_until_all_have_answered(world: PagingWorld) -> None:
    policy = derived_id("everyone")
    world.put([
        EscalationPolicy(id=policy, name="Everyone", team_id=VENDOR, is_everyone=True),
        EscalationStep(
            id=derived_id(policy, 0), policy_id=policy, position=0, person_ids=(THEO, VERA)
        ),
    ])  # fmt: skip
    world.desk.sync()
    page_id = _page_of_vendor(world)
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
    _page_of_vendor(world)
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


def test_a_provider_that_keeps_an_alert_is_told_what_became_of_it(world: PagingWorld) -> None:
    pager, policy = derived_id("pager"), derived_id("alerts")
    world.put([
        Destination(id=pager, kind=ProviderKind.PAGERDUTY, name="Pager"),
        EscalationPolicy(id=policy, name="Alerts", team_id=VENDOR),
        EscalationStep(
            id=derived_id(policy, 0), policy_id=policy, position=0, destination_ids=(pager,)
        ),
    ])  # fmt: skip
    world.desk.sync()
    page_id = _page_of_vendor(world)
    opened = world.engine.claim("a", "")
    assert opened is not None
    assert opened.provider is ProviderKind.PAGERDUTY
    world.desk.do(acts.AcknowledgePage(page_id=page_id), THEO)
    world.desk.sync()
    world.after(-60)  # the desk's act took a minute, and the lease with it
    assert world.engine.claim("a", "") is None, "the end of an alert overtook its beginning"
    assert world.engine.finish(opened, Outcome.DELIVERED, memo='{"thread": "7"}')
    world.after(1)
    acknowledged = world.engine.claim("a", "")
    assert acknowledged is not None
    assert (acknowledged.kind, acknowledged.memo) == (DeliveryKind.ACKNOWLEDGED, '{"thread": "7"}')
    world.engine.finish(acknowledged, Outcome.DELIVERED)
    world.desk.sync()
    world.desk.resolve(world.read(page_id).incident_id)
    world.desk.sync()
    world.after(1)
    kinds = []
    while claimed := world.engine.claim("a", ""):
        kinds.append(claimed.kind)
        world.engine.finish(claimed, Outcome.DELIVERED)
        world.after(1)
    assert kinds == [DeliveryKind.RESOLVED]
