"""The commands by which rosters are kept, and what departs from them.

Whatever is added is taken back by changing it to inactive or cancelled, and comes back by the same
command, so that each has its inverse. All of them keep ``on_call_shift`` true as well.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.on_call.roster import HolidayRule, OverrideKind, RotationUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRoster:
    """A new roster. As the catch-all it takes the place of the one that was."""

    REMARK: ClassVar[str] = "name"

    roster_id: UUID
    name: str
    time_zone: str
    team_id: UUID | None = None
    is_catch_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRoster:
    """New particulars of a roster, or its retirement."""

    REMARK: ClassVar[str] = "name"

    roster_id: UUID
    name: str
    time_zone: str
    team_id: UUID | None
    is_catch_all: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRotation:
    """People who take turns in a roster."""

    REMARK: ClassVar[str] = "name"

    rotation_id: UUID
    roster_id: UUID
    name: str
    person_ids: tuple[UUID, ...]
    starts_at_local: str
    ends_at_local: str = ""
    layer: int = 0
    is_backup: bool = False
    unit: RotationUnit = RotationUnit.WEEK
    length: int = 1
    restriction: str = ""
    holiday_rule: HolidayRule = HolidayRule.AS_USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRotation:
    """New particulars of a rotation, or its retirement; who was on call stays as it was."""

    REMARK: ClassVar[str] = "name"

    rotation_id: UUID
    name: str
    person_ids: tuple[UUID, ...]
    starts_at_local: str
    ends_at_local: str
    layer: int
    is_backup: bool
    unit: RotationUnit
    length: int
    restriction: str
    holiday_rule: HolidayRule
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddHoliday:
    """A day off in a roster's zone, written ``2026-12-25``; one that was removed comes back."""

    REMARK: ClassVar[str] = "name"

    roster_id: UUID
    on_date: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHoliday:
    """The day is a day like any other."""

    roster_id: UUID
    on_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOverride:
    """An exception: somebody more, somebody less, or somebody instead, for a span of time."""

    REMARK: ClassVar[str] = "reason"

    override_id: UUID
    roster_id: UUID
    kind: OverrideKind
    person_id: UUID | None = None
    replaced_person_id: UUID | None = None
    is_backup: bool = False
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeShift:
    """ "Take this shift": I am on call instead of whoever has it, all of it or a part."""

    REMARK: ClassVar[str] = "reason"

    override_id: UUID
    shift_id: UUID
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOverride:
    """The exception does not hold any more; or it does again."""

    override_id: UUID
    is_cancelled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTimeOff:
    """A person is on call in no roster during this span."""

    REMARK: ClassVar[str] = "reason"

    time_off_id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimeOff:
    """The time off does not take place; or it does after all."""

    time_off_id: UUID
    is_cancelled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteHandoverNote:
    """What who comes should know at a handover; the latest note counts."""

    REMARK: ClassVar[str] = "text"

    note_id: UUID
    roster_id: UUID
    handover_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSwap:
    """My shifts of a span to give away, to one person or whoever wants them.

    A return span is what I would take from that one person instead.
    """

    REMARK: ClassVar[str] = "reason"

    swap_id: UUID
    roster_id: UUID
    starts_at: datetime
    ends_at: datetime
    to_person_id: UUID | None = None
    return_starts_at: datetime | None = None
    return_ends_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSwap:
    """I take what is offered, and give what is asked in return."""

    swap_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineSwap:
    """I do not take what was offered to me."""

    swap_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSwap:
    """The offer ends; a swap that was taken is undone as far as it has not passed."""

    swap_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendShifts:
    """The shifts of a roster are computed again, as far ahead as they are kept."""

    roster_id: UUID
