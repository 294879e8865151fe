"""What a login needs to look after a team's database, named before anything is tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from services.core.errors import AppError
from services.people.person import Role

OWNER, GATE, PERSON = "firstline_owner", "firstline_gate", "firstline_person"
"""Who owns everything, who reads for people under row-level security, and what every person is."""

GROUPS = tuple(f"firstline_{role.value}" for role in Role)
ROLES = (OWNER, GATE, PERSON, *GROUPS)

Connection = psycopg.Connection[tuple[Any, ...]]


class RightsMissing(AppError):
    """The login may not do what is asked."""

    code = "database-rights-missing"


@dataclass(frozen=True, slots=True)
class Right:
    """What may be missing, and the condition over the session that says it is there."""

    name: str
    condition: str


def _me(attributes: str) -> str:
    return f"(SELECT rolsuper OR ({attributes}) FROM pg_roles WHERE rolname = current_user)"


def _no_role(condition: str, roles: Sequence[str]) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname IN ({listed}) AND {condition})"


NEW_ENOUGH = Right(
    "PostgreSQL 15 or newer", "current_setting('server_version_num')::integer >= 150000"
)
WRITABLE = Right(
    "a server that can be written to",
    "NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'",
)
INHERITING = Right("INHERIT", _me("rolinherit"))
CREATING_ROLES = Right("CREATEROLE", _me("rolcreaterole"))
GIVING_ROLES = Right(
    "ADMIN OPTION on the roles of Firstline that this server has already",
    # Until PostgreSQL 15 CREATEROLE alone was enough for that.
    f"current_setting('server_version_num')::integer < 160000 OR {_me('false')} OR "
    + _no_role("NOT pg_has_role(oid, 'MEMBER WITH ADMIN OPTION')", ROLES),
)
BEING_OWNER = Right(
    f"membership in {OWNER} and {GATE}",
    f"(SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('{OWNER}', '{GATE}')"
    " AND pg_has_role(oid, 'USAGE') AND CASE WHEN"
    " current_setting('server_version_num')::integer < 160000 THEN true"
    " ELSE pg_has_role(oid, 'SET') END)",
)

CREATING_SCHEMAS = Right(
    "CREATE on this database", "has_database_privilege(current_database(), 'CREATE')"
)

FOR_CREATING = (
    NEW_ENOUGH,
    WRITABLE,
    INHERITING,
    CREATING_ROLES,
    GIVING_ROLES,
    Right(
        "ownership of this database",
        "(SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database())",
    ),
    CREATING_SCHEMAS,
    Right("the encoding UTF8", "current_setting('server_encoding') = 'UTF8'"),
    Right(
        "a database without schemas called firstline or sync",
        "to_regnamespace('firstline') IS NULL AND to_regnamespace('sync') IS NULL",
    ),
    Right(
        "roles of Firstline that cannot sign in",
        _no_role("(rolcanlogin OR rolsuper OR rolbypassrls)", ROLES),
    ),
)
FOR_UPGRADING = (NEW_ENOUGH, WRITABLE, BEING_OWNER)
FOR_COMPARING = (*FOR_UPGRADING, CREATING_SCHEMAS)
FOR_PEOPLE = (*FOR_UPGRADING, CREATING_ROLES, GIVING_ROLES)


def ensure_rights(connection: Connection, rights: Sequence[Right]) -> None:
    """Let pass a login that has them all.

    Raises:
        RightsMissing: names each one that it lacks.
    """
    missing = [right.name for right in rights if not _has(connection, right)]
    if missing:
        raise RightsMissing(login=connection.info.user, rights=", ".join(missing))


def _has(connection: Connection, right: Right) -> bool:
    found = connection.execute(sql.SQL("SELECT " + right.condition)).fetchone()
    return found == (True,)


# -- powers that every login of PostgreSQL has ------------------------------------------------

_LEFTOVER = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND (p.proname LIKE 'pg\\_advisory%' OR p.proname LIKE 'pg\\_try\\_advisory%'
        OR p.proname LIKE 'pg\\_sleep%' OR p.proname = 'pg_notify'
        OR p.proname LIKE 'lo\\_%' OR p.proname IN ('loread', 'lowrite'))
      AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
    ORDER BY 1
"""


def leftover_powers(connection: Connection) -> list[str]:
    """Functions by which any login could hold up others, and which anybody may call here."""
    return [row[0] for row in connection.execute(_LEFTOVER)]


def take_leftover_powers(connection: Connection) -> None:
    """Take them from everybody, as far as this login may; the owner keeps the one bell it rings."""
    if connection.execute(f"SELECT {_me('false')}").fetchone() != (True,):
        return
    connection.execute(f"GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO {OWNER}")
    if powers := leftover_powers(connection):
        listed = ", ".join(powers)
        connection.execute(f"REVOKE EXECUTE ON FUNCTION {listed} FROM PUBLIC")
