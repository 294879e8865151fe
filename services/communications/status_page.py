"""Status pages: who is told, through what, and about which components."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar
from uuid import UUID

from services.incidents.priority import Severity


class Audience(Enum):
    """Whom a word is for: staff, or customers."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class ComponentStatus(Enum):
    """How a component does, from well to worst. Source: Statuspage's component statuses."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """One of the surfaces on which status is told. ``address`` is where people read it.

    ``is_review_required``: an update needs a second pair of eyes before it may be sent.
    """

    TABLE: ClassVar[str] = "status_page"

    id: UUID
    version: int = 0
    name: str
    audience: Audience
    description: str = ""
    address: str = ""
    is_review_required: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusComponent:
    """A part of what is offered, as the readers of one page know it.

    ``remote_ids`` is JSON: the id that each destination gave it, by the destination's id.
    """

    TABLE: ClassVar[str] = "status_component"

    id: UUID
    version: int = 0
    page_id: UUID
    name: str
    description: str = ""
    position: int = 0
    service_id: UUID | None = None
    product_id: UUID | None = None
    remote_ids: str = "{}"
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where a page's updates go: an account, and an address there where it needs one.

    ``is_subscriber``: told only when the sender chose to notify subscribers. Others (the page
    itself, a chat room, the list of staff) are told every time.
    """

    TABLE: ClassVar[str] = "outlet"

    id: UUID
    version: int = 0
    page_id: UUID
    destination_id: UUID
    address: str = ""
    name: str = ""
    is_subscriber: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationPlan:
    """How often people hear of a major incident of one severity.

    The first word is due ``first_within_s`` after it was accepted, each next one ``every_s``
    after the last; from ``relaxed_after_s`` after acceptance on, ``relaxed_every_s``.
    """

    TABLE: ClassVar[str] = "communication_plan"

    id: UUID
    version: int = 0
    severity: Severity
    audience: Audience
    first_within_s: int = 300
    every_s: int
    relaxed_after_s: int = 7200
    relaxed_every_s: int
    is_active: bool = True
