"""The small world, without guards that no act on an incident can meet.

SQLite reads every trigger at each opening of a file, and a history opens its file ten times.
"""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from builders import TABLES, new_shared

from services.command_list import LINES
from services.incidents import acts
from services.incidents.incident import HistoryEntry

WRITTEN = {
    record.TABLE for command, _, _, records in LINES for record in records
    if command.__module__ == acts.__name__
} | {HistoryEntry.TABLE}  # fmt: skip
"""What acts on incidents write."""


def light_shared(folder: Path) -> Path:
    """A fresh shared database with the small world."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shared.db"
    path.write_bytes(_light_world())
    return path


@cache
def _light_world() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return _light(new_shared(Path(folder)))


def _light(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        )
        for name, table in found.fetchall():
            if table in TABLES and table not in WRITTEN:
                connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
    return path.read_bytes()
