"""The protocol every shared database speaks, embedded or PostgreSQL.

One entry for writing (``submit``), one for reading (``pull``). Both are one call; nothing is
held open between calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol
from uuid import UUID

from services.core.records import Plain, Row
from services.core.release import DOMAIN_VERSION, VERSION
from services.sync.changes import Op
from services.sync.envelope import Envelope
from services.sync.paging_standing import PagingStanding


class Outcome(Enum):
    """What the shared database decided about a command. STALE is no decision: ask again."""

    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Submission:
    """A command with its write-set; ``ops`` None withdraws it."""

    seq: int
    envelope: Envelope
    ops: tuple[Op, ...] | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one submission. ``reason`` holds the context of a refusal."""

    command_id: UUID
    seq: int
    outcome: Outcome
    code: str = ""
    reason: dict[str, Plain] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """This copy of the program towards the shared database."""

    client_id: UUID
    nonce: UUID


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a desk says of itself when it connects.

    ``fresh`` is the nonce by which it is known from now on; None keeps the present one.
    ``host`` is the name of the machine, for people who look at the list of desks.
    """

    identity: ClientIdentity
    fresh: UUID | None = None
    app_version: str = VERSION
    domain_version: int = DOMAIN_VERSION
    host: str = ""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the shared database answers when a desk connects.

    ``epoch`` changes when the database is no longer the one it was: another cluster, another
    timeline, a backup put back. ``scope`` changes when what this person may read does.
    ``person_id`` is who the database takes the person for; None where it trusts the desk.
    """

    epoch: str
    scope: str = ""
    person_id: UUID | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Incident numbers that belong to one client for ever, both ends included."""

    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row as it is now; None when it is gone or hidden."""

    table: str
    id: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class Pull:
    """All that changed since a cursor, exactly as of one moment."""

    cursor: int
    epoch: str
    rows: tuple[ChangedRow, ...]
    decided: tuple[Decision, ...]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotPart:
    """Some rows of one table, on the way to a full copy; ``done`` of ``total`` rows so far."""

    table: str
    rows: tuple[Row, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SnapshotStart:
    """What a full copy begins with: the cursor it is true for."""

    cursor: int
    epoch: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The rows of one table and bucket in a number, true for a cursor.

    ``value`` is the sum, modulo 2**63, of what ``services.sync.digest.row_digest`` makes of each
    row. A row's bucket is the last hexadecimal digit of its id.
    """

    table: str
    bucket: int
    cursor: int
    count: int
    value: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Where a person is just now: on which record, reading it or writing in it."""

    person_id: UUID
    incident_id: UUID
    is_writing: bool = False


class SharedReading(Protocol):
    """What a desk reads: the feed, copies, single records. Any call may raise SharedUnreachable."""

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Everything that changed since the cursor, and the decisions about own commands."""
        ...

    def changed_count(self, cursor: int) -> int:
        """How many rows a pull from this cursor would bring."""
        ...

    def has_news(self, cursor: int) -> bool:
        """Whether a pull would bring something; cheap."""
        ...

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these commands the shared database has no record of."""
        ...

    def snapshot(
        self, closed_since: datetime | None = None
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A copy, reference records and newest open work first.

        ``closed_since`` leaves out incidents that came to their end before, with all that
        belongs to them; None leaves out nothing.
        """
        ...

    def digest(self, table: str, bucket: int, closed_since: datetime | None = None) -> Digest:
        """What a copy of the rows of one table and bucket must add up to."""
        ...

    def fetch(self, incident_ids: Sequence[UUID]) -> tuple[ChangedRow, ...]:
        """Incidents with all that belongs to them, kept on this desk or not."""
        ...

    def older(self, closed_before: datetime, limit: int) -> tuple[UUID, ...]:
        """Incidents that came to their end before a moment, latest first."""
        ...

    def find_number(self, number: int) -> UUID | None:
        """The incident with this number, if there is one that may be read."""
        ...


class SharedDatabase(SharedReading, Protocol):
    """What a desk needs of the shared database. Every call may raise ``SharedUnreachable``."""

    def hello(self, introduction: Introduction) -> Welcome:
        """Introduce this client.

        Raises:
            ClientUnknown: another copy of the program uses the same identity.
            ProgramTooOld: the shared database no longer takes commands of this program.
            ProgramTooNew: it does not take them yet.
        """
        ...

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide commands in order; stops after the first stale one."""
        ...

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers for this client."""
        ...

    def claim_numbers(self, identity: ClientIdentity, numbers: Sequence[int]) -> None:
        """Take back numbers used before a backup was put back, as far as nobody else has them."""
        ...

    def be_present(
        self, identity: ClientIdentity, incident_id: UUID | None, *, is_writing: bool
    ) -> tuple[Presence, ...]:
        """Say where this person is, and hear where the others are; forgotten after a minute."""
        ...

    def keep_up(self) -> PagingStanding | None:
        """Let the database do what is due, and say how that stands.

        None where that is not known.
        """
        ...

    def wait(self, cursor: int, timeout_s: float) -> bool:
        """Return when there may be news, when interrupted, or after the time-out (False)."""
        ...

    def interrupt(self) -> None:
        """End a wait in another thread at once; the next one too if none is under way."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
