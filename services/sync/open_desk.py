"""An open desk: its local files, the lock on their writing side, and its clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from services.core.clock import MICROSECOND, Clock
from services.core.errors import AppError
from services.core.reserve import Reserve
from services.core.secrets import Secret
from services.sync.book import ChangeSet, CommandBook
from services.sync.desk_clock import DeskClock
from services.sync.files_in_use import FilesInUse
from services.sync.local_files import Place, open_local
from services.sync.shared import SharedDatabase
from services.sync.suspicion import Suspicion


class OpenDesk:
    """Cache and journal of one desk. The lock is never held while the shared database is asked.

    ``kept_for`` is how long incidents stay here after their end; None is for ever. ``noticed``
    hears what the person has to know of the local files, from any thread.
    """

    def __init__(
        self,
        cache_path: Path,
        journal_path: Path,
        book: CommandBook,
        shared: SharedDatabase,
        clock: Clock,
        told: Callable[[ChangeSet], None],
        key: Secret | None = None,
        kept_for: timedelta | None = None,
        noticed: Callable[[AppError], None] = lambda _: None,
    ) -> None:
        self._lock = FilesInUse()
        self._book = book
        self._machine = clock
        self._shared = shared
        self._told = told
        self._kept_for = kept_for
        self._place = Place(cache_path, journal_path, book, key)
        self._suspicion = Suspicion()
        self._mended: set[tuple[str, int]] = set()
        self._noticed = noticed
        self._reserve = Reserve(journal_path.parent, self._note)
        self.is_ending = False
        """Whether the desk is being closed: a copy breaks off, and is made again next time."""
        self.facts: tuple[AppError, ...] = ()
        """What was noticed of the local files so far."""
        self._open()
        self._cache.pending.try_again()
        self.damaged_count = 0
        """Lines of the journal that cannot be read; none of them is ever replayed."""

    def _open(self, *, is_suspect: bool = False) -> None:
        files = open_local(self._place, self._machine.now(), is_suspect=is_suspect)
        self._journal, self._cache, self._identity = files.journal, files.cache, files.identity
        offset = int(self._cache.setting("clock_offset") or 0) * MICROSECOND
        self._clock = DeskClock(self._machine, offset, self._journal.last_moment())
        for fact in files.facts:
            self._note(fact)

    def _note(self, fact: AppError) -> None:
        self.facts = (*self.facts, fact)
        self._noticed(fact)

    @property
    def is_damaged(self) -> bool:
        """Whether a local file turned out damaged while in use."""
        return self._lock.is_damaged

    def doubt(self) -> None:
        """A reader of the cache found it damaged."""
        self._lock.is_damaged = True

    def repair(self) -> None:
        """Open the local files again and replace what is damaged; unsent commands stay.

        Raises:
            DatabaseUnreadable: a file can be neither opened nor replaced.
        """
        with self._lock:
            self._cache.close()
            self._journal.close()
            self._open(is_suspect=True)
            self._lock.is_damaged = False
        self._told(ChangeSet(is_everything=True))

    @property
    def clock_offset(self) -> timedelta:
        """What to add to the machine's time, when it is off by more than two seconds."""
        return self._clock.notable_offset

    def tidy(self, now: datetime) -> None:
        """Drop what the journal no longer has to keep, and keep room back on the disk."""
        self._reserve.fill()
        with self._lock:
            self._journal.forget_before(now)

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            self._cache.close()
            self._journal.close()
            self._shared.close()
