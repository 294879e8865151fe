"""A machine of three desks that act, push, pull, crash and lose messages, and its judge."""

import json
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from backups import backed_up, put_back
from builders import START, TABLES, Desk, Parts, log_command
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from property.light_world import DESKS, light_office
from property.random_acts import ACTS, WHO

from services.core.clock import ManualClock
from services.core.errors import AppError
from services.core.records import record_from
from services.incidents.extent import EXTENT
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry, IncidentState
from services.incidents.transitions import TRANSITIONS
from services.sync.digest import BUCKETS
from services.sync.errors import ClientUnknown, SharedUnreachable
from services.sync.pending import PendingState
from services.sync.window import bound, kept

AT = st.integers(0, 3)
TRIES = 8
"""Of the acts that are tried after each event; the first that the desk takes is done."""
LEGAL = {(t.act, t.start, t.end) for t in TRANSITIONS}
MOST_DESKS = 4
ROUNDS = 6
"""After so many all is well again, or something is wrong."""
WINDOWS = (None, timedelta(minutes=3), timedelta(hours=2))
"""How long desks keep what ended; an act takes a minute."""


class ThreeDesks(RuleBasedStateMachine):
    """Desks act, push, pull, crash and lose messages in any order."""

    parts: ClassVar[Parts] = Parts()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = ManualClock(START)
        self.path = self._begin()
        self.desks: list[Desk] = []
        self.is_online: list[bool] = []
        self.given: dict[UUID, str] = {}
        self.incidents: list[UUID] = []
        self.drawn: random.Random | None = None
        self.windows: list[timedelta | None] = []
        self.backup: Path | None = None
        self.put_backs = 0
        for name in DESKS:
            self._open(self.folder / name, is_connected=True)

    def _begin(self) -> Path:
        return light_office(self.folder)

    def _open(self, folder: Path, *, is_connected: bool, at: int | None = None) -> None:
        folder.mkdir(exist_ok=True)
        desk = Desk(
            folder,
            self.path,
            self.clock,
            is_connected=is_connected,
            parts=self.parts,
            kept_for=None if at is None else self.windows[at],
        )
        if at is None:
            self.desks.append(desk)
            self.is_online.append(is_connected)
            self.windows.append(None)
        else:
            desk.wire.is_cut = self.desks[at].wire.is_cut
            desk.wire.late = self.desks[at].wire.late
            self.desks[at], self.is_online[at] = desk, is_connected

    def _at(self, n: int) -> int:
        return n % len(self.desks)

    # -- people act ------------------------------------------------------------------------

    @initialize(chance=st.integers(0, 2**32 - 1))
    def begin(self, chance: int) -> None:
        """An incident that every desk knows, and people who go on working on it."""
        self.drawn = random.Random(chance)
        self.log(0, WHO[0])
        self._settle()

    @invariant()
    def people_go_on_working(self) -> None:
        """Something is done after each event, whatever rules a history was left with."""
        if self.drawn is None:
            return
        drawn, given = self.drawn, len(self.given)
        at, which = drawn.randrange(MOST_DESKS), drawn.randrange(3)
        for act in drawn.sample(sorted(ACTS), TRIES):
            if len(self.given) == given:
                self.act(at, act, which, drawn.choice(WHO), drawn.randrange(9))

    @rule(at=AT, who=st.sampled_from(WHO))
    def log(self, at: int, who: UUID) -> None:
        at = self._at(at)
        try:
            command = log_command(self.desks[at])
            self._give(at, command, who)
            self.incidents.append(command.incident_id)
        except AppError:
            pass

    def act(self, at: int, act: str, which: int, who: UUID, n: int) -> None:
        """Try an act on one of the latest incidents."""
        at = self._at(at)
        id_ = self.incidents[-1 - which % len(self.incidents)]
        with suppress(AppError):
            self._give(at, ACTS[act](self.desks[at], id_, n), who)

    def _give(self, at: int, command: object, who: UUID) -> None:
        envelope = self.desks[at].give(command, who)
        self.given[envelope.command_id] = envelope.name

    # -- the wire --------------------------------------------------------------------------

    @rule(at=AT, how=st.sampled_from(["whole", "request lost", "answer lost"]))
    def push(self, at: int, how: str) -> None:
        at = self._at(at)
        wire = self.desks[at].wire
        wire.loses_request = how == "request lost"
        wire.loses_answer = how == "answer lost"
        self._online(at, lambda desk: desk.replica.push())
        wire.loses_request = wire.loses_answer = False

    @rule(at=AT)
    def pull(self, at: int) -> None:
        self._online(self._at(at), lambda desk: desk.replica.pull())

    @rule(at=AT)
    def deliver_late(self, at: int) -> None:
        with suppress(ClientUnknown):  # the copy that sent it is known under another name by now
            self.desks[self._at(at)].wire.deliver_late()

    @rule(at=AT, is_cut=st.booleans())
    def cut_or_mend(self, at: int, is_cut: bool) -> None:
        self.desks[self._at(at)].wire.is_cut = is_cut

    def _online(self, at: int, do) -> None:  # type: ignore[no-untyped-def]
        desk = self.desks[at]
        try:
            if not self.is_online[at]:
                desk.connect()
                self.is_online[at] = True
            do(desk)
        except (SharedUnreachable, ClientUnknown):
            self.is_online[at] = False

    # -- misfortune ------------------------------------------------------------------------

    @rule(at=AT, cache_is_lost=st.booleans())
    def restart(self, at: int, cache_is_lost: bool) -> None:
        at = self._at(at)
        self.desks[at].close()
        if cache_is_lost:
            for file in self.desks[at].folder.glob("cache.db*"):
                file.unlink()
        self._open(self.desks[at].folder, is_connected=False, at=at)

    @rule(at=AT, kept_for=st.sampled_from(WINDOWS))
    def another_window(self, at: int, kept_for: timedelta | None) -> None:
        at = self._at(at)
        self.windows[at] = kept_for
        self.desks[at].replica.keep(kept_for)

    @precondition(lambda self: self.incidents)
    @rule(at=AT, which=st.integers(0, 5))
    def fetch(self, at: int, which: int) -> None:
        """Somebody opens an incident that this desk may have left out."""
        id_ = self.incidents[-1 - which % len(self.incidents)]
        if not self.desks[self._at(at)].replica.needs_snapshot:
            self._online(self._at(at), lambda desk: desk.replica.fetch_older([id_]))

    @precondition(lambda self: self.backup is None)
    @rule()
    def back_up(self) -> None:
        self.backup = backed_up(self.path)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def put_back(self) -> None:
        """The server is replaced by one that has a backup; every connection ends with it."""
        assert self.backup is not None
        for desk in self.desks:
            desk.close()
        put_back(self.backup, self.path)
        self.backup = None
        self.put_backs += 1
        with closing(sqlite3.connect(self.path)) as server, server:
            server.execute("UPDATE meta SET epoch = ?", (f"server {self.put_backs}",))
        for at, desk in enumerate(self.desks):
            desk.wire.late.clear()
            self._open(desk.folder, is_connected=False, at=at)

    @precondition(lambda self: len(self.desks) < MOST_DESKS)
    @rule(at=AT)
    def clone(self, at: int) -> None:
        """Somebody copies a profile and both copies go on."""
        at = self._at(at)
        self.desks[at].close()
        copy = self.folder / f"desk-{len(self.desks)}"
        shutil.copytree(self.desks[at].folder, copy)
        self._open(self.desks[at].folder, is_connected=False, at=at)
        self._open(copy, is_connected=False)

    # -- what has to hold when all is well again ---------------------------------------------

    def teardown(self) -> None:
        try:
            self._heal()
            self._judge()
        finally:
            for desk in self.desks:
                desk.close()
            shutil.rmtree(self.folder)

    def _heal(self) -> None:
        for at, desk in enumerate(self.desks):
            desk.wire.is_cut = False
            self.deliver_late(at)
        self._settle()
        for at, desk in enumerate(self.desks):
            if any(p.is_unsendable for p in desk.replica.pending()):
                desk.close()  # the next start sends it once more
                self._open(desk.folder, is_connected=False, at=at)
        self._settle()
        assert all(self.is_online), "a desk does not get back"
        bucket = len(self.given) % BUCKETS
        for desk in self.desks:
            if not desk.replica.pending():
                assert desk.replica.check(bucket), "digests"

    def _settle(self) -> None:
        """Let each desk send and hear in turn, until a whole round has told nobody anything."""
        cursors: list[int] = []
        for _ in range(ROUNDS):
            before = cursors
            for at in range(len(self.desks)):
                self._online(at, lambda desk: desk.sync())
            cursors = [desk.replica._cache.cursor for desk in self.desks]
            if cursors == before and all(self.is_online):
                return

    def _judge(self) -> None:
        shared = sqlite3.connect(self.path)
        shared.row_factory = sqlite3.Row
        try:
            self._judge_commands(shared)
            self._judge_caches(shared)
            self._judge_incidents(shared)
            _judge_seen_values(shared)
        finally:
            shared.close()

    def _judge_commands(self, shared: sqlite3.Connection) -> None:
        outcomes = {
            UUID(row["command_id"]): row["outcome"]
            for row in shared.execute("SELECT * FROM command")
        }
        entered: dict[UUID, list[str]] = {}
        for row in shared.execute("SELECT command_id, subject_id FROM history_entry"):
            entered.setdefault(UUID(row["command_id"]), []).append(row["subject_id"])
        waiting = {p.envelope.command_id: p.state for d in self.desks for p in d.replica.pending()}
        for id_, name in self.given.items():
            if self.put_backs and id_ not in outcomes:  # refused, but that was lost
                assert waiting.get(id_) is PendingState.CONFLICT, f"{name} was lost"
                continue
            assert id_ in outcomes, f"{name} was lost"
            subjects = entered.get(id_, [])
            assert len(subjects) == len(set(subjects)), f"{name} was done twice"
            if outcomes[id_] == "applied":
                assert id_ not in waiting, f"{name} is done and still pending"
            else:
                assert not subjects, f"{name} was refused and done"
                assert waiting.get(id_) is PendingState.CONFLICT, f"{name} was refused in silence"
        notes = {row[0] for row in shared.execute("SELECT id FROM note")}
        assert len(notes) == shared.execute("SELECT count(*) FROM note").fetchone()[0]
        own = shared.execute("SELECT command_id FROM command WHERE happened_at >= ?", (MICROS,))
        assert {UUID(row[0]) for row in own} <= set(self.given), "a command was given twice"

    def _judge_caches(self, shared: sqlite3.Connection) -> None:
        truth = {table: _rows(shared, table) for table in TABLES}
        for desk, window in zip(self.desks, self.windows, strict=True):
            cache = desk.replica._cache._connection
            assert cache.execute("SELECT count(*) FROM shadow").fetchone()[0] == 0
            since = None if window is None else self.clock.now() - window
            here = {row[0] for row in cache.execute("SELECT id FROM incident")}
            for table, rows in truth.items():
                names = [
                    row[0]
                    for row in shared.execute(f"SELECT name FROM pragma_table_info('{table}')")
                ]
                within = shared.execute(
                    f"SELECT id FROM {table} WHERE {kept(EXTENT, table, names, since)}",
                    bound(since),
                )
                due = {row[0] for row in within}
                owner = names.index("incident_id") if "incident_id" in names else 0
                wanted = [
                    row
                    for row in rows
                    if row[0] in due or ((owner or table == "incident") and row[owner] in here)
                ]
                assert _rows(cache, table) == wanted, f"{table} of {desk.folder.name} differs"

    def _judge_incidents(self, shared: sqlite3.Connection) -> None:
        numbers = [row[0] for row in shared.execute("SELECT number FROM incident")]
        assert len(numbers) == len(set(numbers))
        states = {r["id"]: r["state"] for r in shared.execute("SELECT id, state FROM incident")}
        for incident_id, state in states.items():
            assert _path(shared, incident_id) == IncidentState(state)


