"""Who is on call at one minute, found without computing a single shift.

A clock that is put back shows some times twice, one that is put forward leaves some out. Two
readings that never run backwards tell first and last occurrence without any rule for either:
``high`` is the latest time that the clock has shown so far, ``low`` the earliest that it will show
from now on. Something has begun at a local time's first occurrence, or just after one that was left
out, when ``high`` has reached it; it has ended at the last one when ``low`` has reached it and is
past it a minute later.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import tzdata

from services.on_call.roster import (
    Holiday,
    HolidayRule,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    RotationUnit,
    TimeOff,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# No clock was put back further since 1995 than Casey's, by three hours.
PUT_BACK_AT_MOST = timedelta(hours=4)
START, END = datetime(1995, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)

OnCall = frozenset[tuple[UUID, bool, UUID | None, UUID | None]]
"""Person, whether as backup, rotation, override."""


@dataclass(frozen=True)
class Hours:
    """One part of a restriction, in minutes of the day."""

    weekdays: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Rota:
    """A roster with all its rules; ``hours`` is what the rotations' restrictions mean."""

    roster: Roster
    rotations: tuple[Rotation, ...]
    hours: dict[UUID, tuple[Hours, ...]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    time_off: tuple[TimeOff, ...] = ()


class Readings(NamedTuple):
    """What the clock has shown and will show, as seen from one minute."""

    high: datetime
    low: datetime
    low_a_minute_later: datetime

    def have_reached(self, local: datetime) -> bool:
        """Whether the first occurrence of a local time is now or was before."""
        return self.high >= local

    def are_past(self, local: datetime) -> bool:
        """Whether the last occurrence of a local time is now or was before."""
        return self.low >= local and self.low_a_minute_later > local


class Oracle:
    """Tells who is on call by a roster's rules, until some moment."""

    def __init__(self, rota: Rota, until: datetime) -> None:
        self._rota = rota
        self._zone = zone_of(rota.roster.time_zone)
        last = until.astimezone(self._zone).replace(tzinfo=None) + DAY
        self._handovers = {one.id: self._shown_handovers(one, last) for one in rota.rotations}
        self._days_off = {datetime.fromisoformat(one.on_date) for one in rota.holidays}

    def at(self, moment: datetime) -> OnCall:
        """Who is on call in the minute that begins with ``moment``."""
        readings = Readings(
            high_reading(self._zone, moment),
            low_reading(self._zone, moment),
            low_reading(self._zone, moment + MINUTE),
        )
        found: set[tuple[UUID, bool, UUID | None, UUID | None]] = set()
        for is_backup in (False, True):
            lane = self._by_rotations(is_backup, moment, readings)
            for override in sorted(self._rota.overrides, key=lambda one: (one.created_at, one.id)):
                is_now = override.starts_at <= moment < override.ends_at
                if is_now and override.is_backup is is_backup and not override.is_cancelled:
                    self._override(lane, override, moment)
            found |= {(person, is_backup, *why) for person, why in lane.items()}
        return frozenset(found)

    def _by_rotations(
        self, is_backup: bool, moment: datetime, readings: Readings
    ) -> dict[UUID, tuple[UUID | None, UUID | None]]:
        highest_first = sorted(self._rota.rotations, key=lambda one: (-one.layer, -one.id.int))
        for rotation in highest_first:
            if rotation.is_backup is is_backup and rotation.is_active:
                person = self._whose_turn(rotation, readings)
                if person is not None and not self._is_off(person, moment):
                    return {person: (rotation.id, None)}
        return {}

    def _whose_turn(self, rotation: Rotation, readings: Readings) -> UUID | None:
        high = readings.high
        count = bisect_right(self._handovers[rotation.id], high)
        has_ended = rotation.ends_at_local and high >= datetime.fromisoformat(
            rotation.ends_at_local
        )
        if not count or has_ended or not rotation.person_ids:
            return None
        is_holiday = datetime.combine(high.date(), time()) in self._days_off
        if rotation.holiday_rule is (HolidayRule.OFF if is_holiday else HolidayRule.ONLY):
            return None
        if rotation.restriction and not self._is_in_hours(rotation, readings):
            return None
        return rotation.person_ids[(count - 1) % len(rotation.person_ids)]

    def _is_in_hours(self, rotation: Rotation, readings: Readings) -> bool:
        for days in range(-3, 2):
            midnight = datetime.combine(readings.low.date(), time()) + days * DAY
            for hours in self._rota.hours[rotation.id]:
                if midnight.weekday() in hours.weekdays:
                    length = (hours.end - hours.start - 1) % 1440 + 1
                    start = midnight + hours.start * MINUTE
                    if readings.have_reached(start) and not readings.are_past(
                        start + length * MINUTE
                    ):
                        return True
        return False

    def _override(
        self,
        lane: dict[UUID, tuple[UUID | None, UUID | None]],
        override: Override,
        moment: datetime,
    ) -> None:
        comes, goes = override.person_id, override.replaced_person_id
        if override.kind is OverrideKind.REMOVE:
            lane.pop(goes or comes, None)  # type: ignore[arg-type]
            return
        if comes is None or self._is_off(comes, moment):
            return
        if override.kind is OverrideKind.REPLACE:
            if goes not in lane:
                return
            del lane[goes]
        lane.setdefault(comes, (None, override.id))

    def _is_off(self, person: UUID, moment: datetime) -> bool:
        return any(
            one.person_id == person and one.starts_at <= moment < one.ends_at
            for one in self._rota.time_off
            if not one.is_cancelled
        )

    def _shown_handovers(self, rotation: Rotation, last: datetime) -> list[datetime]:
        """What the clock shows first at or after each handover; those that coincide count once."""
        gaps = left_out(self._rota.roster.time_zone)
        ends = [gap[1] for gap in gaps]
        shown: list[datetime] = []
        for local in handover_times(rotation):
            if local > last:
                break
            at = bisect_left(ends, local)
            seen = ends[at] if at < len(ends) and gaps[at][0] <= local else local
            if not shown or seen != shown[-1]:
                shown.append(seen)
        return shown


def handover_times(rotation: Rotation) -> Iterator[datetime]:
    """The local times of all handovers, the first turn's start among them."""
    start = datetime.fromisoformat(rotation.starts_at_local)
    steps = {
        RotationUnit.HOUR: timedelta(hours=rotation.length),
        RotationUnit.DAY: timedelta(days=rotation.length),
        RotationUnit.WEEK: timedelta(days=7 * rotation.length),
    }
    number = 0
    while rotation.unit in steps:
        yield start + number * steps[rotation.unit]
        number += 1
    year, month = start.year, start.month
    while True:
        day = start.day
        while not _is_day(year, month, day):
            day -= 1
        yield start.replace(year=year, month=month, day=day)
        for _ in range(rotation.length):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return False
    return True


@cache
def zone_of(name: str) -> tzinfo:
    """The zone by the program's own edition; the machine may have another."""
    with files(tzdata).joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file)


