"""The commands that keep status pages, what they reach, plans and templates.

Whatever is added is taken back by changing it to inactive, and comes back by the same command.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.incidents.priority import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStatusPage:
    """A new status page. Where nothing is said, one for customers needs a second pair of eyes."""

    REMARK: ClassVar[str] = "name"

    page_id: UUID
    name: str
    audience: Audience
    description: str = ""
    address: str = ""
    is_review_required: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatusPage:
    """New particulars of a page, or its retirement; whom it is for stays the same."""

    REMARK: ClassVar[str] = "name"

    page_id: UUID
    name: str
    description: str
    address: str
    is_review_required: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComponent:
    """A new component of a page. ``remote_ids`` is JSON: destination id → the component's there."""

    REMARK: ClassVar[str] = "name"

    component_id: UUID
    page_id: UUID
    name: str
    description: str = ""
    position: int = 0
    service_id: UUID | None = None
    product_id: UUID | None = None
    remote_ids: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeComponent:
    """New particulars of a component, or its retirement."""

    REMARK: ClassVar[str] = "name"

    component_id: UUID
    name: str
    description: str
    position: int
    service_id: UUID | None
    product_id: UUID | None
    remote_ids: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutlet:
    """A new place to which a page's updates go."""

    REMARK: ClassVar[str] = "name"

    outlet_id: UUID
    page_id: UUID
    destination_id: UUID
    address: str = ""
    name: str = ""
    is_subscriber: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOutlet:
    """New particulars of an outlet, or its retirement; its account stays the same."""

    REMARK: ClassVar[str] = "name"

    outlet_id: UUID
    address: str
    name: str
    is_subscriber: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCommunicationPlan:
    """How often an audience hears of major incidents of one severity, in seconds.

    An inactive plan is none: nothing is ever due.
    """

    severity: Severity
    audience: Audience
    first_within_s: int
    every_s: int
    relaxed_after_s: int
    relaxed_every_s: int
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUpdateTemplate:
    """Words to begin an update with."""

    REMARK: ClassVar[str] = "name"

    template_id: UUID
    name: str
    audience: Audience
    moment: UpdateMoment
    subject: str = ""
    summary: str = ""
    current_status: str = ""
    next_steps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUpdateTemplate:
    """Other words of a template, or its retirement. A default one is kept as changed."""

    REMARK: ClassVar[str] = "name"

    template_id: UUID
    name: str
    subject: str
    summary: str
    current_status: str
    next_steps: str
    is_active: bool
