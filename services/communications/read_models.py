"""What screens show of status updates and status pages: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.communications.cadence import WordDue
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    ComponentStatus,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.incidents.priority import Severity
from services.paging.page import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an update at one place.

    ``place`` is the outlet's name, else the account's. ``reason`` is what the provider said last,
    ``next_try_at`` when it is tried again; None where it is not.
    """

    delivery_id: UUID
    destination_id: UUID
    place: str
    address: str
    state: DeliveryState
    reason: str
    attempt_count: int
    last_try_at: datetime | None
    next_try_at: datetime | None
    finished_at: datetime | None

    @property
    def needs_a_person(self) -> bool:
        """Whether it was refused or given up."""
        return self.state in (DeliveryState.REFUSED, DeliveryState.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateItem:
    """An update as the record shows it, with a receipt for each place it went to.

    ``ordinal`` counts the sent updates of its page about the incident from 1; 0 was not sent.
    ``is_edited``: a later one corrects it. ``is_correction``: it corrects an earlier one.
    ``is_backdated``: it claims to be of an earlier moment than it was sent.
    ``is_unsent``: what was last done to it is saved on this desk only.
    """

    update: StatusUpdate
    ordinal: int
    page: str
    written_by: str
    review_asked_of: str
    reviewed_by: str
    queued_by: str
    is_edited: bool
    is_correction: bool
    is_backdated: bool
    is_unsent: bool
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUpdate:
    """An update that somebody has to decide about: it waited too long to go out by itself.

    ``held_from``, where given, is when that will be so: until then it waits on this desk.
    """

    update_id: UUID
    incident_id: UUID
    number: int
    subject: str
    page: str
    audience: Audience
    queued_by_id: UUID | None
    queued_at: datetime
    held_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """When the next word about one major incident is due to one audience, for the top bar.

    ``ended_at``, where given, is when its response ended: it is the last one.
    """

    incident_id: UUID
    major_id: UUID
    number: int
    summary: str
    severity: Severity | None
    audience: Audience
    due: WordDue
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """A status page with all that belongs to it, as the settings show it."""

    page: StatusPage
    components: tuple[StatusComponent, ...]
    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationSettings:
    """All that is set about communication. Plans and templates stand complete, with defaults."""

    pages: tuple[PageSettings, ...]
    plans: tuple[CommunicationPlan, ...]
    templates: tuple[UpdateTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentItem:
    """A component and how it does now, by the last words of open major incidents."""

    component: StatusComponent
    status: ComponentStatus
