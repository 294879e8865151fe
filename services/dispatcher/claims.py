"""Deliveries claimed for as many senders as are free, so that nothing that is claimed waits."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Claims(Generic[T]):
    """Hands each sender a delivery of its own.

    Of the senders that wait one claims for all of them; whoever becomes free meanwhile is counted
    the next time. A claim thus brings many where many senders are free and much is waiting.
    ``claim`` brings so many at most, and raises nothing.
    """

    def __init__(self, claim: Callable[[int], Sequence[T]]) -> None:
        self._claim = claim
        self._changed = threading.Condition()
        self._found: deque[T] = deque()
        self._free = 0
        self._is_rung = self._is_claiming = self._has_ended = False

    def ring(self) -> None:
        """There may be something to claim."""
        with self._changed:
            self._is_rung = True
            self._changed.notify()

    def end(self) -> None:
        """Claim nothing more; what was claimed is still handed out."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def next(self) -> T | None:
        """Wait for a delivery; None once it has ended."""
        with self._changed:
            self._free += 1
        while True:
            with self._changed:
                self._changed.wait_for(self._has_news)
                if self._found or self._has_ended:
                    self._free -= 1
                    return self._found.popleft() if self._found else None
                self._is_rung, self._is_claiming = False, True
                wanted = self._free
            self._hand_out(self._claim(wanted), wanted)

    def _has_news(self) -> bool:
        may_claim = self._is_rung and not self._is_claiming
        return bool(self._found) or self._has_ended or may_claim

    def _hand_out(self, found: Sequence[T], wanted: int) -> None:
        with self._changed:
            self._is_claiming = False
            self._found.extend(found)
            # There may be more than was asked for.
            self._is_rung = self._is_rung or len(found) >= wanted
            self._changed.notify_all()
