"""An open profile: the local files and threads one desk works with."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from services.admin.schema import Founder, ensure_embedded, founder_id
from services.core.clock import Clock
from services.core.database import reading_engine
from services.core.drafts import Drafts
from services.core.paths import Home
from services.incidents.extent import EXTENT
from services.registry import RECORDS, command_book
from services.sync.book import ChangeSet
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite
from services.sync.worker import SyncState, SyncWorker


@dataclass(frozen=True)
class Profile:
    """Everything that is open for one profile, and how to let go of it."""

    replica: Replica
    engine: sa.Engine
    worker: SyncWorker
    drafts: Drafts
    founder_id: UUID
    login: str

    def close(self) -> None:
        """End the thread, then let go of every file."""
        self.worker.stop()
        self.engine.dispose()
        self.replica.close()
        self.drafts.close()


def is_first_start(home: Home) -> bool:
    """Whether this profile has no database yet."""
    return not home.shared_database.exists()


def open_shared(home: Home, clock: Clock, founder: Founder) -> SharedSqlite:
    """The embedded shared database of this profile, created or upgraded if need be.

    Raises:
        DatabaseUnreadable: it cannot be read, or a newer program has upgraded it.
    """
    home.create()
    ensure_embedded(home.shared_database, clock, founder)
    return SharedSqlite(home.shared_database, clock, [record.TABLE for record in RECORDS], EXTENT)


def open_profile(
    home: Home,
    clock: Clock,
    founder: Founder,
    *,
    changed: Callable[[ChangeSet], None],
    synced: Callable[[SyncState], None],
    is_guarded: bool = False,
) -> Profile:
    """Open every file of a profile; the worker is not started yet.

    Raises:
        AppError: a file cannot be used; the message says which.
    """
    shared = open_shared(home, clock, founder)
    replica = Replica(home.replica, home.journal, command_book(), shared, clock, changed)
    return Profile(
        replica=replica,
        engine=reading_engine(home.replica, is_guarded=is_guarded),
        worker=SyncWorker(replica, clock, synced),
        drafts=Drafts(home.drafts),
        founder_id=founder_id(founder.login),
        login=founder.login,
    )
