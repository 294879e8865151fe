"""Whatever three people's desks and a PostgreSQL do, they converge and lose nothing."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from builders import START, TABLES, TARA, Desk, Parts, person
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from postgres_server import DatabasesForTests
from property.desks_machine import AT, ThreeDesks, _judge_seen_values, _rows
from property.histories import run_histories
from property.team_world import AWAY, PEOPLE, TeamWorld, login_of, team_world

from services.core.clock import ManualClock, SystemClock, to_microseconds
from services.core.ids import new_id
from services.incidents.extent import EXTENT
from services.sync.digest import BUCKETS
from services.sync.window import kept

HISTORIES, PARTS, STEPS = 150, 3, 12
FORGERIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("CloseIncident", {"state": "closed"}),
    ("ResolveIncident", {"state": "resolved"}),
    ("StartIncident", {"state": "in_progress"}),
    ("CancelIncident", {"state": "cancelled"}),
    ("AssignIncident", {"assignee_id": str(TARA)}),
    ("DescribeIncident", {"number": 1}),
    ("DescribeIncident", {"opened_by_id": str(TARA)}),
    ("DescribeIncident", {"summary": "Rewritten"}),
)


class Watch:
    """A machine's clock, off by whatever its owner or its battery did to it."""

    def __init__(self, clock: ManualClock, ahead: timedelta) -> None:
        self._clock = clock
        self._ahead = ahead
        self.error = timedelta()

    def now(self) -> Any:
        return self._clock.now() + self._ahead + self.error

    def advance(self, step: timedelta) -> None:
        self._clock.advance(step)


class TeamDesks(ThreeDesks):
    """Desks of three people act on a server that other people's mishaps happen to, too."""

    world: ClassVar[TeamWorld]
    wire_and_cache: ClassVar[Parts] = Parts()
    back_up = put_back = None  # a server of its own is tried in the tests of failover

    def __init__(self) -> None:
        self.ahead = SystemClock().now() - START
        self.rogue_client: tuple[UUID, UUID] | None = None
        self.rogue_seq = 0
        super().__init__()

    def _begin(self) -> Path:
        self.world.begin(self.folder)
        return self.folder  # the database is on the server

    def _open(self, folder: Path, *, is_connected: bool, at: int | None = None) -> None:
        parts = self.world.parts(login_of(folder), self.wire_and_cache)
        watch: Any = Watch(self.clock, self.ahead)
        window = None if at is None else self.windows[at]
        desk = Desk(folder, self.path, watch, is_connected=False, parts=parts, kept_for=window)
        if at is None:
            self.desks.append(desk)
            self.is_online.append(False)
            self.windows.append(None)
        else:
            desk.wire.is_cut = self.desks[at].wire.is_cut
            desk.wire.late = self.desks[at].wire.late
            self.desks[at], self.is_online[at] = desk, False
        if is_connected:
            self._online(self.desks.index(desk), lambda desk: None)

    def _give(self, at: int, command: object, who: UUID) -> None:
        super()._give(at, command, person(login_of(self.desks[at].folder)))

    def _online(self, at: int, do: Callable[[Desk], object]) -> None:
        desk = self.desks[at]
        try:
            if not self.is_online[at]:
                desk.connect()
                self.is_online[at] = True
            do(desk)
        except AWAY:
            self.is_online[at] = False

    @rule(at=AT)
    def deliver_late(self, at: int) -> None:
        wire = self.desks[self._at(at)].wire
        waiting, wire.late = wire.late, []
        for identity, batch in waiting:
            self.world.arrive(login_of(self.desks[self._at(at)].folder), identity, batch)

    # -- misfortune ------------------------------------------------------------------------

    @rule(at=AT)
    def crash(self, at: int) -> None:
        """The program ends between two instructions; its files stay as they are then."""
        at = self._at(at)
        folder = self.desks[at].folder
        left = shutil.copytree(folder, folder.with_name("left"))
        self.desks[at].close()
        shutil.rmtree(folder)
        left.rename(folder)
        self._open(folder, is_connected=False, at=at)

    @rule(who=st.sampled_from(PEOPLE))
    def terminate(self, who: str) -> None:
        self.world.terminate(who)

    @rule(gap=st.sampled_from(["0", "50 milliseconds", "1 day"]))
    def pace(self, gap: str) -> None:
        self.world.pace(gap)

    @rule()
    def number(self) -> None:
        self.world.number()

    @rule(at=AT, hours=st.integers(-26, 26))
    def another_time(self, at: int, hours: int) -> None:
        self.desks[self._at(at)].clock.error = timedelta(hours=hours)  # type: ignore[attr-defined]

    @rule(who=st.sampled_from(("dana", "theo")), is_member=st.booleans())
    def another_role(self, who: str, is_member: bool) -> None:
        self.world.change_role(who, is_member=is_member)

    @rule(who=st.sampled_from(("dana", "theo")), is_active=st.booleans())
    def admit(self, who: str, is_active: bool) -> None:
        self.world.admit(who, is_active=is_active)

    @precondition(lambda self: self.incidents)
    @rule(which=st.integers(0, 2), what=st.sampled_from(FORGERIES), is_blind=st.booleans())
    def rogue(self, which: int, what: tuple[str, dict[str, object]], is_blind: bool) -> None:
        """Somebody of tier 2 writes rows with a program of their own."""
        id_ = self.incidents[-1 - which % len(self.incidents)]
        if self.rogue_client is None:
            self.rogue_client = self.world.introduce("tara")
        found = self.world.admin.execute(
            "SELECT version FROM firstline.incident WHERE id = %s", (id_,)
        ).fetchone()
        version = 1 if found is None or is_blind else found[0]
        self.rogue_seq += 1
        now = SystemClock().now()
        item: dict[str, object] = {
            "id": str(new_id(now)),
            "seq": self.rogue_seq,
            "name": what[0],
            "args": {},
            "args_version": 1,
            "actor_id": str(TARA),
            "on_behalf_of": "",
            "happened_at": to_microseconds(now),
            "expires_at": None,
            "remark": "because",
            "ops": [["incident", str(id_), version, what[1]]],
        }
        self.world.submit("tara", *self.rogue_client, [item])

    # -- what has to hold when all is well again ---------------------------------------------

    def _heal(self) -> None:
        self.world.pace("0")
        self.world.admit_all()
        for at, desk in enumerate(self.desks):
            desk.wire.is_cut = False
            self.deliver_late(at)
            desk.close()  # what could not be sent is sent once more by the next start
            self._open(desk.folder, is_connected=False, at=at)
        self._settle()
        assert all(self.is_online), "a desk does not get back"
        bucket = len(self.given) % BUCKETS
        for desk, window in zip(self.desks, self.windows, strict=True):
            if not desk.replica.pending() and window is None:
                assert desk.replica.check(bucket), "digests"

    def _judge(self) -> None:
        shared = self.world.truth()
        try:
            self.world.add_commands(shared, self.world.clients_of(PEOPLE))
            self._judge_commands(shared)
            self._judge_caches(shared)
            self._judge_incidents(shared)
            _judge_versions(shared)
            _judge_seen_values(shared)
        finally:
            shared.close()

    def _judge_caches(self, shared: sqlite3.Connection) -> None:
        truths = {login: self.world.truth(login, shared) for login in PEOPLE}
        try:
            for desk, window in zip(self.desks, self.windows, strict=True):
                _judge_cache(desk, truths[login_of(desk.folder)], is_whole=window is None)
        finally:
            for truth in truths.values():
                truth.close()


