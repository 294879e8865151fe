"""What people do with pages, as commands.

``incident_id`` is the incident of the page: a refused act is shown in its record.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTeam:
    """Ask whoever is on call for a team to act, by the team's policy.

    ``hold_s`` leaves so many seconds to think again.
    """

    REMARK: ClassVar[str] = "reason"

    page_id: UUID
    incident_id: UUID
    team_id: UUID
    reason: str
    hold_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePeople:
    """Ask certain people to act; then, if they do not answer, the catch-all roster."""

    REMARK: ClassVar[str] = "reason"

    page_id: UUID
    incident_id: UUID
    person_ids: tuple[UUID, ...]
    reason: str
    hold_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPage:
    """Take back a page before anybody was called, or one that was held."""

    page_id: UUID
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendHeldPage:
    """Send a page that waited too long to go out by itself."""

    page_id: UUID
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgePage:
    """Say that one acts on it."""

    page_id: UUID
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePage:
    """Say that one cannot; once nobody of the step is left, the next step is taken at once."""

    page_id: UUID
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozePage:
    """Silence it for a while; then it calls whoever is on call by then."""

    page_id: UUID
    incident_id: UUID | None = None
    snooze_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalatePage:
    """Take the next step now, even after somebody acknowledged."""

    page_id: UUID
    incident_id: UUID | None = None
