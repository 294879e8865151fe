"""For how long a page may be snoozed, as choices."""

from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QCoreApplication

from desktop.text import full_when_text

MORNING: Final = 9
"""The hour at which a business day begins, by the clock of the person at the desk."""

_SATURDAY: Final = 5
translate = QCoreApplication.translate


def snooze_choices(now: datetime) -> list[tuple[str, int]]:
    """What to choose from, with its seconds; ``now`` carries the zone of the person."""
    morning = next_business_morning(now)
    until = translate("paging", "Until %1").replace("%1", full_when_text(morning, now))
    return [
        (translate("paging", "10 minutes"), 600),
        (translate("paging", "30 minutes"), 1_800),
        (translate("paging", "1 hour"), 3_600),
        (translate("paging", "4 hours"), 14_400),
        # In UTC: the wall clock may be put forward or back until then.
        (until, round((morning.astimezone(UTC) - now.astimezone(UTC)).total_seconds())),
    ]


def next_business_morning(now: datetime) -> datetime:
    """The next 9:00 from Monday to Friday, by the wall clock of ``now``."""
    day = now.replace(hour=MORNING, minute=0, second=0, microsecond=0, fold=0)
    while day <= now or day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
