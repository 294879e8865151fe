"""A major incident: the procedure laid over an incident, and who holds which role in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID


class MajorState(Enum):
    """Where the procedure stands. It is apart from the state of the incident itself.

    Proposed → accepted or rejected; accepted → demoted, or resolved → reviewed.
    """

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEMOTED = "demoted"
    RESOLVED = "resolved"
    REVIEWED = "reviewed"


OPEN_MAJOR_STATES = frozenset({MajorState.PROPOSED, MajorState.ACCEPTED})


class Proposal(Enum):
    """Why a major incident was proposed: a person, or the rule that saw it."""

    BY_HAND = "by_hand"
    SEVERITY = "severity"
    PRIORITY = "priority"
    CRITICALITY = "criticality"
    CALLERS = "callers"


class ResponsePhase(Enum):
    """How far the response is, in the words of status pages."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorIncident:
    """The major incident procedure for one incident.

    ``proposal`` and ``decision`` are the words given with them. ``impact_started_at``,
    ``detected_at`` and ``impact_ended_at`` are what time to detect and time to recover are
    counted from; None is unknown, never taken from when something was typed. ``is_drill``: an
    exercise, nothing of which leaves the building. ``replay_of_id`` is the major incident that a
    drill plays again; ``replay_at_s`` is how far into it the drill was at ``replay_since``, and
    ``replay_speed`` how many times as fast it has played since then, 0 while it is held.
    """

    TABLE: ClassVar[str] = "major_incident"

    id: UUID
    version: int = 0
    incident_id: UUID
    state: MajorState = MajorState.PROPOSED
    because: Proposal = Proposal.BY_HAND
    proposal: str = ""
    proposed_by_id: UUID
    proposed_at: datetime
    decision: str = ""
    decided_by_id: UUID | None = None
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    phase: ResponsePhase = ResponsePhase.INVESTIGATING
    impact_started_at: datetime | None = None
    detected_at: datetime | None = None
    impact_ended_at: datetime | None = None
    recovery: str = ""
    """How it was confirmed that the impact has ended."""
    resolved_at: datetime | None = None
    review_owner_id: UUID | None = None
    review_due_at: datetime | None = None
    reviewed_at: datetime | None = None
    is_drill: bool = False
    replay_of_id: UUID | None = None
    replay_at_s: int = 0
    replay_speed: int = 0
    replay_since: datetime | None = None


class ResponseRole(Enum):
    """Who does what in the response. OWN is one that the incident manager devised."""

    INCIDENT_MANAGER = "incident_manager"
    TECH_LEAD = "tech_lead"
    COMMUNICATIONS_MANAGER = "communications_manager"
    INTERNAL_COMMUNICATIONS = "internal_communications"
    EXTERNAL_COMMUNICATIONS = "external_communications"
    DEPUTY = "deputy"
    SUPPORT_LEAD = "support_lead"
    SOCIAL_MEDIA_LEAD = "social_media_lead"
    ROOT_CAUSE_ANALYST = "root_cause_analyst"
    OWN = "own"


class HoldingState(Enum):
    """A role is offered, then held once the person accepts, and ends."""

    OFFERED = "offered"
    HELD = "held"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolding:
    """One person's time in one role. Exactly one holds INCIDENT_MANAGER while it is accepted.

    ``title`` and ``duties`` name an own role. ``relieves_id`` is the holding that ends when this
    one is accepted; ``handover`` is the pack that the successor accepts, as text.
    """

    TABLE: ClassVar[str] = "role_holding"

    id: UUID
    version: int = 0
    major_id: UUID
    incident_id: UUID
    role: ResponseRole
    title: str = ""
    duties: str = ""
    person_id: UUID
    work_stream_id: UUID | None = None
    state: HoldingState = HoldingState.OFFERED
    offered_by_id: UUID
    offered_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    relieves_id: UUID | None = None
    handover: str = ""
    end_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkStream:
    """One of several lines of work that go on at the same time."""

    TABLE: ClassVar[str] = "work_stream"

    id: UUID
    version: int = 0
    major_id: UUID
    incident_id: UUID
    name: str
    purpose: str = ""
    lead_id: UUID | None = None
    started_at: datetime
    ended_at: datetime | None = None


class ChannelKind(Enum):
    """Where the response meets."""

    CHAT = "chat"
    BRIDGE = "bridge"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseChannel:
    """A chat room, a bridge or a document of one major incident.

    A chat room with ``destination_id`` is made and kept by the dispatcher at that account; any
    other is an address typed by a person. ``access`` is dial-in and PIN. ``wanted`` is JSON, what
    such a room is to be like: name, topic, whom to invite, links.
    """

    TABLE: ClassVar[str] = "response_channel"

    id: UUID
    version: int = 0
    major_id: UUID
    incident_id: UUID
    kind: ChannelKind
    name: str
    address: str = ""
    access: str = ""
    destination_id: UUID | None = None
    added_at: datetime
    is_active: bool = True
    wanted: str = "{}"
