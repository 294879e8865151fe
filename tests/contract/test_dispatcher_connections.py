"""A dispatcher's connections to a real server: few, each for one call, and fewer if need be."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from team import settings

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.core.secrets import Secret
from services.dispatcher.connections import Connections
from services.sync.connection_faults import TooManyConnections

ROBOT, PASSWORD = "connecting_robot", "connecting-robot"
PATIENCE_S = 30.0


@pytest.fixture
def robot(databases, new_database) -> Iterator[ConnectionSettings]:
    """A login that may connect once."""
    database = new_database()
    with databases.access.connect(database) as admin:
        admin.execute(f"CREATE ROLE {ROBOT} LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 1")
        admin.execute(f"GRANT CONNECT ON DATABASE {database} TO {ROBOT}")
        yield settings(databases.access, database, ROBOT)
        admin.execute(f"REVOKE CONNECT ON DATABASE {database} FROM {ROBOT}")


def connections(given: ConnectionSettings, most: int, password: str = PASSWORD) -> Connections:
    return Connections(given, lambda: Secret(password), most)


def test_as_many_calls_at_once_as_there_may_be_connections(databases) -> None:
    superuser = settings(databases.access, "postgres", "postgres")
    several = Connections(superuser, lambda: Secret(databases.access.password), 2)
    with closing(several), several.lent() as one:
        with several.lent() as two:
            assert one is not two
            third = Borrower(several)
            third.start()
            assert third.lent is None
        third.join(PATIENCE_S)
        assert third.lent is two


class Borrower(threading.Thread):
    """Makes one call."""

    def __init__(self, several: Connections) -> None:
        super().__init__()
        self._several = several
        self.lent: object = None

    def run(self) -> None:
        with self._several.lent() as connection:
            connection.execute("SELECT 1")
            self.lent = connection


def test_those_that_there_are_must_do(robot: ConnectionSettings) -> None:
    several = connections(robot, 3)
    with closing(several):
        with several.lent() as only:
            second = Borrower(several)
            second.start()
        second.join(PATIENCE_S)
        assert second.lent is only


def test_where_there_is_none_it_is_told(robot: ConnectionSettings) -> None:
    several, other = connections(robot, 3), connections(robot, 3)
    with closing(several), closing(other), several.lent():
        with pytest.raises(TooManyConnections), other.lent():
            pass
        with pytest.raises(TooManyConnections), other.lent():
            pass


def test_what_cuts_one_has_cut_them_all(databases) -> None:
    superuser = settings(databases.access, "postgres", "postgres")
    several = Connections(superuser, lambda: Secret(databases.access.password), 3)
    with closing(several), ExitStack() as stack:
        lent = [stack.enter_context(several.lent()) for _ in range(3)]
        stack.close()
        with databases.access.connect() as admin:
            for connection in lent:
                admin.execute(
                    "SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,)
                )
        with pytest.raises(AppError), several.lent() as connection:
            connection.execute("SELECT 1")
        assert all(connection.closed for connection in lent)
        with several.lent() as connection:
            connection.execute("SELECT 1")