def _judge_cache(desk: Desk, truth: sqlite3.Connection, *, is_whole: bool) -> None:
    """A desk has what its person may read; what ended it may leave out, but whole."""
    cache = desk.replica._cache._connection
    assert cache.execute("SELECT count(*) FROM shadow").fetchone()[0] == 0
    here = {row[0] for row in cache.execute("SELECT id FROM incident")}
    for table in TABLES:
        rows = _rows(truth, table)
        if not is_whole:
            names = [c[0] for c in truth.execute(f"SELECT * FROM {table} LIMIT 0").description]
            never = to_microseconds(START) * 2
            due = {
                row[0]
                for row in truth.execute(
                    f"SELECT id FROM {table} WHERE {kept(EXTENT, table, names, START)}",
                    {"since": never},
                )
            }
            owner = names.index("incident_id") if "incident_id" in names else 0
            rows = [
                row
                for row in rows
                if row[0] in due or ((owner or table == "incident") and row[owner] in here)
            ]
        assert _rows(cache, table) == rows, f"{table} of {desk.folder.name} differs"


def _judge_versions(shared: sqlite3.Connection) -> None:
    """Every change of an incident is one step of its version and one entry of its history."""
    wrong = shared.execute(
        "SELECT id FROM incident i WHERE version <>"
        " (SELECT count(*) FROM history_entry h WHERE h.subject_id = i.id)"
    ).fetchall()
    assert not wrong, "a change without its entry, or an entry without its change"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_desks_of_a_team_converge(databases: DatabasesForTests, part: int) -> None:
    with team_world(databases) as world:
        run_histories(type("Desks", (TeamDesks,), {"world": world}), HISTORIES // PARTS, STEPS)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_desks_of_a_team_converge_all_night(databases: DatabasesForTests, part: int) -> None:
    with team_world(databases) as world:
        run_histories(type("Desks", (TeamDesks,), {"world": world}), 5_000 // PARTS, 40)
