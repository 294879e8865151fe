"""SQLite files: how they are opened, and the rows engine that sync works with."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from services.core.cipher import driver_of, ensure_kept_encrypted, unlock
from services.core.errors import (
    AppError,
    DatabaseDamaged,
    DatabaseUnreadable,
    DiskFailing,
    DiskFull,
    RecordMissing,
)
from services.core.ids import derived_id
from services.core.records import Plain, Record, Row, record_from, spec_of
from services.core.secrets import Secret

R = TypeVar("R", bound=Record)

PROBLEM_LENGTH = 120
"""So much of a driver's words is told; the rest may be a person's text."""

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another writer of the same file."""


def connect(
    path: Path, *, key: Secret | None = None, is_read_only: bool = False
) -> sqlite3.Connection:
    """Open a file for the rows engine: autocommit, WAL, every commit on disk before it returns.

    With a key the file is encrypted. The connection is then one of SQLCipher, whose errors are
    its own: catch those that the connection names (``connection.IntegrityError``), as PEP 249
    provides, or ask :func:`fact_of`.

    Raises:
        DatabaseDamaged: the file is no database, or has another key.
        DatabaseUnreadable: it cannot be opened.
        KeyMissing: the file is encrypted and no key is given.
    """
    driver = driver_of(key)
    try:
        if not is_read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        ensure_kept_encrypted(path, key, is_read_only=is_read_only)
        uri = f"{path.absolute().as_uri()}{'?mode=ro' if is_read_only else ''}"
        connection: sqlite3.Connection = driver.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        with closed_on_failure(connection):
            _prepare(connection, driver, key, is_read_only=is_read_only)
    except (driver.DatabaseError, UnicodeDecodeError, OSError) as error:
        fact = fact_of(error, path.name)
        if isinstance(fact, DatabaseDamaged):
            raise fact from error
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error
    return connection


def _prepare(
    connection: sqlite3.Connection, driver: ModuleType, key: Secret | None, *, is_read_only: bool
) -> None:
    if key is not None:
        unlock(connection, key)
    connection.row_factory = driver.Row
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys=OFF")
    if not is_read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.create_function("derived_id", -1, _derived, deterministic=True)


def _derived(*parts: object) -> str:
    return str(derived_id(*parts))


class Closable(Protocol):
    """What holds a file open."""

    def close(self) -> None:
        """Let go of it."""
        ...


@contextmanager
def closed_on_failure(opened: Closable) -> Iterator[None]:
    """What was opened is closed again when the rest of the opening fails."""
    try:
        yield
    except BaseException:
        opened.close()
        raise


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_UNDECODABLE = "Could not decode to UTF-8"
"""What the drivers say of a text that no program wrote; it has no number."""


def fact_of(error: BaseException, file: str = "") -> AppError | None:
    """What an error of any SQLite driver means to a person, if it is no bug.

    A file that is full, damaged or on a failing disk is a fact. ``file`` names it.
    """
    kind = _kind(error)
    if kind == sqlite3.SQLITE_FULL:
        return DiskFull()
    is_no_text = isinstance(error, UnicodeDecodeError) or _UNDECODABLE in str(error)
    if kind in _DAMAGE or is_no_text:
        return DatabaseDamaged(file=file, problem=str(error)[:PROBLEM_LENGTH])
    return DiskFailing(file=file) if kind == sqlite3.SQLITE_IOERR else None


def is_contradiction(error: BaseException) -> bool:
    """Whether a constraint of a table refused a row."""
    return _kind(error) == sqlite3.SQLITE_CONSTRAINT


def _kind(error: BaseException) -> int:
    """SQLite's own number of an error, whichever driver raised it; 0 for any other."""
    return getattr(getattr(error, "orig", error), "sqlite_errorcode", 0) & 0xFF


@contextmanager
def told(connection: sqlite3.Connection) -> Iterator[None]:
    """Statements whose failure for want of room, by damage or by the disk is told as a fact.

    Raises:
        DiskFull: the disk has no room; nothing was written.
        DiskFailing: the disk did not do what was asked.
        DatabaseDamaged: the file is damaged.
    """
    try:
        yield
    except (connection.DatabaseError, UnicodeDecodeError) as error:
        if fact := fact_of(error, _file_name(connection)):
            raise fact from error
        raise


