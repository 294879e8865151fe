"""Words for durations, ages, times and counts; the same on every desk, whatever its locale."""

from datetime import datetime, timedelta
from typing import Final

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def duration_text(duration: timedelta) -> str:
    """``0:24`` under a day, ``1 d 2 h`` from there; a true minus for what is over."""
    seconds = round(duration.total_seconds())
    sign = "−" if seconds < 0 else ""
    minutes = abs(seconds) // _MINUTE
    days, rest = divmod(minutes, _DAY // _MINUTE)
    hours, left = divmod(rest, 60)
    if days:
        return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"
    return f"{sign}{hours}:{left:02}"


def clock_duration_text(duration: timedelta) -> str:
    """``01:42`` as a running call shows it, ``1:01:42`` from an hour."""
    seconds = max(0, int(duration.total_seconds()))
    hours, rest = divmod(seconds, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def age_text(age: timedelta) -> str:
    """How long something exists: ``now``, ``24 m``, ``3 h``, ``2 d 4 h``."""
    seconds = int(age.total_seconds())
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} m"
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        minutes = rest // _MINUTE
        return f"{hours} h {minutes} m" if minutes and hours < 10 else f"{hours} h"
    days, rest = divmod(seconds, _DAY)
    hours = rest // _HOUR
    return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"


def ago_text(age: timedelta) -> str:
    """``just now``, ``52 min ago``, ``2 h ago``, ``3 d ago``."""
    seconds = int(age.total_seconds())
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h ago"
    return f"{seconds // _DAY} d ago"


def clock_text(at: datetime, *, seconds: bool = False) -> str:
    """``10:38`` or ``10:38:07``, in the zone ``at`` carries."""
    return at.strftime("%H:%M:%S" if seconds else "%H:%M")


def date_text(at: datetime, today: datetime) -> str:
    """``12 Oct``, with the year when it is another one."""
    day = f"{at.day} {_MONTHS[at.month - 1]}"
    return day if at.year == today.year else f"{day} {at.year}"


def when_text(at: datetime, now: datetime) -> str:
    """``10:38`` for today, ``12 Oct`` or ``12 Oct 2025`` for other days.

    Both times are read in the zone of ``now``.
    """
    local = at.astimezone(now.tzinfo)
    return clock_text(local) if local.date() == now.date() else date_text(local, now)


def full_when_text(at: datetime, now: datetime) -> str:
    """Day and time, for tips and history: ``Mon 12 Oct 15:20``, ``today 10:38``."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"today {clock_text(local)}"
    return f"{_DAYS[local.weekday()]} {date_text(local, now)} {clock_text(local)}"


def incident_key(number: int) -> str:
    """``INC-20431``."""
    return f"INC-{number}"


def count_text(count: int) -> str:
    """``12,400``: thousands parted by commas."""
    return f"{count:,}"


def plural(count: int, one: str, many: str) -> str:
    """``1 incident``, ``63 incidents``."""
    return f"{count_text(count)} {one if count == 1 else many}"
