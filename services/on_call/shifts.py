"""The shifts of a roster, from its rotations and everything that departs from them.

Of the primary rotations the one with the highest layer that has somebody counts; of equal layers
the one made last. Time off leaves a turn to the layers below. Overrides come after the layers, so
that removing somebody leaves a gap. Backups are a lane of their own, by the same rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from services.on_call.overrides import Absences, overridden, without_absences
from services.on_call.restriction import restricted_spans
from services.on_call.roster import Holiday, HolidayRule, Override, Roster, Rotation, TimeOff
from services.on_call.spans import Duty, Span, between, in_order, joined, shared, within
from services.on_call.turns import turns
from services.on_call.wall_clock import DAY, WallClock, local_date, wall_clock

PLANNED_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShift:
    """A span in which one person is on call, and the rotation or override that says so."""

    roster_id: UUID
    person_id: UUID
    is_backup: bool
    starts_at: datetime
    ends_at: datetime
    rotation_id: UUID | None
    override_id: UUID | None


def planning_span(now: datetime) -> Span:
    """The span that shifts are kept for; the same all day (UTC), so that desks agree on it."""
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(start, start + PLANNED_AHEAD)


def planned_shifts(
    roster: Roster,
    rotations: Iterable[Rotation],
    overrides: Iterable[Override],
    holidays: Iterable[Holiday],
    time_off: Iterable[TimeOff],
    start: datetime,
    end: datetime,
) -> tuple[PlannedShift, ...]:
    """Who is on call between two moments: sorted, as long as each can be, never twice at once.

    Records of other rosters, inactive and cancelled ones do not count; an inactive roster has no
    shifts. Two primaries at a time come from an override that adds one, and from nothing else.

    Raises:
        ZoneUnknown: the roster's zone has no rules.
        LocalTimeUnreadable, RestrictionUnreadable, RotationEndsTooEarly, TurnLengthOutOfRange:
            a record holds what a command would have refused.
    """
    if not roster.is_active:
        return ()
    absences = _absences(time_off)
    own = [one for one in rotations if one.roster_id == roster.id and one.is_active]
    changed = [one for one in overrides if one.roster_id == roster.id]
    layers = _Layers(wall_clock(roster.time_zone), holiday_spans(roster, holidays), absences)
    found = []
    for is_backup in (False, True):
        lane = layers.duties([one for one in own if one.is_backup is is_backup], start, end)
        lane = overridden(lane, [one for one in changed if one.is_backup is is_backup], absences)
        found += [
            PlannedShift(roster_id=roster.id, is_backup=is_backup, **duty._asdict())
            for duty in _merged(within(lane, [Span(start, end)]))
        ]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.is_backup, one.person_id)))


@dataclass(frozen=True, slots=True)
class _Layers:
    """What all rotations of a roster have in common."""

    clock: WallClock
    days_off: Sequence[Span]
    absences: Absences

    def duties(self, rotations: Iterable[Rotation], start: datetime, end: datetime) -> list[Duty]:
        """Who is on call in one lane by its rotations."""
        found: list[Duty] = []
        free = [Span(start, end)] if start < end else []
        for rotation in sorted(rotations, key=lambda one: (one.layer, one.id), reverse=True):
            duties = within(turns(rotation, self.clock, start, end), self._hours(rotation, free))
            duties = without_absences(duties, self.absences)
            found += duties
            taken = joined(Span(duty.starts_at, duty.ends_at) for duty in duties)
            free = shared(free, between(taken, start, end))
        return sorted(found, key=in_order)

    def _hours(self, rotation: Rotation, free: Sequence[Span]) -> list[Span]:
        """When a rotation has anybody at all, of the time that the layers above leave free."""
        if not free:
            return []
        start, end = free[0].starts_at, free[-1].ends_at
        hours = shared(restricted_spans(rotation.restriction, self.clock, start, end), free)
        if rotation.holiday_rule is HolidayRule.ONLY:
            return shared(hours, self.days_off)
        if rotation.holiday_rule is HolidayRule.OFF:
            return shared(hours, between(self.days_off, start, end))
        return hours


def holiday_spans(roster: Roster, holidays: Iterable[Holiday]) -> list[Span]:
    """The roster's holidays, each from the first moment of its day to that of the next, joined.

    Raises:
        LocalTimeUnreadable: a holiday is on no day.
        ZoneUnknown: the roster's zone has no rules.
    """
    clock = wall_clock(roster.time_zone)
    own = [one for one in holidays if one.roster_id == roster.id and one.is_active]
    days = [datetime.combine(local_date(one.on_date), time()) for one in own]
    return joined(Span(clock.first(day), clock.first(day + DAY)) for day in days)


def _absences(time_off: Iterable[TimeOff]) -> Absences:
    spans = defaultdict(list)
    for one in time_off:
        if not one.is_cancelled:
            spans[one.person_id].append(Span(one.starts_at, one.ends_at))
    return {person_id: joined(found) for person_id, found in spans.items()}


def _merged(duties: Iterable[Duty]) -> list[Duty]:
    """Duties that follow each other for one person and one reason, as one."""
    last: dict[tuple[object, ...], int] = {}
    found: list[Duty] = []
    for duty in duties:
        at = last.get(duty[2:])
        if at is not None and found[at].ends_at == duty.starts_at:
            found[at] = found[at]._replace(ends_at=duty.ends_at)
        else:
            last[duty[2:]] = len(found)
            found.append(duty)
    return found
