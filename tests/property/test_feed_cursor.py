"""Nothing that was committed is missed by whoever reads the feed from where they stopped.

The readers that count on a sequence or a clock run in the same transactions: they must lose
something, else the writers did not overlap and nothing was shown.
"""

import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from builders import note_command
from postgres_server import DatabasesForTests
from property.histories import tell
from team import Team, team_at

from services.core.clock import SystemClock
from services.core.ids import new_id
from services.core.release import DOMAIN_VERSION
from services.sync.postgres.calls import OWNER_CALLS
from services.sync.shared import Submission
from services.sync.shared_postgres import _item

WRITERS, EACH = 8, 60
SLOW, SLOW_S, ROLLED_BACK = 0.6, 0.008, 0.05
LATER = 10**9
"""Where the reader is far behind every number."""

NAIVE = """
CREATE TABLE public.naive (
    id uuid PRIMARY KEY,
    number bigserial,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


@dataclass
class Notes:
    """Makes valid submissions of one note each."""

    example: str
    command_id: str
    note_id: str

    def item(self, seq: int) -> tuple[UUID, str]:
        """The id of a new note, and a batch that writes it."""
        now = SystemClock().now()
        command, note = new_id(now), new_id(now)
        item = json.loads(
            self.example.replace(self.command_id, str(command)).replace(self.note_id, str(note))
        )
        return note, json.dumps([{**item, "seq": seq}])


@pytest.fixture
def team(tmp_path: Path, databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, databases) as team:
        yield team


@pytest.fixture
def notes(team: Team) -> Notes:
    desk = team.desk()
    desk.give(note_command(desk.log()))
    (pending,) = desk.replica.pending()
    assert pending.ops is not None
    item = _item(Submission(1, pending.envelope, pending.ops))
    ops: Any = item["ops"]
    return Notes(json.dumps(item), str(pending.envelope.command_id), ops[0][1])


class Writer:
    """A desk without rules, on a session of its own."""

    def __init__(self, team: Team, notes: Notes) -> None:
        self.session = team.databases.access.connect(
            team.database, options="-c client_min_messages=warning -c lock_timeout=2s"
        )
        self._notes = notes
        self._client = new_id(SystemClock().now())
        self._seq = 0
        self.session.execute(
            "SELECT sync.hello(%s, %s, %s, '', '', %s)", (*(self._client,) * 3, DOMAIN_VERSION)
        ).fetchall()

    def submit(self) -> UUID:
        """Write one note in the transaction under way, if there is one."""
        self._seq += 1
        note, batch = self._notes.item(self._seq)
        found = self.session.execute(
            "SELECT outcome, code FROM sync.submit(%s, %s, %s::json)",
            (self._client, self._client, batch),
        ).fetchall()
        assert found == [("applied", "")], found
        return note

    def number(self) -> int:
        """Number the feed, as every desk does after it submitted."""
        row = self.session.execute("SELECT sync.number_feed()").fetchone()
        assert row
        return int(row[0])

    def write(self, chance: random.Random) -> UUID | None:
        """One transaction; its note, unless it was rolled back."""
        with self.session.transaction() as transaction:
            note = self.submit()
            self.session.execute("INSERT INTO public.naive (id) VALUES (%s)", (note,))
            if chance.random() < SLOW:
                self.session.execute("SELECT pg_sleep(%s)", (SLOW_S,))
            if chance.random() < ROLLED_BACK:
                self._seq -= 1
                note = None  # type: ignore[assignment]
                raise psycopg.Rollback(transaction)
        self.number()
        return note


@dataclass
class Reader:
    """Reads the same transactions by three cursors."""

    session: psycopg.Connection[Any]
    cursor: int = 1
    last_number: int = 0
    last_at: Any = None
    exact: set[UUID] = field(default_factory=set)
    by_number: set[UUID] = field(default_factory=set)
    by_clock: set[UUID] = field(default_factory=set)
    delivered: int = 0

    def pull(self) -> int:
        """Read by our cursor; returns how many rows came."""
        found = self.session.execute(
            "SELECT kind, id, body FROM sync.pull(%s, %s, %s)", (UUID(int=0), self.cursor, LATER)
        ).fetchall()
        assert found[0][2]["cursor"] >= self.cursor
        self.cursor = found[0][2]["cursor"]
        came = [row[1] for row in found[1:] if row[0] == "note"]
        self.exact.update(came)
        self.delivered += len(came)
        return len(came)

    def poll(self) -> None:
        """Read by the cursors that count on a sequence and on a clock."""
        numbered = self.session.execute(
            "SELECT id, number FROM public.naive WHERE number > %s", (self.last_number,)
        ).fetchall()
        self.by_number.update(row[0] for row in numbered)
        self.last_number = max((row[1] for row in numbered), default=self.last_number)
        timed = self.session.execute(
            "SELECT id, at FROM public.naive WHERE at > coalesce(%s::timestamptz, '-infinity')",
            (self.last_at,),
        ).fetchall()
        self.by_clock.update(row[0] for row in timed)
        self.last_at = max((row[1] for row in timed), default=self.last_at)


@pytest.mark.timeout(180)
def test_our_cursor_loses_nothing_where_others_do(team: Team, notes: Notes) -> None:
    with ExitStack() as sessions:
        session = sessions.enter_context(team.databases.access.connect(team.database))
        session.execute(NAIVE)
        writers = [Writer(team, notes) for _ in range(WRITERS)]
        for writer in writers:
            sessions.enter_context(writer.session)
        reader = Reader(session)
        are_done = threading.Event()

        def read() -> None:
            while not are_done.is_set():
                reader.pull()
                reader.poll()

        def write(at: int) -> list[UUID | None]:
            chance = random.Random(at)
            return [writers[at].write(chance) for _ in range(EACH)]

        with ThreadPoolExecutor(WRITERS + 1) as pool:
            reading = pool.submit(read)
            try:
                found = list(pool.map(write, range(WRITERS)))
            finally:
                are_done.set()
            reading.result()
        session.execute("UPDATE firstline.meta SET notify_gap = '0'")
        reader.pull()
        reader.poll()
        writers[0].number()
        assert reader.pull() >= 0
        assert reader.pull() == 0, "the feed never comes to rest"
    committed = {note for some in found for note in some if note is not None}
    lost = len(committed - reader.exact)
    by_number, by_clock = len(committed - reader.by_number), len(committed - reader.by_clock)
    tell(
        f"{len(committed)} commits by {WRITERS} writers, {WRITERS * EACH - len(committed)} rolled"
        f" back; lost: exact {lost}, sequence {by_number}, clock {by_clock};"
        f" delivered {reader.delivered}, numbered {reader.cursor} times"
    )
    assert lost == 0
    assert committed >= reader.exact, "something was shown that was rolled back"
    assert by_number > 0
    assert by_clock > 0
    assert reader.cursor > 2, "the feed was never numbered"


def test_a_long_transaction_delays_nobody(team: Team, notes: Notes) -> None:
    slow, quick = Writer(team, notes), Writer(team, notes)
    with slow.session, quick.session, team.databases.access.connect(team.database) as session:
        session.execute("UPDATE firstline.meta SET notify_gap = '0'")
        reader = Reader(session)
        with slow.session.transaction():
            hidden = slow.submit()
            for _ in range(5):
                seen = quick.submit()
                assert quick.number() == 1
                reader.pull()
                assert seen in reader.exact
                assert hidden not in reader.exact
            assert reader.pull() == 0
        reader.pull()
        assert hidden in reader.exact


WAITS = next(call for call in OWNER_CALLS if "sync.number_feed" in call).replace("SKIP LOCKED", "")


@pytest.mark.parametrize("is_sound", [True, False])
def test_whoever_freezes_while_numbering_stops_nobody(
    team: Team, notes: Notes, is_sound: bool
) -> None:
    frozen, other = Writer(team, notes), Writer(team, notes)
    with frozen.session, other.session, team.databases.access.connect(team.database) as session:
        session.execute("UPDATE firstline.meta SET notify_gap = '0'")
        if not is_sound:  # the control: numbering that waits for its turn
            session.execute(WAITS.encode())
            other.session.execute("SET lock_timeout = '200ms'")
        reader = Reader(session)
        first = frozen.submit()
        with frozen.session.transaction():
            assert frozen.number() == 1
            second = other.submit()
            if not is_sound:
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    other.number()
                return
            assert other.number() == -1
            reader.pull()
            assert {first, second} <= reader.exact
            assert reader.pull() == 2, "what has no number yet comes again"
        assert other.number() == 1
        reader.pull()
        assert reader.pull() == 0