def _file_name(connection: sqlite3.Connection) -> str:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2]).name


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One immediate write transaction: all or nothing.

    Raises:
        DiskFull: the disk has no room; nothing was written.
        DiskFailing: the disk did not do what was asked; nothing was written.
        DatabaseDamaged: the file is damaged.
    """
    with told(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def reading_engine(
    path: Path,
    *,
    key: Secret | None = None,
    damaged: Callable[[], None] = lambda: None,
    is_guarded: bool = False,
) -> sa.Engine:
    """An engine whose connections read the file while others write it.

    When another file has taken the place of this one, connections to the former are let go.
    ``damaged`` is called, from any thread, when what is read is not what was written.
    ``is_guarded`` refuses SQL on the main thread, where screens live.
    """
    engine = sa.create_engine(
        "sqlite://",
        module=driver_of(key),
        creator=lambda: connect(path, key=key, is_read_only=True),
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
    )
    _follow(engine, path)
    _tell_damage(engine, damaged)
    if is_guarded:
        forbid_sql_on_gui_thread(engine)
    return engine


def _follow(engine: sa.Engine, path: Path) -> None:
    """Read the file that has this name now, not one that was set aside."""

    @event.listens_for(engine, "connect")
    def note(_: object, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def check(_: object, record: sa.pool.ConnectionPoolEntry, __: object) -> None:
        if record.info["file"] != _identity(path):
            raise sa.exc.DisconnectionError


def _tell_damage(engine: sa.Engine, damaged: Callable[[], None]) -> None:
    @event.listens_for(engine, "handle_error")
    def judge(context: sa.engine.ExceptionContext) -> None:
        if isinstance(fact_of(context.original_exception), DatabaseDamaged):
            damaged()


def _identity(path: Path) -> tuple[int, int]:
    """Which file has this name; none while another one is being made."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def forbid_sql_on_gui_thread(engine: sa.Engine) -> None:
    """Fail at once when a screen queries the database itself."""

    @event.listens_for(engine, "before_cursor_execute")
    def check(*_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            raise RuntimeError("SQL on the GUI thread; go through desktop.bridge.tasks")


class Rows:
    """Rows of any table by id: read, insert, change, put back. Values are plain."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id.

        Raises:
            RecordMissing: there is none.
        """
        row = self.read(record.TABLE, str(id_))
        if row is None:
            raise RecordMissing(table=record.TABLE, id=str(id_))
        return record_from(record, row)

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values, ordered by id."""
        columns = {c.name: c for c in spec_of(record).columns}
        # "=" lets SQLite use an index that leaves out absent values; "IS" does not.
        where = (
            " AND ".join(
                f"{name} IS ?" if value is None else f"{name} = ?" for name, value in equals.items()
            )
            or "1"
        )
        values = [
            None if value is None else columns[name].to_plain(value)
            for name, value in equals.items()
        ]
        found = self.connection.execute(
            f"SELECT * FROM {record.TABLE} WHERE {where} ORDER BY id", values
        )
        return tuple(record_from(record, cast(Mapping[str, Plain], row)) for row in found)

    def read(self, table: str, id_: str) -> Row | None:
        """The row with this id, or None."""
        found = self.connection.execute(f"SELECT * FROM {table} WHERE id = ?", (id_,)).fetchone()
        return dict(found) if found else None

    def insert(self, table: str, row: Mapping[str, Plain]) -> None:
        """Add a row.

        Raises:
            sqlite3.IntegrityError: a constraint or a guard refuses it.
        """
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
        )

    def update(self, table: str, id_: str, version: int, columns: Mapping[str, Plain]) -> bool:
        """Change columns and raise the version; False when the row has another version.

        Raises:
            sqlite3.IntegrityError: a constraint or a guard refuses it.
        """
        setting = "".join(f"{name} = ?, " for name in columns)
        done = self.connection.execute(
            f"UPDATE {table} SET {setting}version = version + 1 WHERE id = ? AND version = ?",
            (*columns.values(), id_, version),
        )
        return done.rowcount == 1

    def put(self, table: str, id_: str, row: Mapping[str, Plain] | None) -> None:
        """Make the row exactly this, or absent."""
        if row is None:
            self.connection.execute(f"DELETE FROM {table} WHERE id = ?", (id_,))
            return
        self.put_many(table, [row])

    def put_many(self, table: str, rows: Sequence[Mapping[str, Plain]]) -> None:
        """Make each row exactly as given; all have the same columns."""
        if not rows:
            return
        names = list(rows[0])
        setting = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            f" ON CONFLICT (id) DO UPDATE SET {setting}",
            [tuple(row[name] for name in names) for row in rows],
        )


def single(connection: sqlite3.Connection, sql: str, *values: Plain) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]
