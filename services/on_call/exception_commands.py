"""One function per command on what departs from a rota: overrides, time off, swaps, notes."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.core.text import Limit, clean_text, require
from services.on_call import acts, lifecycle
from services.on_call.act_errors import NotYoursToPlan, ShiftGone
from services.on_call.conditions import active_roster, ensure_people
from services.on_call.lifecycle import SwapHalf
from services.on_call.permissions import planner_of
from services.on_call.roster import (
    HandoverNote,
    OnCallShift,
    Override,
    ShiftSwap,
    SwapState,
    TimeOff,
)
from services.on_call.shift_changes import rosters_of, with_shifts
from services.people.person import Person
from services.sync.changes import Act, Changes, State


def add_override(state: State, act: Act, command: acts.AddOverride) -> Changes:
    """An exception, by who keeps the roster, works in its team, or puts only themselves on call."""
    override = lifecycle.new_override(command, act)
    return _planned(state, act, override)


def take_shift(state: State, act: Act, command: acts.TakeShift) -> Changes:
    """The actor on call instead of whoever had the shift."""
    shift = state.get(OnCallShift, command.shift_id)
    return _planned(state, act, lifecycle.taken_shift(shift, command, act))


def _planned(state: State, act: Act, override: Override) -> Changes:
    roster = active_roster(state, override.roster_id)
    if not planner_of(state, act.actor_id).may_plan(roster, override):
        raise NotYoursToPlan()
    if override.person_id is not None:
        ensure_people(state, [override.person_id])
    if override.replaced_person_id is not None:
        state.get(Person, override.replaced_person_id)
    return with_shifts(state, act, Changes.none().insert(override), [roster.id])


def cancel_override(state: State, act: Act, command: acts.CancelOverride) -> Changes:
    """The exception taken back from now on, or made again."""
    before = state.get(Override, command.override_id)
    roster = active_roster(state, before.roster_id)
    if not planner_of(state, act.actor_id).may_cancel(roster, before):
        raise NotYoursToPlan()
    lifecycle.ensure_span(before.starts_at, before.ends_at, act)
    after = replace(before, is_cancelled=command.is_cancelled)
    return with_shifts(state, act, Changes.none().update(before, after), [roster.id])


def record_time_off(state: State, act: Act, command: acts.RecordTimeOff) -> Changes:
    """Time off, in every roster of the person."""
    _ensure_own_time_off(state, act, command.person_id)
    ensure_people(state, [command.person_id])
    changes = Changes.none().insert(lifecycle.new_time_off(command, act))
    return with_shifts(state, act, changes, rosters_of(state, command.person_id))


def cancel_time_off(state: State, act: Act, command: acts.CancelTimeOff) -> Changes:
    """The person on call again where it is their turn."""
    before = state.get(TimeOff, command.time_off_id)
    _ensure_own_time_off(state, act, before.person_id)
    lifecycle.ensure_span(before.starts_at, before.ends_at, act)
    changes = Changes.none().update(before, replace(before, is_cancelled=command.is_cancelled))
    return with_shifts(state, act, changes, rosters_of(state, before.person_id))


def _ensure_own_time_off(state: State, act: Act, person_id: UUID) -> None:
    if not planner_of(state, act.actor_id).may_record_time_off(person_id):
        raise NotYoursToPlan()


def write_handover_note(state: State, act: Act, command: acts.WriteHandoverNote) -> Changes:
    """A note; a later one for the same handover counts instead."""
    active_roster(state, command.roster_id)
    text = clean_text(command.text, Limit.NOTE, field="text")
    require("text", text)
    return Changes.none().insert(
        HandoverNote(
            id=command.note_id,
            roster_id=command.roster_id,
            handover_at=command.handover_at,
            written_by_id=act.actor_id,
            written_at=act.happened_at,
            text=text,
        )
    )


def offer_swap(state: State, act: Act, command: acts.OfferSwap) -> Changes:
    """An offer; nothing changes on the rota until it is accepted.

    Raises:
        ShiftGone: who would give is not on call then.
    """
    active_roster(state, command.roster_id)
    swap = lifecycle.offered(command, act)
    if swap.to_person_id is not None:
        ensure_people(state, [swap.to_person_id])
    for half in lifecycle.halves(swap, swap.to_person_id):
        _lanes(state, swap.roster_id, half)
    return Changes.none().insert(swap)


def accept_swap(state: State, act: Act, command: acts.AcceptSwap) -> Changes:
    """Both halves of the swap as overrides.

    Raises:
        NotYoursToPlan: it was offered to somebody else.
        SwapNotOpen: it was answered, or its shift has begun.
        ShiftGone: who would give is not on call then any more.
    """
    before = state.get(ShiftSwap, command.swap_id)
    active_roster(state, before.roster_id)
    if not planner_of(state, act.actor_id).may_answer(before):
        raise NotYoursToPlan()
    after = lifecycle.answered(before, act, SwapState.ACCEPTED)
    overrides = [
        lifecycle.swapped(after, half, is_backup, act)
        for half in lifecycle.halves(after, act.actor_id)
        for is_backup in _lanes(state, after.roster_id, half)
    ]
    changes = Changes.none().update(before, after).insert(*overrides)
    return with_shifts(state, act, changes, [before.roster_id])


def decline_swap(state: State, act: Act, command: acts.DeclineSwap) -> Changes:
    """The offer declined by whom it was made to."""
    before = state.get(ShiftSwap, command.swap_id)
    if before.to_person_id != act.actor_id:
        raise NotYoursToPlan()
    return Changes.none().update(before, lifecycle.answered(before, act, SwapState.DECLINED))


def withdraw_swap(state: State, act: Act, command: acts.WithdrawSwap) -> Changes:
    """The offer ended; what was swapped goes back, as far as it has not passed."""
    before = state.get(ShiftSwap, command.swap_id)
    if not planner_of(state, act.actor_id).may_withdraw(before):
        raise NotYoursToPlan()
    changes = Changes.none().update(before, lifecycle.withdrawn(before, act))
    if before.state is SwapState.OPEN:
        return changes
    for override in state.find(Override, swap_id=before.id, is_cancelled=False):
        changes = changes.update(override, replace(override, is_cancelled=True))
    return with_shifts(state, act, changes, [before.roster_id])


def _lanes(state: State, roster_id: UUID, half: SwapHalf) -> Sequence[bool]:
    """The lanes in which the giver is on call in the span: primary (False), backup (True).

    Raises:
        ShiftGone: they are in none.
    """
    shifts = state.find(
        OnCallShift, roster_id=roster_id, person_id=half.giver_id, is_cancelled=False
    )
    lanes = {
        shift.is_backup
        for shift in shifts
        if shift.starts_at < half.ends_at and half.starts_at < shift.ends_at
    }
    if not lanes:
        raise ShiftGone()
    return sorted(lanes)
