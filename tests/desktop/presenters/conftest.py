"""The real program: on its own file, or joining a team's database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import team as small_world
from pytestqt.qtbot import QtBot
from running_desk import RunningDesk, running_desk
from team_member import Member, Running

from services.core.paths import home_at


@pytest.fixture
def bare(qtbot: QtBot, tmp_path: Path) -> Iterator[RunningDesk]:
    """The program with three incidents, and nothing else done."""
    with running_desk(tmp_path) as running:
        yield running


@pytest.fixture
def member(qtbot, tmp_path: Path, databases) -> Iterator[Member]:
    with databases.of_one_test() as make:
        database = make(databases.template("small world", small_world.fill))
        yield Member(home_at(tmp_path), databases.access.port, database)


@pytest.fixture
def start(member) -> Iterator[Callable[[], Running]]:
    """Starts the program; each start ends the one before."""
    with ExitStack() as stack:

        def begin() -> Running:
            stack.close()
            return stack.enter_context(member.start())

        yield begin
