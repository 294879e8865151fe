"""What leads pages in the embedded shared database: the same statements in one transaction."""

import json
import sqlite3
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from services.communications.statements import FIRING, HAS_ROOMS, ROOMS, due_updates
from services.core.clock import Clock, from_microseconds, to_microseconds
from services.core.database import connect, single, transaction
from services.core.errors import DatabaseUnreadable
from services.core.ids import new_id
from services.dispatcher.page_sources import PagesInFile
from services.dispatcher.reply_sources import RepliesInFile
from services.paging.answer_statements import ANSWERABLE, ANSWERED_FOR, ANSWERING
from services.paging.audit_statements import (
    AUDIT,
    BEAT,
    DISABLE,
    IS_PROBE_DUE,
    NOTE_PROBE,
    PROBES,
    STANDING,
)
from services.paging.claiming import alarm_from, all_claimed, standing_from
from services.paging.clock_statements import (
    CLOCK_AHEAD,
    CONFIRM_CLOCK,
    IS_CLOCK_SEEN,
    is_clock_judged,
    judging_clock,
)
from services.paging.delivery_statements import (
    BUNDLED,
    CLAIMED,
    CLAIMING,
    ENDINGS,
    FINISH,
    FINISH_ATTEMPT,
    HAS_ENDINGS,
    HAS_READY,
    HAS_STUCK,
    after_a_refusal,
    claimable,
    falling_over,
    in_line,
    sorting,
)
from services.paging.engine import FIRE_LIMIT, LEASE_S, NO_ROOM, NOBODY, Alarm, Claimed
from services.paging.page import Outcome
from services.paging.statements import SECOND, SQLITE, due_pages, leading
from services.providers.answer_words import PageAnswer
from services.sync.clock_witness import ClockWitness
from services.sync.errors import SharedUnreachable
from services.sync.paging_standing import PagingStanding

Values = dict[str, Any]

FIRED_AT_ONCE = 20
"""How many steps one transaction takes: it is soon over, and the desk may write."""


