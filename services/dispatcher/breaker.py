"""When a provider's account is left alone because it only fails."""

from dataclasses import dataclass, replace

from services.dispatcher.backoff import pause_s

OPENS_AFTER = 5
"""So many failures in a row open it."""

LONGEST_PAUSE_S = 60.0
"""An account that has come back is found after at most this long, and a quarter of it."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """How an account has fared. Moments are seconds of any steady clock, given as ``now_s``.

    While it is open, one attempt at a time is let through as a probe: whoever asks first after
    the pause. A success closes it.
    """

    failures: int = 0
    next_probe_s: float = 0.0
    left_alone_until_s: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the account is called only to see whether it is back."""
        return self.failures >= OPENS_AFTER

    def wait_s(self, now_s: float) -> float:
        """Seconds until an attempt may be made; 0 is at once."""
        probe_s = self.next_probe_s if self.is_open else 0.0
        return max(0.0, probe_s - now_s, self.left_alone_until_s - now_s)

    def probing(self, now_s: float, jitter: float) -> "Breaker":
        """After an attempt was let through: the next one only after a pause, whatever comes of
        this one. A probe that never returns therefore blocks nothing."""
        return replace(self, next_probe_s=now_s + self._pause_s(jitter)) if self.is_open else self

    def failed(self, now_s: float, jitter: float) -> "Breaker":
        """After a failure."""
        return replace(self, failures=self.failures + 1).probing(now_s, jitter)

    def succeeded(self) -> "Breaker":
        """After the account did what it was asked, or understood and refused."""
        return replace(self, failures=0)

    def told_to_wait(self, until_s: float) -> "Breaker":
        """After the account asked not to be called before this moment; that is no failure."""
        return replace(self, left_alone_until_s=max(self.left_alone_until_s, until_s))

    def _pause_s(self, jitter: float) -> float:
        longest_s = LONGEST_PAUSE_S * (0.75 + 0.5 * jitter)
        return min(pause_s(self.failures - OPENS_AFTER + 1, jitter=jitter), longest_s)
