"""Lets so many in each minute, and so many of each, so that guessing takes for ever."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

_MINUTE_S: Final = 60.0


class Turnstile:
    """Counts who comes in each minute. Any thread may ask."""

    def __init__(
        self, most: int, most_of_one: int, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._now_s = now_s
        self._lock = threading.Lock()
        self._began_s = now_s()
        self._came: Counter[str] = Counter()

    def lets_in(self, caller: str) -> bool:
        """Whether there is room for this caller, who is then counted."""
        with self._lock:
            if self._now_s() - self._began_s >= _MINUTE_S:
                self._began_s = self._now_s()
                self._came.clear()
            # What is not let in is not counted, so that the counts stay few.
            if self._came.total() >= self._most or self._came[caller] >= self._most_of_one:
                return False
            self._came[caller] += 1
            return True
