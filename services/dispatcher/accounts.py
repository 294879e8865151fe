"""The accounts at providers that this dispatcher has called, and whether they may be called now."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from services.dispatcher.backoff import LONGEST_FOR_A_PAGE_S
from services.dispatcher.breaker import Breaker
from services.dispatcher.bucket import Bucket, bucket_for
from services.paging.destination import ProviderKind

LONGEST_IN_LINE_S = 2.0
"""An account whose next call would have to wait longer is left out for now."""


@dataclass(slots=True)
class _Account:
    bucket: Bucket
    kind: ProviderKind
    breaker: Breaker = field(default_factory=Breaker)

    def room(self, now_s: float) -> int:
        if self.breaker.wait_s(now_s):
            return 0
        in_line = self.bucket.room(now_s, LONGEST_IN_LINE_S)
        return min(in_line, 1) if self.breaker.failures else in_line


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a call may be made: after ``wait_s`` seconds, or not at all before them."""

    may_call: bool
    wait_s: float
    why: str = ""


class Accounts:
    """Breaker and bucket of each destination. Any thread may ask."""

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._now_s = now_s
        self._jitter = jitter
        self._known: dict[UUID, _Account] = {}
        self._lock = threading.Lock()

    def admit(self, id_: UUID, kind: ProviderKind) -> Admission:
        """Ask to call an account once."""
        with self._lock:
            now_s = self._now_s()
            account = self._known.setdefault(id_, _Account(bucket_for(kind), kind))
            if wait_s := account.breaker.wait_s(now_s):
                why = "only fails" if account.breaker.is_open else "asked to be left alone"
                return Admission(False, wait_s, f"not called: the provider {why}")
            bucket, wait_s = account.bucket.taken(now_s)
            if wait_s > LONGEST_IN_LINE_S:
                return Admission(False, wait_s, "not called: too many calls at once")
            account.bucket = bucket
            account.breaker = account.breaker.probing(now_s, self._jitter())
            return Admission(True, wait_s)

    def room(self) -> dict[UUID, int]:
        """How many calls each known account can take now; it may not be called where that is 0.

        Of one that has failed of late, one call at a time is known to be wanted.
        """
        with self._lock:
            now_s = self._now_s()
            return {id_: account.room(now_s) for id_, account in self._known.items()}

    def succeeded(self, id_: UUID) -> None:
        """The account did what it was asked, or understood and refused."""
        with self._lock:
            account = self._known[id_]
            account.breaker = account.breaker.succeeded()

    def failed(self, id_: UUID, asked_s: float | None = None) -> bool:
        """The account failed, or asked to be left alone; returns whether that opened its breaker.

        Being told to wait is an answer: it opens nothing, but keeps every page away for as long
        as one page would wait.
        """
        with self._lock:
            account, now_s = self._known[id_], self._now_s()
            was_open = account.breaker.is_open
            if asked_s is not None:
                account.breaker = account.breaker.told_to_wait(
                    now_s + min(asked_s, LONGEST_FOR_A_PAGE_S)
                )
            else:
                account.breaker = account.breaker.failed(now_s, self._jitter())
            return account.breaker.is_open and not was_open

    def breakers(self) -> dict[UUID, tuple[ProviderKind, Breaker]]:
        """How each account fares."""
        with self._lock:
            return {id_: (account.kind, account.breaker) for id_, account in self._known.items()}
