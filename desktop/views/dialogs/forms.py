"""What dialogs emit: one frozen form each, with the values a command needs from a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.incidents.incident import (
    CancelReason,
    ConfirmationMethod,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.priority import Impact, Priority, Severity, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEscalationForm:
    """A hand-over to another team; ``is_paging`` wakes whoever is on call for it."""

    to_team_id: UUID
    reason: str
    tried: str
    found: str
    need: str
    is_paging: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """Whom to page, a team or people by name, and why."""

    team_id: UUID | None
    person_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEscalationForm:
    """A call up the management line."""

    to_person_id: UUID
    reason: str
    need: str
    needed_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveForm:
    """What brought the service back."""

    code: ResolutionCode
    resolution: str
    category_id: UUID
    subcategory_id: UUID | None
    service_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldForm:
    """What is waited for, and until when."""

    reason: OnHoldReason
    follow_up_at: datetime
    remark: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForm:
    """How the caller confirmed, or that nobody answered."""

    method: ConfirmationMethod
    confirmed_by: str
    confirmed_at: datetime | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelForm:
    """Why the incident is none."""

    reason: CancelReason
    duplicate_of_id: UUID | None
    remark: str


@dataclass(frozen=True, slots=True)
class TextForm:
    """One text: a reason, a remark or an answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityForm:
    """The effect on customers."""

    severity: Severity | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityForm:
    """Impact, urgency, and a priority other than the matrix gives, with its reason."""

    impact: Impact
    urgency: Urgency
    override: Priority | None
    override_reason: str


@dataclass(frozen=True, slots=True)
class AssignForm:
    """Who works on it; None is nobody."""

    assignee_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryForm:
    """Where the incident is sorted."""

    category_id: UUID
    subcategory_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceForm:
    """The faulty service (None: unknown) and the affected products."""

    service_id: UUID | None
    affected_product_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CallerForm:
    """Who is affected."""

    caller_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCallerForm:
    """A person who calls for the first time."""

    name: str
    phone: str
    email: str
    department: str
    site: str
    asset_tag: str
    is_vip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeForm:
    """Summary and description."""

    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class LinkForm:
    """The parent of the incident; None frees it."""

    parent_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixForm:
    """A new edition of the priority matrix; ``cells`` as ``PriorityMatrix`` keeps them."""

    name: str
    cells: str
    callers_of_major: int
