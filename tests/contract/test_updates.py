"""How status updates leave, on both shared databases."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from builders import office_at
from paging_world import PagingWorld, paging_in_file, paging_on_server
from team import team_at
from update_world import UpdateWorld

from services.communications.status_update import UpdateState
from services.paging.engine import Claimed


@pytest.fixture(params=["embedded", "postgres"])
def paging(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagingWorld]:
    with ExitStack() as stack:
        if request.param == "embedded":
            office = stack.enter_context(office_at())
            yield stack.enter_context(paging_in_file(office))
        else:
            team = stack.enter_context(team_at(tmp_path, request.getfixturevalue("databases")))
            yield stack.enter_context(paging_on_server(team))


@pytest.fixture
def world(paging: PagingWorld) -> UpdateWorld:
    return UpdateWorld(paging)


def claim(world: UpdateWorld) -> Claimed:
    claimed = world.engine.claim("test", "")
    assert claimed is not None, "nothing is due"
    return claimed


def test_an_update_leaves_after_its_hold_for_every_place_that_wants_it(world: UpdateWorld) -> None:
    update = world.queue(world.draft())
    world.after(7)
    assert world.state(update) is UpdateState.QUEUED
    world.after(1)
    assert world.state(update) is UpdateState.SENT
    assert [d.address for d in world.deliveries(update)] == ["room"]
    told = world.queue(world.draft(), is_notifying=True)
    world.after(60)
    assert [d.address for d in world.deliveries(told)] == ["list", "room"]
