"""SQLite files: how they are opened, and the rows engine that sync works with."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from services.core.errors import DatabaseUnreadable, DiskFull, RecordMissing
from services.core.ids import derived_id
from services.core.records import Plain, Record, Row, record_from, spec_of

R = TypeVar("R", bound=Record)

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another writer of the same file."""


def connect(path: Path, *, is_read_only: bool = False) -> sqlite3.Connection:
    """Open a file for the rows engine: autocommit, WAL, every commit on disk before it returns.

    Raises:
        DatabaseUnreadable: the file is no database, or cannot be opened.
    """
    try:
        if not is_read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        uri = f"{path.absolute().as_uri()}{'?mode=ro' if is_read_only else ''}"
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        connection.row_factory = sqlite3.Row
        _prepare(connection, is_read_only=is_read_only)
    except (sqlite3.DatabaseError, OSError) as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error
    return connection


def _prepare(connection: sqlite3.Connection, *, is_read_only: bool) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys=OFF")
    if not is_read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.create_function("derived_id", -1, _derived, deterministic=True)


def _derived(*parts: object) -> str:
    return str(derived_id(*parts))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One immediate write transaction: all or nothing.

    Raises:
        DiskFull: the disk has no room; nothing was written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            raise DiskFull() from error
        raise


@contextmanager
def told_when_full() -> Iterator[None]:
    """A single statement whose failure for want of room is told as a fact.

    Raises:
        DiskFull: the disk has no room; nothing was written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise DiskFull() from error
        raise


def reading_engine(path: Path, *, is_guarded: bool = False) -> sa.Engine:
    """An engine whose connections read the file while others write it.

    ``is_guarded`` refuses SQL on the main thread, where screens live.
    """
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: connect(path, is_read_only=True),
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
    )
    if is_guarded:
        forbid_sql_on_gui_thread(engine)
    return engine


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
