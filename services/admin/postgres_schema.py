"""Creating and upgrading a shared database on PostgreSQL.

Everything happens in one transaction: a database is either ready or as it was.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from services.admin.postgres_rights import (
    FOR_CREATING,
    FOR_UPGRADING,
    GATE,
    GROUPS,
    OWNER,
    PERSON,
    Connection,
    ensure_rights,
    take_leftover_powers,
)
from services.admin.schema import FIRST_NUMBER, HEAD
from services.communications import page_postgres as status_pages
from services.communications import postgres as status_updates
from services.core.errors import AppError
from services.core.release import DOMAIN_VERSION
from services.incidents.extent import EXTENT
from services.incidents.incident import HistoryEntry
from services.incidents.visibility import READABLE, VIEWS
from services.paging import postgres as paging
from services.paging.page import LED
from services.paging.schema import TABLES as PAGING_TABLES
from services.paging.schema import VIEWS as PAGING_VIEWS
from services.people.person import Role
from services.registry import HISTORIES, RECORDS, all_guards, rule_statements, tables
from services.sync.connection_faults import FirstlineMissing
from services.sync.postgres import calls, deciding, triggers
from services.sync.postgres.tables import RULE_TABLES, TABLES

GATE_FUNCTIONS = ("pull(uuid, bigint, bigint)", "fetch(uuid[])")

FORMER_FUNCTIONS = ("claim_delivery(text, text, text)",)
"""What an earlier edition had, and others do now."""


class AlreadyThere(AppError):
    """The database holds a Firstline already."""

    code = "firstline-already-there"


def create(connection: Connection) -> None:
    """Create roles, tables, rules and the doors through which people come.

    Raises:
        RightsMissing: names each right that the login lacks.
        AlreadyThere: there is one.
    """
    if is_there(connection):
        raise AlreadyThere(database=connection.info.dbname)
    ensure_rights(connection, FOR_CREATING)
    with connection.transaction():
        _run(connection, _roles(connection))
        build(connection)
        take_leftover_powers(connection)


def build(connection: Connection) -> None:
    """Make the two schemas and all that is in them."""
    _run(connection, _schemas(connection.info.dbname))
    with owning(connection):
        _run(connection, _tables())
        connection.execute("CREATE TABLE alembic_version (version_num text NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (%s)", (HEAD,))
        connection.execute(
            "INSERT INTO meta (min_domain_version, max_domain_version, next_number)"
            " VALUES (%s, %s, %s)",
            (DOMAIN_VERSION, DOMAIN_VERSION, FIRST_NUMBER),
        )
        connection.execute("INSERT INTO feed_state DEFAULT VALUES")
    put_rules(connection)


def is_there(connection: Connection) -> bool:
    """Whether the database holds a Firstline, even one this login may not look into."""
    found = connection.execute(
        "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'firstline' AND c.relname = 'alembic_version'"
    )
    return found.fetchone() is not None


def version(connection: Connection) -> str:
    """The edition of the database.

    Raises:
        FirstlineMissing: there is no Firstline.
        RightsMissing: the login may not look after it.
    """
    if not is_there(connection):
        info = connection.info
        raise FirstlineMissing(database=info.dbname, user=info.user)
    ensure_rights(connection, FOR_UPGRADING)
    with connection.transaction(), owning(connection):
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None, "written when the tables were"
    return str(row[0])


class owning:  # noqa: N801
    """Within it statements act as the owner, and find the owner's tables first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute(f"SET LOCAL ROLE {OWNER}")
        self._connection.execute("SET LOCAL search_path = firstline, pg_catalog")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.execute("RESET ROLE")
            self._connection.execute("SET LOCAL search_path = pg_catalog")


def put_rules(connection: Connection) -> None:
    """Put the rules, guards, functions and views of this program in place of what was there."""
    with owning(connection):
        _run(connection, _dropped())
        _run(connection, deciding.BASICS)
        _run(connection, deciding.role_views([role.value for role in Role]))
        _run(connection, (f"CREATE VIEW {name} AS {query}" for name, query in VIEWS.items()))
        _run(connection, (*PAGING_TABLES, *PAGING_VIEWS))
        for table in (*RULE_TABLES, "throttle_rule"):
            connection.execute(f"DELETE FROM {table}")
        for statement, rows in rule_statements():
            with connection.cursor() as cursor:
                cursor.executemany(statement.replace("?", "%s"), rows)
        _run(connection, (triggers.REFUSE_TRUNCATE, triggers.IS_ID_LIST))
        _run(connection, trigger_statements())
        _run(connection, deciding.writing_functions(RECORDS))
        _run(connection, (deciding.applying(RECORDS, EXTENT), deciding.DECIDE))
        _run(connection, calls.policies(RECORDS, EXTENT, READABLE))
        _run(connection, calls.views(RECORDS))
        _run(connection, calls.OWNER_CALLS)
        _run(connection, paging.functions())
        _run(connection, status_pages.functions())
        _run(connection, status_updates.functions())
        _run(connection, calls.gate_calls(RECORDS, EXTENT))
        _run(connection, _grants())
    _run(connection, _given_to_gate())


