"""The small world, without guards that no act on an incident can meet, and desks of it.

SQLite reads every trigger at each opening of a file, and a history opens its file ten times. Its
desks have joined already and were closed: to make their caches takes three times as long.
"""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from builders import START, TABLES, Desk, new_shared

from services.core.clock import ManualClock
from services.incidents.incident import Escalation, HistoryEntry, Incident, Note
from services.major_incidents.major import MajorIncident
from services.sync.cache_file import note_closed

WRITTEN = {record.TABLE for record in (Incident, Escalation, Note, HistoryEntry, MajorIncident)}
"""What acts on incidents write while no major incident has been accepted. Anything else that is
written reaches no other desk, and is found as a difference: the feed is triggers too."""

DESKS = tuple(f"desk-{n}" for n in range(3))
"""The folders of the desks."""


Files = dict[str, bytes]
"""What closed desks left, by path."""


def light_office(folder: Path) -> Path:
    """A fresh shared database with the small world, beside desks that know it; its path."""
    shared, desks = _light_office()
    lay_out(desks, folder)
    path = folder / "shared.db"
    path.write_bytes(shared)
    return path


@cache
def _light_office() -> tuple[bytes, Files]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = _light(new_shared(folder))
        for desk in DESKS:
            (folder / desk).mkdir()
            Desk(folder / desk, path, ManualClock(START)).close()
        return path.read_bytes(), left_in(folder)


def left_in(folder: Path) -> Files:
    """The files of the desks in a folder."""
    files = (file for desk in DESKS for file in (folder / desk).iterdir())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def lay_out(desks: Files, folder: Path) -> None:
    """Put closed desks into a folder, as they were left."""
    for name, content in desks.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for desk in DESKS:
        note_closed(folder / desk / "cache.db")


def _light(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        )
        for name, table in found.fetchall():
            if table in TABLES and table not in WRITTEN:
                connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
        connection.execute("VACUUM")
    return path
