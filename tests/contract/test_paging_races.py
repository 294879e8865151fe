"""Whoever acknowledges before the next step is taken keeps it from being taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.paging_races import Races, break_second_look, races_in
from paging_world import paging_on_server
from postgres_server import DatabasesForTests
from property.histories import tell
from team import team_at

BY_LINK, BY_DESK = 250, 50


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
