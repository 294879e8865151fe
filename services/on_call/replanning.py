"""What must change in the shifts that are kept, so that they are what the rules now give."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from services.core.clock import to_microseconds
from services.core.ids import derived_id
from services.on_call.roster import OnCallShift
from services.on_call.shifts import PlannedShift


class Replan(NamedTuple):
    """Shifts to insert, and the new images of shifts to update."""

    inserts: tuple[OnCallShift, ...]
    updates: tuple[OnCallShift, ...]


def replanned(
    existing: Sequence[OnCallShift],
    wanted: Sequence[PlannedShift],
    now: datetime,
    zone_version: str,
) -> Replan:
    """The difference between the shifts that are kept and those that are wanted.

    Both are of the same rosters and reach as far. The past stays as it is. A shift under way goes
    on under its own row while its person and reason are the same, else it ends now. A future one
    that no longer holds is cancelled, and revived when it comes back: its id follows from roster,
    person, lane and start, so that two desks make the same rows of the same plan. A row whose span
    and reason stay is kept, whatever edition of the zone data it was computed with.
    """
    # Of two under way for one reason, made by two desks at once, the older one goes on.
    live = sorted((row for row in existing if _is_under_way(row, now)), key=_start, reverse=True)
    under_way = {_reason(row): row for row in live}
    planned = {}
    for shift in wanted:
        if shift.ends_at > now:
            row = _row(replace(shift, starts_at=max(shift.starts_at, now)), zone_version)
            kept = under_way.get(_reason(shift)) if row.starts_at == now else None
            planned[kept.id if kept else row.id] = row
    known = {row.id for row in existing}
    images = ((row, _image(row, planned.get(row.id), now)) for row in existing)
    return Replan(
        inserts=tuple(row for id_, row in planned.items() if id_ not in known),
        updates=tuple(image for row, image in images if image is not row),
    )


def _image(row: OnCallShift, wanted: OnCallShift | None, now: datetime) -> OnCallShift:
    """What becomes of a kept row; the row itself if nothing does."""
    if wanted is not None:
        is_same = (row.ends_at, row.is_cancelled) == (wanted.ends_at, False)
        if is_same and _reason(row) == _reason(wanted):
            return row
        return replace(wanted, id=row.id, version=row.version, starts_at=row.starts_at)
    if _is_under_way(row, now):
        return replace(row, ends_at=now)
    if row.starts_at >= now and not row.is_cancelled:
        return replace(row, is_cancelled=True)
    return row


def _is_under_way(row: OnCallShift, now: datetime) -> bool:
    return row.starts_at < now < row.ends_at and not row.is_cancelled


def _start(row: OnCallShift) -> datetime:
    return row.starts_at


def _reason(shift: OnCallShift | PlannedShift) -> tuple[object, ...]:
    """Who is on call for what, and which record says so."""
    lane = (shift.roster_id, shift.person_id, shift.is_backup)
    return (*lane, shift.rotation_id, shift.override_id)


def _row(shift: PlannedShift, zone_version: str) -> OnCallShift:
    lane = "backup" if shift.is_backup else "primary"
    start = to_microseconds(shift.starts_at)
    return OnCallShift(
        id=derived_id(OnCallShift.TABLE, shift.roster_id, lane, shift.person_id, start),
        roster_id=shift.roster_id,
        person_id=shift.person_id,
        is_backup=shift.is_backup,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        rotation_id=shift.rotation_id,
        override_id=shift.override_id,
        zone_version=zone_version,
    )
