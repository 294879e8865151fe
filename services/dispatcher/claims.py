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
                    return self._own()
                self._is_rung, self._is_claiming = False, True
                wanted = self._free
            found = self._claim(wanted)
            with self._changed:
                self._is_claiming = False
                self._found.extend(found)
                # There may be more than was asked for.
                self._is_rung = self._is_rung or len(found) >= wanted
                self._changed.notify_all()
                if found:
                    return self._own()

    def _own(self) -> T | None:
        """One of what was found, for this sender."""
        self._free -= 1
        return self._found.popleft() if self._found else None

    def _has_news(self) -> bool:
        # Nobody leaves while one claims: it may bring something for everybody.
        return bool(self._found) or (not self._is_claiming and (self._is_rung or self._has_ended))
