"""What the screen of rosters and policies emits: a frozen form of each kind; no id is a new one."""

from dataclasses import dataclass, field
from uuid import UUID

from services.core.clock import EPOCH
from services.incidents.directory import Directory
from services.on_call.book import OnCallBook
from services.on_call.roster import HolidayRule, RotationUnit
from services.paging.destination import Destination


@dataclass(frozen=True, kw_only=True)
class Planning:
    """Rosters and policies, with the names of those who take turns and are called."""

    names: Directory = field(default_factory=Directory)
    book: OnCallBook = field(default_factory=lambda: OnCallBook(starts_at=EPOCH, ends_at=EPOCH))
    destinations: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterForm:
    """A roster of a team, or the catch-all."""

    roster_id: UUID | None
    name: str
    team_id: UUID | None
    time_zone: str
    is_catch_all: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationForm:
    """People who take turns, in their order; its roster never changes."""

    rotation_id: UUID | None
    roster_id: UUID
    name: str
    person_ids: tuple[UUID, ...]
    unit: RotationUnit
    length: int
    starts_at_local: str
    ends_at_local: str
    restriction: str
    layer: int
    is_backup: bool
    holiday_rule: HolidayRule
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayForm:
    """A day off of a roster; its day never changes."""

    holiday_id: UUID | None
    roster_id: UUID
    on_date: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyForm:
    """How pages of a team go on; ``steps`` as :meth:`StepDraft.to_text` writes them."""

    policy_id: UUID | None
    name: str
    team_id: UUID | None
    severities: str
    priorities: str
    out_of_hours_severities: str
    out_of_hours_priorities: str
    business_hours: str
    time_zone: str
    repeat_count: int
    acknowledge_timeout_s: int
    is_everyone: bool
    steps: tuple[str, ...]
    is_active: bool
