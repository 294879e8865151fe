"""What becomes of deliveries, on both shared databases: repeats, leases, bundles and limits."""

from datetime import timedelta

from builders import THEO, VENDOR, VERA
from paging_world import (
    PUSH,
    PagingWorld,
    page_of_vendor,
)

from services.core.ids import derived_id, new_id
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.paging import acts
from services.paging.claiming import digest_of
from services.paging.destination import Destination, ProviderKind
from services.paging.page import (
    Delivery,
    DeliveryAttempt,
    DeliveryKind,
    DeliveryState,
    Outcome,
    PageState,
)
from services.providers.answer_words import ACKNOWLEDGED


def test_a_refused_delivery_moves_the_page_on_at_once(world: PagingWorld) -> None:
    world.put([])
    page_id = world.page()
    world.after(0)
    # What one way refused is tried by the next without its pause.
    assert world.send(Outcome.REFUSED, reason="unknown number") == ["Theo push", "Theo sms"]
    world.after(0)
    assert world.send() == ["Vera push"]
    assert world.read(page_id).position == 1


def test_a_way_that_takes_nothing_gives_way_to_the_next_within_a_minute(
    world: PagingWorld,
) -> None:
    world.page()
    world.after(0)
    assert next_try(world, Outcome.RETRY, after_s=600) == "Theo push"
    world.after(29)
    assert world.send() == []
    world.after(1)
    assert world.send() == ["Theo sms"]


def test_an_account_that_cannot_be_called_gives_way_too(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.after(30)
    (found,) = world.engine.claim_many("a", ["1", "2"], {PUSH: 0})
    assert found.address.startswith("sms")


def test_who_was_reached_has_the_whole_pause_to_answer(world: PagingWorld) -> None:
    """Negative control: a message that was taken lets the next way wait."""
    world.page()
    world.after(0)
    assert world.send() == ["Theo push"]
    world.after(119)
    assert world.send() == []
    world.after(1)
    assert world.send() == ["Theo sms"]


def next_try(world: PagingWorld, outcome: Outcome, after_s: float) -> str:
    """Make one attempt that comes to nothing now; whom it was for, and how."""
    claimed = world.engine.claim("test", "")
    assert claimed is not None
    assert world.engine.finish(claimed, outcome, retry_after_s=after_s)
    return f"{claimed.person_name} {claimed.address.partition('-')[0]}"


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
    # The one that carried the bundle goes on by its next way.
    again = [world.engine.claim("a", "") for _ in range(5)]
    assert [claimed.page_id if claimed else None for claimed in again] == [*reversed(pages), None]


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
    page_id = page_of_vendor(world)
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
