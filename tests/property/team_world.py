"""One team's database for many histories, each of which begins with the small world.

It is emptied instead of copied: that takes a tenth of the time, and sessions stay. Roles belong
to the server and are put back too. Its three desks have joined it and were closed, because the
first copy takes longer than the rest of a history.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from builders import NAMES, ROLES, Desk, Parts, person
from postgres_server import DatabasesForTests
from property.light_world import DESKS, Files, lay_out, left_in
from psycopg import sql
from team import PASSWORD, fill, settings

from services.admin import postgres_people as people
from services.core.clock import SystemClock
from services.core.ids import new_id
from services.core.records import spec_of
from services.core.release import DOMAIN_VERSION
from services.incidents.extent import EXTENT
from services.people.person import Role
from services.registry import RECORDS, create_tables
from services.sync.connection_faults import SignInRefused
from services.sync.errors import ClientUnknown, SharedUnreachable
from services.sync.shared import ClientIdentity, Submission
from services.sync.shared_postgres import SharedPostgres, _item

PEOPLE = ("dana", "theo", "maya")
"""Whose desks they are."""

AWAY = (SharedUnreachable, ClientUnknown, SignInRefused)
"""What a desk that is kept away is told."""

REFUSED_CALL = ("FL001", "23505", "42501")
"""A late copy whose sender is not known any more, whose place in the order is taken, or who has
lost every role meanwhile."""

ROLE_TAKEN = ("dana", "theo")
"""Who may lose the role by which they work; they stay managers."""

PUT_BACK = """
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY (SELECT array_agg(tablename) FROM pg_tables WHERE schemaname = 'kept')
    LOOP
        EXECUTE format('DELETE FROM firstline.%1$I', name);
        EXECUTE format('INSERT INTO firstline.%1$I SELECT * FROM kept.%1$I', name);
    END LOOP;
