"""When something happens that repeats by the rules of iCalendar, RFC 5545 section 3.3.10."""

from datetime import datetime, timedelta
from typing import Final

from dateutil.rrule import rrulestr

from services.on_call.spans import Span
from services.on_call.wall_clock import WallClock

MOST: Final = 20_000
"""Occurrences looked at; an hourly event of two years has fewer."""
_TOO_OFTEN: Final = ("SECONDLY", "MINUTELY")


class RuleUnusable(Exception):
    """The rule is none, or repeats more often than anybody is on call; its text says which."""


def occurrences(rule: str, starts_local: datetime, clock: WallClock, span: Span) -> list[datetime]:
    """The local times at which it happens, as far as they lie within the span or a month before.

    Args:
        rule: ``FREQ=WEEKLY;BYDAY=MO``, without its name.
        starts_local: the first time it happens.
        clock: whose wall clock it follows.
        span: where an endless rule ends.

    Raises:
        RuleUnusable: the rule is none, or is too fine.
    """
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    if parts.get("FREQ") in _TOO_OFTEN or any(f"BY{n}" in parts for n in ("SECOND", "MINUTE")):
        raise RuleUnusable("it repeats within an hour")
    last = clock.local(span.ends_at)
    until = parts.pop("UNTIL", "")
    if until:
        last = min(last, _until(until, clock))
    first = clock.local(span.starts_at) - timedelta(days=31)
    if "COUNT" not in parts:
        parts["UNTIL"] = last.strftime("%Y%m%dT%H%M%S")
    try:
        found = rrulestr(";".join(f"{k}={v}" for k, v in parts.items()), dtstart=starts_local)
        times: list[datetime] = []
        for number, time in enumerate(found):
            if time > last:
                break
            if number > MOST * 20 or len(times) > MOST:
                raise RuleUnusable("it repeats too often")
            if time >= first:
                times.append(time)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError) as error:
        raise RuleUnusable("it is no rule of iCalendar") from error
    return times


def _until(text: str, clock: WallClock) -> datetime:
    """The last local time that the rule lets happen."""
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, seconds=-1)  # noqa: DTZ007
        if text.endswith("Z"):
            return clock.local(datetime.strptime(f"{text[:-1]}+0000", "%Y%m%dT%H%M%S%z"))
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - it is local
    except (ValueError, OverflowError) as error:
        raise RuleUnusable("its end cannot be read") from error
