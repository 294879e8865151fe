"""The commands of this desk that are not yet part of the shared truth."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import cast
from uuid import UUID

from services.core.database import single
from services.core.errors import AppError
from services.core.records import Plain
from services.sync.changes import Op, ops_from_json, ops_to_json
from services.sync.envelope import Envelope, envelope_from_json, envelope_to_json
from services.sync.errors import RefusedByShared, Unsendable
from services.sync.shared import Decision, Outcome


class PendingState(Enum):
    """Where a command of this desk stands.

    WAITING is not decided yet; ACKED is applied but not seen in a pull; WITHDRAWING no longer
    holds and the shared database is being told; CONFLICT waits for the person. A conflict that
    could not be sent is undecided: its effect stays shown, what follows it on its incident waits.
    """

    WAITING = "waiting"
    ACKED = "acked"
    WITHDRAWING = "withdrawing"
    CONFLICT = "conflict"


_REPLAYED = f"(state IN ('waiting', 'acked') OR code = '{Unsendable.code}')"
_UNDECIDED = f"(state IN ('waiting', 'acked', 'withdrawing') OR code = '{Unsendable.code}')"
_TO_SUBMIT = (
    "state IN ('waiting', 'withdrawing') AND (subject_id IS NULL OR subject_id NOT IN"
    f" (SELECT subject_id FROM pending WHERE code = '{Unsendable.code}'"
    " AND subject_id IS NOT NULL))"
)
LAST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """A command of this desk that is not yet part of the shared truth."""

    seq: int
    envelope: Envelope
    ops: tuple[Op, ...] | None
    state: PendingState
    code: str
    reason: dict[str, Plain]

    @property
    def is_unsendable(self) -> bool:
        """Whether it is kept here because it could not be sent."""
        return self.code == Unsendable.code

    def is_expired(self, now: datetime) -> bool:
        """Whether it may no longer be carried out."""
        expires_at = self.envelope.expires_at
        return expires_at is not None and expires_at < now


class PendingCommands:
    """The table of pending commands, in the order they were given."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, seq: int, envelope: Envelope, ops: tuple[Op, ...] | None) -> None:
        """Keep a command; without a write-set it must run before anything is submitted."""
        self._connection.execute(
            "INSERT INTO pending (seq, command_id, subject_id, envelope, ops, state)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                seq,
                str(envelope.command_id),
                subject_of(envelope),
                envelope_to_json(envelope),
                None if ops is None else _ops_text(ops),
                PendingState.WAITING.value,
            ),
        )

    def has(self, command_id: UUID) -> bool:
        """Whether the command is among them."""
        sql = "SELECT 1 FROM pending WHERE command_id = ?"
        return single(self._connection, sql, str(command_id)) is not None

    def listed(self, *states: PendingState, limit: int = -1) -> list[PendingCommand]:
        """Commands in these states (none given: all), in order."""
        wanted = ", ".join(f"'{state.value}'" for state in states or PendingState)
        return self._where(f"state IN ({wanted})", limit)

    def to_submit(self, limit: int) -> list[PendingCommand]:
        """Commands that may be submitted, in order; none that follows an unsendable one."""
        return self._where(_TO_SUBMIT, limit)

    def replayed(self) -> list[PendingCommand]:
        """Commands whose effect is shown, and that run again after a pull."""
        return self._where(_REPLAYED)

    def _where(self, condition: str, limit: int = -1) -> list[PendingCommand]:
        found = self._connection.execute(
            f"SELECT * FROM pending WHERE {condition} ORDER BY seq LIMIT {limit}"
        )
        return [_read(row) for row in found]

    def subjects(self) -> set[str]:
        """The incidents that commands among them are about."""
        found = self._connection.execute("SELECT DISTINCT subject_id FROM pending")
        return {row[0] for row in found if row[0] is not None}

    def first_undecided_seq(self) -> int:
        """The earliest command whose decision is still to come."""
        sql = f"SELECT coalesce(min(seq), {LAST_SEQ}) FROM pending WHERE {_UNDECIDED}"
        return int(single(self._connection, sql))

    def set_ops(self, seq: int, ops: tuple[Op, ...]) -> None:
        """Take the write-set of the latest replay."""
        self._connection.execute("UPDATE pending SET ops = ? WHERE seq = ?", (_ops_text(ops), seq))

    def withdraw(self, seq: int, error: AppError) -> None:
        """The command no longer holds; the shared database is to be told."""
        self._connection.execute(
            "UPDATE pending SET state = ?, ops = NULL, code = ?, reason = ? WHERE seq = ?",
            (PendingState.WITHDRAWING.value, error.code, json.dumps(_plain(error.context)), seq),
        )

    def add_conflict(self, conflict: PendingCommand) -> None:
        """Keep a conflict that waits for the person."""
        self.add(conflict.seq, conflict.envelope, conflict.ops)
        self._connection.execute(
            "UPDATE pending SET state = 'conflict', code = ?, reason = ? WHERE seq = ?",
            (conflict.code, json.dumps(conflict.reason), conflict.seq),
        )

    def put_aside(self, seq: int, error: AppError) -> None:
        """The command cannot be sent: it waits for the person, its effect stays shown."""
        self._connection.execute(
            "UPDATE pending SET state = 'conflict', code = ?, reason = ? WHERE seq = ?",
            (error.code, json.dumps(_plain(error.context)), seq),
        )

    def try_again(self) -> None:
        """Let commands that could not be sent be sent once more."""
        self._connection.execute(
            "UPDATE pending SET state = 'waiting', code = '', reason = '{}' WHERE code = ?",
            (Unsendable.code,),
        )

    def reopen(self, lost: Iterable[UUID]) -> list[UUID]:
        """Whoever decided is gone: what it acknowledged and is lost waits again, and what it
        refused is to be decided anew. Returns which were open to the person."""
        self._connection.executemany(
            "UPDATE pending SET state = 'waiting' WHERE command_id = ? AND state = 'acked'",
            [(str(id_),) for id_ in lost],
        )
        found = self._connection.execute(
            "UPDATE pending SET state = 'waiting', code = '', reason = '{}'"
            " WHERE state = 'conflict' AND code <> ? RETURNING command_id",
            (Unsendable.code,),
        )
        return [UUID(row["command_id"]) for row in found]

    def remove_conflict(self, command_id: UUID) -> PendingCommand | None:
        """Forget a conflict that was settled, and return it."""
        gone = self._connection.execute(
            "DELETE FROM pending WHERE command_id = ? AND state = ? RETURNING *",
            (str(command_id), PendingState.CONFLICT.value),
        ).fetchone()
        return _read(gone) if gone else None

    def settle(self, decision: Decision, *, is_pulled: bool) -> str | None:
        """Note one decision; returns the incident it concerns, if its standing changed."""
        id_ = str(decision.command_id)
        found = self._connection.execute(
            "SELECT subject_id, state, code FROM pending WHERE command_id = ?", (id_,)
        ).fetchone()
        is_settled = found is None or (
            found["state"] == PendingState.CONFLICT.value and found["code"] != Unsendable.code
        )
        if is_settled or decision.outcome is Outcome.STALE:
            return None
        if decision.outcome is Outcome.APPLIED:
            self._accept(id_, is_pulled=is_pulled)
            return cast(str | None, found["subject_id"]) if is_pulled else None
        self._refuse(id_, decision)
        return cast(str | None, found["subject_id"])

    def _accept(self, id_: str, *, is_pulled: bool) -> None:
        """Applied is not seen: only a pull that shows it lets the command go."""
        if is_pulled:
            self._connection.execute("DELETE FROM pending WHERE command_id = ?", (id_,))
        else:
            self._connection.execute(
                "UPDATE pending SET state = 'acked', code = '' WHERE command_id = ?", (id_,)
            )

    def _refuse(self, id_: str, decision: Decision) -> None:
        if decision.outcome is Outcome.REJECTED:
            self._connection.execute(
                "UPDATE pending SET code = ?, reason = ? WHERE command_id = ?",
                (decision.code, json.dumps(decision.reason), id_),
            )
        self._connection.execute(
            "UPDATE pending SET state = 'conflict', ops = NULL,"
            " code = CASE WHEN code IN ('', ?) THEN ? ELSE code END WHERE command_id = ?",
            (Unsendable.code, RefusedByShared.code, id_),
        )


def subject_of(envelope: Envelope) -> str | None:
    """The incident a command is about, or None."""
    return cast(str | None, envelope.args.get("incident_id"))


def _ops_text(ops: tuple[Op, ...]) -> str:
    return json.dumps(ops_to_json(ops), ensure_ascii=False, separators=(",", ":"))


def _read(row: sqlite3.Row) -> PendingCommand:
    return PendingCommand(
        row["seq"],
        envelope_from_json(row["envelope"]),
        None if row["ops"] is None else ops_from_json(json.loads(row["ops"])),
        PendingState(row["state"]),
        row["code"],
        json.loads(row["reason"]),
    )


def _plain(context: dict[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | int | None) else str(value)
        for name, value in context.items()
    }
