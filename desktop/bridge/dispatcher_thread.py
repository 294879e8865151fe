"""Leads the pages of the profile on this computer while the desk is open.

What it needs is slow to import, so that a thread begins it; the dispatcher then has threads of its
own (``services/dispatcher/runner.py``).
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.core.clock import Clock
from services.core.errors import AppError

if TYPE_CHECKING:
    from services.dispatcher.runner import Dispatcher

log = logging.getLogger(__name__)

AGAIN_S: Final = 5.0
"""The pause after the file could not be opened."""

STOPS_WITHIN_S: Final = 5.0
"""How long a call that is under way may hold up the end of the program. One that is cut off is
made again at the next start, and says that it may be a repeat."""


class DispatcherThread:
    """Begins the dispatcher and ends it. ``settled``, called from this thread: it runs now, or
    could not be begun yet."""

    def __init__(self, file: Path, clock: Clock, settled: Callable[[], None]) -> None:
        self._file = file
        self._clock = clock
        self._settled = settled
        self._dispatcher: Dispatcher | None = None
        self._stopping = threading.Event()
        # A daemon: a keyring or a network that hangs must not keep a closed program alive.
        self._thread = threading.Thread(target=self._begin, name="paging", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def look(self) -> None:
        """The file was written: something may be due. Any thread may say so."""
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def stop(self) -> None:
        """Let what is under way end, for some seconds, and claim nothing more."""
        self._stopping.set()
        self._thread.join(STOPS_WITHIN_S)
        if self._dispatcher is not None:
            self._dispatcher.stop(STOPS_WITHIN_S)

    def _begin(self) -> None:
        from services.dispatcher.embedded import embedded_dispatcher

        while not self._stopping.is_set():
            try:
                self._dispatcher = embedded_dispatcher(self._file, self._clock)
            except AppError as fact:
                log.error("paging-not-begun code=%s context=%s", fact.code, fact.context)
                self._settled()
                self._stopping.wait(AGAIN_S)
            else:
                self._dispatcher.start()
                self._settled()
                return