def high_reading(zone: tzinfo, moment: datetime) -> datetime:
    """The latest time that the clock has shown until now, by the minute."""
    return max(_reading(zone, minute) for minute in _minutes(zone, moment, -MINUTE))


def low_reading(zone: tzinfo, moment: datetime) -> datetime:
    """The earliest time that the clock shows from now on, by the minute."""
    return min(_reading(zone, minute) for minute in _minutes(zone, moment, MINUTE))


def _minutes(zone: tzinfo, moment: datetime, step: timedelta) -> list[datetime]:
    """The minutes that matter: now, or hours of them when the clock is changed meanwhile."""
    far = moment + PUT_BACK_AT_MOST // MINUTE * step
    if _offset(zone, far) == _offset(zone, moment):
        return [moment]
    return [moment + number * step for number in range(PUT_BACK_AT_MOST // MINUTE + 1)]


def _reading(zone: tzinfo, moment: datetime) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


@cache
def left_out(zone_name: str) -> list[tuple[datetime, datetime]]:
    """Local times that a zone's clock jumps over: from the first to what it shows instead."""
    zone = zone_of(zone_name)
    found = []
    for hour in changed_hours(zone, START, END):
        minutes = [_reading(zone, hour + number * MINUTE) for number in range(61)]
        for before, shown in pairwise(minutes):
            if shown - before > MINUTE:
                found.append((before + MINUTE, shown))
    return found


def changed_hours(zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The hours, by their starts, in which a zone's clock is put forward or back."""
    day, offset = start, _offset(zone, start)
    while day < end:
        following = _offset(zone, day + DAY)
        if following != offset:
            for hour in (day + number * HOUR for number in range(24)):
                if _offset(zone, hour) != _offset(zone, hour + HOUR):
                    yield hour
        day, offset = day + DAY, following


def _offset(zone: tzinfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
