"""No row that somebody may write stops the pages of everybody."""

from builders import THEO, VENDOR
from paging_world import (
    PUSH,
    PagingWorld,
    contact,
    page_of_vendor,
)

from services.core.ids import derived_id
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.paging.notice_commands import SendTest
from services.paging.page import Delivery, DeliveryKind, PageRecipient


def test_nobody_foretells_the_id_of_a_delivery(world: PagingWorld) -> None:
    """Whoever did could take it for a test to themselves, and the page would run into it."""
    page_id = world.page()
    place = derived_id(page_id, f"0/0/{THEO}")
    taken = [derived_id(place, part) for part in (derived_id(THEO, "now"), contact(THEO).id)]
    for id_ in taken:
        world.desk.do(SendTest(delivery_id=id_, contact_method_id=contact(THEO).id), THEO)
    world.desk.sync()
    assert {d.id for d in world.desk.find(Delivery, kind=DeliveryKind.TEST)} == set(taken)
    world.after(0)
    world.desk.sync()
    paged = world.desk.find(Delivery, page_id=page_id, kind=DeliveryKind.PAGE)
    assert {d.person_id for d in paged} == {THEO}
    (called,) = world.desk.find(PageRecipient, page_id=page_id)
    assert called.id != place


def test_a_channel_that_a_step_names_twice_is_told_once(world: PagingWorld) -> None:
    policy = derived_id("twice")
    step = EscalationStep(
        id=derived_id(policy, 0), policy_id=policy, position=0, destination_ids=(PUSH, PUSH)
    )
    world.put([EscalationPolicy(id=policy, name="Twice", team_id=VENDOR), step])
    world.desk.sync()
    page_id = page_of_vendor(world)
    told = world.desk.find(Delivery, page_id=page_id, position=0)
    assert [d.destination_id for d in told] == [PUSH]
