"""The journal: every command given on this desk, kept safe before anything else happens.

The cache can be thrown away at any time; this file cannot. Each line carries a checksum, so
that damage is noticed and never replayed.
"""

import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.damage import lenient_text, open_sound
from services.core.database import closed_on_failure, single, transaction
from services.core.errors import DatabaseDamaged
from services.core.ids import new_id
from services.core.secrets import Secret
from services.sync.envelope import Envelope, envelope_to_json
from services.sync.journal_lines import JournalEntry, Lines, checksum, entry_of
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
CREATE TABLE IF NOT EXISTS identity_check (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sha256 TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS offered_nonce (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    nonce TEXT NOT NULL
);
"""

_NONCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

FORMER_NONCES = 10
"""How many earlier nonces are kept, so that a backup put back still knows this desk."""


class Journal:
    """Append-only list of commands; ``seq`` is the order in which they were given.

    Raises:
        DatabaseDamaged: the file is damaged or has another key; it is left as it is.
        DatabaseUnreadable: it cannot be opened.
        KeyMissing: it is encrypted and no key is given.
    """

    def __init__(self, path: Path, key: Secret | None = None) -> None:
        self._connection = open_sound(path, SCHEMA, key)
        self._connection.text_factory = lenient_text
        self.lines = Lines(self._connection)
        with closed_on_failure(self):
            self.known_identity()

    def known_identity(self) -> ClientIdentity | None:
        """Who this copy of the program is towards the shared database; None if it is nobody yet.

        Raises:
            DatabaseDamaged: what the file says is not what was written.
        """
        found = self._connection.execute("SELECT client_id, nonce FROM identity").fetchone()
        check = single(self._connection, "SELECT sha256 FROM identity_check")
        if found is None and check is None:
            return None
        if found is None or check not in (None, checksum("|".join(found))):
            raise DatabaseDamaged(file="journal.db", problem="the name of this desk")
        return ClientIdentity(UUID(found["client_id"]), UUID(found["nonce"]))

    def new_identity(self, now: datetime) -> ClientIdentity:
        """Become a client of one's own, after a copied profile was noticed."""
        identity = ClientIdentity(new_id(now), new_id(now))
        self.be(identity)
        self._connection.execute("DELETE FROM offered_nonce")
        return identity

    def be(self, identity: ClientIdentity) -> None:
        """Be this client from now on."""
        said = (str(identity.client_id), str(identity.nonce))
        with transaction(self._connection) as connection:
            connection.execute("INSERT OR REPLACE INTO identity VALUES (1, ?, ?)", said)
            connection.execute(
                "INSERT OR REPLACE INTO identity_check VALUES (1, ?)", (checksum("|".join(said)),)
            )

    def keep_nonce(self, identity: ClientIdentity, nonce: UUID) -> ClientIdentity:
        """The same client under the nonce by which the shared database knows it now."""
        known = ClientIdentity(identity.client_id, nonce)
        self.be(known)
        return known

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
        return [UUID(row[0]) for row in found if _NONCE.fullmatch(row[0])]

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
        return [UUID(row[0]) for row in found if _NONCE.fullmatch(row[0])]

    def last_moment(self) -> datetime | None:
        """When the last command was given on this desk."""
        found = self._connection.execute("SELECT * FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        entry = entry_of(found) if found else None
        return entry.envelope.happened_at if entry else None

    def entries(self, *, is_undecided_only: bool = False) -> tuple[list[JournalEntry], int]:
        """Readable commands in order, and how many lines were damaged."""
        where = "WHERE outcome IS NULL" if is_undecided_only else ""
        found = self._connection.execute(f"SELECT * FROM entry {where} ORDER BY seq")
        read = [entry_of(row) for row in found]
        return [entry for entry in read if entry], sum(entry is None for entry in read)

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
        (str(envelope.command_id), body, checksum(body)),
    )
    return int(done.fetchone()[0])
