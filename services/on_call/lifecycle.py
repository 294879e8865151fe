"""What rosters, and exceptions to them, may become: pure functions over frozen values."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.core.ids import derived_id
from services.core.text import clean_line, clean_text, limit_of, require
from services.on_call.act_errors import (
    OverrideIncomplete,
    RotationWithoutPeople,
    ShiftGone,
    SpanInvalid,
    SwapNotOpen,
)
from services.on_call.acts import (
    AddHoliday,
    AddOverride,
    AddRoster,
    AddRotation,
    ChangeRoster,
    ChangeRotation,
    OfferSwap,
    RecordTimeOff,
    TakeShift,
)
from services.on_call.roster import (
    Holiday,
    OnCallShift,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    ShiftSwap,
    SwapState,
    TimeOff,
)
from services.on_call.shifts import PLANNED_AHEAD
from services.on_call.turns import check_rotation
from services.on_call.wall_clock import local_date, wall_clock
from services.sync.changes import Act


def new_roster(command: AddRoster, act: Act) -> Roster:
    """A roster without people yet.

    Raises:
        ZoneUnknown: the zone is no IANA name.
        FieldMissing: it has no name.
    """
    wall_clock(command.time_zone)
    return Roster(
        id=command.roster_id,
        name=_name(command.name),
        team_id=command.team_id,
        time_zone=command.time_zone,
        is_catch_all=command.is_catch_all,
        planned_at=act.happened_at,
    )


def changed_roster(before: Roster, command: ChangeRoster, act: Act) -> Roster:
    """The roster with new particulars; a retired one is the catch-all no more.

    Raises:
        ZoneUnknown: the zone is no IANA name.
        FieldMissing: it has no name.
    """
    wall_clock(command.time_zone)
    return replace(
        before,
        name=_name(command.name),
        team_id=command.team_id,
        time_zone=command.time_zone,
        is_catch_all=command.is_catch_all and command.is_active,
        is_active=command.is_active,
        planned_at=act.happened_at,
    )


def new_rotation(command: AddRotation) -> Rotation:
    """A rotation that can be planned.

    Raises:
        RotationWithoutPeople: nobody takes turns, or somebody is named twice.
        FieldMissing: it has no name.
        AppError: what :func:`check_rotation` finds.
    """
    return _sound(
        Rotation(
            id=command.rotation_id,
            roster_id=command.roster_id,
            name=_name(command.name),
            layer=command.layer,
            is_backup=command.is_backup,
            unit=command.unit,
            length=command.length,
            starts_at_local=command.starts_at_local,
            ends_at_local=command.ends_at_local,
            person_ids=command.person_ids,
            restriction=_line(command.restriction, "restriction"),
            holiday_rule=command.holiday_rule,
        )
    )


def changed_rotation(before: Rotation, command: ChangeRotation) -> Rotation:
    """The rotation with new particulars.

    Raises:
        RotationWithoutPeople: nobody takes turns, or somebody is named twice.
        FieldMissing: it has no name.
        AppError: what :func:`check_rotation` finds.
    """
    return _sound(
        replace(
            before,
            name=_name(command.name),
            layer=command.layer,
            is_backup=command.is_backup,
            unit=command.unit,
            length=command.length,
            starts_at_local=command.starts_at_local,
            ends_at_local=command.ends_at_local,
            person_ids=command.person_ids,
            restriction=_line(command.restriction, "restriction"),
            holiday_rule=command.holiday_rule,
            is_active=command.is_active,
        )
    )


def _sound(rotation: Rotation) -> Rotation:
    if not rotation.person_ids or len(set(rotation.person_ids)) < len(rotation.person_ids):
        raise RotationWithoutPeople(rotation=rotation.name)
    check_rotation(rotation)
    return rotation


def new_holiday(command: AddHoliday) -> Holiday:
    """A day off; the same day of a roster is always the same record.

    Raises:
        LocalTimeUnreadable: it is on no day.
        FieldMissing: it has no name.
    """
    local_date(command.on_date)
    return Holiday(
        id=derived_id(Holiday.TABLE, command.roster_id, command.on_date),
        roster_id=command.roster_id,
        on_date=command.on_date,
        name=_name(command.name),
    )


def new_override(command: AddOverride, act: Act) -> Override:
    """An exception from the moment it is made, if it was to begin earlier.

    Raises:
        SpanInvalid: it ends before it begins, is over, or is too long.
        OverrideIncomplete: it does not say who comes, or who goes.
    """
    ensure_span(command.starts_at, command.ends_at, act)
    comes, goes = command.person_id, command.replaced_person_id
    wanted = {
        OverrideKind.ADD: comes is not None and goes is None,
        OverrideKind.REMOVE: comes is None and goes is not None,
        OverrideKind.REPLACE: comes is not None and goes is not None and comes != goes,
    }
    if not wanted[command.kind]:
        raise OverrideIncomplete(kind=command.kind.value)
    return Override(
        id=command.override_id,
        roster_id=command.roster_id,
        kind=command.kind,
        person_id=comes,
        replaced_person_id=goes,
        is_backup=command.is_backup,
        starts_at=max(command.starts_at, act.happened_at),
        ends_at=command.ends_at,
        created_by_id=act.actor_id,
        created_at=act.happened_at,
        reason=clean_text(command.reason, field="reason"),
    )


def taken_shift(shift: OnCallShift, command: TakeShift, act: Act) -> Override:
    """The exception by which the actor has the shift, or the asked part of it.

    Raises:
        ShiftGone: it is over, cancelled, or the actor's own.
        SpanInvalid: the part is not in it.
    """
    if shift.is_cancelled or shift.ends_at <= act.happened_at or shift.person_id == act.actor_id:
        raise ShiftGone(shift_id=str(shift.id))
    starts_at = max(command.starts_at or shift.starts_at, shift.starts_at)
    ends_at = min(command.ends_at or shift.ends_at, shift.ends_at)
    wanted = AddOverride(
        override_id=command.override_id,
        roster_id=shift.roster_id,
        kind=OverrideKind.REPLACE,
        person_id=act.actor_id,
        replaced_person_id=shift.person_id,
        is_backup=shift.is_backup,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=command.reason,
    )
    return new_override(wanted, act)


def new_time_off(command: RecordTimeOff, act: Act) -> TimeOff:
    """A span in which the person is on call nowhere.

    Raises:
        SpanInvalid: it ends before it begins, is over, or is too long.
    """
    ensure_span(command.starts_at, command.ends_at, act)
    return TimeOff(
        id=command.time_off_id,
        person_id=command.person_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        reason=clean_text(command.reason, field="reason"),
    )


def offered(command: OfferSwap, act: Act) -> ShiftSwap:
    """An offer that is open until its shift begins.

    Raises:
        SpanInvalid: a span has begun, ends before it begins, or only half of one is given.
        OverrideIncomplete: it asks for something in return of nobody in particular.
    """
    spans = [(command.starts_at, command.ends_at)]
    if (command.return_starts_at is None) != (command.return_ends_at is None):
        raise SpanInvalid(problem="half of the span in return is missing")
    if command.return_starts_at is not None and command.return_ends_at is not None:
        spans.append((command.return_starts_at, command.return_ends_at))
        if command.to_person_id is None:
            raise OverrideIncomplete(kind=OverrideKind.REPLACE.value)
    for starts_at, ends_at in spans:
        ensure_span(starts_at, ends_at, act)
        if starts_at <= act.happened_at:
            raise SpanInvalid(problem="it has begun already")
    if command.to_person_id == act.actor_id:
        raise OverrideIncomplete(kind=OverrideKind.REPLACE.value)
    return ShiftSwap(
        id=command.swap_id,
        roster_id=command.roster_id,
        offered_by_id=act.actor_id,
        offered_at=act.happened_at,
        to_person_id=command.to_person_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        return_starts_at=command.return_starts_at,
        return_ends_at=command.return_ends_at,
        reason=clean_text(command.reason, field="reason"),
    )


def is_open(swap: ShiftSwap, now: datetime) -> bool:
    """Whether an offer can still be answered; it ends by itself when a shift of it begins."""
    begins = min(swap.starts_at, swap.return_starts_at or swap.starts_at)
    return swap.state is SwapState.OPEN and now < begins


def answered(swap: ShiftSwap, act: Act, state: SwapState) -> ShiftSwap:
    """The offer accepted or declined.

    Raises:
        SwapNotOpen: it was answered or withdrawn, or its shift has begun.
    """
    if not is_open(swap, act.happened_at):
        raise SwapNotOpen(state=swap.state.value)
    accepted_by = act.actor_id if state is SwapState.ACCEPTED else None
    return replace(swap, state=state, accepted_by_id=accepted_by, answered_at=act.happened_at)


def withdrawn(swap: ShiftSwap, act: Act) -> ShiftSwap:
    """The offer, or the swap that came of it, ended.

    Raises:
        SwapNotOpen: it had ended before.
    """
    if swap.state not in (SwapState.OPEN, SwapState.ACCEPTED):
        raise SwapNotOpen(state=swap.state.value)
    return replace(swap, state=SwapState.WITHDRAWN, answered_at=act.happened_at)


class SwapHalf(NamedTuple):
    """One person's shifts of a span, and who takes them."""

    giver_id: UUID
    taker_id: UUID | None
    starts_at: datetime
    ends_at: datetime


