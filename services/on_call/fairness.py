"""How the load of being on call is shared: hours, nights, weekends and holidays per person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.on_call.coverage import Shift
from services.on_call.restriction import restricted_spans
from services.on_call.roster import Holiday, Roster
from services.on_call.shifts import holiday_spans
from services.on_call.spans import Span, joined, shared
from services.on_call.wall_clock import wall_clock

NIGHT = "22:00-06:00"
WEEKEND = "sat-sun 00:00-24:00"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person carries on one roster. A night counts from its first minute on call.

    An hour may be of a night, a weekend and a holiday at once. All by the roster's wall clock:
    nights are from 22:00 to 06:00, weekends Saturday and Sunday.
    """

    roster_id: UUID
    person_id: UUID
    is_backup: bool
    hours: float
    nights: int
    night_hours: float
    weekend_hours: float
    holiday_hours: float


def loads(
    roster: Roster,
    shifts: Iterable[Shift],
    holidays: Iterable[Holiday],
    start: datetime,
    end: datetime,
) -> tuple[Load, ...]:
    """What each person carries between two moments, the most hours first, backups after primaries.

    Shifts of other rosters do not count.

    Raises:
        LocalTimeUnreadable: a holiday is on no day.
        ZoneUnknown: the roster's zone has no rules.
    """
    clock = wall_clock(roster.time_zone)
    nights = restricted_spans(NIGHT, clock, start, end)
    weekends = restricted_spans(WEEKEND, clock, start, end)
    free_days = holiday_spans(roster, holidays)
    by_person = defaultdict(list)
    for one in shifts:
        if one.roster_id == roster.id:
            by_person[one.is_backup, one.person_id].append(Span(one.starts_at, one.ends_at))
    found = []
    for (is_backup, person_id), spans in by_person.items():
        held = shared(joined(spans), [Span(start, end)])
        load = Load(
            roster_id=roster.id,
            person_id=person_id,
            is_backup=is_backup,
            hours=_hours(held),
            nights=_count(nights, held),
            night_hours=_hours(shared(nights, held)),
            weekend_hours=_hours(shared(weekends, held)),
            holiday_hours=_hours(shared(free_days, held)),
        )
        if load.hours:
            found.append(load)
    return tuple(sorted(found, key=lambda one: (one.is_backup, -one.hours, one.person_id)))


def _hours(spans: Iterable[Span]) -> float:
    return sum((high - low for low, high in spans), timedelta()) / HOUR


def _count(spans: Sequence[Span], held: Sequence[Span]) -> int:
    """How many of the spans are held for any time."""
    return sum(bool(shared([span], held)) for span in spans)
