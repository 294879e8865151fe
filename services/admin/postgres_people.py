"""People of a team's database: a login of PostgreSQL, its roles, and the records desks see.

A person is a login with a SCRAM verifier that is computed here, so that the server never hears
the password; membership of group roles decides what they may do, and ``person_role`` mirrors it.
Everything happens in one transaction, run by whoever may create roles.
"""

import re
from collections.abc import Iterable
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Json, Jsonb

from services.admin.postgres_rights import Connection
from services.admin.postgres_schema import owning
from services.admin.schema import Founder, founder_id, founding_records
from services.core.clock import Clock, to_microseconds
from services.core.errors import AppError, RecordMissing
from services.core.ids import derived_id, new_id
from services.core.records import Plain, Record, Row, record_from, spec_of
from services.core.secrets import Secret
from services.people.commands import AddPerson, ChangePerson, GrantRole
from services.people.person import Person, PersonRole, Role
from services.registry import command_book
from services.sync.changes import InsertRow, Op, ops_to_json, write_set
from services.sync.envelope import seal

R = TypeVar("R", bound=Record)

CONNECTIONS_EACH = 6
"""A desk holds one connection, and a second one while it copies everything."""

LOGIN_LIMITS = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "5s"}
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,62}")
_TAKEN = ("pg_", "firstline_")
REFUSALS = ("FL", "22", "23")
"""Classes of SQLSTATE by which the database refuses what an act would write."""


class LoginWrong(AppError):
    """A login is of small letters, digits, dots, dashes, underscores, and begins with a letter."""

    code = "login-wrong"


class LoginTaken(AppError):
    """The server has a login of this name already."""

    code = "login-taken"


class LoginMissing(AppError):
    """Nobody in this team has this login."""

    code = "login-missing"


class LastAdministrator(AppError):
    """Without this person nobody could administer the team."""

    code = "last-administrator"


class NoAdministrator(AppError):
    """The team has nobody yet in whose name it could be administered."""

    code = "no-administrator"


class ActRefused(AppError):
    """The database refused an administrator's act."""

    code = "act-refused"


def found(connection: Connection, founder: Founder, password: Secret, clock: Clock) -> UUID:
    """The first person with a login, the first team and the first matrix; returns the person."""
    with connection.transaction():
        create_login(connection, founder.login, password)
        records = founding_records(founder)
        me = founder_id(founder.login)
        inserts = [InsertRow(r.TABLE, spec_of(type(r)).to_row(r)) for r in records]
        _write(connection, clock, "CreateDatabase", me, inserts)
        for record in records:
            if isinstance(record, PersonRole):
                set_member(connection, founder.login, record.role, is_member=True)
    return me


def add(
    connection: Connection,
    clock: Clock,
    *,
    login: str,
    name: str,
    email: str,
    roles: Iterable[Role],
    password: Secret,
) -> UUID:
    """A person who may sign in; somebody known without a login is not looked for.

    Raises:
        LoginWrong, LoginTaken: the login cannot be.
    """
    id_ = new_id(clock.now())
    with connection.transaction():
        create_login(connection, login, password)
        act(connection, clock, AddPerson(person_id=id_, name=name, login=login, email=email))
        for role in roles:
            _give(connection, clock, id_, login, role, is_member=True)
    return id_


def admit(connection: Connection, person: Person, password: Secret) -> None:
    """Give a login to somebody whose record names one already, with the roles of the records.

    Whoever is disabled gets one that lets nobody in until they are enabled.

    Raises:
        LoginWrong, LoginTaken: the login cannot be.
    """
    login = person.login or ""
    with connection.transaction():
        create_login(connection, login, password)
        if not person.is_active:
            connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(login)))
            return
        for grant in Records(connection).find(PersonRole, person_id=person.id, is_active=True):
            set_member(connection, login, grant.role, is_member=True)


def disable(connection: Connection, clock: Clock, login: str) -> int:
    """End a person's access at once; returns how many sessions were ended."""
    return _set_active(connection, clock, login, is_active=False)


def enable(connection: Connection, clock: Clock, login: str) -> None:
    """Let a person in again, with the roles they had."""
    _set_active(connection, clock, login, is_active=True)


