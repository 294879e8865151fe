"""From one desk to a team: every record, act and number, as they are, into a team's database.

Rows are copied in blocks, each a transaction of its own, in the order of their ids; a run that
was stopped goes on behind the last one. The triggers, which would judge and record again what was
judged and recorded long ago, are off within these transactions alone. Nobody has a login before
everything has been compared.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.admin import postgres_people as people
from services.admin.postgres_rights import FOR_PEOPLE, Connection, ensure_rights
from services.admin.postgres_schema import owning, version
from services.admin.schema import founder_id
from services.core.database import Rows, single
from services.core.errors import AppError
from services.core.records import Record, spec_of
from services.core.secrets import Secret
from services.people.person import Person, PersonRole, Role
from services.registry import RECORDS

ROWS_AT_ONCE = 2_000
"""Rows of one transaction."""


class TargetTaken(AppError):
    """The team's database holds work that is not from this file."""

    code = "move-target-taken"


class CopyDiffers(AppError):
    """What arrived is not what was sent."""

    code = "move-differs"


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is copied: its columns here and there, the first being its order.

    ``kinds`` are casts by which PostgreSQL writes a column as SQLite does; ``constants`` are
    columns that only the team's database has.
    """

    table: str
    columns: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    is_judged: bool = False


def _of_record(record: type[Record]) -> Copied:
    columns = spec_of(record).columns
    kinds = {column.name: "::integer" for column in columns if column.type is bool}
    return Copied(record.TABLE, {c.name: c.name for c in columns}, kinds, is_judged=True)


_SAME = ("client_id", "client_seq", "args", "actor_id", "on_behalf_of", "happened_at",
         "recorded_at", "outcome", "code", "reason")  # fmt: skip

TABLES = (
    *map(_of_record, RECORDS),
    Copied(
        "command",
        {"command_id": "command_id", "name": "act", **{name: name for name in _SAME}},
        # The transaction that wrote it was one of another database.
        constants={"args_version": "1", "remark": "", "xid": "0"},
    ),
    Copied("number_block", {name: name for name in ("lo", "hi", "client_id")}),
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who can sign in afterwards, with which password; None where a login could not be made."""

    person: Person
    password: Secret | None


