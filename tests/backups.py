"""Shared databases on the embedded file, backed up and put back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def backed_up(shared: Path) -> Path:
    """A copy of a shared database, made while desks work with it."""
    backup = shared.with_name("backup.db")
    with closing(sqlite3.connect(shared)) as live, closing(sqlite3.connect(backup)) as copy:
        live.backup(copy)
    return backup


def put_back(backup: Path, shared: Path) -> None:
    """A shared database as it was; nobody has it open."""
    for end in ("-wal", "-shm"):
        shared.with_name(shared.name + end).unlink(missing_ok=True)
    shutil.copy(backup, shared)
