"""Two dispatchers at once: every update arrives once at each place, in the order of sending."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from builders import MINUTE, Office, office_at
from contract.page_scene import engine_of
from paging_world import PagingWorld, paging_in_file, paging_on_server
from postgres_server import DatabasesForTests
from team import team_at
from update_world import STAFF, UpdateWorld

from services.communications.message import message_from
from services.communications.status_page import Outlet
from services.core.ids import derived_id
from services.dispatcher.answer_links import NO_LINKS
from services.dispatcher.messages import item_for
from services.paging import delivery_statements
from services.paging.destination import Destination, ProviderKind
from services.paging.engine import PagingEngine
from services.paging.page import Delivery, DeliveryState, Outcome

SAID = [f"Word {n}." for n in range(5)]


@pytest.fixture(params=["embedded", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagingWorld]:
    if request.param == "embedded":
        with office_at() as office, paging_in_file(office) as world:
            yield world
    else:
        databases = request.getfixturevalue("databases")
        assert isinstance(databases, DatabasesForTests)
        with team_at(tmp_path, databases) as team, paging_on_server(team) as world:
            yield world


def raced(office: Office, updates: UpdateWorld) -> list[str]:
    """What a room hears of five words that two dispatchers fire and send as fast as they can."""
    for said in SAID:
        updates.queue(updates.draft(summary=said))
    office.clock.advance(MINUTE)
    updates.engine.beat("living")
    heard: list[str] = []
    writing = threading.Lock()

    def dispatch(engine: PagingEngine, name: str) -> None:
        for _ in range(200):
            engine.fire_due()
            claimed = engine.claim(name, "")
            if claimed is not None:
                with writing:
                    heard.append(message_from(claimed.text).summary)
                assert engine.finish(claimed, Outcome.DELIVERED)
            if len(heard) >= len(SAID):
                return

    with closing(engine_of(office)) as one, closing(engine_of(office)) as two:
        threads = [
            threading.Thread(target=dispatch, args=(engine, name))
            for engine, name in ((one, "one"), (two, "two"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    return heard


def test_two_dispatchers_say_each_word_once_and_in_order(world: PagingWorld) -> None:
    assert raced(world.office, UpdateWorld(world)) == SAID


def written_once(world: PagingWorld) -> list[DeliveryState]:
    """What becomes of two words for a page that is written anew as a whole."""
    files = Destination(
        id=derived_id("files"), kind=ProviderKind.STATIC_PAGE, name="Files", base_url=""
    )
    place = Outlet(id=derived_id("outlet", "files"), page_id=STAFF, destination_id=files.id)
    updates = UpdateWorld(world)
    world.put([files, place])
    world.desk.sync()
    for said in SAID[:2]:
        updates.queue(updates.draft(summary=said))
        updates.after(60)
    claimed = [c for _ in range(3) if (c := updates.engine.claim("one", ""))]
    to_files = [c for c in claimed if c.destination_id == files.id]
    assert [item_for(c, NO_LINKS, "").summary for c in to_files]
    world.desk.sync()
    found = world.desk.find(Delivery, destination_id=files.id)
    return [d.state for d in sorted(found, key=lambda d: d.created_at)]


def test_a_page_is_written_once_for_all_that_waits() -> None:
    with office_at() as office, paging_in_file(office) as world:
        assert written_once(world) == [DeliveryState.SUPERSEDED, DeliveryState.SENDING]


def test_without_its_rule_a_page_is_written_for_each() -> None:
    idle = delivery_statements._TOLD_LATER.replace("d.kind = 'update'", "1 = 0")
    with (
        patch.object(delivery_statements, "_TOLD_LATER", idle),
        office_at() as office,
        paging_in_file(office) as world,
    ):
        assert written_once(world) == [DeliveryState.SENDING, DeliveryState.WAITING]
