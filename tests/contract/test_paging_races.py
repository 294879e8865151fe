"""Whoever acknowledges before the next step is taken keeps it from being taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.paging_races import Races, break_second_look, races_in
from paging_world import PagingWorld, paging_on_server
from postgres_server import DatabasesForTests
from property.histories import tell
from team import team_at

from services.dispatcher.engine_postgres import PagingPostgres
from services.sync.errors import SharedUnreachable
from services.sync.postgres.connection import wait_readable
from services.sync.shared_postgres import NUMBER_AGAIN_S

BY_LINK, BY_DESK = 100, 20
HEARD_WITHIN_S = 20.0
LONGER_THAN_THE_TEST_S = 600.0


@pytest.fixture
def races(tmp_path: Path, databases: DatabasesForTests) -> Iterator[Races]:
    with (
        team_at(tmp_path, databases) as team,
        paging_on_server(team) as world,
        races_in(world) as made,
    ):
        yield made


@pytest.mark.timeout(120)
def test_no_step_is_taken_after_an_answer(races: Races) -> None:
    races.by_link(BY_LINK)
    races.by_desk(BY_DESK)
    tell(f"{BY_LINK + BY_DESK} races: {races}")
    assert races.wrong == 0
    assert races.held, "no answer came first"
    assert races.fired, "no step came first"


def test_a_firing_that_does_not_look_again_is_found(races: Races) -> None:
    break_second_look(races.admin)
    races.by_link(20)
    assert races.wrong > 0


# -- how soon a dispatcher hears of it -------------------------------------------------------


def hears_of(world: PagingWorld) -> bool:
    """Whether the bell rings for a page that a desk asks for now."""
    engine = world.engine
    assert isinstance(engine, PagingPostgres)
    engine.wait(0.0)
    while wait_readable([engine._listening], 0.0):
        engine.wait(0.0)
    world.page()
    # Bells are paced: a desk that rang a moment ago rings again while it waits for news.
    world.desk.replica.wait(NUMBER_AGAIN_S)
    return wait_readable([engine._listening], HEARD_WITHIN_S)


@pytest.mark.timeout(60)
def test_a_dispatcher_hears_of_a_page_without_asking(races: Races) -> None:
    assert hears_of(races.world)
    races.world.engine.wait(LONGER_THAN_THE_TEST_S)


@pytest.mark.timeout(60)
def test_it_hears_again_after_its_session_was_ended(races: Races) -> None:
    assert hears_of(races.world)
    races.admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND (query LIKE 'LISTEN%' OR query LIKE '%fire_due%')"
    )
    with pytest.raises(SharedUnreachable):
        races.world.engine.fire_due()
    races.world.engine.fire_due()
    assert hears_of(races.world)
    races.world.engine.interrupt()
    races.world.engine.wait(LONGER_THAN_THE_TEST_S)