def trigger_statements() -> Iterator[str]:
    """The triggers by which PostgreSQL judges and records."""
    return triggers.trigger_statements(
        RECORDS, all_guards(), HISTORIES, HistoryEntry.TABLE, EXTENT, LED
    )


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


# -- what is created --------------------------------------------------------------------------


def _roles(connection: Connection) -> Iterator[str]:
    found = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'firstline_%'")
    known = {row[0] for row in found.fetchall()}
    for role in (OWNER, GATE, PERSON, *GROUPS):
        if role not in known:
            yield f"CREATE ROLE {role} NOLOGIN"
    for group in GROUPS:
        yield f"GRANT {PERSON} TO {group}"
    # What a superuser may without being said, an owner who is none may too: give commands.
    yield f"GRANT {', '.join(GROUPS)} TO {OWNER}"
    # Whoever creates acts for the owner: with superusers this is so without being said.
    yield f"GRANT {OWNER}, {GATE} TO CURRENT_USER"


def _schemas(database: str) -> Iterator[str]:
    yield from admissions(database)
    yield f"CREATE SCHEMA firstline AUTHORIZATION {OWNER}"
    yield f"CREATE SCHEMA sync AUTHORIZATION {OWNER}"


def admissions(database: str) -> Iterator[str]:
    """Who may come in; it belongs to the database itself, which a dump leaves out."""
    name = '"' + database.replace('"', '""') + '"'
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {name} TO {PERSON}"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"


def _tables() -> Iterator[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    yield from TABLES
    for table in tables():
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            # The desks query their caches; here only what belongs together is looked up.
            if [column.name for column in index.columns] == [EXTENT.link]:
                yield str(CreateIndex(index).compile(dialect=dialect))
    yield f"CREATE INDEX {EXTENT.root}_by_end ON {EXTENT.root} (({EXTENT.ended_at}))"


def _dropped() -> Iterator[str]:
    """What cannot be replaced in place."""
    for record in RECORDS:
        yield f"DROP POLICY IF EXISTS readable ON firstline.{record.TABLE}"
        yield f"DROP VIEW IF EXISTS sync.{record.TABLE}"
    for view in (*VIEWS, "my_role", "actor_role"):
        yield f"DROP VIEW IF EXISTS firstline.{view}"
    for function in (*GATE_FUNCTIONS, *FORMER_FUNCTIONS):
        yield f"DROP FUNCTION IF EXISTS sync.{function}"


def _grants() -> Iterator[str]:
    """People may call the functions of ``sync`` and read its views; nothing else at all."""
    yield "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA firstline, sync FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA sync TO {PERSON}, {GATE}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sync TO {PERSON}, {GATE}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA sync TO {PERSON}"
    yield f"GRANT USAGE ON SCHEMA firstline TO {GATE}"
    read = ", ".join((*(record.TABLE for record in RECORDS), *VIEWS))
    yield f"GRANT SELECT ON {read}, feed, feed_open, feed_state, command, my_role TO {GATE}"
    # A policy asks it in the name of whoever reads a view; nobody else can even name it.
    yield f"GRANT EXECUTE ON FUNCTION me() TO {GATE}, {PERSON}"


def _given_to_gate() -> Iterator[str]:
    """What reads records acts under row-level security, and so belongs to the gate."""
    yield f"GRANT CREATE ON SCHEMA sync TO {GATE}"
    for record in RECORDS:
        yield f"ALTER VIEW sync.{record.TABLE} OWNER TO {GATE}"
        yield f"GRANT SELECT ON sync.{record.TABLE} TO {OWNER}"
    for function in GATE_FUNCTIONS:
        yield f"ALTER FUNCTION sync.{function} OWNER TO {GATE}"
    yield f"REVOKE CREATE ON SCHEMA sync FROM {GATE}"
