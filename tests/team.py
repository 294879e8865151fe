"""The small world of ``builders`` as a team's database on a real PostgreSQL.

A desk of ``builders`` gives the commands of many people. ``OnBehalf`` lets one connection of a
superuser stand for whoever gives a command: to the database the session is theirs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from builders import MAYA, NAMES, ROLES, START, Desk, Office, Parts, commands_of_the_world
from postgres_server import DatabasesForTests
from wire import Wire

from services.admin import postgres_people as people
from services.admin.postgres_schema import admissions, create
from services.admin.private_postgres import SuperuserAccess
from services.admin.schema import Founder
from services.core.clock import ManualClock
from services.core.profiles import ConnectionSettings, Tls
from services.core.secrets import Secret
from services.core.server_address import Host
from services.incidents.extent import EXTENT
from services.people.commands import AddPerson, GrantRole
from services.registry import RECORDS
from services.sync.shared import ClientIdentity, Decision, Outcome, Submission
from services.sync.shared_postgres import SharedPostgres

PASSWORD = Secret("correct horse")


def fill(access: SuperuserAccess, database: str) -> None:
    """A team's database with the small world; used as a template."""
    clock = ManualClock(START)
    with access.connect(database) as connection:
        create(connection)
        people.found(connection, Founder("Maya", "maya"), PASSWORD, clock)
        for command in commands_of_the_world():
            if isinstance(command, AddPerson) and command.login:
                people.create_login(connection, command.login, PASSWORD)
            if isinstance(command, GrantRole):
                login = NAMES[command.person_id]
                people.set_member(connection, login, command.role, is_member=True)
            people.act(connection, clock, command)


def settings(access: SuperuserAccess, database: str, user: str) -> ConnectionSettings:
    """How a person reaches the database."""
    return ConnectionSettings((Host("127.0.0.1", access.port),), database, user, Tls.NONE)


class OnBehalf(SharedPostgres):
    """A superuser's connection on which each command is given by its own person."""

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        decisions: tuple[Decision, ...] = ()
        for actor_id, run in groupby(batch, lambda s: s.envelope.actor_id):
            with self._asking() as connection:
                connection.execute(f"SET SESSION AUTHORIZATION {NAMES[actor_id]}")
                try:
                    decisions += super().submit(identity, list(run))
                finally:
                    if not connection.closed:
                        connection.execute("RESET SESSION AUTHORIZATION")
            if decisions[-1].outcome is Outcome.STALE:
                break
        return decisions


class Team(Office):
    """A team's database and the desks that work with it."""

    def __init__(self, folder: Path, databases: DatabasesForTests, database: str) -> None:
        self.folder = folder
        self.clock = ManualClock(START)
        self.databases = databases
        self.database = database
        self.path = folder / "none.db"
        self.desks: list[Desk] = []

    def shared(self, login: str = "", kind: type[SharedPostgres] = SharedPostgres) -> Any:
        """The database as a person meets it; without a login, for whoever gives a command."""
        access = self.databases.access
        if login:
            return kind(settings(access, self.database, login), lambda: PASSWORD, RECORDS, EXTENT)
        superuser = settings(access, self.database, "postgres")
        return OnBehalf(superuser, lambda: Secret(access.password), RECORDS, EXTENT)

    def desk(
        self,
        name: str = "",
        *,
        login: str = "",
        parts: Parts | None = None,
        is_connected: bool = True,
    ) -> Desk:
        """One more desk; with a login it is that person's alone."""
        folder = self.folder / (name or f"desk-{len(self.desks)}")
        folder.mkdir(exist_ok=True)
        wire = parts.wire if parts else Wire
        made: Callable[..., Any] = lambda *_: self.shared(login)  # noqa: E731
        with_shared = Parts(shared=made, wire=wire, cache=parts.cache if parts else Parts().cache)
        desk = Desk(folder, self.path, self.clock, parts=with_shared, is_connected=is_connected)
        self.desks.append(desk)
        return desk


@contextmanager
def team_at(folder: Path, databases: DatabasesForTests) -> Iterator[Team]:
    """A team with the small world; everything ends with it."""
    with databases.of_one_test() as make:
        database = make(databases.template("small world", fill))
        with databases.access.connect(database) as connection:
            for statement in admissions(database):  # a copy of a database does not have them
                connection.execute(statement)
        team = Team(folder, databases, database)
        try:
            yield team
        finally:
            team.close()


assert MAYA in NAMES
assert set(ROLES) <= set(NAMES)
