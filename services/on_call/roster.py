"""Who is on call: rosters, their rotations, and what departs from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID


class RotationUnit(Enum):
    """What a turn is counted in, always by the wall clock of the roster's zone."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class HolidayRule(Enum):
    """What a rotation does on the roster's holidays."""

    AS_USUAL = "as_usual"
    OFF = "off"
    ONLY = "only"


class OverrideKind(Enum):
    """How an override departs from the rotations."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


class SwapState(Enum):
    """Where an offer to swap stands. An open one ends by itself when its shift begins."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is on call for a team, or for major incidents when nobody else answers (catch-all).

    ``time_zone`` is an IANA name. Exactly one active roster is the catch-all. ``planned_at`` is
    when its shifts were last computed: two desks that do so at once meet in it, and the second
    computes them again.
    """

    TABLE: ClassVar[str] = "roster"

    id: UUID
    version: int = 0
    name: str
    team_id: UUID | None = None
    time_zone: str
    is_catch_all: bool = False
    is_active: bool = True
    planned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People who take turns. Of several primary rotations the one with the highest layer counts.

    ``starts_at_local`` and ``ends_at_local`` are wall-clock times in the roster's zone, written
    ``2026-01-05T09:00``; the first turn begins at the start. ``unit`` × ``length`` is one turn.
    ``restriction`` limits it to hours and days: ``mon-fri 08:00-18:00; sat 10:00-14:00``; empty is
    always, and a span like ``22:00-06:00`` ends on the next day. Equal times are the whole day.
    """

    TABLE: ClassVar[str] = "rotation"

    id: UUID
    version: int = 0
    roster_id: UUID
    name: str
    layer: int = 0
    is_backup: bool = False
    unit: RotationUnit = RotationUnit.WEEK
    length: int = 1
    starts_at_local: str
    ends_at_local: str = ""
    person_ids: tuple[UUID, ...] = ()
    restriction: str = ""
    holiday_rule: HolidayRule = HolidayRule.AS_USUAL
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An exception to the rotations for a span of time. The one created last wins.

    A replacement counts only while the replaced person would be on call.
    """

    TABLE: ClassVar[str] = "on_call_override"

    id: UUID
    version: int = 0
    roster_id: UUID
    kind: OverrideKind
    person_id: UUID | None = None
    replaced_person_id: UUID | None = None
    is_backup: bool = False
    starts_at: datetime
    ends_at: datetime
    created_by_id: UUID
    created_at: datetime
    reason: str = ""
    swap_id: UUID | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSwap:
    """An offer to give a shift away, perhaps for one in return."""

    TABLE: ClassVar[str] = "shift_swap"

    id: UUID
    version: int = 0
    roster_id: UUID
    state: SwapState = SwapState.OPEN
    offered_by_id: UUID
    offered_at: datetime
    to_person_id: UUID | None = None
    starts_at: datetime
    ends_at: datetime
    return_starts_at: datetime | None = None
    return_ends_at: datetime | None = None
    accepted_by_id: UUID | None = None
    answered_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """A span in which a person is never on call, whatever a rotation says."""

    TABLE: ClassVar[str] = "time_off"

    id: UUID
    version: int = 0
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day off in a roster's zone; ``on_date`` is written ``2026-12-25``."""

    TABLE: ClassVar[str] = "holiday"

    id: UUID
    version: int = 0
    roster_id: UUID
    on_date: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverNote:
    """What the one who goes tells the one who comes, at a handover of a roster."""

    TABLE: ClassVar[str] = "handover_note"

    id: UUID
    version: int = 0
    roster_id: UUID
    handover_at: datetime
    written_by_id: UUID
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallShift:
    """A span in which one person is on call, computed from the rules and kept for SQL to join.

    A shift that the rules no longer give is cancelled, never removed. Past ones stay as evidence.
    ``zone_version`` is the edition of the zone data that it was computed with.
    """

    TABLE: ClassVar[str] = "on_call_shift"

    id: UUID
    version: int = 0
    roster_id: UUID
    person_id: UUID
    is_backup: bool = False
    starts_at: datetime
    ends_at: datetime
    rotation_id: UUID | None = None
    override_id: UUID | None = None
    zone_version: str = ""
    is_cancelled: bool = False
