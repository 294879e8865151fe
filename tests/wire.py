"""The way from a desk to the shared database, which tests can cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.sync.errors import SharedUnreachable
from services.sync.paging_standing import PagingStanding
from services.sync.shared import (
    Block,
    ChangedRow,
    ClientIdentity,
    Decision,
    Digest,
    Introduction,
    Presence,
    Pull,
    SharedDatabase,
    SnapshotPart,
    SnapshotStart,
    Submission,
    Welcome,
)


@dataclass
class Wire:
    """The way to the shared database, which can be cut, or lose what travels on it."""

    inner: SharedDatabase
    is_cut: bool = False
    loses_request: bool = False
    loses_answer: bool = False
    late: list[tuple[ClientIdentity, Sequence[Submission]]] = field(default_factory=list)
    """Submissions under way that arrive when the test says so."""

    def hello(self, introduction: Introduction) -> Welcome:
        """Introduce a client."""
        self._ask()
        return self.inner.hello(introduction)

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Submit; the request or the answer may get lost once."""
        self._ask()
        if self.loses_request:
            self.loses_request = False
            self.late.append((identity, batch))
            raise SharedUnreachable()
        decisions = self.inner.submit(identity, batch)
        if self.loses_answer:
            self.loses_answer = False
            raise SharedUnreachable()
        return decisions

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Pull."""
        self._ask()
        return self.inner.pull(identity, cursor, first_undecided_seq)

    def snapshot(
        self, closed_since: datetime | None = None
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """Copy."""
        self._ask()
        return self.inner.snapshot(closed_since)

    def fetch(self, incident_ids: Sequence[UUID]) -> tuple[ChangedRow, ...]:
        """Fetch whole incidents."""
        self._ask()
        return self.inner.fetch(incident_ids)

    def older(self, closed_before: datetime, limit: int) -> tuple[UUID, ...]:
        """List incidents that ended before."""
        self._ask()
        return self.inner.older(closed_before, limit)

    def find_number(self, number: int) -> UUID | None:
        """Find an incident."""
        self._ask()
        return self.inner.find_number(number)

    def digest(self, table: str, bucket: int, closed_since: datetime | None = None) -> Digest:
        """Add up rows."""
        self._ask()
        return self.inner.digest(table, bucket, closed_since)

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Ask which commands are not recorded."""
        self._ask()
        return self.inner.missing(command_ids)

    def claim_numbers(self, identity: ClientIdentity, numbers: Sequence[int]) -> None:
        """Take numbers back."""
        self._ask()
        self.inner.claim_numbers(identity, numbers)

    def be_present(
        self, identity: ClientIdentity, incident_id: UUID | None, *, is_writing: bool
    ) -> tuple[Presence, ...]:
        """Say where one is."""
        self._ask()
        return self.inner.be_present(identity, incident_id, is_writing=is_writing)

    def keep_up(self) -> PagingStanding | None:
        """Let what is due be done."""
        self._ask()
        return self.inner.keep_up()

    def wait(self, cursor: int, timeout_s: float) -> bool:
        """Wait for news."""
        self._ask()
        return self.inner.wait(cursor, timeout_s)

    def interrupt(self) -> None:
        """End a wait."""
        self.inner.interrupt()

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve numbers."""
        self._ask()
        return self.inner.take_block(identity, size)

    def changed_count(self, cursor: int) -> int:
        """Count changes."""
        self._ask()
        return self.inner.changed_count(cursor)

    def has_news(self, cursor: int) -> bool:
        """Ask for news."""
        self._ask()
        return self.inner.has_news(cursor)

    def close(self) -> None:
        """Let go."""
        self.inner.close()

    def deliver_late(self) -> None:
        """Let every lost request arrive after all; nobody hears the answer."""
        waiting, self.late = self.late, []
        for identity, batch in waiting:
            self.inner.submit(identity, batch)

    def _ask(self) -> None:
        if self.is_cut:
            raise SharedUnreachable()
