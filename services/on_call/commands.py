"""One function per command that keeps rosters: state in, row changes out, shifts included."""

from dataclasses import replace

from services.core.errors import RecordMissing
from services.core.ids import derived_id
from services.on_call import acts, lifecycle
from services.on_call.act_errors import NotYoursToPlan
from services.on_call.conditions import active_roster, ensure_keeper, ensure_people, ensure_team
from services.on_call.roster import Holiday, Roster, Rotation
from services.on_call.shift_changes import ensure_still_manned, with_shifts
from services.sync.changes import Act, Changes, State


def add_roster(state: State, act: Act, command: acts.AddRoster) -> Changes:
    """A roster; as the catch-all it takes the mark from the one that had it."""
    planner = ensure_keeper(state, act, command.team_id)
    ensure_team(state, command.team_id)
    if command.is_catch_all and not planner.is_keeper:
        raise NotYoursToPlan()
    changes = Changes.none().insert(lifecycle.new_roster(command, act))
    return _with_one_catch_all(state, act, changes, command)


def change_roster(state: State, act: Act, command: acts.ChangeRoster) -> Changes:
    """New particulars, and the shifts of another zone."""
    before = state.get(Roster, command.roster_id)
    planner = ensure_keeper(state, act, before.team_id, command.team_id)
    ensure_team(state, command.team_id)
    after = lifecycle.changed_roster(before, command, act)
    if after.is_catch_all != before.is_catch_all and not planner.is_keeper:
        raise NotYoursToPlan()
    changes = _with_one_catch_all(state, act, Changes.none().update(before, after), command)
    return with_shifts(state, act, changes, [before.id])


def _with_one_catch_all(
    state: State, act: Act, changes: Changes, command: acts.AddRoster | acts.ChangeRoster
) -> Changes:
    """The mark taken from every other roster, after it is given, so that one always has it."""
    if command.is_catch_all:
        for other in state.find(Roster, is_catch_all=True):
            if other.id != command.roster_id:
                unmarked = replace(other, is_catch_all=False, planned_at=act.happened_at)
                changes = changes.update(other, unmarked)
    ensure_still_manned(state, act, changes)
    return changes


def add_rotation(state: State, act: Act, command: acts.AddRotation) -> Changes:
    """People who take turns, from now on."""
    roster = active_roster(state, command.roster_id)
    ensure_keeper(state, act, roster.team_id)
    ensure_people(state, command.person_ids)
    changes = Changes.none().insert(lifecycle.new_rotation(command))
    return with_shifts(state, act, changes, [roster.id])


def change_rotation(state: State, act: Act, command: acts.ChangeRotation) -> Changes:
    """Other turns from now on; who was on call until now stays as it was."""
    before = state.get(Rotation, command.rotation_id)
    roster = active_roster(state, before.roster_id)
    ensure_keeper(state, act, roster.team_id)
    ensure_people(state, set(command.person_ids) - set(before.person_ids))
    changes = Changes.none().update(before, lifecycle.changed_rotation(before, command))
    ensure_still_manned(state, act, changes)
    return with_shifts(state, act, changes, [roster.id])


def add_holiday(state: State, act: Act, command: acts.AddHoliday) -> Changes:
    """A day off; one that was removed comes back under its new name."""
    roster = active_roster(state, command.roster_id)
    ensure_keeper(state, act, roster.team_id)
    wanted = lifecycle.new_holiday(command)
    known = state.find(Holiday, id=wanted.id)
    changes = (
        Changes.none().update(known[0], replace(known[0], name=wanted.name, is_active=True))
        if known
        else Changes.none().insert(wanted)
    )
    return with_shifts(state, act, changes, [roster.id])


def remove_holiday(state: State, act: Act, command: acts.RemoveHoliday) -> Changes:
    """A day like any other; the record stays.

    Raises:
        RecordMissing: it was none.
    """
    roster = active_roster(state, command.roster_id)
    ensure_keeper(state, act, roster.team_id)
    id_ = derived_id(Holiday.TABLE, command.roster_id, command.on_date)
    before = state.get(Holiday, id_)
    if not before.is_active:
        raise RecordMissing(table=Holiday.TABLE, id=str(id_))
    changes = Changes.none().update(before, replace(before, is_active=False))
    return with_shifts(state, act, changes, [roster.id])


def extend_shifts(state: State, act: Act, command: acts.ExtendShifts) -> Changes:
    """The shifts as far ahead as they are kept, after a day has passed."""
    return with_shifts(state, act, Changes.none(), [command.roster_id])
