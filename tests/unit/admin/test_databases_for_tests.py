"""The server of the tests gives each test databases of its own and takes everything back."""

from collections.abc import Callable

import psycopg
import pytest
from postgres_server import DatabasesForTests

from services.admin.private_postgres import SuperuserAccess

NewDatabase = Callable[..., str]


def roles(databases: DatabasesForTests) -> set[str]:
    with databases.access.connect() as connection:
        query = "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'"
        return {name for (name,) in connection.execute(query)}


def names(databases: DatabasesForTests) -> set[str]:
    with databases.access.connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_template_is_filled_once_and_copied(
    databases: DatabasesForTests, new_database: NewDatabase
) -> None:
    filled = []

    def fill(access: SuperuserAccess, database: str) -> None:
        filled.append(database)
        with access.connect(database) as connection:
            connection.execute("CREATE TABLE note (text text)")

    made = [new_database(databases.template("notes", fill)) for _ in range(2)]
    assert len(filled) == 1
    with databases.access.connect(made[0]) as one, databases.access.connect(made[1]) as two:
        one.execute("INSERT INTO note VALUES ('mine')")
        assert two.execute("SELECT count(*) FROM note").fetchone() == (0,)


def test_everything_a_test_made_goes_with_it(databases: DatabasesForTests) -> None:
    before = roles(databases), names(databases)
    with databases.of_one_test() as make:
        database = make()
        left_open = databases.access.connect(database)
        left_open.execute("CREATE ROLE priya LOGIN")
        left_open.execute("CREATE TABLE hers ()")
        left_open.execute("ALTER TABLE hers OWNER TO priya")
        assert (roles(databases), names(databases)) != before
    assert (roles(databases), names(databases)) == before
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


def test_the_roles_of_a_template_stay(databases: DatabasesForTests) -> None:
    def fill(access: SuperuserAccess, database: str) -> None:
        with access.connect(database) as connection:
            connection.execute("CREATE ROLE role_of_one_test")

    with databases.of_one_test():
        databases.template("with a role", fill)
    assert "role_of_one_test" in roles(databases)
