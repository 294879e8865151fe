"""Setting up a team's database on every PostgreSQL found here, by whoever just may, or not."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from builders import START
from postgres_server import DatabasesForTests, quick_place, require_postgres

from services.admin import postgres_people as people
from services.admin import postgres_schema
from services.admin.postgres_binaries import (
    DEBIAN,
    PostgresBinaries,
    folders_of_the_wheel,
    inspect_folder,
)
from services.admin.postgres_rights import (
    FOR_CREATING,
    Right,
    RightsMissing,
    leftover_powers,
    take_leftover_powers,
)
from services.admin.postgres_schema import AlreadyThere, create
from services.admin.postgres_verification import differences
from services.admin.private_postgres import PrivatePostgres
from services.admin.schema import Founder
from services.core.clock import ManualClock
from services.core.secrets import Secret
from services.people.person import Role

PASSWORD = Secret("correct horse")


def servers() -> list[PostgresBinaries]:
    """One of each version that is here."""
    folders = [*DEBIAN.glob("*/bin"), *folders_of_the_wheel()]
    found = [binaries for folder in folders if (binaries := inspect_folder(folder))]
    return list({binaries.major: binaries for binaries in found}.values())


@pytest.fixture(scope="module", params=servers(), ids=lambda binaries: str(binaries.major))
def here(request: pytest.FixtureRequest) -> Iterator[DatabasesForTests]:
    require_postgres()
    with PrivatePostgres({"fsync": "off"}, binaries=request.param, place=quick_place()) as server:
        databases = DatabasesForTests(server.access)
        yield databases
        databases.close()


@dataclass
class Keeper:
    """A login that is no superuser and owns a database."""

    databases: DatabasesForTests
    database: str
    others: tuple[str, ...] = ()

    def connect(self) -> psycopg.Connection:
        words = {"user": "keeper", "password": "k"}
        return self.databases.access.connect(self.database, **words)

    def superuser(self) -> psycopg.Connection:
        return self.databases.access.connect(self.database)


@pytest.fixture
def keeper(here: DatabasesForTests) -> Iterator[Keeper]:
    with here.of_one_test() as make:
        keeper = Keeper(here, make())
        with keeper.superuser() as connection:
            connection.execute("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'k'")
            connection.execute("CREATE ROLE other LOGIN CREATEROLE PASSWORD 'k'")
            connection.execute(f'ALTER DATABASE "{keeper.database}" OWNER TO keeper')
        yield keeper
        with keeper.superuser() as connection:
            connection.execute(f'ALTER DATABASE "{keeper.database}" OWNER TO postgres')
            connection.execute("DROP OWNED BY keeper, other CASCADE")


def test_whoever_owns_the_database_and_may_create_roles_can_set_it_up(keeper: Keeper) -> None:
    with keeper.connect() as connection:
        create(connection)
        assert postgres_schema.version(connection) == postgres_schema.HEAD
        with pytest.raises(AlreadyThere):
            create(connection)


LACKING = {
    "CREATEROLE": "ALTER ROLE keeper NOCREATEROLE",
    "INHERIT": "ALTER ROLE keeper NOINHERIT",
    "ownership of this database": 'ALTER DATABASE "{database}" OWNER TO other',
    "CREATE on this database": 'REVOKE CREATE ON DATABASE "{database}" FROM keeper',
    "a server that can be written to": "ALTER ROLE keeper SET default_transaction_read_only = on",
    "a database without schemas called firstline or sync": "CREATE SCHEMA sync",
}


@pytest.mark.parametrize("right", LACKING)
def test_each_right_that_is_lacking_is_named_and_really_needed(
    keeper: Keeper, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with keeper.superuser() as superuser:
        superuser.execute(LACKING[right].format(database=keeper.database))
    with keeper.connect() as connection:
        with pytest.raises(RightsMissing) as told:
            create(connection)
        assert right in str(told.value.context["rights"]).split(", ")
        monkeypatch.setattr(postgres_schema, "ensure_rights", lambda *_: None)
        with pytest.raises(psycopg.Error):
            create(connection)


def test_an_encoding_that_cannot_keep_every_text_is_refused(keeper: Keeper) -> None:
    with keeper.superuser() as superuser:
        superuser.execute(
            "CREATE DATABASE narrow TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C' OWNER keeper"
        )
    try:
        narrow = Keeper(keeper.databases, "narrow")
        with narrow.connect() as connection, pytest.raises(RightsMissing) as told:
            create(connection)
        assert told.value.context["rights"] == "the encoding UTF8"
    finally:
        with keeper.superuser() as superuser:
            superuser.execute("DROP DATABASE narrow")


def test_roles_that_somebody_else_made_need_an_admin_option(keeper: Keeper) -> None:
    with keeper.databases.access.connect(keeper.database, user="other", password="k") as other:
        other.execute("CREATE ROLE firstline_owner NOLOGIN")
    with keeper.connect() as connection:
        major = connection.info.server_version // 10_000
        if major < 16:  # CREATEROLE was enough for every role that is no superuser's
            create(connection)
            return
        with pytest.raises(RightsMissing) as told:
            create(connection)
        assert "ADMIN OPTION" in str(told.value.context["rights"])
    with keeper.databases.access.connect(keeper.database, user="other", password="k") as other:
        other.execute("GRANT firstline_owner TO keeper WITH ADMIN OPTION")
    with keeper.connect() as connection:
        create(connection)


def test_a_role_of_firstline_that_can_sign_in_is_no_group(keeper: Keeper) -> None:
    with keeper.connect() as connection:
        connection.execute("CREATE ROLE firstline_gate LOGIN")
        with pytest.raises(RightsMissing) as told:
            create(connection)
    assert told.value.context["rights"] == "roles of Firstline that cannot sign in"


def test_every_right_has_a_case_here() -> None:
    others = {
        "PostgreSQL 15 or newer",
        "the encoding UTF8",
        "ADMIN OPTION on the roles of Firstline that this server has already",
        "roles of Firstline that cannot sign in",
    }
    assert {right.name for right in FOR_CREATING} == {*LACKING, *others}
    assert all(isinstance(right, Right) for right in FOR_CREATING)


def test_whoever_set_it_up_looks_after_people_without_being_a_superuser(keeper: Keeper) -> None:
    clock = ManualClock(START)
    with keeper.connect() as connection:
        create(connection)
        people.found(connection, Founder("Ada", "ada"), PASSWORD, clock)
        ben = {"login": "ben", "name": "Ben", "email": "", "roles": [Role.MANAGER]}
        people.add(connection, clock, password=PASSWORD, **ben)
        people.change_role(connection, clock, "ben", Role.ADMINISTRATOR, is_member=True)
        words = {"user": "ben", "password": PASSWORD.reveal()}
        with keeper.databases.access.connect(keeper.database, **words) as session:
            assert session.execute("SELECT count(*) FROM sync.person").fetchone() == (2,)
            assert people.disable(connection, clock, "ben") == 1
            with pytest.raises(psycopg.OperationalError):
                session.execute("SELECT count(*) FROM sync.person")
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            keeper.databases.access.connect(keeper.database, **words)
        people.enable(connection, clock, "ben")
        assert list(differences(connection)) == []
        member = "SELECT pg_has_role('keeper', 'ben', 'USAGE')"
        assert connection.execute(member).fetchone() == (False,)
        people.change_password(connection, "ben", Secret("another one"))
        keeper.databases.access.connect(keeper.database, user="ben", password="another one").close()


def test_a_superuser_takes_away_what_every_login_may_call(keeper: Keeper) -> None:
    with keeper.connect() as connection:
        create(connection)
        left = leftover_powers(connection)
        assert {"pg_notify(text,text)", "pg_sleep(double precision)"} <= set(left)
        connection.execute("SELECT pg_advisory_lock(1)")
    with keeper.superuser() as superuser:
        take_leftover_powers(superuser)
        assert leftover_powers(superuser) == []
    with keeper.connect() as connection:
        for call in ("pg_advisory_lock(1)", "pg_sleep(0)", "lo_create(0)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT {call}")
        connection.execute("LISTEN firstline_feed")
        people.found(connection, Founder("Ada", "ada"), Secret("k"), ManualClock(START))
        assert [bell.payload for bell in connection.notifies(timeout=5, stop_after=1)] == [""]
