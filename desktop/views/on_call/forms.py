"""What the dialogs of the on-call screen emit: frozen forms, in UTC."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.on_call.roster import OverrideKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideForm:
    """Who comes, and instead of whom; no ``replaced_person_id`` is whoever is on call then."""

    roster_id: UUID
    kind: OverrideKind
    person_id: UUID | None
    replaced_person_id: UUID | None
    is_backup: bool
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapForm:
    """A shift to give away, to one person or to anyone, and what is wanted in return."""

    starts_at: datetime
    ends_at: datetime
    to_person_id: UUID | None
    return_starts_at: datetime | None
    return_ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffForm:
    """When somebody is never on call."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who can be chosen, and a word about them."""

    person_id: UUID
    name: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RosterChoice:
    """A roster, and the people of its team first among all who can be on call."""

    roster_id: UUID
    name: str
    people: tuple[PersonChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftChoice:
    """A coming shift of somebody, by its words."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class TimeOffChoice:
    """Time off that is planned, by its words."""

    time_off_id: UUID
    words: str
