"""What time it should be in the shared database, by a clock that nobody sets."""

from collections.abc import Callable

from services.core.clock import SystemClock

STEADY_S = SystemClock().steady_s
_SECOND_US = 1_000_000


class ClockWitness:
    """Remembers what the shared database said last, and how much time has passed since."""

    def __init__(self, steady_s: Callable[[], float]) -> None:
        self._steady_s = steady_s
        self._seen: tuple[int, float] | None = None

    def expected(self) -> int | None:
        """Its time as it should be now, in microseconds; None before it has said any."""
        if self._seen is None:
            return None
        said, at_s = self._seen
        return said + int((self._steady_s() - at_s) * _SECOND_US)

    def saw(self, said: int) -> None:
        """It has said what time it is."""
        self._seen = said, self._steady_s()
