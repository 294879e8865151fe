"""An open profile: the local files and threads one desk works with."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from desktop.bridge.dispatcher_thread import DispatcherThread
from services.admin.schema import Founder, ensure_embedded, founder_id
from services.core.cipher import decrypt, mark_of
from services.core.clock import Clock
from services.core.database import reading_engine
from services.core.drafts import Drafts
from services.core.errors import AppError
from services.core.paths import Home
from services.core.profiles import ON_THIS_COMPUTER, ConnectionSettings, ProfileEntry
from services.core.secrets import PasswordMemory, Secret
from services.incidents.extent import EXTENT
from services.paging.standing import standing_in
from services.registry import RECORDS, command_book
from services.sync.book import ChangeSet
from services.sync.cache_file import note_opened
from services.sync.presence import Whereabouts
from services.sync.replica import Replica
from services.sync.shared import SharedDatabase, Welcome
from services.sync.shared_sqlite import SharedSqlite
from services.sync.worker import SyncState, SyncWorker

NOBODY = UUID(int=0)
"""The person at a desk that has never spoken with its team's database."""


@dataclass(frozen=True)
class Profile:
    """Everything that is open for one profile, and how to let go of it.

    ``person_id`` is who works here; ``trusts_desk`` says that one may work as somebody else,
    because the shared database does not know people by their logins. ``whereabouts`` tells of
    colleagues at the same record, where several desks share a database. ``dispatcher`` leads the
    pages; None where dispatchers of the team's do.
    """

    replica: Replica
    engine: sa.Engine
    worker: SyncWorker
    drafts: Drafts
    person_id: UUID
    login: str
    trusts_desk: bool = True
    whereabouts: Whereabouts | None = None
    dispatcher: DispatcherThread | None = None

    def close(self) -> None:
        """End the threads, then let go of every file."""
        if self.dispatcher is not None:
            self.dispatcher.stop()
        self.worker.stop()
        self.let_go()

    def let_go(self) -> None:
        """Let go of every file; the thread was never started, or has ended."""
        self.engine.dispose()
        self.replica.close()
        self.drafts.close()


@dataclass(frozen=True)
class Ears:
    """Who is told what happens in a profile; called from threads of its own.

    ``noticed`` gets each fact about the local files that the person has to know; ``led`` says that
    pages are led from now on, or cannot be.
    """

    changed: Callable[[ChangeSet], None]
    synced: Callable[[SyncState], None]
    welcomed: Callable[[Welcome], None] = lambda _: None
    led: Callable[[], None] = lambda: None
    noticed: Callable[[AppError], None] = lambda _: None


def is_first_start(home: Home) -> bool:
    """Whether the profile on this computer has no database yet."""
    return not home.shared_database.exists()


def open_shared(
    home: Home, clock: Clock, founder: Founder, submitted: Callable[[], None] = lambda: None
) -> SharedSqlite:
    """The embedded shared database of this profile, created or upgraded if need be.

    Raises:
        DatabaseUnreadable: it cannot be read, or a newer program has upgraded it.
    """
    home.create()
    ensure_embedded(home.shared_database, clock, founder)
    tables = [record.TABLE for record in RECORDS]
    return SharedSqlite(home.shared_database, clock, tables, EXTENT, standing_in, submitted)


def open_embedded(
    home: Home,
    clock: Clock,
    founder: Founder,
    ears: Ears,
    entry: ProfileEntry = ON_THIS_COMPUTER,
    key: Secret | None = None,
    *,
    is_guarded: bool = False,
) -> Profile:
    """Open every file of the profile on this computer; the worker is not started yet.

    The shared database itself is never encrypted; ``key`` is that of the files beside it.

    Raises:
        AppError: a file cannot be used; the message says which.
    """
    dispatcher = DispatcherThread(home.shared_database, clock, ears.led)
    shared = open_shared(home, clock, founder, dispatcher.look)
    person = founder_id(founder.login)
    key = _key_to_use(home, entry, key)
    profile = _open(
        home, clock, shared, person, founder.login, ears, key=key, is_guarded=is_guarded
    )
    return replace(profile, dispatcher=dispatcher)


