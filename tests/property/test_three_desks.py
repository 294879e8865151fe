"""Whatever three desks do, and whatever gets lost between, they converge and lose nothing."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID

import pytest
from builders import START, Parts, note_command
from property.desks_machine import ThreeDesks
from property.histories import run_histories
from property.random_acts import WHO
from wire import Wire

from services.core.errors import AppError
from services.core.ids import new_id
from services.sync.cache import Cache
from services.sync.shared import ClientIdentity, Decision, Submission
from services.sync.shared_sqlite import SharedSqlite


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_three_desks_converge_all_night() -> None:
    run_histories(ThreeDesks, 5_000, 60)


# -- negative controls: each broken part must be found --------------------------------------


class ForgetsCommands(SharedSqlite):
    """No idempotency: a repeat is decided anew."""

    def _decide(self, identity: ClientIdentity, submission: Submission, rev: int) -> Decision:
        id_ = str(submission.envelope.command_id)
        self._connection.execute("DELETE FROM command WHERE command_id = ?", (id_,))
        return super()._decide(identity, submission, rev)


class IgnoresVersions(SharedSqlite):
    """No compare-and-set: the last writer wins."""

    def _apply(self, op) -> None:  # type: ignore[no-untyped-def]
        if hasattr(op, "version"):
            row = self._rows.read(op.table, op.id)
            op = replace(op, version=row["version"] if row else 0)
        super()._apply(op)


class NeverPutsBack(Cache):
    """No restore before a rebase: pending commands run on their own results."""

    def _restore(self) -> None:
        self._connection.execute("DELETE FROM shadow")


class NewIdOnRetry(Wire):
    """A retry is given a new id."""

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        sent: set[UUID] = self.__dict__.setdefault("sent", set())
        ids: dict[UUID, UUID] = {}
        again = []
        for submission in batch:
            id_ = submission.envelope.command_id
            ids[id_] = id_
            if id_ in sent:
                ids[id_] = new_id(START)
                submission = replace(
                    submission,
                    seq=submission.seq + 10**6 + len(sent),
                    envelope=replace(submission.envelope, command_id=ids[id_]),
                )
            sent.add(id_)
            again.append(submission)
        back = {new: old for old, new in ids.items()}
        found = super().submit(identity, again)
        return tuple(replace(d, command_id=back[d.command_id]) for d in found)


class ReadsAhead(SharedSqlite):
    """The cursor it gives is further than the rows it gives."""

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int):  # type: ignore[no-untyped-def]
        pull = super().pull(identity, cursor, first_undecided_seq)
        return replace(pull, cursor=pull.cursor + 1)


def logged_twice(desks: ThreeDesks) -> None:
    """A new incident is sent again, because the answer got lost."""
    desks.log(0, WHO[0])
    desks.push(0, "answer lost")
    desks.push(0, "whole")


def started_twice(desks: ThreeDesks) -> None:
    """So is the start of work on one."""
    desks.log(0, WHO[0])
    desks.push(0, "whole")
    desks.act(0, "start", 0, WHO[0], 0)
    desks.push(0, "answer lost")
    desks.push(0, "whole")


def overtaken(desks: ThreeDesks) -> None:
    """What waits at one desk runs again on what it pulls."""
    desks.log(0, WHO[0])
    desks.push(0, "whole")
    desks.pull(1)
    desks._give(1, note_command(desks.incidents[0], text="mine"), WHO[0])
    desks.act(0, "start", 0, WHO[0], 0)
    desks.push(0, "whole")
    desks.pull(1)


def read_between(desks: ThreeDesks) -> None:
    """One desk reads between two acts of another, and again after both."""
    desks.log(0, WHO[0])
    desks.push(0, "whole")
    desks.pull(1)
    desks.act(0, "start", 0, WHO[0], 0)
    desks.push(0, "whole")
    desks.pull(1)


BROKEN: dict[str, tuple[Callable[[ThreeDesks], None], Parts]] = {
    "no idempotency": (started_twice, Parts(shared=ForgetsCommands)),
    "no restore before rebase": (overtaken, Parts(cache=NeverPutsBack)),
    "new id on retry": (logged_twice, Parts(wire=NewIdOnRetry)),
    "cursor ahead of the rows": (read_between, Parts(shared=ReadsAhead)),
}
FOUND = (AssertionError, AppError, RuntimeError, sqlite3.Error, KeyError)


@pytest.mark.parametrize("name", BROKEN)
def test_a_short_history_finds_each_broken_part(name: str) -> None:
    """By chance the machine finds them too, on a server (``test_seeded_faults``) and at night."""
    history, parts = BROKEN[name]
    lead(history, Parts())
    with pytest.raises(FOUND):
        lead(history, parts)


def lead(history: Callable[[ThreeDesks], None], parts: Parts) -> None:
    """Let three desks go through one history, and judge it."""
    desks = type("LedDesks", (ThreeDesks,), {"parts": parts})()
    with ExitStack() as ended:
        for desk in desks.desks:
            ended.callback(desk.close)
        history(desks)
        ended.pop_all()
    desks.teardown()


@pytest.mark.nightly
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_part_is_found_by_chance(name: str) -> None:
    _, parts = BROKEN[name]
    broken = type("BrokenDesks", (ThreeDesks,), {"parts": parts})
    with pytest.raises(FOUND):
        run_histories(broken, 250)


class KnowsAll(Wire):
    """A server that claims to have a record of every command."""

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        return frozenset()


def lost_day(desks: ThreeDesks) -> None:
    """A server is replaced by the backup of yesterday."""
    desks.back_up()
    desks.log(0, WHO[0])
    desks.push(0, "whole")
    desks.pull(0)
    desks.put_back()


def test_a_server_that_keeps_silent_about_its_loss_is_found() -> None:
    lead(lost_day, Parts())
    with pytest.raises(AssertionError, match="was lost"):
        lead(lost_day, Parts(wire=KnowsAll))


def quarrel(desks: ThreeDesks) -> None:
    """Two desks rank the same incident, neither knowing of the other."""
    desks.log(0, WHO[0])
    desks.push(0, "whole")
    desks.pull(1)
    for at, n in ((0, 0), (1, 8)):
        desks.act(at, "prioritise", 0, WHO[0], n)
    for at in (0, 1):
        desks.push(at, "whole")


def test_no_version_check_is_found() -> None:
    """Random acts meet like this too rarely to wait for it."""
    lead(quarrel, Parts())
    with pytest.raises(AssertionError, match="overwrote a colleague"):
        lead(quarrel, Parts(shared=IgnoresVersions))
