"""Time as an object, so that rules and tests never ask the machine."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_SLEEPLESS: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""Linux stops its monotonic clock in sleep and has another; elsewhere that one goes on."""


class Clock(Protocol):
    """Gives the present moment, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...

    def steady_s(self) -> float:
        """Return seconds that pass evenly, from no particular moment on, whoever sets the clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)

    def steady_s(self) -> float:
        """Return seconds that nobody sets; while the machine sleeps they pass as well."""
        return time.monotonic() if _SLEEPLESS is None else time.clock_gettime(_SLEEPLESS)


@dataclass
class ManualClock:
    """A clock that moves only when told; used by tests, tours and sample data."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    stepped: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the moment it was last set to."""
        return self.moment

    def advance(self, step: timedelta) -> datetime:
        """Move forward and return the new moment."""
        self.moment += step
        return self.moment

    def step(self, by: timedelta) -> datetime:
        """Set the clock while no time passes, and return the new moment."""
        self.stepped += by
        return self.advance(by)

    def steady_s(self) -> float:
        """Return the seconds that it moved without being set."""
        return (self.moment - self.stepped - EPOCH).total_seconds()


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The moment that lies ``microseconds`` after 1970 in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)
