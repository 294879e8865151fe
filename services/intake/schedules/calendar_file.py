"""Calendar files (.ics): each event puts the person it names on call.

The person is the one attendee of the event, else the one its summary names, by mail or by name.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from services.core.text import clean_line
from services.intake.schedules.errors import ScheduleShapeUnknown
from services.intake.schedules.recurrence import RuleUnusable, occurrences
from services.intake.schedules.source import DAY, Held, SourcePerson, SourceSchedule
from services.on_call.errors import ZoneUnknown
from services.on_call.spans import Span
from services.on_call.wall_clock import WallClock, wall_clock

if TYPE_CHECKING:
    from icalendar.cal import Component

_MAILTO: Final = "mailto:"
_YEARS: Final = range(1990, 2101)


def calendar_schedules(text: str, name: str, span: Span) -> tuple[SourceSchedule, ...]:
    """The calendars of a file as schedules of single shifts, as far as they lie in the span.

    Args:
        text: the file.
        name: of the schedule where the calendar has none.
        span: where recurring events end.

    Raises:
        ScheduleShapeUnknown: it is no calendar, or an event cannot be read.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
        return tuple(_Reader(calendar, span).schedule(name) for calendar in calendars)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError) as error:
        raise _fault("the file", "it is not a calendar that can be read") from error


def _fault(where: str, problem: str) -> ScheduleShapeUnknown:
    return ScheduleShapeUnknown(where=where, problem=problem)


class _Reader:
    """Reads one calendar and gathers the people it names."""

    def __init__(self, calendar: "Component", span: Span) -> None:
        self._calendar = calendar
        self._span = span
        self._clock = wall_clock("UTC")
        self._people: dict[str, SourcePerson] = {}
        self._remarks: list[str] = []

    def schedule(self, name: str) -> SourceSchedule:
        """Its events, those that were moved in place of what they replace."""
        if self._calendar.name != "VCALENDAR":
            raise _fault("the file", "a calendar is expected")
        titled = self._calendar.get("NAME") or self._calendar.get("X-WR-CALNAME") or name
        zone = self._zone(str(self._calendar.get("X-WR-TIMEZONE") or "UTC"))
        self._clock = wall_clock(zone)
        events = [one for one in self._calendar.walk("VEVENT") if self._counts(one)]
        moved = {
            (str(one.get("UID")), self._moment(_value(one, "RECURRENCE-ID", _title(one))))
            for one in self._calendar.walk("VEVENT")
            if one.get("RECURRENCE-ID") is not None
        }
        shifts = [held for one in events for held in self._shifts(one, moved)]
        return SourceSchedule(
            name=clean_line(str(titled), field="name") or name,
            zone=zone,
            people=tuple(self._people.values()),
            shifts=tuple(sorted(shifts)),
            remarks=tuple(self._remarks),
        )

    def _counts(self, event: "Component") -> bool:
        return str(event.get("STATUS", "")).upper() != "CANCELLED"

    def _zone(self, name: str) -> str:
        try:
            return name if wall_clock(name) else "UTC"
        except ZoneUnknown:
            self._remarks.append(f"“{name}” is no time zone; the roster is kept in UTC.")
            return "UTC"

    def _shifts(self, event: "Component", moved: set[tuple[str, datetime]]) -> list[Held]:
        title = _title(event)
        start = _value(event, "DTSTART", title)
        length = self._length(event, start, title)
        key = self._person(event, title)
        if not key:
            return []
        uid = str(event.get("UID"))
        is_moved = event.get("RECURRENCE-ID") is not None
        clock, local = self._local(start)
        found = []
        for begins in self._begins(event, local, clock, title):
            opens = clock.first(begins)
            closes = opens + length if isinstance(start, datetime) else clock.first(begins + length)
            if (is_moved or (uid, opens) not in moved) and self._is_near(opens, closes):
                found.append(Held(opens, closes, key))
        return found

    def _is_near(self, opens: datetime, closes: datetime) -> bool:
        return opens < closes and opens < self._span.ends_at and self._span.starts_at < closes

    def _begins(
        self, event: "Component", local: datetime, clock: WallClock, title: str
    ) -> list[datetime]:
        rule: Any = event.get("RRULE")
        if isinstance(rule, list):
            raise _fault(title, "an event with several rules cannot be read")
        times = {local}
        if rule is not None:
            text = rule.to_ical().decode()
            if not {"UNTIL", "COUNT"} & set(rule):
                until = f"{self._span.ends_at:%Y-%m-%d}"
                self._remarks.append(f"“{title}” repeats without end; it is read until {until}.")
            try:
                times = set(occurrences(text, local, clock, self._span))
            except RuleUnusable as error:
                raise _fault(title, f"its repetition cannot be used: {error}") from error
        times |= {self._local(one)[1] for one in _dates(event, "RDATE")}
        return sorted(times - {self._local(one)[1] for one in _dates(event, "EXDATE")})

    def _local(self, value: date) -> tuple[WallClock, datetime]:
        """The clock an event follows, and the local time that it names."""
        if not isinstance(value, datetime):
            return self._clock, datetime.combine(value, time())
        if value.tzinfo is None:
            return self._clock, value
        key = getattr(value.tzinfo, "key", "")
        if key:
            return wall_clock(self._zone(key)), value.replace(tzinfo=None)
        utc = wall_clock("UTC")
        return utc, utc.local(value)

    def _moment(self, value: date) -> datetime:
        clock, local = self._local(value)
        return clock.first(local)

    def _length(self, event: "Component", start: date, title: str) -> timedelta:
        if event.get("DTEND") is not None:
            end = _value(event, "DTEND", title)
            if isinstance(end, datetime) is not isinstance(start, datetime):
                raise _fault(title, "it begins with a time and ends with a day, or the reverse")
            length = self._moment(end) - self._moment(start)
            return length if isinstance(start, datetime) else end - start
        given = getattr(event.get("DURATION"), "dt", None)
        if isinstance(given, timedelta):
            return given
        return timedelta() if isinstance(start, datetime) else DAY

    def _person(self, event: "Component", title: str) -> str:
        attendees: Any = event.get("ATTENDEE") or []
        listed = attendees if isinstance(attendees, list) else [attendees]
        mails = [str(one)[len(_MAILTO) :] for one in listed if str(one).lower().startswith(_MAILTO)]
        if len(mails) == 1:
            name = str(listed[0].params.get("CN", "")) if hasattr(listed[0], "params") else ""
            key = clean_line(mails[0], field=title).casefold()
            name = clean_line(name, field=title) or key
            self._people.setdefault(key, SourcePerson(key, name, key))
            return key
        key = clean_line(str(event.get("SUMMARY") or ""), field="summary")
        if not key:
            self._remarks.append(f"An event names nobody: {title}.")
            return ""
        self._people.setdefault(key, SourcePerson(key, key, key if "@" in key else ""))
        return key


def _title(event: "Component") -> str:
    return str(event.get("SUMMARY") or event.get("UID") or "event")[:80]


def _value(event: "Component", name: str, title: str) -> date:
    found = getattr(event.get(name), "dt", None)
    if not isinstance(found, date) or found.year not in _YEARS:
        raise _fault(title, f"its {name} is no time that can be used")
    if isinstance(found, datetime) and found.tzinfo is UTC:
        return found.replace(microsecond=0)
    return found


def _dates(event: "Component", name: str) -> list[date]:
    found: Any = event.get(name)
    if found is None:
        return []
    return [
        one.dt
        for listed in (found if isinstance(found, list) else [found])
        for one in listed.dts
        if isinstance(one.dt, date)
    ]
