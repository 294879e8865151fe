"""Many deliveries claimed at once: each is somebody's alone, and no account gets too many."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from builders import THEO, VERA
from contract.owner_sql import change_function
from paging_world import PUSH, SMS_ACCOUNT, PagingWorld
from team import Team

from services.core.ids import new_id
from services.dispatcher import engine_postgres, engine_sqlite
from services.paging.acts import PagePeople
from services.paging.claiming import all_claimed, digest_of
from services.paging.delivery_statements import claimable
from services.paging.page import Delivery, DeliveryState, Outcome

TOKENS = [digest_of(f"token {number}") for number in range(8)]
WIDE = {PUSH: 100, SMS_ACCOUNT: 100}


def pages(world: PagingWorld, count: int, *people: Any) -> list[Any]:
    """Pages for these people, whose first messages are due; the first one made first."""
    found = []
    for _ in range(count):
        incident_id = world.desk.start(world.desk.log())
        page_id = new_id(world.office.clock.now())
        asked = PagePeople(
            page_id=page_id, incident_id=incident_id, person_ids=people or (VERA,), reason="!"
        )
        world.page(asked)
        found.append(page_id)
    world.after(0)
    return found


def test_the_newest_come_first_and_each_is_claimed_once(world: PagingWorld) -> None:
    made = pages(world, 3)
    first = world.engine.claim_many("a", TOKENS[:2], WIDE)
    rest = world.engine.claim_many("b", TOKENS, WIDE)
    assert [each.page_id for each in (*first, *rest)] == made[::-1]
    assert [each.answer_digest for each in (*first, *rest)] == [*TOKENS[:2], TOKENS[0]]
    assert world.engine.claim_many("c", TOKENS, WIDE) in ([], ())
    assert all(world.engine.finish(each, Outcome.DELIVERED) for each in (*first, *rest))
    world.desk.sync()
    assert {each.state for each in world.desk.find(Delivery)} == {DeliveryState.DELIVERED}


def test_no_account_gets_more_than_it_can_take(world: PagingWorld) -> None:
    pages(world, 3)
    rooms: list[dict[UUID, int]] = [{PUSH: 0}, {}, {PUSH: 2}]
    assert [len(world.engine.claim_many("a", TOKENS, room)) for room in rooms] == [0, 1, 2]
    world.desk.sync()
    attempts = [each.attempt_count for each in world.desk.find(Delivery)]
    assert attempts == [1, 1, 1], "waiting uses up no attempt"


def test_what_is_not_wanted_any_more_is_no_part_of_it(world: PagingWorld) -> None:
    made = pages(world, 3)
    world.desk.resolve(world.read(made[1]).incident_id)
    world.desk.sync()
    found = world.engine.claim_many("a", TOKENS, WIDE)
    assert [each.page_id for each in found] == [made[2], made[0]]


def texts_at_once(world: PagingWorld) -> int:
    """How many of two text messages to one number are claimed together."""
    pages(world, 2, THEO)
    world.send()
    world.after(121)
    return len(world.engine.claim_many("a", TOKENS, WIDE))


def test_what_was_claimed_a_moment_ago_counts_for_the_limit(world: PagingWorld) -> None:
    assert texts_at_once(world) == 1


def test_without_the_limit_both_are_claimed(world: PagingWorld, monkeypatch) -> None:
    """Negative control."""
    limit = "k.id IS NULL OR NOT"
    if isinstance(world.office, Team):
        access = world.office.databases.access
        with access.connect(world.office.database) as admin:
            change_function(admin, "claim_deliveries", limit, "true OR NOT")
    else:
        unlimited: Callable[..., str] = lambda d: claimable(d).replace(limit, "true OR NOT")  # noqa: E731
        monkeypatch.setattr(engine_sqlite, "claimable", unlimited)
    assert texts_at_once(world) == 2


def test_a_kind_that_only_a_newer_program_knows_harms_no_other(
    world: PagingWorld, monkeypatch, caplog
) -> None:
    made = pages(world, 2)
    engine = engine_postgres if isinstance(world.office, Team) else engine_sqlite

    def with_a_new_kind(found: Any) -> Any:
        (first, bundled), *others = found
        return all_claimed([({**first, "kind": "telegram"}, bundled), *others])

    monkeypatch.setattr(engine, "all_claimed", with_a_new_kind)
    found = world.engine.claim_many("a", TOKENS, WIDE)
    assert [each.page_id for each in found] == [made[0]]
    assert "not-understood" in caplog.messages
