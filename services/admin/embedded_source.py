"""The file of one desk as it is read when its team gets a database; nothing of it is touched."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.admin.schema import HEAD
from services.admin.written_rules import WrongVersion
from services.core.cipher import mark_of
from services.core.database import connect, single
from services.core.errors import AppError
from services.sync.digest import teach_digest
from services.sync.journal import Journal
from services.sync.shared import Outcome


class SourceMissing(AppError):
    """There is no file to move."""

    code = "move-source-missing"


class SourceBusy(AppError):
    """A desk is open on the file."""

    code = "move-source-busy"


class SourceOlder(AppError):
    """The file is of an edition that this program does not copy."""

    code = "move-source-older"


class SourceEncrypted(AppError):
    """What the desk still has to send cannot be read here."""

    code = "move-source-encrypted"


class UnsentChanges(AppError):
    """Commands of the desk are not part of the shared truth yet."""

    code = "move-unsent"


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the files of a desk with an embedded database are."""

    shared: Path

    @property
    def journal(self) -> Path:
        """Its commands."""
        return self.shared.with_name("journal.db")

    @property
    def lock(self) -> Path:
        """There while a desk is open, and after one that was killed."""
        return self.shared.with_name("profile.lock")


@contextmanager
def opened(profile: Profile) -> Iterator[sqlite3.Connection]:
    """A copy of the file, which the connection reads: the file itself is not even opened.

    Raises:
        SourceMissing, SourceBusy, SourceOlder, SourceEncrypted, WrongVersion: it cannot be moved.
        UnsentChanges: its desk has changes that are not in it yet.
    """
    if not profile.shared.is_file():
        raise SourceMissing(file=str(profile.shared))
    if profile.lock.exists():
        raise SourceBusy(file=str(profile.shared))
    with tempfile.TemporaryDirectory(prefix="firstline-move-") as folder:
        copy = _copied(profile.shared, Path(folder))
        with closing(connect(copy)) as connection:
            _ensure_edition(connection, profile.shared)
            if profile.journal.is_file():
                if mark_of(profile.journal).exists():
                    raise SourceEncrypted(file=str(profile.journal))
                _ensure_all_sent(connection, _copied(profile.journal, Path(folder)))
            teach_digest(connection)
            yield connection


def _copied(path: Path, folder: Path) -> Path:
    """A copy with all that a desk that was killed had not yet written into the file itself."""
    for name in (path.name, f"{path.name}-wal"):
        if (part := path.with_name(name)).is_file():
            shutil.copyfile(part, folder / name)
    return folder / path.name


def _ensure_edition(connection: sqlite3.Connection, path: Path) -> None:
    found = str(single(connection, "SELECT version_num FROM alembic_version"))
    if found > HEAD:
        raise WrongVersion(file=path.name, version=found)
    if found < HEAD:
        raise SourceOlder(file=path.name, found=found, wanted=HEAD)


def _ensure_all_sent(connection: sqlite3.Connection, journal: Path) -> None:
    """An answer that the desk has not heard yet is no unsent change; a refused one is."""
    with closing(Journal(journal)) as kept:
        open_entries, _ = kept.entries(is_undecided_only=True)
    settled = (Outcome.APPLIED.value, Outcome.WITHDRAWN.value)
    sql = "SELECT outcome FROM command WHERE command_id = ?"
    ids = [str(entry.envelope.command_id) for entry in open_entries]
    if count := sum(single(connection, sql, id_) not in settled for id_ in ids):
        raise UnsentChanges(count=count)
