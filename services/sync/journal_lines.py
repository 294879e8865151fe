"""The lines of the journal as they stand in its file: checked, found, put back."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.damage import readable_rows
from services.core.database import single, transaction
from services.core.records import Row
from services.core.secrets import Secret
from services.sync.envelope import Envelope, envelope_from_json, envelope_to_json

COLUMNS = {"seq", "command_id", "body", "sha256", "outcome"}

REFUSED_HERE = "refused here"
"""The outcome of a command that this desk did not accept."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A command, its place in the order of this desk, and what became of it (None: open)."""

    seq: int
    envelope: Envelope
    outcome: str | None


class Lines:
    """What must hold of the file when the journal is opened: each command in its place."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, command_id: UUID) -> JournalEntry | None:
        """A readable command by its id."""
        sql = "SELECT * FROM entry WHERE command_id = ?"
        row = self._connection.execute(sql, (str(command_id),)).fetchone()
        return row and entry_of(row)

    def restore(self, entries: Sequence[JournalEntry], moment: datetime) -> None:
        """Have these commands in their places as they are here; what is so already stays."""
        wrong = [e for e in entries if self.find(e.envelope.command_id) != e]
        at = to_microseconds(moment)
        with transaction(self._connection) as connection:
            for entry in wrong:
                body = envelope_to_json(entry.envelope)
                connection.execute(
                    "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        entry.seq,
                        str(entry.envelope.command_id),
                        body,
                        checksum(body),
                        entry.outcome,
                        entry.outcome and at,
                    ),
                )

    def behind(self, seq: int) -> list[JournalEntry]:
        """Readable commands behind a place that this desk did not refuse itself, in order."""
        sql = "SELECT * FROM entry WHERE seq > ? AND outcome IS NOT ? ORDER BY seq"
        found = map(entry_of, self._connection.execute(sql, (seq, REFUSED_HERE)))
        return [entry for entry in found if entry is not None]

    def retire_damaged(self, moment: datetime) -> int:
        """Leave out open lines that are not what was written; returns how many were found now.

        Whatever else knew them has put them right when the files were opened.
        """
        found = self._connection.execute("SELECT * FROM entry WHERE outcome IS NULL")
        at = to_microseconds(moment)
        damaged = [(at, row["seq"]) for row in found if entry_of(row) is None]
        with transaction(self._connection) as connection:
            connection.executemany(
                "UPDATE entry SET outcome = 'damaged', decided_at = ? WHERE seq = ?", damaged
            )
        return len(damaged)

    @property
    def last_seq(self) -> int:
        """The last place that was given, to whatever became of it."""
        sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entry'"
        return int(single(self._connection, sql))

    def skip_to(self, seq: int) -> None:
        """Give only places behind this one."""
        if seq > self.last_seq:
            with transaction(self._connection) as connection:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = 'entry'")
                connection.execute("INSERT INTO sqlite_sequence VALUES ('entry', ?)", (seq,))


def readable_entries(path: Path, key: Secret | None) -> list[JournalEntry] | None:
    """What can be read of a journal that was set aside; None when it does not open at all."""
    rows = readable_rows(path, "entry", "seq", key)
    if rows is None:
        return None
    whole = (row for row in rows if row.keys() >= COLUMNS)
    return [entry for entry in map(entry_of, whole) if entry is not None]


def entry_of(row: sqlite3.Row | Row) -> JournalEntry | None:
    """The command of a line; None when the line is not what was written."""
    body = row["body"]
    if not isinstance(body, str) or checksum(body) != row["sha256"]:
        return None
    envelope = envelope_from_json(body)
    if str(envelope.command_id) != row["command_id"]:
        return None
    return JournalEntry(cast(int, row["seq"]), envelope, cast(str | None, row["outcome"]))


def checksum(body: str) -> str:
    """What must stand beside a command."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
