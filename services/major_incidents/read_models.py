"""What screens and reports show of major incidents: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.incidents.incident import Incident
from services.incidents.priority import Priority, Severity
from services.incidents.read_models import ActPermission
from services.major_incidents.duty import Duty, Relief
from services.major_incidents.entries import (
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.impact import Suspect
from services.major_incidents.major import (
    MajorIncident,
    MajorState,
    Proposal,
    ResponseChannel,
    ResponsePhase,
    ResponseRole,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.meeting import RoomItem
from services.major_incidents.steps import StepFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorItem:
    """One row of the list of major incidents.

    ``impact_since`` is when the impact began, else when it was detected, as far as known.
    ``manager`` is the incident manager in charge, or who was at the end. ``review_owner`` reviews
    it until ``review_due_at``. ``next_update_at`` is of communications: whoever knows it sets it.
    ``is_unsent``: saved on this desk only.
    """

    major_id: UUID
    incident_id: UUID
    number: int
    key: str
    summary: str
    severity: Severity | None
    priority: Priority | None
    service: str
    state: MajorState
    phase: ResponsePhase
    because: Proposal
    proposal: str
    proposed_by: str
    proposed_at: datetime
    accepted_at: datetime | None
    impact_since: datetime | None
    impact_ended_at: datetime | None
    manager_id: UUID | None
    manager: str
    review_owner: str
    review_due_at: datetime | None
    is_drill: bool
    is_confidential: bool
    is_unsent: bool
    next_update_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleItem:
    """A holding with the words for it.

    ``duty`` is None unless the role is held now; ``reliefs`` are people who could take it over,
    the best first, and only where its holder is tired. ``relieves`` is who goes when an offered
    one is accepted. ``is_own``: it is the viewer's.
    """

    holding: RoleHolding
    role: str
    duties: tuple[str, ...]
    person: str
    offered_by: str
    stream: str
    relieves: str
    is_own: bool
    is_unsent: bool
    duty: Duty | None
    reliefs: tuple["ReliefItem", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefItem:
    """Somebody who could take over: ``Vera, backup of Payments on call``."""

    relief: Relief
    person: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelItem:
    """A channel; ``room`` is what became of it where the dispatcher makes it."""

    channel: ResponseChannel
    room: RoomItem | None
    is_unsent: bool

    @property
    def name(self) -> str:
        """What it is called, as soon as it has a name where it is."""
        return f"#{self.room.name}" if self.room and self.room.name else self.channel.name

    @property
    def address(self) -> str:
        """Where people meet; empty as long as there is no such place."""
        return self.channel.address or (self.room.address if self.room else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamItem:
    """A work stream; ``roles`` are those who hold a role in it, by name.

    ``is_under_way``: neither it nor the response has ended. ``entry_count`` counts what is
    written down of it.
    """

    stream: WorkStream
    lead: str
    roles: tuple[str, ...]
    is_under_way: bool
    entry_count: int
    is_unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryItem:
    """An entry of the timeline, and a card where its kind is of the board.

    ``theory`` is the text of the theory that an experiment tests, ``change`` the change of the
    feed that it speaks of.
    """

    entry: ResponseEntry
    author: str
    owner: str
    stream: str
    theory: str
    change: str
    is_unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentItem:
    """A paragraph of the state document."""

    entry: DocumentEntry
    written_by: str
    is_unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCount:
    """How many report it: cases of customer support, and incidents linked as children.

    ``recent`` are those of both that came within the last 15 minutes.
    """

    cases: int
    children: int
    recent: int

    @property
    def total(self) -> int:
        """All together."""
        return self.cases + self.children


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """All that the console of one major incident shows, of this practice.

    ``manager`` is the holding of the incident manager in charge, ``offered`` the one that waits
    to be accepted; both are among ``roles``, which hold what is offered or held, the incident
    manager first. ``past_roles`` were declined or ended. ``entries`` come newest first,
    ``document`` in the order of the sections.
    """

    incident: Incident
    major: MajorIncident
    item: MajorItem
    products: tuple[str, ...]
    manager: RoleItem | None
    offered: RoleItem | None
    roles: tuple[RoleItem, ...]
    past_roles: tuple[RoleItem, ...]
    missing_roles: tuple[ResponseRole, ...]
    channels: tuple[ChannelItem, ...]
    streams: tuple[StreamItem, ...]
    entries: tuple[EntryItem, ...]
    document: tuple[DocumentItem, ...]
    cases: tuple[SupportCase, ...]
    callers: CallerCount
    suspects: tuple[Suspect, ...]
    step_facts: StepFacts
    permissions: tuple[ActPermission, ...]
    pending_count: int

    def may(self, act: str) -> bool:
        """Whether the viewer may do this act now."""
        return any(p.act == act and p.is_allowed for p in self.permissions)

    def why_not(self, act: str) -> str:
        """The reason why an act is not possible, or empty."""
        return next((p.reason for p in self.permissions if p.act == act), "")
