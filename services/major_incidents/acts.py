"""What people decide about a major incident and its response, as commands.

Every one names its incident, so that it waits, is shown and is hidden with it. What the response
writes down is in ``services/major_incidents/entry_acts.py``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.incidents.incident import ResolutionCode
from services.incidents.priority import Severity
from services.major_incidents.major import ChannelKind, ResponsePhase, ResponseRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMajorIncident:
    """Say that an incident should be handled as a major one; why, in words."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMajorIncident:
    """Begin the procedure; whoever is the incident manager of the service is paged.

    ``detected_at`` is when it was detected, once the person confirms a moment; None is unknown.
    """

    REMARK: ClassVar[str] = "decision"

    incident_id: UUID
    decision: str = ""
    detected_at: datetime | None = None
    phase: ResponsePhase = ResponsePhase.INVESTIGATING


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectMajorIncident:
    """Say that it is none, and why."""

    REMARK: ClassVar[str] = "decision"

    incident_id: UUID
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoteMajorIncident:
    """End the procedure of one that turned out to be none; the incident goes on."""

    REMARK: ClassVar[str] = "decision"

    incident_id: UUID
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCommand:
    """Become the incident manager while there is none; a new incident thereby begins."""

    incident_id: UUID
    holding_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRole:
    """Ask somebody (or oneself) to take a role.

    ``relieves_id`` is the holding that ends once it is accepted, ``handover`` the pack for the
    successor. An incident manager is only ever relieved: the holding in force is named by itself.
    ``title`` and ``duties`` say what an own role is.
    """

    REMARK: ClassVar[str] = "handover"

    incident_id: UUID
    holding_id: UUID
    role: ResponseRole
    person_id: UUID
    title: str = ""
    duties: str = ""
    work_stream_id: UUID | None = None
    relieves_id: UUID | None = None
    handover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRole:
    """Take the role that was offered; whoever is relieved goes by the same act."""

    incident_id: UUID
    holding_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRole:
    """Say that one cannot take the role."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    holding_id: UUID
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRole:
    """Lay a role down, or take back one that was offered. The incident manager hands over."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    holding_id: UUID
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWorkStream:
    """Begin a line of work beside others."""

    incident_id: UUID
    stream_id: UUID
    name: str
    purpose: str = ""
    lead_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWorkStream:
    """Another name, purpose or lead of a line of work; each may be left as it was seen."""

    incident_id: UUID
    stream_id: UUID
    name: str
    purpose: str
    lead_id: UUID | None
    seen_name: str
    seen_purpose: str
    seen_lead_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWorkStream:
    """End a line of work, or take it up again."""

    incident_id: UUID
    stream_id: UUID
    is_ended: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChannel:
    """Name a chat room, a bridge or a document.

    With ``destination_id`` the dispatcher makes the chat room there.
    """

    incident_id: UUID
    channel_id: UUID
    kind: ChannelKind
    name: str
    address: str = ""
    access: str = ""
    destination_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeChannel:
    """Another name, address or way in.

    A room that the dispatcher keeps is told all again, and what failed is tried again.
    """

    incident_id: UUID
    channel_id: UUID
    name: str
    address: str
    access: str
    seen_name: str
    seen_address: str
    seen_access: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveChannel:
    """Stop meeting there, or meet there again."""

    incident_id: UUID
    channel_id: UUID
    is_removed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImpactTimes:
    """Say when the impact began, was detected and ended; None is unknown."""

    incident_id: UUID
    started_at: datetime | None
    detected_at: datetime | None
    ended_at: datetime | None
    seen_started_at: datetime | None
    seen_detected_at: datetime | None
    seen_ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPhase:
    """Say how far the response is. It is resolved by resolving the major incident."""

    incident_id: UUID
    phase: ResponsePhase
    seen_phase: ResponsePhase


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveMajorIncident:
    """The impact has ended: resolve the incident and all linked to it with one message.

    ``recovery`` is how it was confirmed that the impact has ended.
    """

    REMARK: ClassVar[str] = "resolution"

    incident_id: UUID
    code: ResolutionCode
    resolution: str
    category_id: UUID
    subcategory_id: UUID | None
    service_id: UUID
    impact_ended_at: datetime
    recovery: str
    review_owner_id: UUID
    review_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMajorIncident:
    """Say that the review has taken place."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDrill:
    """Begin an exercise: an incident, already accepted as major, of which nothing leaves.

    With ``replay_of_id`` it plays a past major incident again, whose incident gives summary,
    service and severity. The replay waits at its beginning until somebody lets it play.
    """

    incident_id: UUID
    number: int
    owner_team_id: UUID
    summary: str = ""
    service_id: UUID | None = None
    severity: Severity | None = None
    replay_of_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SteerReplay:
    """Let the past incident of a drill play on from ``at_s``, ``speed`` times as fast; 0 holds it.

    Nobody's view of it is asked for: whoever steers last does.
    """

    incident_id: UUID
    at_s: int
    speed: int
