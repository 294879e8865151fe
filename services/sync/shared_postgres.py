"""The shared database of a team: PostgreSQL, spoken to through one connection.

The connection is made by ``hello`` and given up at the first error that leaves it unknown.
"""

import json
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from services.core.clock import from_microseconds, to_microseconds
from services.core.profiles import ConnectionSettings
from services.core.records import Record
from services.sync.changes import ops_to_json
from services.sync.clock_witness import STEADY_S, ClockWitness
from services.sync.extent import Extent
from services.sync.paging_standing import PagingStanding
from services.sync.postgres.calls import CHANNEL
from services.sync.postgres.connection import Ask, TimedConnection, connect, wait_readable
from services.sync.postgres_reading import PostgresReading
from services.sync.shared import (
    Block,
    ClientIdentity,
    Decision,
    Introduction,
    Outcome,
    Presence,
    Submission,
    Welcome,
)

NUMBER_AGAIN_S = 0.06
"""How soon to number the feed again where it was numbered a moment ago."""


class SharedPostgres(PostgresReading):
    """Speaks the protocol of :class:`services.sync.shared.SharedDatabase` with a server."""

    def __init__(
        self,
        settings: ConnectionSettings,
        ask: Ask,
        records: Sequence[type[Record]],
        extent: Extent,
        steady_s: Callable[[], float] = STEADY_S,
    ) -> None:
        super().__init__(settings, ask, records, extent)
        self._witness = ClockWitness(steady_s)
        self._bell, self._listener = socket.socketpair()
        self._listener.setblocking(False)
        self._owes_numbers = False

    def hello(self, introduction: Introduction) -> Welcome:
        """Connect and introduce this client."""
        identity = introduction.identity
        with self._lock:
            self._disconnect()
            self._connection = connect(self._settings, self._ask)
            with self._asking() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                found = connection.execute(
                    "SELECT epoch, scope, person_id, now_us"
                    " FROM sync.hello(%s, %s, %s, %s, %s, %s)",
                    (
                        identity.client_id,
                        identity.nonce,
                        introduction.fresh or identity.nonce,
                        introduction.host,
                        introduction.app_version,
                        introduction.domain_version,
                    ),
                ).fetchone()
        epoch, scope, person_id, now = cast(tuple[Any, ...], found)
        return Welcome(epoch, scope, person_id, from_microseconds(now))

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._disconnect()
        self._bell.close()
        self._listener.close()

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide commands in order, in one call; stops after the first stale one."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT command_id, seq, outcome, code, reason FROM sync.submit(%s, %s, %s::json)",
                (identity.client_id, identity.nonce, _batch(batch)),
            ).fetchall()
            self._number(connection)
        return tuple(Decision(id_, seq, Outcome(o), code, why) for id_, seq, o, code, why in found)

    def _number(self, connection: TimedConnection) -> None:
        """Number what was committed and ring for the others; soon, if it was just done."""
        row = cast(tuple[int], connection.execute("SELECT sync.number_feed()").fetchone())
        self._owes_numbers = row[0] < 0

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers that no other client will ever get."""
        first = int(
            self._value(
                "SELECT sync.take_block(%s, %s, %s)", identity.client_id, identity.nonce, size
            )
        )
        return Block(first, first + size - 1)

    def claim_numbers(self, identity: ClientIdentity, numbers: Sequence[int]) -> None:
        """Take back numbers used before a backup was put back, unless another has them."""
        self._value(
            "SELECT sync.claim_numbers(%s, %s, %s)",
            identity.client_id,
            identity.nonce,
            list(numbers),
        )

    def be_present(
        self, identity: ClientIdentity, incident_id: UUID | None, *, is_writing: bool
    ) -> tuple[Presence, ...]:
        """Say where this person is, and hear where the others are."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT person_id, incident_id, is_writing FROM sync.be_present(%s, %s, %s, %s)",
                (identity.client_id, identity.nonce, incident_id, is_writing),
            ).fetchall()
        return tuple(Presence(*row) for row in found)

    def keep_up(self) -> PagingStanding | None:
        """Fire the pages that are due."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT fired, dispatcher_count, last_beat_at, open_pages, waiting_deliveries,"
                " clock_ahead, now_us FROM sync.fire_due(%s)",
                (self._witness.expected(),),
            ).fetchone()
            fired, dispatchers, beat, pages, waiting, ahead, now = cast(tuple[Any, ...], found)
            self._witness.saw(now)
            if fired:
                self._number(connection)
        return PagingStanding(
            fired=fired,
            dispatcher_count=dispatchers,
            last_beat_at=None if beat is None else from_microseconds(beat),
            open_pages=pages,
            waiting_deliveries=waiting,
            now=from_microseconds(now),
            clock_ahead=timedelta(microseconds=ahead),
        )

    def wait(self, cursor: int, timeout_s: float) -> bool:
        """Return when the bell rings here or there, or after the time-out (False)."""
        with self._lock:
            connection = self._connection
            if self._owes_numbers:
                timeout_s = min(timeout_s, NUMBER_AGAIN_S)
        sources = [self._listener, *([connection] if connection else [])]
        is_woken = wait_readable(sources, timeout_s)
        self._empty_bell()
        if connection is not None:
            self._hear()
        return is_woken

    def _hear(self) -> None:
        with self._asking() as connection:
            for _ in connection.notifies(timeout=0):
                pass
            if self._owes_numbers:
                self._number(connection)

    def interrupt(self) -> None:
        """End a wait in another thread at once; the next one too if none is under way."""
        try:
            self._bell.send(b".")
        except OSError:  # closed meanwhile: nobody waits any more
            return

    def _empty_bell(self) -> None:
        try:
            while self._listener.recv(512):
                pass
        except BlockingIOError:
            return


def _batch(batch: Sequence[Submission]) -> str:
    """Commands as they travel; escapes keep what no column can hold until it is refused."""
    return json.dumps([_item(submission) for submission in batch])


def _item(submission: Submission) -> dict[str, object]:
    envelope = submission.envelope
    expires_at = envelope.expires_at
    return {
        "id": str(envelope.command_id),
        "seq": submission.seq,
        "name": envelope.name,
        "args": envelope.args,
        "args_version": envelope.args_version,
        "actor_id": str(envelope.actor_id),
        "on_behalf_of": envelope.on_behalf_of,
        "happened_at": to_microseconds(envelope.happened_at),
        "expires_at": None if expires_at is None else to_microseconds(expires_at),
        "remark": envelope.remark,
        "ops": None if submission.ops is None else ops_to_json(submission.ops),
    }
