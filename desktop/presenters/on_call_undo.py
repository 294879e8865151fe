"""What puts an act on the rota back, and what does it again."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from services.on_call.acts import (
    AcceptSwap,
    AddHoliday,
    AddOverride,
    CancelOverride,
    CancelTimeOff,
    OfferSwap,
    RecordTimeOff,
    RemoveHoliday,
    TakeShift,
    WithdrawSwap,
)


def inverse_on_call(command: object) -> object | None:
    """The command that puts another one back, or None where nothing can."""
    if isinstance(command, AddOverride | TakeShift):
        return CancelOverride(override_id=command.override_id)
    if isinstance(command, CancelOverride):
        return replace(command, is_cancelled=not command.is_cancelled)
    if isinstance(command, RecordTimeOff):
        return CancelTimeOff(time_off_id=command.time_off_id)
    if isinstance(command, CancelTimeOff):
        return replace(command, is_cancelled=not command.is_cancelled)
    if isinstance(command, OfferSwap | AcceptSwap):
        return WithdrawSwap(swap_id=command.swap_id)
    if isinstance(command, AddHoliday):
        return RemoveHoliday(roster_id=command.roster_id, on_date=command.on_date)
    return None


def again_on_call(command: object, fresh_id: Callable[[], UUID]) -> object:
    """The command that does again what was undone: what was cancelled holds again."""
    if isinstance(command, AddOverride | TakeShift):
        return CancelOverride(override_id=command.override_id, is_cancelled=False)
    if isinstance(command, RecordTimeOff):
        return CancelTimeOff(time_off_id=command.time_off_id, is_cancelled=False)
    if isinstance(command, OfferSwap):
        return replace(command, swap_id=fresh_id())
    return command
