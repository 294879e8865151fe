"""What changes of the clock do to the rota, and how the load of it is shared."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from desktop.models.fairness_model import FairnessRow
from desktop.presenters import on_call_words as words
from desktop.presenters.on_call_page import Sight, clock_change_text
from desktop.views.on_call.values import ClockPreview
from services.on_call.fairness import Load, loads
from services.on_call.roster import OnCallShift, Roster
from services.on_call.wall_clock import ClockChange, wall_clock

_HOUR = timedelta(hours=1)


def clock_previews(sight: Sight) -> list[ClockPreview]:
    """Every change of a roster's clock until the book ends, and who is on call over it."""
    found = []
    for roster in sight.rosters:
        clock = wall_clock(roster.time_zone)
        for change in clock.changes(sight.now, sight.book.ends_at):
            over = [
                s for s in sight.book.shifts_of(roster.id) if s.starts_at < change.at < s.ends_at
            ]
            heading = clock_change_text(roster.time_zone, change)
            found += [
                (change.at, ClockPreview(heading, _over(sight, roster, s, change))) for s in over
            ]
    found.sort(key=lambda pair: (pair[0], pair[1].change, pair[1].text))
    return [preview for _, preview in found]


def _over(sight: Sight, roster: Roster, shift: OnCallShift, change: ClockChange) -> str:
    """How long a shift over a change really is, beside what the wall clock tells."""
    real = (shift.ends_at - shift.starts_at) / _HOUR
    told = real + (change.after - change.before) / _HOUR
    zone = wall_clock(roster.time_zone).zone
    lane = sight.lane_name(roster, is_backup=shift.is_backup)
    span = words.span(shift.starts_at, shift.ends_at, zone)
    return f"{lane}: {sight.person(shift.person_id)}, {span}, lasts {real:g} h, not {told:g} h"


def fairness(sight: Sight, start: datetime, end: datetime) -> list[FairnessRow]:
    """What each person carries between two moments, all rosters together."""
    totals: dict[UUID, FairnessRow] = {}
    for roster in sight.rosters:
        shifts, holidays = sight.book.shifts_of(roster.id), sight.book.holidays
        for load in loads(roster, shifts, holidays, start, end):
            person_id = load.person_id
            nothing = FairnessRow(sight.person(person_id), sight.is_you(person_id))
            totals[person_id] = _with(totals.get(person_id, nothing), load)
    return list(totals.values())


def _with(row: FairnessRow, load: Load) -> FairnessRow:
    if load.is_backup:
        return replace(row, backup_hours=row.backup_hours + load.hours)
    return replace(
        row,
        hours=row.hours + load.hours,
        nights=row.nights + load.nights,
        weekend_hours=row.weekend_hours + load.weekend_hours,
        holiday_hours=row.holiday_hours + load.holiday_hours,
    )
