"""Reading what other systems export, place by place, so that a fault names where it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from services.core.text import clean_line
from services.intake.schedules.errors import ScheduleShapeUnknown, ScheduleUnreadable
from services.on_call.errors import ZoneUnknown
from services.on_call.wall_clock import wall_clock

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest file taken; schedules are kilobytes."""
MOST: Final = 1_000_000_000
_YEARS: Final = range(1990, 2101)


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        ScheduleUnreadable: it cannot be opened, is too large, or is not UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ScheduleUnreadable(file=path.name, problem="it is larger than 16 MB")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScheduleUnreadable(file=path.name, problem="it is not UTF-8 text") from error
    except OSError as error:
        problem = error.strerror or str(error)
        raise ScheduleUnreadable(file=path.name, problem=problem) from error


def parse_json(text: str) -> "Place":
    """The outermost place of a JSON text.

    Raises:
        ScheduleShapeUnknown: it is no JSON.
    """
    try:
        return Place(json.loads(text), "the file")
    except (ValueError, RecursionError) as error:
        raise ScheduleShapeUnknown(where="the file", problem="it is not JSON") from error


def moment_of(text: str, where: str) -> datetime:
    """The moment that was typed; without an offset it is in UTC.

    Raises:
        ScheduleShapeUnknown: it is none.
    """
    place = Place(text, where)
    found = place.local()
    has_offset = datetime.fromisoformat(text).tzinfo is not None
    return place.moment() if has_offset else found.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A value in a file, and where it stands."""

    value: object
    where: str

    def fault(self, problem: str) -> ScheduleShapeUnknown:
        """The fact that this place is not as it has to be."""
        return ScheduleShapeUnknown(where=self.where, problem=problem)

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing here."""
        return self.value is None

    def __getitem__(self, name: str) -> "Place":
        """What an object holds under a name, perhaps nothing.

        Raises:
            ScheduleShapeUnknown: it is no object.
        """
        if not isinstance(self.value, Mapping):
            raise self.fault("an object is expected")
        where = name if self.where == "the file" else f"{self.where}.{name}"
        return Place(self.value.get(name), where)

    def has(self, name: str) -> bool:
        """Whether it is an object that holds something under this name."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def items(self, within: str = "") -> list["Place"]:
        """The values of a list; none where nothing is. ``within`` names a wrapping that is opened.

        Raises:
            ScheduleShapeUnknown: it is no list.
        """
        place = self[within] if within and isinstance(self.value, Mapping) else self
        if place.value is None:
            return []
        if not isinstance(place.value, list):
            raise place.fault("a list is expected")
        return [Place(item, f"{place.where}[{n}]") for n, item in enumerate(place.value)]

    def text(self, absent: str | None = None) -> str:
        """One line of text.

        Raises:
            ScheduleShapeUnknown: it is none, or too long for a name.
        """
        if self.value is None and absent is not None:
            return absent
        if not isinstance(self.value, str) or not (self.value.strip() or absent is not None):
            raise self.fault("a text is expected")
        return clean_line(self.value, field=self.where)

    def whole(self, lowest: int, highest: int = MOST, absent: int | None = None) -> int:
        """A whole number within limits.

        Raises:
            ScheduleShapeUnknown: it is none, or outside of them.
        """
        if self.value is None and absent is not None:
            return absent
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault("a whole number is expected")
        if not lowest <= value <= highest:
            raise self.fault(f"a number from {lowest:,} to {highest:,} is expected")
        return value

    def choice(self, *known: str) -> str:
        """One of the words that the format has here.

        Raises:
            ScheduleShapeUnknown: it is none of them.
        """
        if self.value not in known:
            raise self.fault(f"one of {', '.join(known)} is expected")
        return str(self.value)

    def moment(self) -> datetime:
        """A time with its offset, as UTC, without fractions of a second.

        Raises:
            ScheduleShapeUnknown: it is none.
        """
        found = self._time()
        if found.tzinfo is None:
            raise self.fault("a time with its offset from UTC is expected")
        return found.astimezone(UTC)

    def local(self) -> datetime:
        """A wall-clock time; an offset that stands behind it is left aside.

        Raises:
            ScheduleShapeUnknown: it is none.
        """
        return self._time().replace(tzinfo=None)

    def clock_time(self) -> timedelta:
        """The time since midnight that ``09:30`` or ``09:30:00`` says.

        Raises:
            ScheduleShapeUnknown: it is none.
        """
        try:
            found = time.fromisoformat(str(self.value))
        except ValueError as error:
            raise self.fault("a time of day such as 09:30 is expected") from error
        return timedelta(hours=found.hour, minutes=found.minute, seconds=found.second)

    def zone(self) -> str:
        """An IANA name of a time zone.

        Raises:
            ScheduleShapeUnknown: no zone has this name.
        """
        name = self.text()
        try:
            wall_clock(name)
        except ZoneUnknown as error:
            raise self.fault(f"“{name}” is no time zone") from error
        return name

    def _time(self) -> datetime:
        try:
            found = datetime.fromisoformat(str(self.value))
        except ValueError as error:
            raise self.fault("a time such as 2026-03-02T09:00:00Z is expected") from error
        if found.year not in _YEARS:
            raise self.fault(f"a year from {_YEARS[0]} to {_YEARS[-1]} is expected")
        return found.replace(microsecond=0)