def open_team(
    home: Home,
    clock: Clock,
    entry: ProfileEntry,
    memory: PasswordMemory,
    ears: Ears,
    key: Secret | None = None,
    *,
    is_guarded: bool = False,
) -> Profile:
    """Open the local files of a team's profile. Nothing is asked of its server yet.

    Raises:
        AppError: a file cannot be used.
    """
    from desktop.bridge.team_database import TeamDatabase

    settings = entry.connection
    assert settings is not None
    own = home.of_team(entry.id).create()
    key = _key_to_use(own, entry, key)
    shared = TeamDatabase(settings, memory, ears.welcomed)
    person = UUID(entry.person_id) if entry.person_id else NOBODY
    kept_for = None if entry.closed_days is None else timedelta(days=entry.closed_days)
    return _open(
        own, clock, shared, person, settings.user, ears,
        key=key, kept_for=kept_for, trusts_desk=False, is_guarded=is_guarded,
    )  # fmt: skip


def _open(
    home: Home,
    clock: Clock,
    shared: SharedDatabase,
    person_id: UUID,
    login: str,
    ears: Ears,
    *,
    key: Secret | None = None,
    kept_for: timedelta | None = None,
    trusts_desk: bool = True,
    is_guarded: bool = False,
) -> Profile:
    with ExitStack() as opened:
        opened.callback(shared.close)
        drafts = Drafts(home.drafts, key, ears.noticed)
        opened.callback(drafts.close)
        replica = Replica(
            home.replica, home.journal, command_book(), shared, clock, ears.changed,
            key=key, kept_for=kept_for, noticed=ears.noticed,
        )  # fmt: skip
        opened.pop_all()
    whereabouts = None if trusts_desk else Whereabouts(clock, replica.be_present)
    return Profile(
        replica=replica,
        engine=reading_engine(home.replica, key=key, damaged=replica.doubt, is_guarded=is_guarded),
        worker=SyncWorker(replica, clock, ears.synced, whereabouts=whereabouts),
        drafts=drafts,
        person_id=person_id,
        login=login,
        trusts_desk=trusts_desk,
        whereabouts=whereabouts,
    )


def is_locked(home: Home) -> bool:
    """Whether local files say of themselves that they are encrypted."""
    return any(mark_of(file).exists() for file in _local_files(home))


def _local_files(home: Home) -> tuple[Path, ...]:
    return home.journal, home.drafts, home.replica


def _key_to_use(own: Home, entry: ProfileEntry, key: Secret | None) -> Secret | None:
    """The key to open the files with; None after they were decrypted, as the person wanted.

    Raises:
        DatabaseUnreadable: the key does not open a file; it is left as it is.
    """
    if key is None or not entry.is_to_be_plain:
        return key
    for file in _local_files(own):
        if mark_of(file).exists() and file.exists():
            decrypt(file, key)
        mark_of(file).unlink(missing_ok=True)
    note_opened(own.replica)  # it is not as it was closed, and still good
    return None


def remove_files(home: Home, entry: ProfileEntry) -> None:
    """Delete what a team's profile keeps on this computer."""
    own = home.of_team(entry.id)
    for folder in (own.data, own.cache):
        shutil.rmtree(folder, ignore_errors=True)


def sign_in(
    home: Home,
    clock: Clock,
    entry: ProfileEntry,
    memory: PasswordMemory,
    ears: Ears,
    key: Secret | None = None,
    *,
    is_guarded: bool = False,
) -> Profile:
    """Open a team's profile and wait until its database knows this desk.

    Raises:
        AppError: the server refuses, or cannot be reached; a profile that was new leaves nothing.
    """
    is_new = not home.of_team(entry.id).journal.exists()
    met: list[Welcome] = []

    def note(welcome: Welcome) -> None:
        met.append(welcome)
        ears.welcomed(welcome)

    profile = open_team(
        home, clock, entry, memory, replace(ears, welcomed=note), key, is_guarded=is_guarded
    )
    try:
        profile.replica.connect()
    except AppError:
        profile.let_go()
        if is_new:
            remove_files(home, entry)
        raise
    return replace(profile, person_id=met[-1].person_id or profile.person_id)


def check_password(settings: ConnectionSettings, secret: Secret) -> None:
    """Sign in at a team's database once, and leave again.

    Raises:
        AppError: it does not go well; the fact says why.
    """
    from desktop.bridge.team_database import knock

    knock(settings, secret)


def change_password(settings: ConnectionSettings, old: Secret, new: Secret) -> None:
    """Set another password at a team's database, which is never sent the clear text.

    Raises:
        AppError: the old password is wrong, or the server cannot be reached.
    """
    from desktop.bridge.team_database import set_password

    set_password(settings, old, new)
