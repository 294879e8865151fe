"""Files that nothing else can replace: opened only when sound, kept for ever when they are not."""

import sqlite3
from contextlib import closing
from pathlib import Path

from services.core.cipher import PARTS, encrypt, is_plain, mark_of
from services.core.database import connect, single, told
from services.core.errors import DatabaseDamaged, DatabaseUnreadable
from services.core.records import Row
from services.core.secrets import Secret


def open_sound(path: Path, schema: str, key: Secret | None) -> sqlite3.Connection:
    """Open a file whose every page is sound, with these tables; a plain one gets the key first.

    Raises:
        DatabaseDamaged: its content is not what was written, or has another key.
        DatabaseUnreadable: it cannot be opened now; that says nothing about its content.
        KeyMissing: it is encrypted and no key is given.
    """
    if path.is_dir():
        raise DatabaseDamaged(file=path.name, problem="a folder is in its place")
    if key is not None and not mark_of(path).exists() and is_plain(path):
        encrypt(path, key)
    connection = connect(path, key=key)
    try:
        with told(connection):
            problem = single(connection, "PRAGMA integrity_check(1)")
            if problem != "ok":
                raise DatabaseDamaged(file=path.name, problem=str(problem))
            connection.executescript(schema)
    except BaseException:
        connection.close()
        raise
    return connection


def keep_aside(path: Path) -> Path:
    """Give a file a name under which it is kept, with all that lies beside it.

    Raises:
        DatabaseUnreadable: the folder does not allow it; the file is where it was.
    """
    number = 1 + max((int(kept.suffix[1:]) for kept in kept_aside(path)), default=0)
    aside = path.with_name(f"{path.name}.kept.{number}")
    try:
        for part in PARTS:
            beside = path.with_name(path.name + part)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + part))
        if mark_of(path).exists():
            mark_of(aside).touch()
    except OSError as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error
    return aside


def kept_aside(path: Path) -> list[Path]:
    """Every file that was set aside from this place, oldest first."""
    found = path.parent.glob(f"{path.name}.kept.*")
    numbered = [kept for kept in found if kept.suffix[1:].isdigit()]
    return sorted(numbered, key=lambda kept: int(kept.suffix[1:]))


def readable_rows(path: Path, table: str, order: str, key: Secret | None) -> list[Row]:
    """What can still be read of a table: from its beginning and from its end to the damage.

    The file is left as it is.
    """
    found: dict[object, Row] = {}
    for direction in ("", " DESC"):
        try:
            with closing(connect(path, key=key, is_read_only=True)) as connection:
                sql = f"SELECT * FROM {table} ORDER BY {order}{direction}"
                for row in _until_damage(connection, sql):
                    found[row[order]] = row
        except (DatabaseUnreadable, OSError):
            continue
    return list(found.values())


def _until_damage(connection: sqlite3.Connection, sql: str) -> list[Row]:
    rows: list[Row] = []
    try:
        rows.extend(dict(row) for row in connection.execute(sql))
    except (connection.DatabaseError, UnicodeDecodeError):
        return rows
    return rows