class Move:
    """One move from a file, of which ``source`` reads a copy, into a team's database."""

    def __init__(self, source: sqlite3.Connection, target: Connection) -> None:
        self._source = source
        self._target = target
        self._epoch = str(single(source, "SELECT epoch FROM meta"))

    def ensure_possible(self) -> None:
        """Let pass a target that is new, or that an earlier run of this move has begun to fill.

        Raises:
            RightsMissing: the login may not look after the team's database.
            TargetTaken: the target holds other work.
            NoAdministrator: nobody of the file could administer the team.
            LoginWrong: their login cannot be one of the server.
        """
        version(self._target)
        ensure_rights(self._target, FOR_PEOPLE)
        people.ensure_login_possible(self._target, self.founder().login or "")
        is_filled = any(self._last(copied) is not None for copied in TABLES)
        with self._target.transaction(), owning(self._target):
            self._target.execute("CREATE TABLE IF NOT EXISTS moving (epoch text NOT NULL)")
            begun = self._target.execute("SELECT epoch FROM moving").fetchone()
            if begun is None and is_filled:
                raise TargetTaken(database=self._target.info.dbname)
            if begun is None:
                self._target.execute("INSERT INTO moving VALUES (%s)", (self._epoch,))
            elif begun[0] != self._epoch:
                raise TargetTaken(database=self._target.info.dbname)

    def founder(self) -> Person:
        """Who will administer the team: the founder if they still may, else whoever may.

        Raises:
            NoAdministrator: nobody may.
        """
        rows = Rows(self._source)
        held = rows.find(PersonRole, role=Role.ADMINISTRATOR, is_active=True)
        able = [rows.get(Person, grant.person_id) for grant in held]
        able = [person for person in able if person.is_active and person.login]
        if not able:
            raise people.NoAdministrator()
        return max(able, key=lambda person: person.id == founder_id(person.login or ""))

    # -- copying --------------------------------------------------------------------------

    def count(self) -> int:
        """How many rows there are to copy."""
        return sum(self._count(copied) for copied in TABLES)

    def _count(self, copied: Copied) -> int:
        return int(single(self._source, f"SELECT count(*) FROM {copied.table}"))

    def copy(self, told: Callable[[int], None]) -> None:
        """Copy what is not there yet; ``told`` hears how many rows are done."""
        done = 0
        for copied in TABLES:
            last = self._last(copied)
            key = next(iter(copied.columns))
            before = f"SELECT count(*) FROM {copied.table} WHERE {key} <= ?"
            done += 0 if last is None else int(single(self._source, before, last))
            for rows in self._blocks(copied, last):
                self._write(copied, rows)
                done += len(rows)
                told(done)

    def _last(self, copied: Copied) -> str | int | None:
        """The key of the last row that has arrived."""
        key = next(iter(copied.columns.values()))
        with self._target.transaction(), owning(self._target):
            found = self._target.execute(
                f"SELECT {key} FROM {copied.table} ORDER BY {key} DESC LIMIT 1"
            ).fetchone()
        if found is None:
            return None
        return str(found[0]) if isinstance(found[0], UUID) else int(found[0])

    def _blocks(self, copied: Copied, last: str | int | None) -> Iterator[list[tuple[object, ...]]]:
        names = list(copied.columns)
        where = "" if last is None else f"WHERE {names[0]} > ?"
        found = self._source.execute(
            f"SELECT {', '.join(names)} FROM {copied.table} {where} ORDER BY {names[0]}",
            () if last is None else (last,),
        )
        while block := found.fetchmany(ROWS_AT_ONCE):
            yield [tuple(row) for row in block]

    def _write(self, copied: Copied, rows: list[tuple[object, ...]]) -> None:
        names = ", ".join((*copied.columns.values(), *copied.constants))
        constants = tuple(copied.constants.values())
        with self._target.transaction(), owning(self._target):
            self._triggers(copied, "DISABLE")
            with (
                self._target.cursor() as cursor,
                cursor.copy(f"COPY {copied.table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row((*row, *constants))
            self._triggers(copied, "ENABLE")

    def _triggers(self, copied: Copied, change: str) -> None:
        if copied.is_judged:
            self._target.execute(f"ALTER TABLE {copied.table} {change} TRIGGER USER")

    # -- comparing ------------------------------------------------------------------------

    def compare(self) -> None:
        """Make sure that every table has as many rows there as here, with the same content.

        Raises:
            CopyDiffers: one has not.
        """
        for copied in TABLES:
            ours, theirs = self._ours(copied), self._theirs(copied)
            if ours != theirs:
                raise CopyDiffers(table=copied.table, ours=ours[0], theirs=theirs[0])

    def _ours(self, copied: Copied) -> tuple[int, int]:
        columns = ", ".join(name for name in copied.columns if name != "reason")
        found = self._source.execute(
            f"SELECT count(*), coalesce(digest({columns}), 0) FROM {copied.table}"
        ).fetchone()
        return int(found[0]), int(found[1])

    def _theirs(self, copied: Copied) -> tuple[int, int]:
        parts = ", ".join(
            f"coalesce({name}{copied.kinds.get(name, '')}::text, chr(30))"
            for name in copied.columns.values()
            if name != "reason"  # kept there as a value, not as a text
        )
        row = f"('x' || substr(md5(concat_ws(chr(31), {parts})), 1, 15))::bit(60)::bigint"
        with self._target.transaction(), owning(self._target):
            found = self._target.execute(
                f"SELECT count(*), mod(coalesce(sum({row}), 0), 9223372036854775808)"
                f" FROM {copied.table}"
            ).fetchone()
        assert found is not None, "an aggregate has one row"
        return int(found[0]), int(found[1])

    # -- opening --------------------------------------------------------------------------

    def open_to_all(self, make: Callable[[], Secret], *, with_logins: bool) -> list[Admitted]:
        """Number the feed, give people their logins, and end the move; all at once.

        The founder gets a login in any case. Where another one cannot be made, the person is told
        of without a password.
        """
        with self._target.transaction():
            with owning(self._target):
                self._number()
            founder, password = self.founder(), make()
            people.admit(self._target, founder, password)
            admitted = [Admitted(founder, password)]
            if with_logins:
                others = Rows(self._source).find(Person)
                admitted += [
                    self._admit(person, make())
                    for person in others
                    if person.login and person.id != founder.id
                ]
            with owning(self._target):
                self._target.execute("DROP TABLE moving")
        return admitted

    def _number(self) -> None:
        self._target.execute("UPDATE feed_state SET rev = rev + 1")
        for record in RECORDS:
            self._target.execute(
                f"INSERT INTO feed SELECT '{record.TABLE}', t.id, s.rev"
                f" FROM {record.TABLE} t, feed_state s ON CONFLICT DO NOTHING"
            )
        self._target.execute(
            "UPDATE meta SET next_number = %s",
            (single(self._source, "SELECT next_number FROM meta"),),
        )

    def _admit(self, person: Person, password: Secret) -> Admitted:
        try:
            with self._target.transaction():
                people.admit(self._target, person, password)
        except (people.LoginWrong, people.LoginTaken):
            return Admitted(person, None)
        return Admitted(person, password)
