"""The key of encrypted local files, and how a file is turned from plain to encrypted and back.

A file that was made with a key has an empty mark beside it. It is never opened or made anew
without a key as long as the mark is there, so that no plain file takes its place by silence.
"""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from services.core.errors import DatabaseUnreadable, KeyMissing, KeyNotKept
from services.core.secrets import Secret, fetch, forget, keep

PLAIN_HEAD = b"SQLite format 3\x00"
PARTS = ("", "-wal", "-shm")
"""A database file and what SQLite keeps beside it."""


KEY = re.compile(r"[0-9a-f]{64}")
"""32 random bytes as the keyring keeps them."""


def new_key() -> Secret:
    """A key that never was."""
    return Secret(secrets.token_hex(32))


def profile_key(profile: str) -> Secret:
    """The key of a profile's local files from the keyring, which keeps a new one if it has none.

    The keyring is asked again for a key it has just taken: one that forgets at once would make
    files that nobody can ever read.

    Raises:
        AppError: the keyring cannot be used, or did not keep the key; nothing was made.
    """
    account = _account(profile)
    found = fetch(account)
    if found is not None and KEY.fullmatch(found.reveal()):
        return found
    made = new_key()
    keep(account, made)
    if fetch(account) != made:
        raise KeyNotKept()
    return made


def forget_profile_key(profile: str) -> None:
    """Have the keyring forget the key of a profile whose local files are gone.

    Raises:
        AppError: the keyring cannot be used, or did not give it up.
    """
    forget(_account(profile))


def _account(profile: str) -> str:
    return f"local files of {profile}"


def unlock(connection: sqlite3.Connection, key: Secret) -> None:
    """Let this connection read and write a file made with this key.

    Raises:
        ValueError: it is no key.
    """
    # What SQLCipher says on standard error, its errors say too.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f'PRAGMA key = "{_literal(key)}"')


def _literal(key: Secret) -> str:
    if not KEY.fullmatch(key.reveal()):
        raise ValueError("a key has 64 hexadecimal digits")
    return f"x'{key.reveal()}'"


def driver_of(key: Secret | None) -> ModuleType:
    """The SQLite that opens files with, or without, a key; both speak the same DB-API."""
    if key is None:
        return sqlite3
    import sqlcipher3.dbapi2

    driver: ModuleType = sqlcipher3.dbapi2
    return driver


def mark_of(path: Path) -> Path:
    """The empty file that says that a file beside it is encrypted."""
    return path.with_name(path.name + ".encrypted")


def ensure_kept_encrypted(path: Path, key: Secret | None, *, is_read_only: bool) -> None:
    """Remember that a file has a key, before it has content.

    Raises:
        KeyMissing: the file is encrypted and no key is given.
    """
    mark = mark_of(path)
    if key is not None and not is_read_only:
        mark.touch()
    elif key is None and mark.exists():
        raise KeyMissing(file=path.name)


def is_plain(path: Path) -> bool:
    """Whether the file is an SQLite database that anybody can read."""
    try:
        with path.open("rb") as file:
            return file.read(len(PLAIN_HEAD)) == PLAIN_HEAD
    except OSError:
        return False


def encrypt(path: Path, key: Secret) -> None:
    """Turn a plain file into an encrypted one, whole or not at all.

    Raises:
        DatabaseUnreadable: it cannot be read; it is left as it is.
    """
    _rewrite(path, None, key)
    mark_of(path).touch()


def decrypt(path: Path, key: Secret) -> None:
    """Turn an encrypted file into a plain one, because the person asked for it.

    Raises:
        DatabaseUnreadable: this key does not open it; it is left as it is.
    """
    _rewrite(path, key, None)
    mark_of(path).unlink(missing_ok=True)


def _rewrite(path: Path, old: Secret | None, new: Secret | None) -> None:
    """Copy the file under its new key and put the copy in its place in one step."""
    draft = path.with_name(path.name + ".new")
    remove(draft)
    with _opened(path, old) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ATTACH ? AS other KEY ?", (str(draft), _literal(new) if new else ""))
        connection.execute("SELECT sqlcipher_export('other')")
        connection.execute("DETACH other")
    _settle(draft)
    draft.replace(path)
    for part in PARTS[1:]:
        path.with_name(path.name + part).unlink(missing_ok=True)
    _settle(path.parent)


@contextmanager
def _opened(path: Path, key: Secret | None) -> Iterator[Any]:
    """A connection of the driver that reads plain and encrypted files alike."""
    driver = driver_of(key or new_key())
    try:
        with closing(driver.connect(str(path), isolation_level=None)) as connection:
            if key is not None:
                unlock(connection, key)
            yield connection
    except driver.DatabaseError as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error


def _settle(path: Path) -> None:
    """Have a file or folder on disk before anything relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Take a database file away with all that lies beside it."""
    for part in PARTS:
        path.with_name(path.name + part).unlink(missing_ok=True)
