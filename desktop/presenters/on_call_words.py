"""Words for moments, spans and hours of the rota."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimeZone

from desktop.text import clock_text
from services.on_call.book import OnCallBook
from services.on_call.restriction import daily_hours
from services.on_call.roster import Roster, Rotation
from services.on_call.wall_clock import wall_clock, zone_names

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_SOON: Final = timedelta(days=6)


def viewer_zone() -> tzinfo:
    """The zone of this computer, with its summer time; UTC where it has none that is known."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return wall_clock(name).zone if name in zone_names() else UTC


def zone_city(zone: tzinfo) -> str:
    """``Lisbon`` for ``Europe/Lisbon``."""
    name = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    return str(name).rsplit("/", 1)[-1].replace("_", " ")


def moment(at: datetime, zone: tzinfo) -> str:
    """``Fri 18:00``, in a zone."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {clock_text(local)}"


def dated(at: datetime, zone: tzinfo) -> str:
    """``Fri 21 Nov 18:00``, in a zone."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {clock_text(local)}"


def near(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A weekday and a time while that is unmistakable, else the date as well."""
    return moment(at, zone) if abs(at - now) < _SOON else dated(at, zone)


def end_of(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Like :func:`near` for an end: midnight is 24:00 of the day before."""
    local = at.astimezone(zone)
    if local.hour or local.minute:
        return near(at, now, zone)
    return near(at - timedelta(minutes=1), now, zone).replace("23:59", "24:00")


def span(starts_at: datetime, ends_at: datetime, zone: tzinfo) -> str:
    """``Fri 21 Nov 18:00 to Sat 22 Nov 09:00``; the day once where it is the same."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if start.date() == end.date():
        return f"{dated(starts_at, zone)} to {clock_text(end)}"
    return f"{dated(starts_at, zone)} to {dated(ends_at, zone)}"


def near_span(starts_at: datetime, ends_at: datetime, now: datetime, zone: tzinfo) -> str:
    """``Sat 18:00 to Sun 09:00`` while that is unmistakable, else with the dates."""
    if abs(starts_at - now) < _SOON and abs(ends_at - now) < _SOON:
        end = ends_at.astimezone(zone)
        is_same_day = starts_at.astimezone(zone).date() == end.date()
        until = clock_text(end) if is_same_day else moment(ends_at, zone)
        return f"{moment(starts_at, zone)} to {until}"
    return span(starts_at, ends_at, zone)


def short_name(name: str) -> str:
    """``Priya R.``."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def hours_of(book: OnCallBook, roster: Roster) -> str:
    """``24×7``, ``24×5`` or the hours in which a roster has somebody."""
    rotations = [one for one in book.rotations_of(roster.id) if not one.is_backup]
    if not rotations:
        return "no rotation yet"
    if any(not one.restriction.strip() for one in rotations):
        return "24×7"
    return _restricted(rotations)


def _restricted(rotations: list[Rotation]) -> str:
    spans = {hours for one in rotations for hours in daily_hours(one.restriction)}
    days = sorted({hours.weekday for hours in spans})
    times = {(hours.start, hours.end) for hours in spans}
    if len(times) != 1 or days != list(range(days[0], days[-1] + 1)):
        return "some hours"
    begins, ends = times.pop()
    if ends - begins == timedelta(days=1):
        return f"24×{len(days)}"
    clock = f"{_clock(begins)}–{_clock(ends)}"
    return clock if len(days) == 7 else f"{DAYS[days[0]]}–{DAYS[days[-1]]} {clock}"


def _clock(since_midnight: timedelta) -> str:
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60 % 24 if minutes != 1440 else 24:02}:{minutes % 60:02}"
