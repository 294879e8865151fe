"""Texts being typed, kept on disk each second and found again after a crash."""

import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.core.clock import from_microseconds, to_microseconds
from services.core.damage import keep_aside, open_sound, readable_rows
from services.core.database import closed_on_failure, told
from services.core.errors import AppError, DatabaseDamaged
from services.core.records import Plain, Row
from services.core.reserve import Reserve
from services.core.secrets import Secret

log = logging.getLogger(__name__)

Content = dict[str, Any]
"""What a form holds, as JSON."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS draft (
    name TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Draft:
    """A saved text with the moment it was saved."""

    name: str
    content: Content
    saved_at: datetime


class DraftsReplaced(AppError):
    """The file of drafts could not be read; what could be was kept."""

    code = "drafts-replaced"


class Drafts:
    """Drafts by name ("log/…", "note/INCIDENT", "escalate/INCIDENT"). Any thread may call it.

    ``told`` hears what became of a damaged file and of a disk that is full.

    Raises:
        DatabaseUnreadable: the file cannot be opened or made.
        KeyMissing: the file is encrypted and no key is given.
    """

    def __init__(
        self,
        path: Path,
        key: Secret | None = None,
        told: Callable[[AppError], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._key = key
        self._told = told
        self._reserve = Reserve(path.parent, told)
        self._lock = threading.RLock()
        self.replaced: DraftsReplaced | None = None
        """What became of a damaged file."""
        try:
            self._connection = self._opened()
        except DatabaseDamaged:
            self._replace()

    def save(self, name: str, content: Content, moment: datetime) -> None:
        """Keep a text, at need in the room kept back for it.

        Raises:
            DiskFull: there is no room; the text is on the screen only.
        """
        body, at = json.dumps(content), to_microseconds(moment)
        row = (name, body, at, _checksum(name, body, at))
        self._reserve.saved(
            lambda: self._ask(
                "INSERT INTO draft VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " content = excluded.content, saved_at = excluded.saved_at,"
                " sha256 = excluded.sha256",
                *row,
            )
        )

    def load(self, name: str) -> Content | None:
        """A kept text, or None."""
        return next((draft.content for draft in self._read("name = ?", name)), None)

    def all(self, prefix: str = "") -> list[Draft]:
        """Every kept text whose name begins like this, in order of names."""
        return self._read("substr(name, 1, length(?1)) = ?1", prefix)

    def remove(self, name: str) -> None:
        """Forget a text that was used or thrown away."""
        self._ask("DELETE FROM draft WHERE name = ?", name)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _read(self, where: str, value: str) -> list[Draft]:
        rows = self._ask(f"SELECT * FROM draft WHERE {where} ORDER BY name", value)
        return [_draft(row) for row in rows if _is_sound(row)]

    def _ask(self, sql: str, *values: Plain) -> list[Row]:
        """Run one statement; a file found damaged is replaced first."""
        with self._lock:
            try:
                return self._run(sql, values)
            except DatabaseDamaged:
                self._connection.close()
                self._replace()
            return self._run(sql, values)

    def _run(self, sql: str, values: tuple[Plain, ...]) -> list[Row]:
        with told(self._connection):
            return [dict(row) for row in self._connection.execute(sql, values)]

    def _opened(self) -> sqlite3.Connection:
        connection = open_sound(self._path, SCHEMA, self._key)
        with closed_on_failure(connection), told(connection):
            found = connection.execute("SELECT * FROM draft").fetchall()
            if not all(_is_sound(dict(row)) for row in found):
                raise DatabaseDamaged(file=self._path.name, problem="a text is not what was saved")
        return connection

    def _replace(self) -> None:
        """Keep the damaged file aside and take over what can be read of it."""
        aside = keep_aside(self._path)
        rows = readable_rows(aside, "draft", "name", self._key) or []
        sound = [_sealed(row) for row in rows if _is_sound(row)]
        self._connection = self._opened()
        self._connection.executemany("INSERT INTO draft VALUES (?, ?, ?, ?)", sound)
        self.replaced = DraftsReplaced(kept=len(sound), file=aside.name)
        log.error("drafts-replaced kept=%d file=%s", len(sound), aside.name)
        self._told(self.replaced)


def _checksum(name: str, body: str, saved_at: int) -> str:
    return hashlib.sha256(json.dumps([name, body, saved_at]).encode()).hexdigest()


def _is_sound(row: Mapping[str, Any]) -> bool:
    """Whether a line is what was saved; a file of the former shape has no checksum."""
    name, body, at = row.get("name"), row.get("content"), row.get("saved_at")
    if not (isinstance(name, str) and isinstance(body, str) and isinstance(at, int)):
        return False
    expected = _checksum(name, body, at)
    return bool(row.get("sha256", expected) == expected)


def _sealed(row: Mapping[str, Any]) -> tuple[Plain, ...]:
    name, body, at = row["name"], row["content"], row["saved_at"]
    return name, body, at, _checksum(name, body, at)


def _draft(row: Mapping[str, Any]) -> Draft:
    return Draft(row["name"], json.loads(row["content"]), from_microseconds(row["saved_at"]))
