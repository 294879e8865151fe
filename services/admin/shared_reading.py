"""Reading the shared database, embedded or a team's, for commands that change nothing."""

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services.admin.owner_connection import as_owner
from services.admin.postgres_people import Records
from services.admin.postgres_schema import version
from services.admin.schema import ensure_embedded, founder_of_this_machine
from services.core.clock import SystemClock
from services.core.database import Rows, connect
from services.core.errors import AppError, DatabaseUnreadable
from services.core.paths import default_home
from services.sync.changes import State


class OutputUnwritable(AppError):
    """A file that a command was asked for cannot be written."""

    code = "output-unwritable"


def is_team(options: argparse.Namespace) -> bool:
    """Whether the database is on a server."""
    return "://" in (options.database or "")


def embedded_path(options: argparse.Namespace) -> Path:
    """The file of the embedded database, that of this machine's desk where none is named.

    Raises:
        DatabaseUnreadable: there is no such file.
    """
    path = Path(options.database) if options.database else default_home().shared_database
    if not path.is_file():
        raise DatabaseUnreadable(file=path.name, problem="there is no such file")
    ensure_embedded(path, SystemClock(), founder_of_this_machine())
    return path


@contextmanager
def shared_state(options: argparse.Namespace) -> Iterator[State]:
    """The records of the shared database that the options name.

    Raises:
        AppError: it cannot be reached, is none of ours, or may not be read.
    """
    if is_team(options):
        with as_owner(options) as connection:
            version(connection)
            yield Records(connection)
        return
    path = embedded_path(options)
    try:
        with closing(connect(path)) as embedded:
            yield Rows(embedded)
    except sqlite3.OperationalError as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file as a whole, or leave what was there.

    Raises:
        OutputUnwritable: the folder is not there, is full, or may not be written to.
    """
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except (OSError, ValueError) as error:
        raise OutputUnwritable(file=path.name, problem=str(error)) from error
