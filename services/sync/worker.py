"""The thread that exchanges commands and changes with the shared database."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.core.clock import Clock
from services.core.errors import AppError
from services.sync.digest import BUCKETS
from services.sync.errors import ClientUnknown
from services.sync.paging_standing import PagingStanding
from services.sync.pending import PendingState
from services.sync.presence import Whereabouts
from services.sync.replica import Progress, Replica

log = logging.getLogger(__name__)

POLL_S = 30.0
"""How long to wait for word of news before looking all the same."""

KEEP_UP_S = 5.0
"""How often a desk lets the shared database take the pages that are due."""

BACK_OFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)
FOR_A_PERSON_S = 600.0
"""The pause after a refusal that only a person can lift: a sign-in, an update of the program."""

CHECK_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class SyncState:
    """Where this desk stands towards the shared database, for the status bar."""

    is_online: bool = False
    synced_at: datetime | None = None
    offline_since: datetime | None = None
    waiting_count: int = 0
    conflict_count: int = 0
    copying: Progress | None = None
    problem: AppError | None = None
    """Why it is offline."""
    is_partial: bool = False
    unsendable: int = 0
    """How many of the conflicts are changes that could not be sent."""
    clock_offset: timedelta = timedelta()
    """What the machine's clock is behind, when that is worth telling."""
    paging: PagingStanding | None = None
    """Who delivers pages; None where it is not known."""


def _told(standing: PagingStanding) -> PagingStanding:
    """What changes rarely: whether somebody delivers, and since when nobody does."""
    is_delivered = standing.dispatcher_count > 0
    return replace(
        standing,
        fired=0,
        last_beat_at=None if is_delivered else standing.last_beat_at,
        now=standing.now.replace(second=0, microsecond=0),
    )


class Pace:
    """How long the exchange waits; spread by chance, so that many desks do not ask at once."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def poll_s(self) -> float:
        """Seconds to wait for word of news."""
        return self._spread(POLL_S)

    def back_off_s(self, error: AppError, failures: int) -> float:
        """Seconds to wait after so many failures in a row, this being the last."""
        if not error.retryable and not isinstance(error, ClientUnknown):
            return self._spread(FOR_A_PERSON_S)
        return self._spread(BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1])

    def _spread(self, seconds: float) -> float:
        return seconds * self._chance.uniform(0.5, 1.5)


class SyncWorker:
    """Runs the exchange until stopped. ``told`` gets each new state, from this thread."""

    def __init__(
        self,
        replica: Replica,
        clock: Clock,
        told: Callable[[SyncState], None],
        chance: random.Random | None = None,
        whereabouts: Whereabouts | None = None,
    ) -> None:
        self._replica = replica
        self._clock = clock
        self._told = told
        self._whereabouts = whereabouts
        self._pace = Pace(chance or random.Random())
        self._bucket = 0
        self._check_at = clock.now()
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
        self._replica.interrupt()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Send what waits if that is quick, then end the thread."""
        self._is_stopping.set()
        self._replica.is_ending = True
        self.wake()
        self._thread.join(timeout_s)
        self._replica.is_ending = self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        is_connected = False
        while not self._is_stopping.is_set():
            self._wake.clear()
            try:
                if self._replica.is_damaged:
                    is_connected = False
                    self._replica.repair()
                self._tell(**self._standing())
                if not is_connected:
                    self._connect()
                    is_connected = True
                self._exchange()
                failures = 0
                self._rest()
            except AppError as error:
                log.warning("sync-failed code=%s context=%s", error.code, error.context)
                is_connected = False
                failures += 1
                self._tell_offline(error)
                self._pause(self._pace.back_off_s(error, failures))
        self._last_push(is_connected)

    def _rest(self) -> None:
        """Wait for news, and let what is due be done meanwhile."""
        rest = self._rest_s()
        while rest > 0 and not self._is_stopping.is_set():
            if self._replica.wait(min(rest, KEEP_UP_S)):
                return
            rest -= KEEP_UP_S
            self._keep_up()

    def _keep_up(self) -> None:
        standing = self._replica.keep_up()
        if standing is not None:
            # To the minute: a state that changes each second would repaint each second.
            self._tell(paging=_told(standing))

    def _rest_s(self) -> float:
        """Until the next look; sooner while others are to know that a record is open here."""
        rest = self._pace.poll_s()
        return self._whereabouts.rest_s(rest) if self._whereabouts else rest

    def _connect(self) -> None:
        self._replica.connect()
        if self._replica.needs_snapshot:
            self._replica.copy(lambda progress: self._tell(copying=progress))
        else:
            self._replica.recover()
            self._replica.pull()  # what colleagues wrote may hold a reply that waits to be sent
        self._replica.tidy(self._clock.now())
        self._tell(is_online=True, offline_since=None, problem=None, copying=None)

    def _exchange(self) -> None:
        if not self._replica.keeps_as_wanted:
            self._replica.copy(lambda progress: self._tell(copying=progress))
        self._replica.push()
        self._replica.pull()
        self._replica.refill_numbers()
        self._keep_up()
        if self._whereabouts is not None:
            self._whereabouts.report()
        self._check_when_due()
        self._tell(
            is_online=True,
            offline_since=None,
            problem=None,
            synced_at=self._clock.now().replace(microsecond=0),
            copying=None,
            **self._standing(),
        )

    def _check_when_due(self) -> None:
        """Compare a part of the cache with the shared database, another one each time."""
        if self._clock.now() >= self._check_at:
            self._replica.check(self._bucket)
            self._bucket = (self._bucket + 1) % BUCKETS
            self._check_at = self._clock.now() + CHECK_EVERY

    def _standing(self) -> dict[str, object]:
        pending = self._replica.pending()
        conflicts = [p for p in pending if p.state is PendingState.CONFLICT]
        return {
            "waiting_count": len(pending) - len(conflicts),
            "conflict_count": len(conflicts),
            "unsendable": sum(p.is_unsendable for p in conflicts),
            "is_partial": self._replica.is_partial,
            "clock_offset": self._replica.clock_offset,
        }

    def _last_push(self, is_connected: bool) -> None:
        if not is_connected:
            return
        try:
            self._replica.push()
            self._replica.pull()
        except AppError as error:
            log.warning("last-push-failed code=%s", error.code)

    def _tell_offline(self, error: AppError) -> None:
        if self._whereabouts is not None:
            self._whereabouts.lose_touch()
        known = self._state.problem
        is_known = known is not None and known.args == error.args
        self._tell(
            is_online=False,
            offline_since=self._state.offline_since or self._clock.now(),
            problem=known if is_known else error,
        )

    def _pause(self, seconds: float) -> None:
        self._wake.wait(seconds)

    def _tell(self, **changed: object) -> None:
        state = replace(self._state, **changed)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            self._told(state)
