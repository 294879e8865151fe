"""Each of the faults that a sync can have is found, on a real server.

Most are found by the machine of ``test_team_desks``; those that need one certain order of events
are led there by a short history, which a sound part passes.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import DANA, Parts, log_command, note_command
from hypothesis.errors import Flaky
from postgres_server import DatabasesForTests
from property.histories import run_histories
from property.team_world import team_world
from property.test_team_desks import TeamDesks
from property.test_three_desks import NeverPutsBack, NewIdOnRetry

from services.core.errors import AppError
from services.incidents.extent import EXTENT
from services.incidents.incident import Note
from services.registry import RECORDS
from services.sync.book import CommandBook
from services.sync.cache import Cache
from services.sync.pending import PendingCommands
from services.sync.postgres.calls import gate_calls
from services.sync.postgres.deciding import DECIDE, writing_functions

BUDGET = 120


def changed(text: str, old: str, new: str) -> str:
    """A function's text with one part of it changed."""
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new)


FORGETS = changed(
    DECIDE,
    "    INSERT INTO firstline.command (",
    "    DELETE FROM firstline.command c WHERE c.command_id = (p_item ->> 'id')::uuid;\n"
    "    INSERT INTO firstline.command (",
)
"""A repeat is decided anew."""

IGNORES_VERSIONS = tuple(
    text.replace(" AND t.version = p_version", "") for text in writing_functions(RECORDS)
)
"""The last writer wins."""

READS_AHEAD = changed(
    next(text for text in gate_calls(RECORDS, EXTENT) if "sync.pull" in text),
    "(SELECT rev FROM firstline.feed_state)",
    "(SELECT rev + 1 FROM firstline.feed_state)",
)
"""The cursor is further than the rows."""


class _Forgotten(PendingCommands):
    def withdraw(self, seq: int, error: AppError) -> None:
        super().withdraw(seq, error)
        self._connection.execute("UPDATE pending SET state = 'conflict' WHERE seq = ?", (seq,))


class ForgetsLocally(Cache):
    """What no longer holds is forgotten here, and the shared database is not told."""

    def __init__(self, path: Path, book: CommandBook) -> None:
        super().__init__(path, book)
        self.pending = _Forgotten(self._connection)


class _Dropped(PendingCommands):
    def _accept(self, id_: str, *, is_pulled: bool) -> None:
        super()._accept(id_, is_pulled=True)


class DropsAcknowledged(Cache):
    """What was acknowledged is let go before a pull shows it."""

    def __init__(self, path: Path, book: CommandBook) -> None:
        super().__init__(path, book)
        self.pending = _Dropped(self._connection)


@dataclass(frozen=True)
class Fault:
    """What is broken: functions of the server, or parts of the desk."""

    broken: tuple[str, ...] = ()
    parts: Parts = field(default_factory=Parts)


BY_CHANCE = {
    "no idempotency": Fault((FORGETS,)),
    "cursor ahead of the rows": Fault((READS_AHEAD,)),
    "no restore before rebase": Fault(parts=Parts(cache=NeverPutsBack)),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", BY_CHANCE)
def test_the_machine_finds(databases: DatabasesForTests, name: str) -> None:
    fault = BY_CHANCE[name]
    with team_world(databases, fault.broken) as world:
        machine = type("Desks", (TeamDesks,), {"world": world, "wire_and_cache": fault.parts})
        with pytest.raises((AssertionError, AppError, RuntimeError, KeyError, Flaky)):
            run_histories(machine, BUDGET)


# -- histories that lead to a fault --------------------------------------------------------


def quarrel(desks: TeamDesks) -> None:
    """Two desks rank the same incident, neither knowing of the other."""
    desks.log(0, DANA)
    desks.push(0, "whole")
    desks.pull(2)
    desks.act(0, "prioritise", 0, DANA, 4)
    desks.act(2, "prioritise", 0, DANA, 8)
    desks.push(0, "whole")
    desks.push(2, "whole")


def lost_answer(desks: TeamDesks) -> None:
    """What was sent is sent again, because its answer got lost."""
    desks.log(0, DANA)
    desks.push(0, "answer lost")
    desks.push(0, "whole")
    desks.pull(0)


def late_copy(desks: TeamDesks) -> None:
    """What was sent arrives after its desk has seen that it no longer holds."""
    desks.log(0, DANA)
    desks.push(0, "whole")
    desks.act(0, "start", 0, DANA, 0)
    desks.push(0, "request lost")
    desks.world.change_role("dana", is_member=False)
    desks.pull(0)
    desks.push(0, "whole")
    assert len(desks.desks[0].conflicts()) == 1
    desks.world.change_role("dana", is_member=True)
    desks.deliver_late(0)


def acknowledged_beside_refused(desks: TeamDesks) -> None:
    """One submission of two commands: the first is taken, the second is refused."""
    desks.log(0, DANA)
    desks.push(0, "whole")
    desks.pull(0)
    desk, id_ = desks.desks[0], desks.incidents[0]
    desks._give(0, note_command(id_, text="mine"), DANA)
    desks._give(0, log_command(desk, number=1), DANA)
    desks.push(0, "whole")
    assert len(desk.conflicts()) == 1
    assert [note.text for note in desk.find(Note)] == ["mine"], "its effect went again"


LED: dict[str, tuple[Callable[[TeamDesks], None], Fault]] = {
    "no version check": (quarrel, Fault(IGNORES_VERSIONS)),
    "new id on retry": (lost_answer, Fault(parts=Parts(wire=NewIdOnRetry))),
    "local withdrawal": (late_copy, Fault(parts=Parts(cache=ForgetsLocally))),
    "dropping on acknowledgement": (
        acknowledged_beside_refused,
        Fault(parts=Parts(cache=DropsAcknowledged)),
    ),
}


def lead(databases: DatabasesForTests, history: Callable[[TeamDesks], None], fault: Fault) -> None:
    """Let desks go through one history, and judge it."""
    with team_world(databases, fault.broken) as world:
        kind = type("Desks", (TeamDesks,), {"world": world, "wire_and_cache": fault.parts})
        desks = kind()
        with ExitStack() as ended:
            for desk in desks.desks:
                ended.callback(desk.close)
            history(desks)
            ended.pop_all()
        desks.teardown()


@pytest.mark.parametrize("name", LED)
def test_a_short_history_finds(databases: DatabasesForTests, name: str) -> None:
    history, fault = LED[name]
    lead(databases, history, Fault())
    with pytest.raises(AssertionError):
        lead(databases, history, fault)
