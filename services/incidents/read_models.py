"""What screens and reports show of incidents: plain frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.incidents.incident import (
    Escalation,
    Incident,
    IncidentState,
)
from services.incidents.labels import StateLabel
from services.incidents.priority import Priority, Severity
from services.people.person import Person, Tier


class Worklist(Enum):
    """The views of the queue."""

    MY_WORK = "my_work"
    TEAM_QUEUE = "team_queue"
    UNASSIGNED = "unassigned"
    NEEDS_TRIAGE = "needs_triage"
    ESCALATED_TO_US = "escalated_to_us"
    CONFIRM_AND_CLOSE = "confirm_and_close"
    ALL_INCIDENTS = "all_incidents"


class SortBy(Enum):
    """Orders of a worklist."""

    PRIORITY = "priority"
    NUMBER = "number"
    SUMMARY = "summary"
    CATEGORY = "category"
    STATE = "state"
    TEAM = "team"
    ASSIGNEE = "assignee"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order; ``is_descending`` turns it round."""

    by: SortBy = SortBy.PRIORITY
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person at the desk, with teams and the service desk teams they answer for."""

    person_id: UUID
    team_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistItem:
    """One row of the queue."""

    id: UUID
    number: int
    version: int
    summary: str
    priority: Priority | None
    severity: Severity | None
    state: IncidentState
    label: StateLabel
    category: str
    category_path: str
    team: str
    tier: Tier
    assignee_id: UUID | None
    assignee: str
    caller: str
    is_vip: bool
    reported_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    follow_up_at: datetime | None
    child_count: int
    is_pending: bool
    has_conflict: bool
    is_unread: bool
    is_confidential: bool = False
    is_drill: bool = False
    is_fetched: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words for the screen; empty text means nothing was set."""

    field: str
    before: str
    after: str


class TimelineKind(Enum):
    """What a timeline entry records; decides its glyph."""

    LOGGED = "logged"
    NOTE = "note"
    REPLY = "reply"
    CALLER_REPLY = "caller_reply"
    CALL = "call"
    CONTACT_ATTEMPT = "contact_attempt"
    CHANGE = "change"
    ASSIGNMENT = "assignment"
    STATE = "state"
    ESCALATION = "escalation"
    RESOLUTION = "resolution"
    CLOSURE = "closure"
    IMPORTED = "imported"
    PAGING = "paging"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the timeline, newest first. ``recorded_at`` None: saved here only.

    ``sentence`` follows the actor's name ("changed category"); ``text`` is what was typed.
    """

    id: UUID
    kind: TimelineKind
    actor_id: UUID
    actor: str
    on_behalf_of: str
    sentence: str
    text: str
    changes: tuple[FieldChange, ...]
    happened_at: datetime
    recorded_at: datetime | None
    is_internal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationItem:
    """One escalation with the names it speaks of; durations end now while it is open."""

    escalation: Escalation
    from_team: str
    from_tier: Tier
    from_person: str
    to_team: str
    to_tier: Tier | None
    to_person: str
    offered_by: str
    accepted_by: str
    ended_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSpan:
    """A stretch of time an incident spent with one team. ``until`` None: still there."""

    team: str
    tier: Tier
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedItem:
    """A linked incident and how it is linked ("Parent", "Child", "Follow-up of" …)."""

    id: UUID
    number: int
    relation: str
    summary: str
    priority: Priority | None
    label: StateLabel
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldClash:
    """A field set here that is something else now, in words; ``by`` and ``at``: who set that.

    ``column`` names the choice; ``by`` is empty while nobody has changed what was seen.
    """

    column: str
    field: str
    mine: str
    theirs: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What a colleague did first: name, words that follow the name, when, and what was written."""

    by: str
    did: str
    at: datetime
    text: str = ""


class WayOut(Enum):
    """What a person can make of a conflict besides letting it go.

    CHOOSE a side for each field; REPEAT the act as it is; KEEP_TEXT as a work note; or NOTHING:
    it is only told.
    """

    CHOOSE = "choose"
    REPEAT = "repeat"
    KEEP_TEXT = "keep_text"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictItem:
    """A command of this desk that the world moved away from.

    ``did`` follows "you"; ``told`` says why it was not saved for all. ``field``, ``mine`` and
    ``theirs`` say both sides in a few words where fields clash, else they are empty.
    """

    command_id: UUID
    act: str
    code: str
    did: str
    told: str
    happened_at: datetime
    clashes: tuple[FieldClash, ...] = ()
    field: str = ""
    mine: str = ""
    theirs: str = ""
    meanwhile: Meanwhile | None = None
    typed: str = ""
    may_repeat: bool = False
    may_note: bool = False

    @property
    def way_out(self) -> WayOut:
        """What can be made of it."""
        if self.clashes and self.may_repeat:
            return WayOut.CHOOSE
        if self.may_repeat:
            return WayOut.REPEAT
        return WayOut.KEEP_TEXT if self.typed and self.may_note else WayOut.NOTHING


@dataclass(frozen=True, slots=True)
class ActPermission:
    """Whether the viewer may do an act now; ``reason`` says in words why not."""

    act: str
    is_allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """All that the record pane shows of one incident.

    ``hidden_links`` names the links to incidents that are not here ("Parent").
    """

    incident: Incident
    label: StateLabel
    caller: Person | None
    caller_open_count: int
    opened_by: str
    service: str
    products: tuple[str, ...]
    category_path: str
    team: str
    tier: Tier
    owner_team: str
    owner: str
    assignee: str
    resolved_by: str
    closed_by: str
    timeline: tuple[TimelineEntry, ...]
    escalations: tuple[EscalationItem, ...]
    tier_spans: tuple[TierSpan, ...]
    related: tuple[RelatedItem, ...]
    permissions: tuple[ActPermission, ...]
    conflicts: tuple[ConflictItem, ...] = ()
    pending_count: int = 0
    contact_attempts: tuple[datetime, ...] = ()
    may_close_unanswered: bool = False
    hidden_links: tuple[str, ...] = ()
    pending_command_ids: frozenset[UUID] = field(default_factory=frozenset)

    def may(self, act: str) -> bool:
        """Whether the viewer may do this act now."""
        return any(p.act == act and p.is_allowed for p in self.permissions)

    def why_not(self, act: str) -> str:
        """The reason why an act is not possible, or empty."""
        return next((p.reason for p in self.permissions if p.act == act), "")
