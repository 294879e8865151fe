"""The thread that exchanges commands and changes with the shared database."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.core.clock import Clock
from services.core.errors import AppError
from services.sync.pending import PendingState
from services.sync.replica import Progress, Replica

log = logging.getLogger(__name__)

POLL_S = 0.2
"""How often an embedded shared database is asked for news."""

BACK_OFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)


@dataclass(frozen=True, slots=True)
class SyncState:
    """Where this desk stands towards the shared database, for the status bar."""

    is_online: bool = False
    synced_at: datetime | None = None
    offline_since: datetime | None = None
    waiting_count: int = 0
    conflict_count: int = 0
    copying: Progress | None = None


class SyncWorker:
    """Runs the exchange until stopped. ``told`` gets each new state, from this thread."""

    def __init__(self, replica: Replica, clock: Clock, told: Callable[[SyncState], None]) -> None:
        self._replica = replica
        self._clock = clock
        self._told = told
        self._state = SyncState()
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a command was given, or the person asked to try now."""
        self._wake.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Send what waits if that is quick, then end the thread."""
        self._is_stopping.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        failures = 0
        is_connected = False
        while not self._is_stopping.is_set():
            try:
                if self._replica.is_damaged:
                    is_connected = False
                    self._replica.repair()
                if not is_connected:
                    self._connect()
                    is_connected = True
                self._exchange()
                failures = 0
                self._pause(POLL_S)
            except AppError as error:
                log.warning("sync-failed code=%s context=%s", error.code, error.context)
                is_connected = False
                self._tell(is_online=False, offline_since=self._offline_since())
                self._pause(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
                failures += 1
        self._last_push(is_connected)

    def _connect(self) -> None:
        self._replica.connect()
        if self._replica.needs_snapshot:
            self._replica.copy(lambda progress: self._tell(copying=progress))
        else:
            self._replica.recover()
        self._replica.tidy(self._clock.now())
        self._tell(is_online=True, offline_since=None, copying=None)

    def _exchange(self) -> None:
        self._replica.push()
        self._replica.pull()
        self._replica.refill_numbers()
        pending = self._replica.pending()
        conflicts = sum(p.state is PendingState.CONFLICT for p in pending)
        self._tell(
            is_online=True,
            offline_since=None,
            synced_at=self._clock.now().replace(microsecond=0),
            waiting_count=len(pending) - conflicts,
            conflict_count=conflicts,
            copying=None,
        )

    def _last_push(self, is_connected: bool) -> None:
        if not is_connected:
            return
        try:
            self._replica.push()
            self._replica.pull()
        except AppError as error:
            log.warning("last-push-failed code=%s", error.code)

    def _offline_since(self) -> datetime:
        return self._state.offline_since or self._clock.now()

    def _pause(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _tell(self, **changed: object) -> None:
        state = replace(self._state, **changed)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            self._told(state)
