"""What leads pages in a team's PostgreSQL: the functions of ``services.paging.postgres``."""

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.dispatcher.connections import Connections
from services.dispatcher.page_sources import PagesOnServer
from services.dispatcher.reply_sources import RepliesOnServer
from services.paging.claiming import alarm_from, all_claimed, standing_from
from services.paging.engine import NO_ROOM, Alarm, Claimed
from services.paging.page import Outcome
from services.paging.statements import SECOND
from services.providers.answer_words import PageAnswer
from services.sync.clock_witness import STEADY_S, ClockWitness
from services.sync.paging_standing import PagingStanding
from services.sync.postgres.calls import CHANNEL
from services.sync.postgres.connection import Ask, TimedConnection, wait_readable

_STANDING = (
    "dispatcher_count",
    "last_beat_at",
    "open_pages",
    "waiting_deliveries",
    "clock_ahead",
)


class PagingPostgres:
    """Speaks :class:`services.paging.engine.PagingEngine` with a server.

    It makes as many calls at once as it may have ``connections``. It connects when first asked,
    and again after an error that leaves a connection unknown.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        ask: Ask,
        connections: int = 1,
        steady_s: Callable[[], float] = STEADY_S,
    ) -> None:
        self._connections = Connections(settings, ask, connections)
        self._witness = ClockWitness(steady_s)
        self._bell, self._ear = socket.socketpair()
        self._ear.setblocking(False)
        self.pages = PagesOnServer(self._row)
        self.replies = RepliesOnServer(self._row, self._number)
        self._listening: TimedConnection | None = None

    def fire_due(self) -> PagingStanding:
        """Take every step that is due, and say how paging stands."""
        columns = ", ".join(("fired", *_STANDING, "now_us"))
        expected = self._witness.expected()
        fired, *counts, now = self._row(f"SELECT {columns} FROM sync.fire_due(%s)", expected)
        self._witness.saw(now)
        if fired:
            self._number()
        return standing_from(fired, dict(zip(_STANDING, counts, strict=True)), now)

    def confirm_clock(self) -> bool:
        """Say that the database's clock is right, though it was stepped forward."""
        (was_held,) = self._row("SELECT sync.confirm_clock()")
        return bool(was_held)

    def claim(self, dispatcher: str, answer_digest: str) -> Claimed | None:
        """The most urgent delivery that is still wanted, or None."""
        return next(iter(self.claim_many(dispatcher, [answer_digest])), None)

    def claim_many(
        self, dispatcher: str, answer_digests: Sequence[str], room: Mapping[UUID, int] = NO_ROOM
    ) -> Sequence[Claimed]:
        """The most urgent deliveries that are still wanted, one for each digest at most."""
        calls = json.dumps({str(id_): count for id_, count in room.items()})
        with self._connections.lent() as connection:
            found = connection.execute(
                "SELECT * FROM sync.claim_deliveries(%s, %s, %s)",
                (dispatcher, list(answer_digests), calls),
            ).fetchall()
        if found:
            self._number()
        return all_claimed((row["claimed"], row["bundled"]) for (row,) in found)

    def finish(
        self,
        claimed: Claimed,
        outcome: Outcome,
        *,
        reason: str = "",
        retry_after_s: float = 0.0,
        memo: str = "{}",
    ) -> bool:
        """Record what came of an attempt; False where the lease was lost."""
        (is_mine,) = self._row(
            "SELECT sync.finish_delivery(%s, %s, %s, %s, %s, %s)",
            claimed.delivery_id,
            claimed.lease_token,
            outcome.value,
            reason,
            int(retry_after_s * SECOND),
            memo,
        )
        self._number()
        return bool(is_mine)

    def answer(self, answer_digest: str, given: PageAnswer) -> str:
        """Answer a page in the name of whom a delivery reached."""
        (said,) = self._row(
            "SELECT sync.answer_page(%s, %s, %s)", answer_digest, given.word.value, given.snooze_s
        )
        self._number()
        return str(said)

    def answerable(self, destination_id: UUID, address: str) -> Sequence[tuple[UUID, str]]:
        """The pages that went to a contact's address within a week, since they last opened."""
        with self._connections.lent() as connection:
            found = connection.execute(
                "SELECT id, digest FROM sync.answerable(%s, %s)", (destination_id, address)
            ).fetchall()
        return [(UUID(str(id_)), str(digest)) for id_, digest in found]

    def beat(self, dispatcher: str, detail: str = "") -> None:
        """Say that this dispatcher lives."""
        self._row("SELECT sync.beat(%s, %s)", dispatcher, detail)

    def audit(self) -> tuple[Alarm, ...]:
        """Everything that must not be."""
        with self._connections.lent() as connection:
            found = connection.execute(
                "SELECT kind, subject_id, since FROM sync.paging_alarms()"
            ).fetchall()
        names = ("kind", "subject_id", "since")
        return tuple(alarm_from(dict(zip(names, row, strict=True))) for row in found)

    def disable_destination(self, destination_id: UUID, reason: str) -> None:
        """Stop using a destination whose provider says that it is gone."""
        self._row("SELECT sync.disable_destination(%s, %s)", destination_id, reason)
        self._number()

    def note_probe(self, destination_id: UUID, result: str) -> None:
        """Record the end of a probe of a destination."""
        self._row("SELECT sync.note_probe(%s, %s)", destination_id, result)
        self._number()

    def probes_due(self) -> int:
        """Put a probe into the queue for each destination whose last proof is too old."""
        (count,) = self._row("SELECT sync.probes_due()")
        return int(count)

    def wait(self, timeout_s: float) -> None:
        """Return when anybody has changed something, when interrupted, or after the time-out."""
        try:
            with self._connections.lent() as connection:
                if self._has_heard(connection):  # it rang during a call
                    return
                wait_readable([self._ear, connection], timeout_s)
                self._has_heard(connection)
        except AppError:  # the database is away, and whoever asks next is told
            wait_readable([self._ear], timeout_s)
        with suppress(BlockingIOError):
            while self._ear.recv(512):
                pass

    def _has_heard(self, connection: TimedConnection) -> bool:
        """Whether the bell of the feed has rung on a connection since it was last asked about."""
        if connection is not self._listening:
            connection.execute(f"LISTEN {CHANNEL}")
            self._listening = connection
        return bool(list(connection.notifies(timeout=0)))

    def interrupt(self) -> None:
        """End a wait in another thread at once; the next one too if none is under way."""
        with suppress(OSError):  # closed meanwhile: nobody waits any more
            self._bell.send(b".")

    def close(self) -> None:
        """Let go of the connections."""
        self._connections.close()
        self._bell.close()
        self._ear.close()

    def _row(self, query: str, *values: object) -> tuple[Any, ...]:
        with self._connections.lent() as connection:
            return cast(tuple[Any, ...], connection.execute(query, values).fetchone())

    def _number(self) -> None:
        """Ring for the desks; where it was done a moment ago, the next call or desk does it."""
        self._row("SELECT sync.number_feed()")
