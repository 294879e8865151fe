"""The lock on the writing side of journal and cache, which notices damage to either."""

import threading
from types import TracebackType

from services.core.database import fact_of, is_contradiction
from services.core.errors import AppError, DatabaseDamaged
from services.sync.errors import CacheDamaged


class FilesInUse:
    """One thread at a time writes. Whatever leaves the lock is a fact where it can be."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.is_damaged = False
        """Whether a file has to be opened anew, and replaced if it cannot be read."""

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the next one in.

        Raises:
            CacheDamaged: a file is damaged; it is replaced soon.
            AppError: the disk is full or failing.
        """
        self._lock.release()
        if error is None:
            return
        fact = error if isinstance(error, AppError) else fact_of(error)
        # What commands run into is told by them: here, rows of the shared database do not fit.
        if isinstance(fact, DatabaseDamaged) or is_contradiction(error):
            self.is_damaged = True
            raise CacheDamaged() from error
        if fact is not None and fact is not error:
            raise fact from error
