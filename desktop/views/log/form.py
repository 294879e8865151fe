"""What the page asks for: the values of a report as the person left them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.incidents.incident import Channel
from services.incidents.priority import Impact, Severity, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class LogForm:
    """A report ready to become an incident.

    ``draft_id`` names the draft it came from, so that the page can close it. Texts are as
    typed; the rules trim and check them. ``service_id`` None is the answer "Unknown".
    ``call_began_at`` is set when the report came by phone.
    """

    draft_id: str
    channel: Channel
    caller_id: UUID | None
    monitoring_source: str
    summary: str
    description: str
    service_id: UUID | None
    affected_product_ids: tuple[UUID, ...]
    category_id: UUID | None
    subcategory_id: UUID | None
    impact: Impact | None
    urgency: Urgency | None
    severity: Severity | None
    reported_at: datetime
    follow_up_of_id: UUID | None
    call_began_at: datetime | None
    is_confidential: bool = False