class PagingSqlite:
    """Speaks :class:`services.paging.engine.PagingEngine` with a file; one call at a time."""

    def __init__(self, path: Path, clock: Clock, lease_s: float = LEASE_S) -> None:
        self._path = path
        self._clock = clock
        self._witness = ClockWitness(clock.steady_s)
        self._ahead_us = 0
        self._lease_us = int(lease_s * SECOND)
        self._lock = threading.RLock()
        self._interrupted = threading.Event()
        self.pages = PagesInFile(self._asking, self._now)
        self.replies = RepliesInFile(self._asking, self._act, self._answered, self._now)
        try:
            self._connection = connect(path)
        except DatabaseUnreadable as error:
            raise SharedUnreachable(file=path.name, problem=str(error)) from error

    def fire_due(self) -> PagingStanding:
        """Take every step that is due, and say how paging stands."""
        self._judge_clock()
        fired = 0
        while fired < FIRE_LIMIT and (count := self._fire_some()):
            fired += count
        while fired < FIRE_LIMIT and self._fire_update():
            fired += 1
        self._tell_rooms()
        self._tell_ends()
        with self._asking() as connection:
            now = self._now()
            self._witness.saw(now)
            row = connection.execute(STANDING, {"now": now}).fetchone()
        if row["waiting_deliveries"]:
            self._fall_over()
        return standing_from(fired, dict(row), now)

    def _fire_some(self) -> int:
        due = due_pages(SQLITE, FIRED_AT_ONCE)
        with self._asking() as connection:
            # Looking costs no write: most of the time nothing is due.
            if connection.execute(due, {"now": self._now()}).fetchone() is None:
                return 0
            with transaction(connection):
                pages = [page for (page,) in self._all(due, {"now": self._now()})]
                if pages:
                    with self._act("FirePage") as now:
                        self._run(leading(SQLITE), {"pages": json.dumps(pages), "now": now})
                return len(pages)

    def _fire_update(self) -> bool:
        due = due_updates(SQLITE)
        with self._asking() as connection:
            if connection.execute(due, {"now": self._now()}).fetchone() is None:
                return False
            with self._acting("FireUpdate") as now:
                found = self._all(due, {"now": now})
                for (update,) in found:
                    self._run(FIRING, {"update": update, "now": now})
                return bool(found)

    def _tell_rooms(self) -> None:
        with self._asking() as connection:
            if connection.execute(HAS_ROOMS, {"now": self._now()}).fetchone() is not None:
                with self._acting("TellRooms", is_kept=False) as now:
                    self._run(ROOMS, {"now": now})

    def _judge_clock(self) -> None:
        with self._asking() as connection:
            values = {"raw": self._raw_now(), "expected": self._witness.expected()}
            found = connection.execute(is_clock_judged(), values).fetchone()
            if found is not None:
                self._ahead_us = found[0]
                return
            with transaction(connection):
                self._run(judging_clock(SQLITE), values)
            self._see_clock()

    def _see_clock(self) -> None:
        self._ahead_us = int(single(self._connection, CLOCK_AHEAD))

    def confirm_clock(self) -> bool:
        """Say that the database's clock is right, though it was stepped forward."""
        with self._asking() as connection:
            self._see_clock()
            if not self._ahead_us:
                return False
            with self._acting("ConfirmClock"):
                return connection.execute(CONFIRM_CLOCK, {"raw": self._raw_now()}).rowcount == 1

    def _fall_over(self) -> None:
        with self._asking() as connection:
            if connection.execute(HAS_STUCK, {"now": self._now()}).fetchone() is not None:
                with self._acting("FallOver", is_kept=False) as now:
                    self._run([falling_over(SQLITE)], {"now": now})

    def _tell_ends(self) -> None:
        with self._asking() as connection:
            if connection.execute(HAS_ENDINGS, {"now": self._now()}).fetchone() is None:
                return
            with self._acting("EndAlerts", is_kept=False) as now:
                self._run(ENDINGS, {"now": now})

    def claim(self, dispatcher: str, answer_digest: str) -> Claimed | None:
        """The most urgent delivery that is still wanted, or None."""
        return next(iter(self.claim_many(dispatcher, [answer_digest])), None)

    def claim_many(
        self, dispatcher: str, answer_digests: Sequence[str], room: Mapping[UUID, int] = NO_ROOM
    ) -> Sequence[Claimed]:
        """The most urgent deliveries that are still wanted, one for each digest at most."""
        with self._asking() as connection:
            self._see_clock()
            # Looking costs no write: most of the time nothing is ready.
            if connection.execute(HAS_READY, {"now": self._now()}).fetchone() is None:
                return ()
            with self._acting("ClaimDeliveries", is_kept=False) as now:
                if not self._all(IS_CLOCK_SEEN, {"now": now}):
                    return ()
                calls = json.dumps({str(id_): count for id_, count in room.items()})
                values: Values = {
                    "now": now,
                    "lease": self._lease_us,
                    "dispatcher": dispatcher,
                    "room": calls,
                }
                self._run(sorting(SQLITE), values)
                return all_claimed(self._claimed(values, answer_digests, room))

    def _claimed(
        self, values: Values, answer_digests: Sequence[str], room: Mapping[UUID, int]
    ) -> Iterator[tuple[Values, list[int]]]:
        """What may be claimed from the line, one for each digest at most, with its bundle."""
        digests = deque(answer_digests)
        called: Counter[str] = Counter()
        for delivery, destination in self._all(in_line(SQLITE), values):
            if not digests:
                return
            values["delivery"] = delivery
            if called[destination] >= room.get(UUID(destination), 1):
                continue
            if self._all(claimable(SQLITE), values):
                called[destination] += 1
                self._run(CLAIMING, {**values, "digest": digests.popleft()})
                (row,) = self._all(CLAIMED, values)
                yield dict(row), [int(r[0]) for r in self._all(BUNDLED, values)]

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
        with self._asking() as connection, self._acting("FinishDelivery", is_kept=False) as now:
            values = {
                "now": now,
                "delivery": str(claimed.delivery_id),
                "token": claimed.lease_token,
                "outcome": outcome.value,
                "reason": reason,
                "after": int(retry_after_s * SECOND),
                "memo": memo,
            }
            is_mine = connection.execute(FINISH, values).rowcount == 1
            self._run([FINISH_ATTEMPT], values)
            if outcome is not Outcome.DELIVERED:
                self._run([after_a_refusal(SQLITE)], values)
            return is_mine

    def answer(self, answer_digest: str, given: PageAnswer) -> str:
        """Answer a page in the name of whom a delivery reached."""
        with self._asking() as connection:
            found = connection.execute(ANSWERED_FOR, {"digest": answer_digest}).fetchone()
            if found is None:
                return "unknown"
            with transaction(connection):
                return self._answered(UUID(found["page_id"]), UUID(found["person_id"]), given)

    def _answered(self, page_id: UUID, person_id: UUID, given: PageAnswer) -> str:
        """What an answer came to, as a part of a transaction."""
        with self._act("AnswerPage", person_id) as now:
            values = {
                "page": str(page_id),
                "person": str(person_id),
                "now": now,
                "answer": given.word.value,
                "snooze": given.snooze_s,
            }
            counts = [self._connection.execute(each, values).rowcount for each in ANSWERING]
        return given.word.value if any(counts[1:]) else "too-late"

    def answerable(self, destination_id: UUID, address: str) -> Sequence[tuple[UUID, str]]:
        """The pages that went to a contact's address within a week, since they last opened."""
        values = {"now": self._now(), "destination": str(destination_id), "address": address}
        with self._asking() as connection:
            found = connection.execute(ANSWERABLE, values).fetchall()
        return [(UUID(row["id"]), str(row["answer_digest"])) for row in found]

    def beat(self, dispatcher: str, detail: str = "") -> None:
        """Say that this dispatcher lives."""
        with self._asking() as connection, transaction(connection):
            values = {"dispatcher": dispatcher, "detail": detail, "now": self._now()}
            connection.execute(BEAT, values)

    def audit(self) -> tuple[Alarm, ...]:
        """Everything that must not be."""
        with self._asking() as connection:
            found = connection.execute(AUDIT, {"now": self._now()}).fetchall()
        return tuple(alarm_from(dict(row)) for row in found)

    def disable_destination(self, destination_id: UUID, reason: str) -> None:
        """Stop using a destination whose provider says that it is gone."""
        self._change_destination("DisableDestination", DISABLE, destination_id, reason)

    def note_probe(self, destination_id: UUID, result: str) -> None:
        """Record the end of a probe of a destination."""
        self._change_destination("NoteProbe", NOTE_PROBE, destination_id, result)

    def _change_destination(self, act: str, statement: str, id_: UUID, reason: str) -> None:
        with self._asking() as connection, self._acting(act) as now:
            values = {"now": now, "destination": str(id_), "reason": reason}
            connection.execute(statement, values)

    def probes_due(self) -> int:
        """Put a probe into the queue for each destination whose last proof is too old."""
        with self._asking() as connection:
            if connection.execute(IS_PROBE_DUE, {"now": self._now()}).fetchone() is None:
                return 0
            with self._acting("ProbeDestinations", is_kept=False) as now:
                return connection.execute(PROBES, {"now": now}).rowcount

    def wait(self, timeout_s: float) -> None:
        """Return when interrupted, or after the time-out."""
        self._interrupted.wait(timeout_s)
        self._interrupted.clear()

    def interrupt(self) -> None:
        """End a wait in another thread at once."""
        self._interrupted.set()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # -- how it acts ------------------------------------------------------------------------

    def _raw_now(self) -> int:
        return to_microseconds(self._clock.now())

    def _now(self) -> int:
        """The time by which pages go, as far as it was seen to be ahead."""
        return self._raw_now() - self._ahead_us

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """The connection for one call at a time; a file that does not answer is a fact."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.IntegrityError:
                raise
            except sqlite3.DatabaseError as error:
                raise SharedUnreachable(file=self._path.name, problem=str(error)) from error

    @contextmanager
    def _acting(
        self, act: str, actor: UUID | None = None, *, is_kept: bool = True
    ) -> Iterator[int]:
        """One transaction in the name of an act."""
        self._see_clock()
        with transaction(self._connection), self._act(act, actor, is_kept=is_kept) as now:
            yield now

    @contextmanager
    def _act(self, act: str, actor: UUID | None = None, *, is_kept: bool = True) -> Iterator[int]:
        """Part of a transaction in the name of an act, which the log keeps if records change."""
        connection = self._connection
        now = self._now()
        rev = int(single(connection, "UPDATE meta SET rev = rev + 1 RETURNING rev"))
        command_id = str(new_id(from_microseconds(now)))
        by = str(actor) if actor else NOBODY
        connection.execute(
            "INSERT INTO submitting VALUES (1, ?, ?, ?, ?, '', ?, ?, '', ?)",
            (command_id, command_id, act, by, now, now, rev),
        )
        yield now
        connection.execute("DELETE FROM submitting")
        if is_kept:
            connection.execute(
                "INSERT INTO command VALUES (?, ?, 0, ?, '{}', ?, '', ?, ?, 'applied', '', ?)",
                (command_id, command_id, act, by, now, now, json.dumps({})),
            )

    def _run(self, statements: Iterable[str], values: Values) -> None:
        for statement in statements:
            self._connection.execute(statement, values)

    def _all(self, statement: str, values: Values) -> list[sqlite3.Row]:
        return self._connection.execute(statement, values).fetchall()
