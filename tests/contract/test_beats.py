"""What dispatchers say of themselves, on both databases: who lives, who stopped, who holds what."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from builders import office_at
from paging_world import PUSH, PagingWorld, paging_in_file, paging_on_server
from team import settings, team_at

from services.core.secrets import Secret
from services.dispatcher.beats import Beat, beats_of_file, beats_of_server
from services.paging.audit_statements import STOPPED

World = tuple[PagingWorld, Callable[[], Sequence[Beat]]]


@pytest.fixture(params=["embedded", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        if request.param == "embedded":
            office = stack.enter_context(office_at())
            made = stack.enter_context(paging_in_file(office))
            yield made, lambda: beats_of_file(office.path, office.clock)
        else:
            team = stack.enter_context(team_at(tmp_path, request.getfixturevalue("databases")))
            made = stack.enter_context(paging_on_server(team))
            access = team.databases.access
            superuser = settings(access, team.database, "postgres")
            yield made, partial(beats_of_server, superuser, lambda: Secret(access.password))


def test_each_says_since_when_and_what_it_holds(world: World) -> None:
    made, beats = world
    made.page()
    made.after(0)
    began_at = made.office.clock.now()
    made.engine.beat("one", json.dumps({"open_breakers": [str(PUSH)]}))
    made.engine.beat("two", "not understood")
    assert made.engine.claim("one", "") is not None
    made.after(5)
    made.engine.beat("one", "{}")
    now = made.office.clock.now()
    assert beats() == [
        Beat(dispatcher="one", started_at=began_at, seen_at=now, held=1),
        Beat(dispatcher="two", started_at=began_at, seen_at=began_at),
    ]
    made.engine.beat("one", json.dumps({"open_breakers": [str(PUSH)]}))
    assert beats()[0].open_breakers == (str(PUSH),)


def test_who_has_stopped_is_not_counted(world: World) -> None:
    made, beats = world
    made.engine.beat("one", "{}")
    assert made.engine.fire_due().dispatcher_count == 1
    made.engine.beat("one", STOPPED)
    assert made.engine.fire_due().dispatcher_count == 0
    assert beats()[0].is_stopped
    made.office.clock.advance(timedelta(hours=1))
    made.engine.beat("one", "{}")
    assert made.engine.fire_due().dispatcher_count == 1
    assert beats()[0].started_at == made.office.clock.now(), "it began anew"
    made.office.clock.advance(timedelta(days=2))
    assert beats() == []