SEEN = {
    "DescribeIncident": "summary",
    "PrioritiseIncident": "urgency",
    "CategoriseIncident": "category_id",
    "AssignIncident": "assignee_id",
}


def _judge_seen_values(shared: sqlite3.Connection) -> None:
    """No decision was laid over one that its author had not seen."""
    found = shared.execute(
        "SELECT c.name, c.args, h.changes FROM command c JOIN history_entry h USING (command_id)"
        " WHERE h.subject_id = json_extract(c.args, '$.incident_id')"
    )
    for name, args, changes in found:
        column = SEEN.get(name, "")
        change = json.loads(changes).get(column)
        if change:
            assert change[0] == json.loads(args)[f"seen_{column}"], f"{name} overwrote a colleague"


MICROS = int(START.timestamp() * 1_000_000)


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")]


def _path(shared: sqlite3.Connection, incident_id: str) -> IncidentState:
    """Follow the history of states; every step is one the table allows."""
    state = IncidentState.NEW
    found = shared.execute(
        "SELECT h.* FROM history_entry h WHERE subject_id = ? ORDER BY rowid", (incident_id,)
    )
    for row in found:
        entry = record_from(HistoryEntry, dict(row))
        before, after = changes_in(entry).get("state", (state.value, state.value))
        assert before == state.value, "the history has a hole"
        if before != after:
            end = IncidentState(after)
            assert (entry.act, state, end) in LEGAL, (entry.act, state, end)
            state = end
    return state
