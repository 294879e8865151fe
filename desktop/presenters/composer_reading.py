"""What the composer of status updates needs to know of one incident, read in one go."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.communications.cadence import ended, interval, plan_for
from services.communications.checks import Known, subject_of
from services.communications.queries import (
    communication_settings,
    components_now,
    template_values,
    updates_of_incident,
)
from services.communications.read_models import (
    CommunicationSettings,
    ComponentItem,
    PageSettings,
    UpdateItem,
)
from services.communications.status_page import Audience, StatusPage
from services.communications.status_update import UpdateMoment, UpdateState
from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.incidents.tables import incident as incident_table
from services.major_incidents.major import MajorIncident
from services.major_incidents.tables import major_incident
from services.paging.destination import Destination
from services.paging.destination_queries import destinations_in_use

UNFINISHED = (UpdateState.DRAFT, UpdateState.IN_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composing:
    """One incident as the composer knows it. ``items`` come newest first."""

    incident: Incident
    major: MajorIncident | None
    names: Directory
    settings: CommunicationSettings
    destinations: Mapping[UUID, Destination]
    components: Mapping[UUID, tuple[ComponentItem, ...]]
    items: tuple[UpdateItem, ...]
    values: Mapping[str, str]

    @property
    def key(self) -> str:
        """``INC-204``."""
        return f"INC-{self.incident.number}"

    def pages(self, audience: Audience) -> tuple[PageSettings, ...]:
        """The pages in use for an audience, the one to begin with first."""
        last = self.last_told(audience)
        of_them = (p for p in self.settings.pages if p.page.audience is audience)
        return as_offered(of_them, self.destinations, last.update.page_id if last else None)

    def page(self, page_id: UUID | None) -> PageSettings | None:
        """A page by its id."""
        return next((p for p in self.settings.pages if p.page.id == page_id), None)

    def item(self, update_id: UUID | None) -> UpdateItem | None:
        """An update by its id."""
        return next((i for i in self.items if i.update.id == update_id), None)

    def unfinished(self, audience: Audience) -> UpdateItem | None:
        """The update that is being written or read for an audience, the newest of them."""
        found = (
            i for i in self.items if i.update.audience is audience and i.update.state in UNFINISHED
        )
        return next(found, None)

    def last_told(self, audience: Audience) -> UpdateItem | None:
        """The last word that was sent to an audience."""
        found = (
            i
            for i in self.items
            if i.update.audience is audience and i.update.state is UpdateState.SENT
        )
        return next(found, None)

    def next_moment(self, audience: Audience) -> UpdateMoment:
        """Which word comes next to an audience: the last one once the response is over."""
        if self.major is not None and ended(self.major) is not None:
            return UpdateMoment.FINAL
        return UpdateMoment.FOLLOW_UP if self.last_told(audience) else UpdateMoment.FIRST

    def places(self, page: PageSettings) -> tuple[Destination, ...]:
        """The accounts that the outlets of a page in use go to, each once."""
        ids = dict.fromkeys(o.destination_id for o in page.outlets if o.is_active)
        return tuple(self.destinations[id_] for id_ in ids if id_ in self.destinations)

    def known(self, page: StatusPage | None) -> Known:
        """What the words of an update on a page are compared with."""
        is_outside = page is not None and page.audience is Audience.EXTERNAL
        settings = self.page(page.id) if page is not None else None
        places = self.places(settings) if settings is not None else ()
        return Known(
            key=self.key,
            severity=self.incident.severity,
            names=frozenset(p.name for p in self.names.agents) if is_outside else frozenset(),
            own_address=page.address if page is not None else "",
            channels=frozenset(one.kind.value for one in places),
        )

    def first_subject(self, audience: Audience) -> str:
        """The subject to begin with; customers get a title that a person writes."""
        if audience is Audience.EXTERNAL:
            return ""
        return subject_of(self.known(None), self.incident.summary)

    def every_s(self, audience: Audience, now: datetime) -> int | None:
        """How often the plan wants a word now, in seconds; None where there is no plan."""
        plan = plan_for(self.settings.plans, self.incident.severity, audience)
        if plan is None:
            return None
        began_at = self.major.accepted_at if self.major is not None else None
        span = interval(began_at, plan, now) if began_at else timedelta(seconds=plan.every_s)
        return int(span.total_seconds())


def as_offered(
    pages: Iterable[PageSettings], accounts: Container[UUID], last_told_on: UUID | None
) -> tuple[PageSettings, ...]:
    """The pages in use in the order in which they are offered; the composer begins with the first.

    Those that reach somebody stand before those without an outlet to one of the accounts, and of
    these the one on which the last word was told. Else they stay as they come.
    """

    def is_behind(one: PageSettings) -> tuple[bool, bool]:
        reaches = any(o.is_active and o.destination_id in accounts for o in one.outlets)
        return not reaches, one.page.id != last_told_on

    return tuple(sorted((one for one in pages if one.page.is_active), key=is_behind))


def composing(
    connection: sa.Connection, names: Directory, incident_id: UUID, now: datetime
) -> Composing | None:
    """All of it; None where the incident is not here."""
    where = incident_table.c.id == incident_id
    found = read_records(connection, Incident, incident_table, where)
    if not found:
        return None
    of_it = major_incident.c.incident_id == incident_id
    majors = read_records(connection, MajorIncident, major_incident, of_it)
    settings = communication_settings(connection)
    return Composing(
        incident=found[0],
        major=majors[0] if majors else None,
        names=names,
        settings=settings,
        destinations={one.id: one for one in destinations_in_use(connection)},
        components={
            p.page.id: components_now(connection, p.page.id)
            for p in settings.pages
            if p.page.is_active
        },
        items=updates_of_incident(connection, names, incident_id),
        values=template_values(connection, names, incident_id, now),
    )
