"""What puts an act on the rota back."""

from dataclasses import replace

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
