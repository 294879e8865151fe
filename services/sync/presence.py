"""Where this person is, and where the others are: who reads or writes the same record."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.core.clock import Clock
from services.sync.shared import Presence

REPORT_EVERY = timedelta(seconds=10)
"""How often a desk says that it is still there; the shared database forgets after a minute."""


class Ask(Protocol):
    """Says where this desk is and brings back where the others are."""

    def __call__(self, incident_id: UUID | None, *, is_writing: bool) -> tuple[Presence, ...]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """The record that is open here, if one is, and whether something is being written in it."""

    incident_id: UUID | None = None
    is_writing: bool = False


class Whereabouts:
    """Reports the record that is open here, at once when it changes and while it stays open.

    The screen's thread says where one is; the sync thread reports. ``listen`` gets what was heard,
    from the sync thread.
    """

    def __init__(self, clock: Clock, ask: Ask) -> None:
        self._clock = clock
        self._ask = ask
        self._lock = threading.Lock()
        self._place = Place()
        self._reported: Place | None = Place()
        self._reported_at: datetime = clock.now()
        self._told: Callable[[tuple[Presence, ...]], None] = lambda _: None

    def listen(self, told: Callable[[tuple[Presence, ...]], None]) -> None:
        """Tell every answer to this listener from now on."""
        self._told = told

    def be_at(self, incident_id: UUID | None, *, is_writing: bool) -> bool:
        """Note where one is now; returns whether that is news to be reported at once."""
        place = Place(incident_id, is_writing)
        with self._lock:
            is_news = place != self._place
            self._place = place
        return is_news

    def report(self) -> None:
        """Say where one is, if that changed or it is time to say so again.

        Raises:
            SharedUnreachable: nobody hears it.
        """
        with self._lock:
            place = self._place
        if place == self._reported and not self._is_due(place):
            return
        heard = self._ask(place.incident_id, is_writing=place.is_writing)
        self._reported, self._reported_at = place, self._clock.now()
        self._told(heard)

    def lose_touch(self) -> None:
        """Nobody can be heard any more; once they can, all is said again."""
        self._reported = None
        self._told(())

    def rest_s(self, at_most_s: float) -> float:
        """Seconds to wait before the next report, with an upper limit."""
        if self._place.incident_id is None:
            return at_most_s
        return min(at_most_s, REPORT_EVERY.total_seconds())

    def _is_due(self, place: Place) -> bool:
        is_open = place.incident_id is not None
        return is_open and self._clock.now() - self._reported_at >= REPORT_EVERY
