"""The time of commands: the shared database's as far as known, and in the order of giving."""

from datetime import datetime, timedelta

from services.core.clock import MICROSECOND, Clock

NOTABLE = timedelta(seconds=2)
"""How far a machine's clock may be off before the person hears of it."""


class DeskClock:
    """The machine's clock put right by what the shared database said, never running backwards.

    ``offset`` is what to add to the machine's time; ``last`` is when the last command was given.
    """

    def __init__(self, clock: Clock, offset: timedelta, last: datetime | None) -> None:
        self._clock = clock
        self._last = last
        self.offset = offset

    def now(self) -> datetime:
        """The present moment of the shared database, as far as known."""
        return self._clock.now() + self.offset

    def steady_s(self) -> float:
        """Seconds that pass evenly."""
        return self._clock.steady_s()

    def stamp(self) -> datetime:
        """The moment of a new command: now, but later than the command before."""
        moment = self.now()
        if self._last is not None and moment < self._last:
            moment = self._last + MICROSECOND
        self._last = moment
        return moment

    def learn(self, asked: datetime, theirs: datetime) -> timedelta:
        """Put this clock right: asked then, the shared database said what time it is there.

        Returns the new offset. Commands that seemed to come from the future no longer hold up.
        """
        self.offset = theirs - (asked + (self._clock.now() - asked) / 2)
        if self._last is not None:
            self._last = min(self._last, self.now())
        return self.offset

    @property
    def notable_offset(self) -> timedelta:
        """How far the machine's clock is off, when that is worth telling; else zero."""
        return self.offset if abs(self.offset) > NOTABLE else timedelta()
