"""What an act makes of the shifts that are kept, and whether anybody is left to be called."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.on_call.act_errors import CatchAllNeeded
from services.on_call.replanning import replanned
from services.on_call.roster import Holiday, OnCallShift, Override, Roster, Rotation, TimeOff
from services.on_call.shifts import PlannedShift, planned_shifts, planning_span
from services.on_call.wall_clock import local_time, wall_clock, zone_version
from services.people.person import Person
from services.sync.changes import Act, Changes, State
from services.sync.state_after import StateAfter


def with_shifts(state: State, act: Act, changes: Changes, roster_ids: Iterable[UUID]) -> Changes:
    """The changes, with all they change in the shifts of these rosters from now on.

    Each roster notes when it was planned, so that of two desks that plan it at once the second
    finds its version gone and plans again.
    """
    for roster_id in sorted(set(roster_ids), key=str):
        after = StateAfter(state, changes)
        roster = after.get(Roster, roster_id)
        changes = changes.update(roster, replace(roster, planned_at=act.happened_at))
        changes |= _shift_changes(after, act.happened_at, roster)
    return changes


def _shift_changes(state: State, now: datetime, roster: Roster) -> Changes:
    kept = {
        shift.id: shift
        for shift in state.find(OnCallShift, roster_id=roster.id)
        if shift.ends_at > now
    }
    plan = replanned([*kept.values()], wanted_shifts(state, now, roster), now, zone_version())
    changes = Changes.none().insert(*plan.inserts)
    for image in plan.updates:
        changes = changes.update(kept[image.id], image)
    return changes


def wanted_shifts(state: State, now: datetime, roster: Roster) -> Sequence[PlannedShift]:
    """Who is on call in a roster by its rules, as far ahead as shifts are kept."""
    rotations = state.find(Rotation, roster_id=roster.id, is_active=True)
    overrides = state.find(Override, roster_id=roster.id, is_cancelled=False)
    people = {id_ for rotation in rotations for id_ in rotation.person_ids}
    people |= {override.person_id for override in overrides if override.person_id}
    time_off = [
        one
        for person_id in sorted(people, key=str)
        for one in state.find(TimeOff, person_id=person_id, is_cancelled=False)
    ]
    holidays = state.find(Holiday, roster_id=roster.id, is_active=True)
    return planned_shifts(roster, rotations, overrides, holidays, time_off, *planning_span(now))


def rosters_of(state: State, person_id: UUID) -> frozenset[UUID]:
    """Active rosters in which a person may be on call."""
    named = {
        rotation.roster_id
        for rotation in state.find(Rotation, is_active=True)
        if person_id in rotation.person_ids
    }
    overrides = state.find(Override, person_id=person_id, is_cancelled=False)
    named |= {override.roster_id for override in overrides}
    active = {roster.id for roster in state.find(Roster, is_active=True)}
    return frozenset(named & active)


def is_manned(state: State, now: datetime) -> bool:
    """Whether the catch-all roster has somebody who takes turns."""
    return any(
        _takes_turns(state, now, roster, rotation)
        for roster in _catch_alls(state)
        for rotation in state.find(Rotation, roster_id=roster.id, is_active=True)
    )


def ensure_still_manned(state: State, act: Act, changes: Changes) -> None:
    """Let pass what leaves the catch-all roster in its place, with its people.

    Raises:
        CatchAllNeeded: it would have nobody, or no roster would be it any more.
    """
    before, after = _catch_alls(state), _catch_alls(StateAfter(state, changes))
    if not before or is_manned(StateAfter(state, changes), act.happened_at):
        return
    if {r.id for r in before} != {r.id for r in after} or is_manned(state, act.happened_at):
        raise CatchAllNeeded(roster=before[0].name)


def _catch_alls(state: State) -> tuple[Roster, ...]:
    return state.find(Roster, is_catch_all=True, is_active=True)


def _takes_turns(state: State, now: datetime, roster: Roster, rotation: Rotation) -> bool:
    if rotation.ends_at_local:
        local = wall_clock(roster.time_zone).local(now)
        if local_time(rotation.ends_at_local) <= local:
            return False
    return any(state.find(Person, id=id_, is_active=True) for id_ in rotation.person_ids)
