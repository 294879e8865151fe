"""The wall clock of a time zone: local times to moments and back, exact when the clock changes.

Zones are read from the tzdata package alone, never from the machine, so that every desk computes
the same shifts from the same rules. Moments are aware and in UTC, local times are naive.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata

from services.on_call.errors import LocalTimeUnreadable, ZoneUnknown

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FIRST_YEAR, LAST_YEAR = 1970, 2199
# Finer than the time between any two changes of a zone since then, 7 days at the least.
LOOK_EVERY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment at which a zone's clock is put forward or back; the offsets are from UTC."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def local_before(self) -> datetime:
        """What the clock would have shown had it not been changed."""
        return self.at.replace(tzinfo=None) + self.before

    @property
    def local_after(self) -> datetime:
        """What the clock shows at the change."""
        return self.at.replace(tzinfo=None) + self.after

    @property
    def is_forward(self) -> bool:
        """Whether local times are left out; otherwise they come twice."""
        return self.after > self.before


@dataclass(frozen=True, slots=True, eq=False)
class WallClock:
    """The wall clock of one zone. There is one per zone; get it from :func:`wall_clock`."""

    zone: ZoneInfo

    def first(self, local: datetime) -> datetime:
        """The first moment at which the clock shows ``local``, or has passed over it."""
        earlier, later = self._readings(local)
        # A local time that is left out reads later by the old offset than by the new one.
        return earlier if earlier <= later else _change_between(self.zone, later, earlier).at

    def last(self, local: datetime) -> datetime:
        """The last moment at which the clock shows ``local``, or has passed over it."""
        earlier, later = self._readings(local)
        return later if earlier <= later else _change_between(self.zone, later, earlier).at

    def local(self, moment: datetime) -> datetime:
        """What the clock shows at a moment."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def changes(self, start: datetime, end: datetime) -> tuple[ClockChange, ...]:
        """The changes of this clock after ``start`` and until ``end``, in order."""
        years = range(start.year, end.year + 1)
        found = (change for year in years for change in _changes_of_year(self.zone, year))
        return tuple(change for change in found if start < change.at <= end)

    def _readings(self, local: datetime) -> tuple[datetime, datetime]:
        here = local.replace(tzinfo=self.zone)
        return here.astimezone(UTC), here.replace(fold=1).astimezone(UTC)


@cache
def wall_clock(zone: str) -> WallClock:
    """The wall clock of a zone, by its IANA name.

    Raises:
        ZoneUnknown: no zone has this name.
    """
    if zone not in zone_names():
        raise ZoneUnknown(zone=zone)
    with files(tzdata).joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        return WallClock(ZoneInfo.from_file(file, key=zone))


@cache
def zone_names() -> tuple[str, ...]:
    """All zones that a roster may have, sorted."""
    return tuple(sorted(files(tzdata).joinpath("zones").read_text("utf-8").split()))


def zone_version() -> str:
    """The edition of the zone data that all wall clocks here follow: ``2026f``."""
    return str(tzdata.IANA_VERSION)


def local_time(text: str) -> datetime:
    """The wall-clock time that is written ``2026-01-05T09:00``.

    Raises:
        LocalTimeUnreadable: it is written otherwise, or is on no day from 1970 to 2199.
    """
    return _read(text, "%Y-%m-%dT%H:%M")


def local_date(text: str) -> date:
    """The day that is written ``2026-12-25``.

    Raises:
        LocalTimeUnreadable: it is written otherwise, or is no day from 1970 to 2199.
    """
    return _read(text, "%Y-%m-%d").date()


def _read(text: str, form: str) -> datetime:
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 - it is local
    except ValueError as error:
        raise LocalTimeUnreadable(text=text) from error
    # What strptime tolerates beyond the form, such as missing zeros, is no second spelling.
    if found.strftime(form) != text or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise LocalTimeUnreadable(text=text)
    return found


@lru_cache(maxsize=4096)
def _changes_of_year(zone: ZoneInfo, year: int) -> tuple[ClockChange, ...]:
    found = []
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    # The last instant of the year before belongs to no year otherwise.
    moment -= SECOND
    end -= SECOND
    while moment < end:
        then = min(moment + LOOK_EVERY, end)
        if _offset(zone, moment) != _offset(zone, then):
            found.append(_change_between(zone, moment, then))
        moment = then
    return tuple(found)


def _change_between(zone: ZoneInfo, start: datetime, end: datetime) -> ClockChange:
    """The change after ``start`` and until ``end``, which have different offsets."""
    before, after = _offset(zone, start), _offset(zone, end)
    while end - start > SECOND:
        middle = start + (end - start) // SECOND // 2 * SECOND
        if _offset(zone, middle) == before:
            start = middle
        else:
            end = middle
    return ClockChange(end, before, after)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
