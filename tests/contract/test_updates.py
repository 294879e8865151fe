"""How status updates leave, on both shared databases; controls break what each test relies on."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from builders import CLEO, IMRAN, office_at
from paging_world import PagingWorld, paging_in_file, paging_on_server
from team import team_at
from update_world import PUBLIC, UpdateWorld

from services.communications import statements
from services.communications.acts import CorrectUpdate, SendHeldUpdate, WithdrawUpdate
from services.communications.message import message_from
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.core.ids import new_id
from services.dispatcher import engine_sqlite
from services.dispatcher.answer_links import NO_LINKS
from services.dispatcher.messages import item_for
from services.major_incidents.major import ResponsePhase
from services.paging import delivery_statements
from services.paging.engine import ATTEMPTS, LEASE_S, Claimed
from services.paging.page import Delivery, DeliveryKind, DeliveryState, Outcome
from services.providers.provider import Item, Step

S = UpdateState


@pytest.fixture(scope="module")
def file_paging() -> Iterator[PagingWorld]:
    with office_at() as office, paging_in_file(office) as world:
        yield world


@pytest.fixture(scope="module", params=["embedded", "postgres"])
def paging(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PagingWorld]:
    with ExitStack() as stack:
        if request.param == "embedded":
            yield request.getfixturevalue("file_paging")
        else:
            databases = request.getfixturevalue("databases")
            team = stack.enter_context(team_at(tmp_path_factory.mktemp("team"), databases))
            yield stack.enter_context(paging_on_server(team))


@pytest.fixture
def world(paging: PagingWorld) -> Iterator[UpdateWorld]:
    """An incident of its own; nothing is left on its way."""
    made = UpdateWorld(paging)
    yield made
    made.send_the_rest()


@pytest.fixture
def file_world(file_paging: PagingWorld) -> Iterator[UpdateWorld]:
    """Where a control breaks something."""
    made = UpdateWorld(file_paging)
    yield made
    made.send_the_rest()


def claim(world: UpdateWorld, dispatcher: str = "one") -> Claimed:
    claimed = world.engine.claim(dispatcher, "")
    assert claimed is not None, "nothing is due"
    return claimed


def told(claimed: Claimed) -> str:
    return message_from(claimed.text).summary


def test_an_update_leaves_after_its_hold_for_every_place_that_wants_it(world: UpdateWorld) -> None:
    update = world.queue(world.draft())
    world.after(7)
    assert world.state(update) is S.QUEUED
    world.after(1)
    sent = world.read(update)
    assert (sent.state, sent.sent_at) == (S.SENT, world.desk.clock.now())
    assert [d.address for d in world.deliveries(update)] == ["room"]
    to_all = world.queue(world.draft(), is_notifying=True)
    world.after(60)
    assert [d.address for d in world.deliveries(to_all)] == ["list", "room"]


def test_a_withdrawn_update_never_leaves(world: UpdateWorld) -> None:
    update = world.queue(world.draft())
    world.desk.do(WithdrawUpdate(update_id=update, incident_id=world.incident_id), IMRAN)
    world.after(60)
    assert world.state(update) is S.WITHDRAWN
    assert world.deliveries(update) == []


def stale(world: UpdateWorld) -> tuple[UpdateState, int]:
    """What becomes of an update that reaches the database after it grew stale."""
    update = world.draft()
    world.desk.give(world.send_command(update), IMRAN)
    world.desk.clock.advance(timedelta(hours=2))
    world.desk.sync()
    world.after(0)
    return world.state(update), len(world.deliveries(update))


def test_an_update_that_waited_too_long_is_held_until_somebody_sends_it(
    world: UpdateWorld,
) -> None:
    assert stale(world) == (S.HELD, 0)
    (held,) = world.desk.find(StatusUpdate, incident_id=world.incident_id)
    world.desk.do(SendHeldUpdate(update_id=held.id, incident_id=world.incident_id), IMRAN)
    world.after(7200)
    assert world.state(held.id) is S.SENT
    assert len(world.deliveries(held.id)) == 1


def test_an_update_that_nobody_could_send_is_held_too(world: UpdateWorld) -> None:
    world.desk.clock.advance(timedelta(hours=1))  # the last dispatcher is long dead
    update = world.queue(world.draft())
    world.desk.clock.advance(timedelta(minutes=10))
    world.engine.fire_due()
    assert world.state(update) is S.QUEUED
    world.desk.clock.advance(timedelta(minutes=30))
    world.engine.fire_due()
    assert world.state(update) is S.HELD


def test_without_its_guard_a_stale_update_leaves_as_new(file_world: UpdateWorld) -> None:
    with patch.object(engine_sqlite, "FIRING", statements.FIRING[1:]):
        assert stale(file_world) == (S.SENT, 1)


def drilled(world: UpdateWorld) -> tuple[UpdateState, int]:
    """What becomes of an update of a drill."""
    incident = world.desk.incident(world.incident_id)
    drill = replace(incident, id=new_id(world.desk.clock.now()), number=incident.number + 5000,
                    is_drill=True)  # fmt: skip
    world.world.put([drill])
    world.desk.sync()
    world.incident_id = drill.id
    update = world.queue(world.draft(), is_notifying=True)
    world.after(60)
    return world.state(update), len(world.deliveries(update))


def test_nothing_of_a_drill_leaves_the_building(world: UpdateWorld) -> None:
    assert drilled(world) == (S.SENT, 0)


def test_without_its_guard_a_drill_leaves(file_world: UpdateWorld) -> None:
    open_ = [s.replace("AND i.is_drill", "AND false") for s in statements.FIRING]
    with patch.object(engine_sqlite, "FIRING", tuple(open_)):
        assert drilled(file_world) == (S.SENT, 2)


def in_order(world: UpdateWorld) -> list[str]:
    """What a place hears while its first word has to be said twice, and one dispatcher dies."""
    for summary in ("One.", "Two."):
        world.queue(world.draft(summary=summary))
    world.after(60)
    heard = []
    first = claim(world)
    heard.append(told(first))
    other = world.engine.claim("two", "")
    heard.append(told(other) if other else "nothing")
    assert world.engine.finish(first, Outcome.UNSURE, retry_after_s=600)
    world.after(60)
    meanwhile = world.engine.claim("two", "")
    heard.append(told(meanwhile) if meanwhile else "nothing")
    world.after(600)
    heard.append(told(claim(world, "dies")))
    world.after(LEASE_S + 1)
    for _ in range(2):
        again = claim(world, "two")
        heard.append(told(again))
        world.engine.finish(again, Outcome.DELIVERED)
    return heard


def test_no_update_overtakes_another_at_the_same_place(world: UpdateWorld) -> None:
    assert in_order(world) == ["One.", "nothing", "nothing", "One.", "One.", "Two."]


def test_without_its_guard_an_update_overtakes(file_world: UpdateWorld) -> None:
    with patch.object(delivery_statements, "_OVERTAKES", "1 = 0"):
        assert set(in_order(file_world)[:2]) == {"One.", "Two."}


def tried(world: UpdateWorld) -> DeliveryState:
    """Where an update stands after more attempts than a page gets."""
    update = world.queue(world.draft())
    world.after(60)
    for _ in range(ATTEMPTS + 1):
        world.engine.finish(claim(world), Outcome.RETRY, reason="503", retry_after_s=600)
        world.after(600)
    (delivery,) = world.deliveries(update)
    return delivery.state


def test_an_update_is_tried_for_longer_than_a_page(world: UpdateWorld) -> None:
    assert tried(world) is DeliveryState.WAITING
    refused = claim(world)
    world.engine.finish(refused, Outcome.REFUSED, reason="no such room")
    world.desk.sync()
    assert world.desk.get(Delivery, refused.delivery_id).reason == "no such room"


def test_without_more_attempts_an_update_is_given_up(file_world: UpdateWorld) -> None:
    short = engine_sqlite.FINISH.replace("THEN 300 ELSE", "THEN 5 ELSE")
    with patch.object(engine_sqlite, "FINISH", short), pytest.raises(AssertionError, match="due"):
        tried(file_world)


def alarms(world: UpdateWorld, delivery_id: UUID) -> set[str]:
    return {alarm.kind for alarm in world.engine.audit() if alarm.subject_id == delivery_id}


def test_a_place_that_refused_an_update_is_an_alarm_until_it_hears_the_next(
    world: UpdateWorld,
) -> None:
    world.queue(world.draft())
    world.after(60)
    refused = claim(world)
    assert alarms(world, refused.delivery_id) == set()
    world.engine.finish(refused, Outcome.REFUSED, reason="no such room")
    assert alarms(world, refused.delivery_id) == {"update-given-up"}
    world.queue(world.draft(summary="It works again."))
    world.after(60)
    world.engine.finish(claim(world), Outcome.DELIVERED)
    assert alarms(world, refused.delivery_id) == set()


def test_each_place_hears_a_beginning_what_changes_and_an_end(world: UpdateWorld) -> None:
    def say(**given: object) -> Item:
        update = world.draft(PUBLIC, **given)
        world.review(update)
        world.queue(update)
        world.after(60)
        return sent()

    def sent() -> Item:
        claimed = claim(world)
        world.engine.finish(claimed, Outcome.DELIVERED, memo='{"incident": "i1"}')
        world.desk.sync()
        assert claimed.memo in ("{}", '{"incident": "i1"}')
        return item_for(claimed, NO_LINKS, "")

    first = say()
    assert first.step is Step.OPEN
    assert first.update is not None
    assert (first.update.components, first.update.impact) == ({"c1": "major_outage"}, "critical")
    (kept,) = world.desk.find(StatusUpdate, incident_id=world.incident_id)
    correction = CorrectUpdate(
        update_id=new_id(world.desk.clock.now()),
        incident_id=world.incident_id,
        replaces_id=kept.id,
        phase=ResponsePhase.IDENTIFIED,
        subject="Problems with the shop",
        summary="Some cannot pay.",
        is_notifying=False,
    )
    world.desk.do(correction, IMRAN)
    world.review(correction.update_id)
    world.queue(correction.update_id)
    world.after(60)
    corrected = sent()
    assert corrected.update is not None
    assert (corrected.step, corrected.root_summary) == (Step.UPDATE, "Issues with the shop")
    assert corrected.update.is_correction
    assert corrected.update.replaces_key == first.key
    last = say(moment=UpdateMoment.FINAL, phase=ResponsePhase.RESOLVED)
    assert (last.step, last.subject_key) == (Step.RESOLVE, first.subject_key)


def told_in_room(world: UpdateWorld) -> list[str]:
    """The topics a room is given: first one, then after two changes of the summary."""
    world.room(
        '{"name": "inc-1", "topic": "First", "invite": [{"name": "Kim", "ids": ["u1"], "mail": "",'
        ' "holds": true}], "links": [["Bridge", "https://b"]]}'
    )
    topics = []
    for changes in ((), ("Second", "Third")):
        for summary in changes:
            world.describe(summary)
            world.after(1)
        for _ in range(2):
            world.after(statements.ROOM_EVERY_S)
        while claimed := world.engine.claim("one", ""):
            assert claimed.kind is DeliveryKind.ROOM
            room = item_for(claimed, NO_LINKS, "").room
            assert room is not None
            topics.append(room.topic.partition(" ")[2] or room.topic)
            assert [(m.name, m.ids) for m in room.members] == (
                [] if changes else [("Kim", ("u1",))]
            )
            assert claimed.memo == ('{"room": "r1"}' if changes else "{}")
            world.engine.finish(claimed, Outcome.DELIVERED, memo='{"room": "r1"}')
    return topics


def test_a_room_is_told_what_it_is_to_be_like_and_only_the_newest(world: UpdateWorld) -> None:
    assert told_in_room(world) == ["First", "Third"]


def test_without_its_guard_a_room_is_told_what_is_over(file_world: UpdateWorld) -> None:
    with patch.object(engine_sqlite, "ROOMS", statements.ROOMS[:1]):
        assert sorted(told_in_room(file_world)) == ["First", "Second", "Third"]


def test_a_second_pair_of_eyes_is_another_persons(world: UpdateWorld) -> None:
    update = world.draft(PUBLIC)
    world.review(update, CLEO, is_passed=False)
    assert world.state(update) is S.DRAFT
    world.review(update)
    passed = world.read(update)
    assert (passed.state, passed.reviewed_by_id) == (S.IN_REVIEW, CLEO)
