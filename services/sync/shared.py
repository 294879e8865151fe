"""The protocol every shared database speaks, embedded or PostgreSQL.

One entry for writing (``submit``), one for reading (``pull``). Both are one call; nothing is
held open between calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from uuid import UUID

from services.core.records import Plain, Row
from services.sync.changes import Op
from services.sync.envelope import Envelope


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


class SharedDatabase(Protocol):
    """What a desk needs of the shared database. Every call may raise ``SharedUnreachable``."""

    def hello(self, identity: ClientIdentity, fresh: UUID | None = None) -> None:
        """Introduce this client; from now on it is known by the fresh nonce, if one is given."""
        ...

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide commands in order; stops after the first stale one."""
        ...

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Everything that changed since the cursor, and the decisions about own commands."""
        ...

    def snapshot(self) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A full copy, reference records and newest open work first."""
        ...

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers for this client."""
        ...

    def changed_count(self, cursor: int) -> int:
        """How many rows a pull from this cursor would bring."""
        ...

    def has_news(self, cursor: int) -> bool:
        """Whether a pull would bring something; cheap."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
