"""The journal: every command given on this desk, kept safe before anything else happens.

The cache can be thrown away at any time; this file cannot. Each line carries a checksum, so
that damage is noticed and never replayed.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.damage import open_sound, readable_rows
from services.core.database import single, transaction
from services.core.ids import new_id
from services.core.records import Row
from services.core.secrets import Secret
from services.sync.envelope import Envelope, envelope_from_json, envelope_to_json
from services.sync.shared import ClientIdentity

KEPT_FOR = timedelta(days=30)
"""How long a decided command stays in the journal."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    command_id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    outcome TEXT,
    decided_at INTEGER
);
CREATE TABLE IF NOT EXISTS identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    client_id TEXT NOT NULL,
    nonce TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS offered_nonce (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    nonce TEXT NOT NULL
);
"""

FORMER_NONCES = 10
"""How many earlier nonces are kept, so that a backup put back still knows this desk."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A command, its place in the order of this desk, and what became of it (None: open)."""

    seq: int
    envelope: Envelope
    outcome: str | None


class Journal:
    """Append-only list of commands; ``seq`` is the order in which they were given.

    Raises:
        DatabaseDamaged: the file is damaged or has another key; it is left as it is.
        DatabaseUnreadable: it cannot be opened.
        KeyMissing: it is encrypted and no key is given.
    """

    def __init__(self, path: Path, key: Secret | None = None) -> None:
        self._connection = open_sound(path, SCHEMA, key)

    def known_identity(self) -> ClientIdentity | None:
        """Who this copy of the program is towards the shared database; None if it is nobody yet."""
        found = self._connection.execute("SELECT client_id, nonce FROM identity").fetchone()
        return found and ClientIdentity(UUID(found["client_id"]), UUID(found["nonce"]))

    def new_identity(self, now: datetime) -> ClientIdentity:
        """Become a client of one's own, after a copied profile was noticed."""
        identity = ClientIdentity(new_id(now), new_id(now))
        self.be(identity)
        self._connection.execute("DELETE FROM offered_nonce")
        return identity

    def be(self, identity: ClientIdentity) -> None:
        """Be this client from now on."""
        self._connection.execute(
            "INSERT INTO identity VALUES (1, ?, ?) ON CONFLICT (only)"
            " DO UPDATE SET client_id = excluded.client_id, nonce = excluded.nonce",
            (str(identity.client_id), str(identity.nonce)),
        )

    def keep_nonce(self, identity: ClientIdentity, nonce: UUID) -> ClientIdentity:
        """The same client under the nonce by which the shared database knows it now."""
        self._connection.execute("UPDATE identity SET nonce = ?", (str(nonce),))
        return ClientIdentity(identity.client_id, nonce)

    def offer_nonce(self, nonce: UUID) -> None:
        """Keep a nonce before the shared database hears it: its answer may get lost."""
        with transaction(self._connection) as connection:
            connection.execute("INSERT INTO offered_nonce (nonce) VALUES (?)", (str(nonce),))
            connection.execute(
                "DELETE FROM offered_nonce"
                " WHERE place <= (SELECT max(place) FROM offered_nonce) - ?",
                (FORMER_NONCES,),
            )

    def former_nonces(self) -> list[UUID]:
        """Nonces by which the shared database may have known this client, latest first."""
        found = self._connection.execute("SELECT nonce FROM offered_nonce ORDER BY place DESC")
        return [UUID(row[0]) for row in found]

    def append(self, envelope: Envelope) -> int:
        """Keep a command on disk and return its place; one kept before is open again.

        Raises:
            DiskFull: there is no room; the command was not given.
        """
        return self.append_all([envelope])[0]

    def append_all(self, envelopes: Sequence[Envelope]) -> list[int]:
        """Keep commands in one transaction and return their places."""
        with transaction(self._connection) as connection:
            return [_append(connection, envelope) for envelope in envelopes]

    def decide(self, outcomes: Sequence[tuple[UUID, str]], moment: datetime) -> None:
        """Note what became of commands."""
        at = to_microseconds(moment)
        with transaction(self._connection) as connection:
            connection.executemany(
                "UPDATE entry SET outcome = ?, decided_at = ? WHERE command_id = ?",
                [(outcome, at, str(command_id)) for command_id, outcome in outcomes],
            )

    def reopen(self, *command_ids: UUID) -> None:
        """Commands that were decided are open again."""
        with transaction(self._connection) as connection:
            connection.executemany(
                "UPDATE entry SET outcome = NULL, decided_at = NULL WHERE command_id = ?",
                [(str(command_id),) for command_id in command_ids],
            )

    def applied(self, limit: int = -1) -> list[UUID]:
        """Commands known as applied, latest first."""
        found = self._connection.execute(
            "SELECT command_id FROM entry WHERE outcome = 'applied' ORDER BY seq DESC LIMIT ?",
            (limit,),
        )
        return [UUID(row[0]) for row in found]

    def last_moment(self) -> datetime | None:
        """When the last command was given on this desk."""
        found = self._connection.execute("SELECT * FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        entry = _entry(found) if found else None
        return entry.envelope.happened_at if entry else None

    def entries(self, *, is_undecided_only: bool = False) -> tuple[list[JournalEntry], int]:
        """Readable commands in order, and how many lines were damaged."""
        where = "WHERE outcome IS NULL" if is_undecided_only else ""
        found = self._connection.execute(f"SELECT * FROM entry {where} ORDER BY seq")
        read = [_entry(row) for row in found]
        return [entry for entry in read if entry], sum(entry is None for entry in read)

    def find(self, command_id: UUID) -> JournalEntry | None:
        """A readable command by its id."""
        sql = "SELECT * FROM entry WHERE command_id = ?"
        row = self._connection.execute(sql, (str(command_id),)).fetchone()
        return row and _entry(row)

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
                        _checksum(body),
                        entry.outcome,
                        entry.outcome and at,
                    ),
                )

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

    def forget_before(self, moment: datetime) -> None:
        """Drop commands decided longer ago than they are kept."""
        limit = to_microseconds(moment - KEPT_FOR)
        self._connection.execute("DELETE FROM entry WHERE decided_at < ?", (limit,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _append(connection: sqlite3.Connection, envelope: Envelope) -> int:
    body = envelope_to_json(envelope)
    done = connection.execute(
        "INSERT INTO entry (command_id, body, sha256) VALUES (?, ?, ?) ON CONFLICT (command_id)"
        " DO UPDATE SET outcome = NULL, decided_at = NULL RETURNING seq",
        (str(envelope.command_id), body, _checksum(body)),
    )
    return int(done.fetchone()[0])


def readable_entries(path: Path, key: Secret | None) -> list[JournalEntry] | None:
    """What can be read of a journal that was set aside; None when it does not open at all."""
    rows = readable_rows(path, "entry", "seq", key)
    if rows is None:
        return None
    return [entry for entry in map(_entry, rows) if entry is not None]


def _entry(row: sqlite3.Row | Row) -> JournalEntry | None:
    body = row["body"]
    if not isinstance(body, str) or _checksum(body) != row["sha256"]:
        return None
    envelope = envelope_from_json(body)
    if str(envelope.command_id) != row["command_id"]:
        return None
    return JournalEntry(cast(int, row["seq"]), envelope, cast(str | None, row["outcome"]))


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
