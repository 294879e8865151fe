"""Restrictions to hours and days, as people write them: ``mon-fri 08:00-18:00; sat 10:00-14:00``.

A span begins at the first occurrence of its local time and ends at the last one, so that the hour
that comes twice is covered twice rather than left out. Its end is on the next day when it is not
later than its start: ``22:00-06:00`` is a night, ``09:00-09:00`` a whole day.
"""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.on_call.errors import RestrictionUnreadable
from services.on_call.spans import Span, joined
from services.on_call.wall_clock import DAY, WallClock, wall_clock

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PART = re.compile(
    r"(?:(?P<days>[a-z]{3}(?:[-,][a-z]{3})*) )?"
    r"(?P<from>(?:[01]\d|2[0-3]):[0-5]\d)-(?P<to>(?:[01]\d|2[0-3]):[0-5]\d|24:00)",
    re.ASCII,
)


class DailyHours(NamedTuple):
    """Hours that begin on one day of the week (Monday is 0), counted from its midnight."""

    weekday: int
    start: timedelta
    end: timedelta


@lru_cache(maxsize=1024)
def daily_hours(restriction: str) -> tuple[DailyHours, ...]:
    """What a restriction says, day by day in its own order; nothing for an empty one.

    Days are left out (every day), listed, or a range that may go over Sunday: ``fri-mon``.

    Raises:
        RestrictionUnreadable: a part is neither that nor a span of hours.
    """
    if not restriction.strip():
        return ()
    return tuple(hours for part in restriction.split(";") for hours in _hours_of(part))


def restricted_spans(
    restriction: str, clock: WallClock, start: datetime, end: datetime
) -> list[Span]:
    """When a restriction lets somebody be on call, between two moments; an empty one always."""
    if not restriction.strip():
        return [Span(start, end)] if start < end else []
    found = []
    # Two days before: a span may begin the day before, and a clock be put back over midnight.
    day = datetime.combine(clock.local(start), time()) - 2 * DAY
    last = clock.local(end) + DAY
    by_weekday = _by_weekday(restriction)
    while day <= last:
        for hours in by_weekday[day.weekday()]:
            opens = max(clock.first(day + hours.start), start)
            closes = min(clock.last(day + hours.end), end)
            if opens < closes:
                found.append(Span(opens, closes))
        day += DAY
    return joined(found)


def policy_hours(restriction: str, zone: str, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The business hours of a policy between two moments, for its :class:`PolicyHours`.

    Raises:
        RestrictionUnreadable: the hours cannot be understood.
        ZoneUnknown: no zone has this name.
    """
    return tuple(restricted_spans(restriction, wall_clock(zone), start, end))


def _by_weekday(restriction: str) -> list[list[DailyHours]]:
    hours = daily_hours(restriction)
    return [[one for one in hours if one.weekday == weekday] for weekday in range(len(DAYS))]


def _hours_of(part: str) -> Iterable[DailyHours]:
    match = PART.fullmatch(" ".join(part.lower().split()))
    if match is None:
        raise RestrictionUnreadable(part=part.strip())
    start, end = _since_midnight(match["from"]), _since_midnight(match["to"])
    if end <= start:
        end += DAY
    weekdays = _weekdays(match["days"], part)
    return [DailyHours(weekday, start, end) for weekday in weekdays]


def _weekdays(days: str | None, part: str) -> list[int]:
    if days is None:
        return [*range(len(DAYS))]
    found: list[int] = []
    for item in days.split(","):
        ends = [DAYS.index(name) for name in item.split("-") if name in DAYS]
        if len(ends) != len(item.split("-")) or len(ends) > 2:
            raise RestrictionUnreadable(part=part.strip())
        reach = (ends[-1] - ends[0]) % len(DAYS)
        found += ((ends[0] + step) % len(DAYS) for step in range(reach + 1))
    return found


def _since_midnight(written: str) -> timedelta:
    hours, minutes = written.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
