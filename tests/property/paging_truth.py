"""What a shared database says about pages, read past the product, and whom a step has to call.

The rules here are written from the promise, over records, and share nothing with the SQL.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from builders import NETWORK, THEO
from paging_world import PagingWorld
from psycopg.rows import dict_row
from team import Team

from services.core.records import Record
from services.on_call.policy import EscalationPolicy, PolicyHours, StepWhen
from services.on_call.roster import OnCallShift, Roster
from services.paging.destination import Destination
from services.people.contact import ContactMethod, NotificationRule

Row = dict[str, Any]
Read = Callable[[str], list[Row]]
LEADS = {NETWORK: THEO}


@contextmanager
def reading(world: PagingWorld) -> Iterator[Read]:
    """A function that reads every row of a table; ids are texts."""
    with ExitStack() as stack:
        if isinstance(world.office, Team):
            access = world.office.databases.access
            server = stack.enter_context(access.connect(world.office.database))

            def read(table: str) -> list[Row]:
                with server.cursor(row_factory=dict_row) as cursor:
                    found = cursor.execute(f"SELECT * FROM firstline.{table}".encode()).fetchall()
                return [
                    {n: str(v) if isinstance(v, UUID) else v for n, v in row.items()}
                    for row in found
                ]

            yield read
            return
        file = stack.enter_context(closing(sqlite3.connect(world.office.path)))
        file.row_factory = sqlite3.Row
        yield lambda table: [dict(row) for row in file.execute(f"SELECT * FROM {table}")]


class Promise:
    """Whom a step calls, and through what, by the founding records.

    ``managers`` are those who are called where nobody else is on call for anything.
    """

    def __init__(self, records: Iterable[Record], managers: Iterable[str]) -> None:
        self._of: dict[type[Any], list[Any]] = {}
        for record in records:
            self._of.setdefault(type(record), []).append(record)
        self._managers = {UUID(id_) for id_ in managers}
        self._active = {d.id for d in self._of[Destination] if d.is_active}

    def on_call(self, roster_id: UUID, at: datetime) -> set[UUID]:
        """Who has a duty at this moment: the backup where nobody else has."""
        found = [
            s
            for s in self._of.get(OnCallShift, ())
            if s.roster_id == roster_id and s.starts_at <= at < s.ends_at and not s.is_cancelled
        ]
        primary = {s.person_id for s in found if not s.is_backup}
        return primary or {s.person_id for s in found}

    def catching(self, at: datetime) -> set[UUID]:
        """The catch-all roster; where nobody is on call, the incident managers."""
        rosters = [r.id for r in self._of[Roster] if r.is_catch_all]
        return {p for id_ in rosters for p in self.on_call(id_, at)} or self._managers

    def people(self, step: Row, at: datetime) -> set[UUID]:
        """Everybody whom a step of a page calls."""
        if not self.is_taken(step, at):
            return set()
        found = set(_ids(step["person_ids"]))
        for roster in _ids(step["roster_ids"]):
            found |= self.on_call(roster, at)
        for team in _ids(step["team_ids"]):
            rosters = [r.id for r in self._of[Roster] if r.team_id == team]
            called = {p for roster in rosters for p in self.on_call(roster, at)}
            found |= called or ({LEADS[team]} if team in LEADS else set())
        return found

    def is_taken(self, step: Row, at: datetime) -> bool:
        """Whether a step is taken in these hours at all."""
        when = StepWhen(step["taken"])
        (policy,) = self._of[EscalationPolicy]
        hours = self._of.get(PolicyHours, ())
        is_in = not policy.business_hours or any(h.starts_at <= at < h.ends_at for h in hours)
        return when is StepWhen.ALWAYS or (when is StepWhen.BUSINESS_HOURS) == is_in

    def ways(self, person: UUID) -> list[tuple[str, int]]:
        """How a person is reached: contact method and seconds after the call, each once."""
        proven = {
            c.id
            for c in self._of.get(ContactMethod, ())
            if c.person_id == person and c.verified_at is not None
        }
        by_rules = [
            (str(r.contact_method_id), r.delay_s)
            for r in self._of.get(NotificationRule, ())
            if r.contact_method_id in proven and r.is_active
        ]
        return sorted(by_rules or [(str(id_), 0) for id_ in proven])

    def channels(self, step: Row, at: datetime) -> list[str]:
        """The channels that a step tells beside people."""
        if not self.is_taken(step, at):
            return []
        return sorted(str(id_) for id_ in _ids(step["destination_ids"]) if id_ in self._active)


def _ids(text: str) -> list[UUID]:
    return [UUID(id_) for id_ in json.loads(text)]