def change_role(
    connection: Connection, clock: Clock, login: str, role: Role, *, is_member: bool
) -> None:
    """Give a role or take it away; true from the person's next statement on."""
    person = person_with(connection, login)
    if role is Role.ADMINISTRATOR and not is_member:
        _ensure_other_administrator(connection, person.id)
    with connection.transaction():
        _give(connection, clock, person.id, login, role, is_member=is_member)


def change_password(connection: Connection, login: str, password: Secret) -> None:
    """A new password; the server is told only its verifier."""
    person_with(connection, login)
    _run(connection, "ALTER ROLE {} PASSWORD {}", login, _verifier(connection, login, password))


def person_with(connection: Connection, login: str) -> Person:
    """The person with a login.

    Raises:
        LoginMissing: there is none.
    """
    found_people = Records(connection).find(Person, login=login)
    if not found_people:
        raise LoginMissing(login=login)
    return found_people[0]


def listed(connection: Connection) -> list[tuple[Person, tuple[Role, ...]]]:
    """Everybody with a login and the roles that PostgreSQL knows them by."""
    rows = connection.execute(
        "SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
        " JOIN pg_roles g ON g.oid = a.roleid WHERE g.rolname LIKE 'firstline_%'"
    ).fetchall()
    people = [p for p in Records(connection).find(Person) if p.login is not None]
    return [
        (person, tuple(r for r in Role if (person.login, f"firstline_{r.value}") in rows))
        for person in sorted(people, key=lambda p: p.name)
    ]


# -- acts of an administrator -------------------------------------------------------------


