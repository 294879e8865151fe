"""Hours and days as other systems write them, as windows of a weekday."""

from datetime import timedelta
from typing import Final

from services.intake.schedules.source import DAY, WEEK, Window

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY: Final = tuple(range(len(WEEKDAYS)))


def daily(start: timedelta, length: timedelta, weekdays: tuple[int, ...]) -> tuple[Window, ...]:
    """The same hours on each of these weekdays; none for all day every day, which is always."""
    if length >= DAY and len(weekdays) == len(EVERY_DAY):
        return ()
    return tuple(Window(weekday, start, length) for weekday in weekdays)


def until_clock(start: timedelta, end: timedelta) -> timedelta:
    """The length of hours from one time of day to another, which may be the next day's."""
    return (end - start) % DAY or DAY


def until_weekday(
    weekday: int, start: timedelta, end_weekday: int, end: timedelta
) -> tuple[Window, ...]:
    """One span of the week from a time of one day to a time of another; none where it is all."""
    length = (end_weekday * DAY + end - weekday * DAY - start) % WEEK
    return (Window(weekday, start, length),) if length else ()
