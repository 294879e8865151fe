"""A client that skips the rules."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from builders import DANA, TABLES, Office

from services.core.database import Rows, connect
from services.core.ids import new_id
from services.incidents.extent import EXTENT
from services.sync.changes import ops_from_json
from services.sync.envelope import Envelope
from services.sync.shared import (
    ClientIdentity,
    Decision,
    Introduction,
    Submission,
)
from services.sync.shared_sqlite import SharedSqlite


class RawClient:
    """Speaks the protocol without asking any rule, as somebody with a script would."""

    def __init__(self, office: Office) -> None:
        self._clock = office.clock
        self.shared = SharedSqlite(office.path, office.clock, TABLES, EXTENT)
        self.identity = ClientIdentity(new_id(self._clock.now()), new_id(self._clock.now()))
        self.shared.hello(Introduction(self.identity))
        self._seq = 0
        self.rehearses = False
        """Whether submissions are only judged and nothing is kept."""

    @contextmanager
    def left_out(self, *guards: str) -> Iterator[None]:
        """A copy of the database without some of its guards, for as long as this lasts.

        A guard that were dropped and put back would be read again at every rehearsal.
        """
        whole = self.shared._connection
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(connect(Path(folder) / "shared.db")) as copy,
        ):
            whole.backup(copy)
            for guard in guards:
                copy.execute(f"DROP TRIGGER guard_{guard}")
            self._work_on(copy)
            try:
                yield
            finally:
                self._work_on(whole)

    def _work_on(self, connection: sqlite3.Connection) -> None:
        self.shared._connection = connection
        self.shared._rows = Rows(connection)

    def submit(
        self,
        act: str,
        ops: Sequence[tuple[str, str, int | None, dict[str, Any]]],
        who: UUID = DANA,
        *,
        remark: str = "because",
        on_behalf_of: str = "",
    ) -> Decision:
        """The answer to a write-set of one's own making; ops as in JSON."""
        envelope = Envelope(
            command_id=new_id(self._clock.now()),
            name=act,
            args={},
            actor_id=who,
            happened_at=self._clock.now(),
            on_behalf_of=on_behalf_of,
            remark=remark,
        )
        return self.send(envelope, tuple(ops))

    def send(
        self,
        envelope: Envelope,
        ops: Sequence[tuple[str, str, int | None, dict[str, Any]]] | None,
    ) -> Decision:
        """The answer to one envelope with this write-set."""
        if self.rehearses and ops is not None:
            return self.judge(envelope, ops)
        self._seq += 1
        rows = None if ops is None else ops_from_json(ops)
        return self.shared.submit(self.identity, [Submission(self._seq, envelope, rows)])[0]

    def judge(
        self,
        envelope: Envelope,
        ops: Sequence[tuple[str, str, int | None, dict[str, Any]]],
    ) -> Decision:
        """The answer that a write-set would get; nothing is kept."""
        connection = self.shared._connection
        connection.execute("SAVEPOINT rehearsal")
        try:
            submission = Submission(self._seq + 1, envelope, ops_from_json(ops))
            return self.shared._decide(self.identity, submission, 1)
        finally:
            connection.execute("ROLLBACK TO rehearsal")
            connection.execute("RELEASE rehearsal")

    def close(self) -> None:
        """Let go of the file."""
        self.shared.close()