class Records:
    """The records of the database, for rules that decide an administrator's act."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id."""
        found_records = self.find(record, id=id_)
        if not found_records:
            raise RecordMissing(table=record.TABLE, id=str(id_))
        return found_records[0]

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values, ordered by id."""
        where = "".join(f" AND {name} IS NOT DISTINCT FROM %({name})s" for name in equals)
        query = f"SELECT to_json(t) FROM firstline.{record.TABLE} t WHERE true{where} ORDER BY id"
        values = {
            name: value.value if isinstance(value, Role) else value
            for name, value in equals.items()
        }
        with self._connection.transaction(), owning(self._connection):
            rows = self._connection.execute(cast(Any, query), values).fetchall()
        return tuple(record_from(record, _row(body)) for (body,) in rows)


def _row(body: dict[str, Any]) -> Row:
    return {k: int(v) if isinstance(v, bool) else cast(Plain, v) for k, v in body.items()}


def act(connection: Connection, clock: Clock, command: object) -> None:
    """Give a command in the name of an administrator, decided by the same rule as on a desk.

    Raises:
        AppError: the rule refuses it.
        ActRefused: the database does.
    """
    now = clock.now()
    actor = _administrator(connection)
    envelope = seal(command, command_id=new_id(now), actor_id=actor, happened_at=now)
    spec = command_book().commands[envelope.name]
    changes = spec.function(Records(connection), envelope.act, command)
    _write(connection, clock, envelope.name, actor, write_set(changes))


def _administrator(connection: Connection) -> UUID:
    """In whose name: the person of this session, else the first administrator."""
    mine = connection.execute("SELECT firstline.me()").fetchone()
    if mine and mine[0] is not None:
        return cast(UUID, mine[0])
    able = _administrators(connection)
    if not able:
        raise NoAdministrator()
    return min(able)


def _administrators(connection: Connection) -> set[UUID]:
    """Everybody who holds the role and is not disabled."""
    held = Records(connection).find(PersonRole, role=Role.ADMINISTRATOR, is_active=True)
    active = {person.id for person in Records(connection).find(Person, is_active=True)}
    return {grant.person_id for grant in held} & active


def _write(connection: Connection, clock: Clock, name: str, actor: UUID, ops: Iterable[Op]) -> None:
    """Write rows as one act, judged by every guard."""
    moment = to_microseconds(clock.now())
    id_ = new_id(clock.now())
    with connection.transaction(), owning(connection):
        connection.execute(
            "INSERT INTO command (command_id, client_id, client_seq, act, args, args_version,"
            " actor_id, on_behalf_of, remark, happened_at, recorded_at, outcome)"
            " VALUES (%s, %s, 1, %s, %s, 1, %s, '', '', %s, microseconds_now(), 'applied')",
            (id_, derived_id("administration", id_), name, Json({}), actor, moment),
        )
        connection.execute("SELECT set_config('firstline.command', %s, true)", (str(id_),))
        try:
            for table, row_id, version, columns in ops_to_json(ops):
                connection.execute(
                    "SELECT write_row(%s, %s, %s, %s)", (table, row_id, version, Jsonb(columns))
                )
        except psycopg.Error as error:
            if not (error.sqlstate or "").startswith(REFUSALS):
                raise
            raise ActRefused(act=name, problem=error.diag.message_primary) from error
        connection.execute("SELECT set_config('firstline.command', '', true)")
    connection.execute("SELECT sync.number_feed()")


# -- logins -------------------------------------------------------------------------------


def create_login(connection: Connection, login: str, password: Secret) -> None:
    """A login of the server with a password and no right at all.

    Raises:
        LoginWrong, LoginTaken: it cannot be.
    """
    ensure_login_possible(connection, login)
    try:
        _run(
            connection,
            f"CREATE ROLE {{}} LOGIN CONNECTION LIMIT {CONNECTIONS_EACH} PASSWORD {{}}",
            login,
            _verifier(connection, login, password),
        )
    except psycopg.errors.DuplicateObject as error:
        raise LoginTaken(login=login) from error
    for name, value in LOGIN_LIMITS.items():
        _run(connection, f"ALTER ROLE {{}} SET {name} = {{}}", login, value)


def ensure_login_possible(connection: Connection, login: str) -> None:
    """Let pass a login that the server does not have yet.

    Raises:
        LoginWrong, LoginTaken: it cannot be.
    """
    if not _LOGIN.fullmatch(login) or login.startswith(_TAKEN):
        raise LoginWrong(login=login)
    found_roles = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,))
    if found_roles.fetchone() is not None:
        raise LoginTaken(login=login)


def _verifier(connection: Connection, login: str, password: Secret) -> str:
    """What the server keeps instead of the password; computed on this side."""
    made = connection.pgconn.encrypt_password(
        password.reveal().encode(), login.encode(), b"scram-sha-256"
    )
    return made.decode()


def _give(
    connection: Connection, clock: Clock, id_: UUID, login: str, role: Role, *, is_member: bool
) -> None:
    set_member(connection, login, role, is_member=is_member)
    act(connection, clock, GrantRole(person_id=id_, role=role, is_active=is_member))


def set_member(connection: Connection, login: str, role: Role, *, is_member: bool) -> None:
    """Put a login into the group of a role, or take it out."""
    group = f"firstline_{role.value}"
    statement = f"GRANT {group} TO {{}}" if is_member else f"REVOKE {group} FROM {{}}"
    connection.execute(sql.SQL(cast(Any, statement)).format(sql.Identifier(login)))


def _set_active(connection: Connection, clock: Clock, login: str, *, is_active: bool) -> int:
    person = person_with(connection, login)
    if not is_active:
        _ensure_other_administrator(connection, person.id)
    with connection.transaction():
        word = "LOGIN" if is_active else "NOLOGIN"
        connection.execute(sql.SQL(f"ALTER ROLE {{}} {word}").format(sql.Identifier(login)))
        for grant in Records(connection).find(PersonRole, person_id=person.id, is_active=True):
            set_member(connection, login, grant.role, is_member=is_active)
        particulars = {
            c.name: getattr(person, c.name)
            for c in spec_of(Person).columns
            if c.name not in ("id", "version", "login", "is_active")
        }
        act(
            connection,
            clock,
            ChangePerson(person_id=person.id, is_active=is_active, **particulars),
        )
    return 0 if is_active else _end_sessions(connection, login)


def _end_sessions(connection: Connection, login: str) -> int:
    """End every session of a login and return how many there were.

    Whoever is no superuser may end those of a login they are a member of, and is one meanwhile.
    """
    member = sql.Identifier(login)
    with connection.transaction():
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(member))
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = %s",
            (login,),
        ).fetchone()
        connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(member))
    return int(ended[0]) if ended else 0


def _ensure_other_administrator(connection: Connection, person_id: UUID) -> None:
    if _administrators(connection) == {person_id}:
        raise LastAdministrator()


def _run(connection: Connection, statement: str, login: str, value: str) -> None:
    connection.execute(
        sql.SQL(cast(Any, statement)).format(sql.Identifier(login), sql.Literal(value))
    )
