"""Calendars of rosters and people, for calendar programs that know their secret address."""

import logging
import re
import threading
from collections.abc import Callable
from typing import Final
from uuid import UUID

from services.core.clock import Clock
from services.core.errors import AppError
from services.core.ids import new_id
from services.dispatcher.calendar_keys import TOKEN, CalendarKeyMissing, CalendarKeys
from services.dispatcher.extending import CopiedState
from services.dispatcher.listener import Page, Request
from services.on_call.roster import OnCallShift, Roster
from services.people.person import Person
from services.reports.calendar_feed import FeedNames, person_calendar, roster_calendar
from services.sync.shared import ClientIdentity, Introduction, SharedDatabase

log = logging.getLogger(__name__)

COPY_KEPT_S: Final = 300.0
"""How old a calendar may be; programs ask once an hour, and all of them are served by one copy."""

_PATH = re.compile(rf"/({TOKEN})\.ics")
_KIND: Final = "text/calendar; charset=utf-8"
_PLAIN: Final = "text/plain; charset=utf-8"
_HEADERS: Final = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
_RECORDS: Final = (Roster, Person, OnCallShift)


class CalendarPages:
    """What the addresses of :class:`services.dispatcher.calendar_keys.CalendarKeys` lead to."""

    def __init__(
        self,
        open_shared: Callable[[], SharedDatabase],
        keys: CalendarKeys,
        clock: Clock,
    ) -> None:
        self._open_shared = open_shared
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._copy: CopiedState | None = None
        self._copied_at_s = 0.0

    def page(self, request: Request) -> Page | None:
        """The calendar of an address; None where this is nothing of a calendar."""
        found = _PATH.fullmatch(request.path)
        if found is None or request.method != "GET":
            return None
        try:
            subject_id = self._keys.subject(found[1])
            text = self._calendar(subject_id) if subject_id is not None else ""
        except CalendarKeyMissing:
            return None
        except AppError as fact:
            log.error("calendar-failed", extra={"facts": {"problem": fact.code}})
            return Page(503, "The calendar is not to be had now.\n", _PLAIN, {"Retry-After": "300"})
        return Page(200, text, _KIND, _HEADERS) if text else None

    def _calendar(self, subject_id: UUID) -> str:
        """The file of a roster or a person; empty where there is neither any more."""
        state = self._state()
        rosters, people = state.find(Roster), state.find(Person)
        names = FeedNames(
            people={person.id: person.name for person in people},
            rosters={roster.id: roster.name for roster in rosters},
        )
        now = self._clock.now()
        for roster in rosters:
            if roster.id == subject_id:
                shifts = state.find(OnCallShift, roster_id=subject_id)
                return roster_calendar(roster, shifts, names, now).decode()
        if any(person.id == subject_id and person.is_active for person in people):
            shifts = state.find(OnCallShift, person_id=subject_id)
            return person_calendar(subject_id, shifts, names, now).decode()
        return ""

    def _state(self) -> CopiedState:
        with self._lock:
            now_s = self._clock.steady_s()
            if self._copy is None or now_s - self._copied_at_s >= COPY_KEPT_S:
                self._copy, self._copied_at_s = self._copied(), now_s
            return self._copy

    def _copied(self) -> CopiedState:
        shared = self._open_shared()
        try:
            now = self._clock.now()
            welcome = shared.hello(Introduction(ClientIdentity(new_id(now), new_id(now))))
            _, parts = shared.snapshot(closed_since=welcome.now or now)
            wanted = {record.TABLE for record in _RECORDS}
            return CopiedState(part for part in parts if part.table in wanted)
        finally:
            shared.close()