def halves(swap: ShiftSwap, other_id: UUID | None) -> tuple[SwapHalf, ...]:
    """What is given to the other person, and what they give in return."""
    given = SwapHalf(swap.offered_by_id, other_id, swap.starts_at, swap.ends_at)
    if swap.return_starts_at is None or swap.return_ends_at is None or other_id is None:
        return (given,)
    back = SwapHalf(other_id, swap.offered_by_id, swap.return_starts_at, swap.return_ends_at)
    return given, back


def swapped(swap: ShiftSwap, half: SwapHalf, is_backup: bool, act: Act) -> Override:
    """The exception by which one half of an accepted swap holds, in one lane."""
    return Override(
        id=derived_id(swap.id, half.giver_id, int(is_backup)),
        roster_id=swap.roster_id,
        kind=OverrideKind.REPLACE,
        person_id=half.taker_id,
        replaced_person_id=half.giver_id,
        is_backup=is_backup,
        starts_at=half.starts_at,
        ends_at=half.ends_at,
        created_by_id=act.actor_id,
        created_at=act.happened_at,
        reason=swap.reason,
        swap_id=swap.id,
    )


def ensure_span(starts_at: datetime, ends_at: datetime, act: Act) -> None:
    """Let pass a span that is not over and no longer than shifts are planned.

    Raises:
        SpanInvalid: it is.
    """
    if starts_at >= ends_at:
        raise SpanInvalid(problem="it ends before it begins")
    if ends_at <= act.happened_at:
        raise SpanInvalid(problem="it is over already")
    if ends_at - starts_at > PLANNED_AHEAD:
        raise SpanInvalid(problem=f"it is longer than {PLANNED_AHEAD.days} days")


def _name(text: str) -> str:
    name = clean_line(text, field="name")
    require("name", name)
    return name


def _line(text: str, field: str) -> str:
    return clean_line(text, limit_of(field), field=field)