END $$
"""


class TeamWorld:
    """The database, its people, and what an owner or a bad network can do to them."""

    def __init__(
        self, databases: DatabasesForTests, database: str, broken: Sequence[str] = ()
    ) -> None:
        self._access = databases.access
        self._database = database
        self.admin = databases.access.connect(database)
        for login in ROLE_TAKEN:
            people.change_role(self.admin, SystemClock(), login, Role.MANAGER, is_member=True)
        self._desks = self._joined()
        self._keep()
        for statement in broken:
            self._as_owner(statement)
        self._disabled: set[str] = set()
        self._taken: set[tuple[str, Role]] = set()

    def _joined(self) -> Files:
        while self.admin.execute("SELECT FROM firstline.feed_open").fetchone():
            self.number()  # as soon as the pace allows it; else no desk stands where the feed does
        with tempfile.TemporaryDirectory() as name:
            for desk, login in zip(DESKS, PEOPLE, strict=True):
                folder = Path(name) / desk
                folder.mkdir()
                (folder / "login").write_text(login)
                clock: Any = SystemClock()
                Desk(folder, folder, clock, parts=self.parts(login, Parts())).close()
            return left_in(Path(name))

    def parts(self, login: str, others: Parts) -> Parts:
        """What a person's desk is made of here."""
        shared: Callable[..., Any] = lambda *_: self.shared(login)  # noqa: E731
        return replace(others, shared=shared)

    def _keep(self) -> None:
        self.admin.execute("CREATE SCHEMA kept")
        found = self.admin.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'firstline'"
        ).fetchall()
        for (name,) in found:
            table = sql.Identifier(name)
            self.admin.execute(
                sql.SQL("CREATE TABLE kept.{0} AS TABLE firstline.{0}").format(table)
            )
        self.admin.execute(PUT_BACK)

    def _as_owner(self, statement: str) -> None:
        with self.admin.transaction():
            self.admin.execute("SET LOCAL search_path = firstline, pg_catalog")
            self.admin.execute(statement.encode())

    def begin(self, folder: Path) -> None:
        """Everything is as it was in the beginning; its desks lie closed in a folder."""
        self._restore()
        lay_out(self._desks, folder)

    def _restore(self) -> None:
        self.admin.execute("SELECT kept.put_back()")
        for login in self._disabled:
            self.admin.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(login)))
            for role in (ROLES[person(login)], Role.MANAGER):
                people.set_member(self.admin, login, role, is_member=True)
        for login, role in self._taken:
            people.set_member(self.admin, login, role, is_member=True)
        self._disabled.clear()
        self._taken.clear()

    def close(self) -> None:
        """Leave the roles as they were."""
        self._restore()
        for login in ROLE_TAKEN:
            people.set_member(self.admin, login, Role.MANAGER, is_member=False)
        self.admin.close()

    def shared(self, login: str) -> SharedPostgres:
        """The database as a person meets it."""
        return SharedPostgres(
            settings(self._access, self._database, login), lambda: PASSWORD, RECORDS, EXTENT
        )

    # -- what an owner does ----------------------------------------------------------------

    def pace(self, gap: str) -> None:
        """How long the feed is left without numbers."""
        self.admin.execute("UPDATE firstline.meta SET notify_gap = %s::interval", (gap,))

    def number(self) -> None:
        """Number the feed, as any desk may at any moment."""
        self.admin.execute("SELECT sync.number_feed()")

    def terminate(self, login: str) -> None:
        """End every session of a person."""
        self.admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = %s AND datname = %s",
            (login, self._database),
        )

    def change_role(self, login: str, *, is_member: bool) -> None:
        """Give a person's role back or take it away."""
        role = ROLES[person(login)]
        if login in self._disabled or ((login, role) not in self._taken) == is_member:
            return
        (self._taken.discard if is_member else self._taken.add)((login, role))
        people.change_role(self.admin, SystemClock(), login, role, is_member=is_member)

    def admit(self, login: str, *, is_active: bool) -> None:
        """Let a person in, or keep them out from now on."""
        if (login not in self._disabled) == is_active:
            return
        (self._disabled.discard if is_active else self._disabled.add)(login)
        do: Callable[..., object] = people.enable if is_active else people.disable
        do(self.admin, SystemClock(), login)

    def admit_all(self) -> None:
        """Let everybody in again."""
        for login in tuple(self._disabled):
            self.admit(login, is_active=True)

    # -- what arrives ----------------------------------------------------------------------

    @contextmanager
    def acting_as(self, login: str) -> Iterator[psycopg.Connection[Any]]:
        """The administrator's session as a person's."""
        self.admin.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(login)))
        try:
            yield self.admin
        finally:
            self.admin.execute("RESET SESSION AUTHORIZATION")

    def arrive(self, login: str, identity: ClientIdentity, batch: Sequence[Submission]) -> None:
        """What a former session of a desk had sent is carried out only now."""
        found = self.admin.execute(
            "SELECT nonce FROM firstline.client WHERE client_id = %s", (identity.client_id,)
        ).fetchone()
        nonce = found[0] if found else identity.nonce
        self.submit(login, identity.client_id, nonce, [_item(submission) for submission in batch])

    def submit(
        self, login: str, client: UUID, nonce: UUID, items: Sequence[dict[str, object]]
    ) -> None:
        """Submit whatever somebody has made up; whole calls may be refused."""
        with self.acting_as(login) as session:
            try:
                session.execute(
                    "SELECT sync.submit(%s, %s, %s::json)", (client, nonce, json.dumps(items))
                )
            except psycopg.DatabaseError as error:
                if error.sqlstate not in REFUSED_CALL:
                    raise

    def introduce(self, login: str) -> tuple[UUID, UUID]:
        """A client without rules; returns its id and its nonce."""
        client = new_id(SystemClock().now())
        with self.acting_as(login) as session:
            session.execute(
                "SELECT sync.hello(%s, %s, %s, '', '', %s)",
                (client, client, client, DOMAIN_VERSION),
            )
        return client, client

    # -- the truth -------------------------------------------------------------------------

    def truth(self, login: str = "", whole: sqlite3.Connection | None = None) -> sqlite3.Connection:
        """All that a person may read, or everything, as an SQLite file in memory.

        Given the ``whole`` truth, tables that are empty in it are not asked for again.
        """
        schema = "sync" if login else "firstline"
        asked = [
            r.TABLE
            for r in RECORDS
            if whole is None or whole.execute(f"SELECT 1 FROM {r.TABLE} LIMIT 1").fetchone()
        ]
        query = " UNION ALL ".join(
            f"SELECT '{table}', to_json(t) FROM {schema}.{table} t" for table in asked
        )
        if login:
            with self.acting_as(login) as session:
                found = session.execute(query.encode()).fetchall()
        else:
            found = self.admin.execute(query.encode()).fetchall()
        found.sort(key=lambda row: row[1].get("recorded_at") or 0)
        shared = sqlite3.connect(":memory:")
        shared.row_factory = sqlite3.Row
        create_tables(shared)
        for record in RECORDS:
            names = [column.name for column in spec_of(record).columns]
            rows = [
                [body[name] for name in names] for table, body in found if table == record.TABLE
            ]
            places = ", ".join("?" * len(names))
            shared.executemany(
                f"INSERT INTO {record.TABLE} ({', '.join(names)}) VALUES ({places})", rows
            )
        return shared

    def add_commands(self, shared: sqlite3.Connection, clients: Sequence[UUID]) -> None:
        """Add the log of what these clients gave, in the shape of the embedded one."""
        found = self.admin.execute(
            "SELECT command_id::text, act, args::text, happened_at, outcome"
            " FROM firstline.command WHERE client_id = ANY (%s)",
            (list(clients),),
        ).fetchall()
        shared.execute("CREATE TABLE command (command_id, name, args, happened_at, outcome)")
        shared.executemany("INSERT INTO command VALUES (?, ?, ?, ?, ?)", found)

    def clients_of(self, logins: Sequence[str]) -> list[UUID]:
        """Every client that these people's desks have been."""
        found = self.admin.execute(
            "SELECT client_id FROM firstline.client WHERE login = ANY (%s)", (list(logins),)
        )
        return [row[0] for row in found]


@contextmanager
def team_world(databases: DatabasesForTests, broken: Sequence[str] = ()) -> Iterator[TeamWorld]:
    """A database for many histories; it ends with the block."""
    with databases.of_one_test() as make:
        world = TeamWorld(databases, make(databases.template("small world", fill)), broken)
        try:
            yield world
        finally:
            world.close()


def login_of(folder: Path) -> str:
    """Whose desk a folder holds."""
    return (folder / "login").read_text()


assert set(NAMES.values()) >= {"dana", "theo", "maya", "tara"}
