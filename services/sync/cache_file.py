"""The cache file: created, opened, checked, and put aside when it cannot be used.

Reading 100,000 incidents to check them takes seconds from a cold disk. A file that nobody wrote
since it was closed in order is trusted; after a crash it is checked page by page. One that
anything wrote to after it was closed is made anew.
"""

import contextlib
import hashlib
import json
import logging
import shutil
import sqlite3
from pathlib import Path

from services.core.cipher import PARTS
from services.core.database import connect, single, transaction
from services.core.errors import DatabaseUnreadable
from services.core.secrets import Secret
from services.sync.book import CommandBook

log = logging.getLogger(__name__)

LOCAL_SCHEMA = """
CREATE TABLE pending (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    command_id TEXT NOT NULL UNIQUE,
    subject_id TEXT,
    envelope TEXT NOT NULL,
    ops TEXT,
    state TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX pending_of_subject ON pending (subject_id);
CREATE TABLE shadow (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    PRIMARY KEY (entity, id)
) WITHOUT ROWID;
CREATE TABLE number_block (lo INTEGER PRIMARY KEY, hi INTEGER NOT NULL);
CREATE TABLE seen (incident_id TEXT PRIMARY KEY, updated_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pinned (incident_id TEXT PRIMARY KEY, used_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def open_cache(
    path: Path, book: CommandBook, key: Secret | None = None, *, is_ruined: bool = False
) -> tuple[sqlite3.Connection, bool]:
    """The cache file, and whether it is new.

    It is made anew when it is missing, damaged, of another shape or with another key, when
    anything wrote to it after it was closed in order, and when ``is_ruined`` says that it is of
    no use.

    Raises:
        DatabaseUnreadable: it can be neither opened nor made.
        KeyMissing: it is encrypted and no key is given; it is left as it is.
    """
    is_trusted, is_touched = is_as_left(path), was_touched(path)
    note_opened(path)
    if not is_ruined and not is_touched:
        found = _opened(path, _fingerprint(book), key, is_trusted=is_trusted)
        if found is not None:
            return found, False
    _clear(path, key)
    return _create(path, book, key), True


def _opened(
    path: Path, fingerprint: str, key: Secret | None, *, is_trusted: bool
) -> sqlite3.Connection | None:
    try:
        connection = connect(path, key=key)
    except DatabaseUnreadable:
        return None
    try:
        if _is_usable(connection, fingerprint, is_trusted=is_trusted):
            return connection
    except (connection.DatabaseError, UnicodeDecodeError) as error:
        log.warning("cache-damaged problem=%s", error)
    connection.close()
    return None


def _fingerprint(book: CommandBook) -> str:
    return hashlib.sha256(f"{book.fingerprint}{LOCAL_SCHEMA}".encode()).hexdigest()


def _is_usable(connection: sqlite3.Connection, fingerprint: str, *, is_trusted: bool) -> bool:
    if not single(connection, "SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        return False
    if not is_trusted and single(connection, "PRAGMA quick_check(1)") != "ok":
        return False
    known = single(connection, "SELECT value FROM meta WHERE name = 'fingerprint'")
    return bool(known == fingerprint)


def _create(path: Path, book: CommandBook, key: Secret | None) -> sqlite3.Connection:
    connection = connect(path, key=key)
    with transaction(connection):
        book.create_tables(connection)
        for statement in LOCAL_SCHEMA.split(";")[:-1]:
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (_fingerprint(book),))
    return connection


def _clear(path: Path, key: Secret | None) -> None:
    """Make room for a new file. Beside an encrypted one no plain copy stays.

    Raises:
        DatabaseUnreadable: the folder does not allow it.
    """
    try:
        set_aside(path)
        if key is not None:
            for part in PARTS:
                _remove(path.with_name(f"{path.name}.unusable{part}"))
    except OSError as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error


def set_aside(path: Path) -> None:
    """Move a file that cannot be used out of the way, with its write-ahead log."""
    for suffix in PARTS:
        file = path.with_name(path.name + suffix)
        if file.exists():
            aside = path.with_name(f"{path.name}.unusable{suffix}")
            _remove(aside)
            file.rename(aside)


def _remove(path: Path) -> None:
    """Make room for what is set aside now; what was set aside before has had its time."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def is_as_left(path: Path) -> bool:
    """Whether the file was closed in order and nothing wrote to it since."""
    try:
        left = json.loads(_note(path).read_text(encoding="utf-8"))
        return bool(left == _seal(path)) and not _has_log(path)
    except (OSError, ValueError):
        return False


def was_touched(path: Path) -> bool:
    """Whether the file was closed in order and is not what it was then.

    No check finds every wrong row, so such a file is not used.
    """
    return _note(path).exists() and not is_as_left(path)


def note_closed(path: Path) -> None:
    """Remember the file as it is now; only when its last connection has been closed."""
    if not _has_log(path):
        with contextlib.suppress(OSError):
            _note(path).write_text(json.dumps(_seal(path)), encoding="utf-8")


def note_opened(path: Path) -> None:
    """From now on only an orderly end makes the file trusted again."""
    with contextlib.suppress(OSError):
        _note(path).unlink(missing_ok=True)


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".closed")


def _seal(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
