"""What the on-call screen shows: frozen values, made by its presenter, told by their keys."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import Enum
from uuid import UUID

from services.core.clock import EPOCH


class BarKind(Enum):
    """What a bar of the rota stands for."""

    PRIMARY = "primary"
    BACKUP = "backup"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span in which one person is on call, or nobody although somebody should be.

    ``key`` names it within its roster. ``tip`` tells it in the zone of its roster, ``spoken`` to a
    screen reader.
    """

    key: str
    kind: BarKind
    starts_at: datetime
    ends_at: datetime
    person_id: UUID | None = None
    person: str = ""
    is_override: bool = False
    is_you: bool = False
    shift_id: UUID | None = None
    override_id: UUID | None = None
    tip: str = ""
    spoken: str = ""

    def spanning(self, starts_at: datetime, ends_at: datetime) -> "Bar":
        """The same bar over another span."""
        return replace(self, starts_at=starts_at, ends_at=ends_at)


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of bars, in order and without overlaps."""

    bars: tuple[Bar, ...]
    is_backup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A roster with its lanes, the primary ones first."""

    roster_id: UUID
    name: str
    subtitle: str = ""
    lanes: tuple[Lane, ...] = ()
    tip: str = ""

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars, lane by lane."""
        return tuple(bar for lane in self.lanes for bar in lane.bars)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A day on which a clock is put forward or back, and what that means in words."""

    day: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaPage:
    """The days shown and the rosters in them. ``now`` may lie outside."""

    first_day: date
    days: int
    zone: tzinfo
    now: datetime
    rows: tuple[RosterRow, ...] = ()
    clock_changes: tuple[ClockChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallNow:
    """Who is on call for one roster at this moment; an empty ``person`` is nobody.

    ``is_gap``: somebody should be.
    """

    roster_id: UUID
    roster: str
    tier: str = ""
    until: str = ""
    person_id: UUID | None = None
    person: str = ""
    is_you: bool = False
    is_gap: bool = False
    then: str = ""
    phone: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextHandover:
    """The next moment at which a roster goes from one person to another.

    ``warning`` tells of a clock that changes between the two.
    """

    roster_id: UUID
    roster: str
    at: datetime
    when: str
    from_person: str
    to_person: str
    is_override: bool = False
    note: str = ""
    is_soon: bool = False
    warning: str = ""
    tip: str = ""


class FindingKind(Enum):
    """What is wrong in the days to come."""

    GAP = "gap"
    OVERLAP = "overlap"
    NO_CONTACT = "no_contact"
    CLOCK_CHANGE = "clock_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in the next 90 days that somebody should look at."""

    key: str
    kind: FindingKind
    title: str
    text: str
    starts_at: datetime = EPOCH
    ends_at: datetime = EPOCH
    roster_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapOffer:
    """An open offer of a shift. ``may_answer``: it is for the viewer; otherwise it is theirs.

    ``is_named``: it was made to the viewer alone, who may also decline it.
    """

    swap_id: UUID
    title: str
    text: str
    may_answer: bool
    is_named: bool
    starts_at: datetime
    tip: str = ""


@dataclass(frozen=True, slots=True)
class ClockPreview:
    """What a change of a clock does to one roster: who is on call over it, and how long."""

    change: str
    text: str
