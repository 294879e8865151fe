"""A real PostgreSQL for tests: one server per test process, a database for each test.

The server is quick because it never waits for the disk. A test that kills a server takes one of
its own from the fixture ``fresh_server``, whose settings are a real server's.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import pytest
from psycopg import sql

from services.admin.postgres_binaries import (
    PostgresMissing,
    ServerAccountMissing,
    find_postgres,
    server_account,
)
from services.admin.private_postgres import PrivatePostgres, SuperuserAccess, TlsMissing
from services.core.messages import message_of

QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "128MB",
}
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 1 << 30
"""Bytes; a database copied in memory takes a twentieth of the time."""
FIRST_ROLE_OF_OURS = 16_384
"""PostgreSQL gives smaller object ids to what it brings along."""

Fill = Callable[[SuperuserAccess, str], None]


@contextmanager
def serving() -> Iterator["DatabasesForTests"]:
    """A quick server with its databases."""
    require_postgres()
    with PrivatePostgres(QUICK, place=quick_place()) as server:
        databases = DatabasesForTests(server.access)
        try:
            yield databases
        finally:
            databases.close()


@contextmanager
def starting() -> Iterator[Callable[..., PrivatePostgres]]:
    """A function that starts servers with the options of ``PrivatePostgres``; all end with it."""
    require_postgres()
    with ExitStack() as servers:
        yield lambda **options: servers.enter_context(PrivatePostgres(**options))


def quick_place() -> Path | None:
    """The folder that is memory, where it has room and lets programs run."""
    if not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED else None


def require_postgres(with_tls: bool = False) -> None:
    """Skip the test, saying why, where no server can run, or none that speaks TLS."""
    try:
        found = find_postgres()
        server_account()
        if with_tls and not found.has_tls:
            raise TlsMissing(version=found.major)
    except (PostgresMissing, ServerAccountMissing, TlsMissing) as reason:
        pytest.skip(message_of(reason).happened)


class DatabasesForTests:
    """Databases on one server, copied from templates that are filled once."""

    def __init__(self, access: SuperuserAccess) -> None:
        self.access = access
        self._admin = access.connect()
        self._templates: dict[str, str] = {}
        self._roles_of_templates: set[str] = set()

    def close(self) -> None:
        self._admin.close()

    def template(self, name: str, fill: Fill) -> str:
        """A database to copy from; ``fill`` is given its name the first time it is wanted.

        ``fill`` leaves no connection open. The roles it makes stay until the server ends.
        """
        if name not in self._templates:
            before = self._roles()
            database = f"template_{uuid4().hex}"
            self._run("CREATE DATABASE {} TEMPLATE template0", database)
            fill(self.access, database)
            self._templates[name] = database
            self._roles_of_templates |= self._roles() - before
        return self._templates[name]

    @contextmanager
    def of_one_test(self) -> Iterator[Callable[..., str]]:
        """A function that makes a database, from a template if one is given.

        All of them go at the end, with every role made meanwhile: roles belong to the server.
        """
        made: list[str] = []
        before = self._roles()

        def make(template: str = "template0") -> str:
            database = f"test_{uuid4().hex}"
            self._run("CREATE DATABASE {} TEMPLATE {}", database, template)
            made.append(database)
            return database

        try:
            yield make
        finally:
            for database in made:
                self._run("DROP DATABASE {} WITH (FORCE)", database)
            for role in self._roles() - before - self._roles_of_templates:
                self._run("DROP ROLE {}", role)

    def _roles(self) -> set[str]:
        query = "SELECT rolname FROM pg_roles WHERE oid >= %s"
        return {name for (name,) in self._admin.execute(query, [FIRST_ROLE_OF_OURS])}

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
