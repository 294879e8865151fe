"""What screens show of pages: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.incidents.priority import Priority, Severity
from services.on_call.waking import Silence
from services.paging.page import Page


class Tone(Enum):
    """How a line of the audit is to be read."""

    PLAIN = "plain"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One thing that happened to a page, in words.

    ``is_part`` marks a try to reach somebody who was called in a line before. ``detail`` is what a
    provider answered.
    """

    at: datetime
    text: str
    detail: str = ""
    tone: Tone = Tone.PLAIN
    is_part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """A page as the record shows it.

    ``called`` are the silent ones of the step last taken, ``after`` whom the next one calls as
    far as can be said now. ``step`` counts from 1, and is 0 before the first. ``is_called``: the
    viewer was called and has not answered. ``is_unsent``: the page is saved on this desk only;
    ``is_answering``: the viewer's answer is. ``by_phone`` is whom to call by hand, with the
    number; empty where none is known.
    """

    page: Page
    asked_by: str
    target: str
    step: int
    step_count: int
    called: tuple[str, ...]
    after: tuple[str, ...]
    acknowledged_by: str
    is_called: bool
    is_unsent: bool
    is_answering: bool
    held_at: datetime | None
    by_phone: str
    audit: tuple[AuditLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A page that waits for the person at the desk.

    ``summary`` is empty where the incident is confidential. ``is_answering``: the answer was
    given, and is not yet saved for all.
    """

    page_id: UUID
    incident_id: UUID
    number: int
    summary: str
    priority: Priority | None
    severity: Severity | None
    reason: str
    asked_by: str
    team: str
    called_at: datetime
    is_answering: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """A page that waited offline too long to go out by itself."""

    page_id: UUID
    incident_id: UUID
    number: int
    summary: str
    target: str
    asked_by: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Who would be woken for a team now.

    ``person_id`` is on call until ``until``; without anybody, cover begins again at
    ``covered_at``. ``first_id`` is whom a page calls first, which may be somebody else.
    ``has_roster`` says whether the team has a rota at all.
    ``wakes`` says through which steps it would go. ``silence`` is why the team's policy does not
    page for this incident at this moment; None where it does.
    """

    team_id: UUID
    has_roster: bool
    person_id: UUID | None
    until: datetime | None
    covered_at: datetime | None
    first_id: UUID | None
    wakes: str
    silence: Silence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingHere:
    """What this desk knows of paging without asking anybody."""

    open_pages: int
    has_destinations: bool
