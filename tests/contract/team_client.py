"""A client without rules on a team's database, and the same database with a part of it changed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from builders import KIM, NAMES, Office
from raw_client import RawClient
from team import Team

from services.core.ids import new_id
from services.paging.page import LED
from services.registry import RECORDS, all_guards
from services.sync.envelope import Envelope
from services.sync.guards import Guard
from services.sync.postgres.triggers import ADMINISTRATION, judging, shape_guards
from services.sync.shared import ClientIdentity, Decision, Introduction, Outcome, Submission
from services.sync.shared_postgres import _item

Ops = Sequence[tuple[str, str, int | None, dict[str, Any]]]

GUARDS: dict[str, Guard] = {
    guard.name: guard
    for guard in (*all_guards(), *ADMINISTRATION, *(g for r in RECORDS for g in shape_guards(r)))
}
"""Every condition that PostgreSQL judges a row change by."""


class RawTeamClient(RawClient):
    """Speaks the protocol with a team's database as whoever a command is given by."""

    def __init__(self, office: Office) -> None:
        assert isinstance(office, Team)
        self._clock = office.clock
        self.shared = office.shared()
        self.identity = ClientIdentity(new_id(self._clock.now()), new_id(self._clock.now()))
        self.shared.hello(Introduction(self.identity))
        self._seq = 0
        self.rehearses = False
        self._admin = office.databases.access.connect(office.database)
        self._admin.cursor_factory = psycopg.ClientCursor

    def judge(self, envelope: Envelope, ops: Ops) -> Decision:
        """The answer that a write-set would get; nothing is kept."""
        if envelope.actor_id == KIM:  # has no login, and so no way in
            return Decision(envelope.command_id, 0, Outcome.REJECTED, "person-unknown")
        item = {**_item(Submission(self._seq + 1, envelope, ())), "ops": ops}
        with self._admin.transaction(force_rollback=True):
            found = self._submitted(item, NAMES[envelope.actor_id])
        id_, seq, outcome, code, reason = found
        return Decision(UUID(str(id_)), seq, Outcome(outcome), code, reason)

    def _submitted(self, item: dict[str, object], login: str) -> Any:
        cursor = self._admin.execute(
            f"SET LOCAL SESSION AUTHORIZATION {login}; SELECT command_id, seq, outcome, code,"
            " reason FROM sync.submit(%s, %s, %s::json)",
            (self.identity.client_id, self.identity.nonce, json.dumps([item])),
        )
        cursor.nextset()
        return cursor.fetchone()

    @contextmanager
    def left_out(self, *names: str) -> Iterator[None]:
        """The database without some guards of one table, for as long as this lasts."""
        (table,) = {GUARDS[name].table for name in names}
        record = next(record for record in RECORDS if table == record.TABLE)
        of_table = [guard for guard in (*all_guards(), *ADMINISTRATION) if guard.table == table]
        with self.changed(without_checks(judging(record, of_table, is_led=table in LED), names)):
            yield

    @contextmanager
    def changed(self, *statements: str) -> Iterator[None]:
        """The database after statements of its owner, for as long as this lasts."""
        with self._admin.transaction(force_rollback=True):
            self._admin.execute("SET LOCAL search_path = firstline, pg_catalog")
            for statement in statements:
                self._admin.execute(statement)
            self._admin.execute("SET LOCAL search_path = pg_catalog")
            yield

    def close(self) -> None:
        """Let go of both connections."""
        self._admin.close()
        self.shared.close()


def without_checks(text: str, names: Sequence[str]) -> str:
    """The text of a judging function in which these checks never hold."""
    lines = text.splitlines()
    for name in names:
        found = [i for i, line in enumerate(lines) if line.endswith(f"THEN -- {name}")]
        assert len(found) == 1, (name, found)
        lines[found[0]] = "        IF (false) THEN"
    return "\n".join(lines)
