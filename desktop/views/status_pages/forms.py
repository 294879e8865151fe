"""What the screen of status pages shows and emits; a form without an id is a new entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.communications.read_models import CommunicationSettings, PageSettings
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    Outlet,
    StatusComponent,
)
from services.communications.status_update import UpdateMoment, UpdateTemplate
from services.incidents.directory import Directory
from services.incidents.priority import Severity
from services.paging.destination import STATUS_PAGES, Destination, ProviderKind

KEEPS_COMPONENTS = frozenset(STATUS_PAGES) - {ProviderKind.STATIC_PAGE}
"""Kinds of providers that have components of their own, each with an id there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Communication:
    """All that is set, with the names it is shown by."""

    names: Directory = field(default_factory=Directory)
    settings: CommunicationSettings = field(
        default_factory=lambda: CommunicationSettings(pages=(), plans=(), templates=())
    )
    destinations: tuple[Destination, ...] = ()

    def page(self, id_: UUID | None) -> PageSettings | None:
        """A page by its id."""
        return next((one for one in self.settings.pages if one.page.id == id_), None)

    def page_name(self, id_: UUID | None) -> str:
        """The name of a page, or nothing."""
        found = self.page(id_)
        return found.page.name if found is not None else ""

    def components(self) -> Iterator[StatusComponent]:
        """Every component of every page."""
        return (one for page in self.settings.pages for one in page.components)

    def outlets(self) -> Iterator[Outlet]:
        """Every outlet of every page."""
        return (one for page in self.settings.pages for one in page.outlets)

    def component(self, id_: UUID | None) -> StatusComponent | None:
        """A component by its id."""
        return next((one for one in self.components() if one.id == id_), None)

    def outlet(self, id_: UUID | None) -> Outlet | None:
        """An outlet by its id."""
        return next((one for one in self.outlets() if one.id == id_), None)

    def plan(self, id_: UUID | None) -> CommunicationPlan | None:
        """A plan by its id."""
        return next((one for one in self.settings.plans if one.id == id_), None)

    def template(self, id_: UUID | None) -> UpdateTemplate | None:
        """A template by its id."""
        return next((one for one in self.settings.templates if one.id == id_), None)

    def destination(self, id_: UUID | None) -> Destination | None:
        """An account by its id."""
        return next((one for one in self.destinations if one.id == id_), None)

    def keepers_of(self, page_id: UUID | None) -> tuple[Destination, ...]:
        """The accounts of a page that have components of their own."""
        page = self.page(page_id)
        wanted = {one.destination_id for one in page.outlets} if page is not None else set()
        return tuple(
            one for one in self.destinations if one.id in wanted and one.kind in KEEPS_COMPONENTS
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """A status page; whom it is for never changes."""

    page_id: UUID | None
    name: str
    audience: Audience
    description: str
    address: str
    is_review_required: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentForm:
    """A component; its page never changes. ``remote_ids``: destination id → its id there."""

    component_id: UUID | None
    page_id: UUID
    name: str
    description: str
    position: int
    service_id: UUID | None
    product_id: UUID | None
    remote_ids: Mapping[str, str]
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletForm:
    """Where updates go: one outlet for each address where it is new; ``names`` beside them."""

    outlet_id: UUID | None
    page_id: UUID
    destination_id: UUID
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    is_subscriber: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """How often an audience hears of one severity, in seconds."""

    severity: Severity
    audience: Audience
    first_within_s: int
    every_s: int
    relaxed_after_s: int
    relaxed_every_s: int
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateForm:
    """Words to begin with; for whom and for which word never changes."""

    template_id: UUID | None
    name: str
    audience: Audience
    moment: UpdateMoment
    subject: str
    summary: str
    current_status: str
    next_steps: str
    is_active: bool
