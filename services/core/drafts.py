"""Texts being typed, kept on disk each second and found again after a crash."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.core.clock import from_microseconds, to_microseconds
from services.core.database import connect, told_when_full

Content = dict[str, Any]
"""What a form holds, as JSON."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS draft (
    name TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Draft:
    """A saved text with the moment it was saved."""

    name: str
    content: Content
    saved_at: datetime


class Drafts:
    """Drafts by name ("log/…", "note/INCIDENT", "escalate/INCIDENT"). Any thread may call it."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._connection.execute(SCHEMA)

    def save(self, name: str, content: Content, moment: datetime) -> None:
        """Keep a text.

        Raises:
            DiskFull: there is no room; the text is on the screen only.
        """
        with told_when_full():
            self._connection.execute(
                "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET content = excluded.content, saved_at = excluded.saved_at",
                (name, json.dumps(content), to_microseconds(moment)),
            )

    def load(self, name: str) -> Content | None:
        """A kept text, or None."""
        return next((draft.content for draft in self._read("name = ?", name)), None)

    def all(self, prefix: str = "") -> list[Draft]:
        """Every kept text whose name begins like this, in order of names."""
        return self._read("substr(name, 1, length(?1)) = ?1", prefix)

    def remove(self, name: str) -> None:
        """Forget a text that was used or thrown away."""
        self._connection.execute("DELETE FROM draft WHERE name = ?", (name,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _read(self, where: str, value: str) -> list[Draft]:
        found = self._connection.execute(
            f"SELECT * FROM draft WHERE {where} ORDER BY name", (value,)
        ).fetchall()
        return [
            Draft(row["name"], json.loads(row["content"]), from_microseconds(row["saved_at"]))
            for row in found
        ]
