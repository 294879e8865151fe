"""Paging through a night: many histories on either database, and ten thousand races."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from contract.paging_races import races_in
from paging_world import PagingWorld, paging_on_server
from postgres_server import DatabasesForTests
from property.histories import run_histories, tell
from property.paging_machine import PagingMachine
from property.test_paging_machine import PagingInFile
from team import team_at

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(14_400)]
IN_FILE, ON_SERVER, PARTS, STEPS = 2_000, 300, 4, 40
BY_LINK, BY_DESK = 2_250, 250
"""Of each of the parts."""


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_is_silently_lost_in_a_file(part: int) -> None:
    run_histories(type(f"File{part}", (PagingInFile,), {}), IN_FILE // PARTS, STEPS)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_is_silently_lost_on_a_server(
    databases: DatabasesForTests, tmp_path: Path, part: int
) -> None:
    count = 0

    @contextmanager
    def on_server() -> Iterator[PagingWorld]:
        nonlocal count
        count += 1
        with ExitStack() as stack:
            folder = tmp_path / str(count)
            folder.mkdir()
            team = stack.enter_context(team_at(folder, databases))
            yield stack.enter_context(paging_on_server(team))

    machine = type(f"Server{part}", (PagingMachine,), {"opened": staticmethod(on_server)})
    run_histories(machine, ON_SERVER // PARTS, STEPS)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_step_is_taken_after_an_answer(
    databases: DatabasesForTests, tmp_path: Path, part: int
) -> None:
    with (
        team_at(tmp_path, databases) as team,
        paging_on_server(team) as world,
        races_in(world) as races,
    ):
        races.by_link(BY_LINK)
        races.by_desk(BY_DESK)
    tell(f"part {part}, {BY_LINK + BY_DESK} races: {races}")
    assert races.wrong == 0
