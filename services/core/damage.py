"""Files that nothing else can replace: opened only when sound, kept for ever when they are not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from services.core.cipher import PARTS, encrypt, is_plain, mark_of
from services.core.database import closed_on_failure, connect, single, told
from services.core.errors import DatabaseDamaged, DatabaseUnreadable, KeyMissing
from services.core.records import Row
from services.core.secrets import Secret

HEADER_BYTES = 100


def open_sound(path: Path, schema: str, key: Secret | None) -> sqlite3.Connection:
    """Open a file whose every page is sound, with these tables; a plain one gets the key first.

    Raises:
        DatabaseDamaged: its content is not what was written, or has another key.
        DatabaseUnreadable: it cannot be opened now; that says nothing about its content.
        KeyMissing: it is encrypted and no key is given.
    """
    if path.is_dir():
        raise DatabaseDamaged(file=path.name, problem="a folder is in its place")
    if _is_of_another_format(path):
        raise DatabaseDamaged(file=path.name, problem="a format of another SQLite")
    if key is not None and not mark_of(path).exists() and is_plain(path):
        encrypt(path, key)
    connection = connect(path, key=key)
    with closed_on_failure(connection), told(connection):
        problem = single(connection, "PRAGMA integrity_check(1)")
        if problem != "ok":
            raise DatabaseDamaged(file=path.name, problem=str(problem))
        connection.executescript(schema)
        _ensure_shape(connection, schema, path.name)
    return connection


def _is_of_another_format(path: Path) -> bool:
    """Whether SQLite would only read the file, or not even that, for what its header says."""
    if not is_plain(path):
        return False
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    return max(head[18:20], default=0) > 2 or int.from_bytes(head[44:48], "big") > 4


def _ensure_shape(connection: sqlite3.Connection, schema: str, name: str) -> None:
    """See that the tables have the columns they were made with: their words are in a page too.

    Raises:
        DatabaseDamaged: one has other words.
    """
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    kept = {row[0].strip() for row in found}
    for statement in schema.split(";"):
        if statement.strip().replace("IF NOT EXISTS ", "") not in kept | {""}:
            raise DatabaseDamaged(file=name, problem="a table of another shape")


def keep_aside(path: Path) -> Path:
    """Give a file a name under which it is kept, with all that lies beside it.

    Raises:
        DatabaseUnreadable: the folder does not allow it; the file is where it was.
    """
    earlier = (*kept_aside(path), *kept_aside(path, "read"))
    number = 1 + max((int(kept.suffix[1:]) for kept in earlier), default=0)
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


def kept_aside(path: Path, word: str = "kept") -> list[Path]:
    """Every file that was set aside from this place and not read since, oldest first."""
    found = path.parent.glob(f"{path.name}.{word}.*")
    numbered = [kept for kept in found if kept.suffix[1:].isdigit()]
    return sorted(numbered, key=lambda kept: int(kept.suffix[1:]))


def note_read(aside: Path) -> None:
    """Rename a file that was set aside, once it has given back what it holds; it is kept."""
    done = aside.with_name(aside.name.replace(".kept.", ".read."))
    for path, renamed in ((aside, done), (mark_of(aside), mark_of(done))):
        if path.exists():
            path.rename(renamed)


def readable_rows(path: Path, table: str, order: str, key: Secret | None) -> list[Row] | None:
    """What can still be read of a table: from its beginning and from its end to the damage.

    None when the file does not open at all, perhaps for want of its key.
    """
    if path.is_dir():
        return None
    found: dict[object, Row] = {}
    try:
        with closing(connect(path, key=key if mark_of(path).exists() else None)) as connection:
            connection.text_factory = lenient_text
            for direction in ("", " DESC"):
                sql = f"SELECT * FROM {table} ORDER BY {order}{direction}"
                found |= {row[order]: row for row in _until_damage(connection, sql)}
    except (DatabaseUnreadable, KeyMissing):
        return None
    return list(found.values())


def lenient_text(raw: bytes) -> str:
    """A text that no program wrote fails its checksum, not the rows behind it."""
    return raw.decode("utf-8", "replace")


def _until_damage(connection: sqlite3.Connection, sql: str) -> Iterator[Row]:
    try:
        for row in connection.execute(sql):
            yield dict(row)
    except (connection.DatabaseError, UnicodeDecodeError):
        return
