"""Reads updates, what is due, and what is set about communication from the cache."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.communications import templates
from services.communications.cadence import due, ended, plan_for, plans_with_defaults
from services.communications.message import Message, message_or_none
from services.communications.read_models import (
    CommunicationSettings,
    ComponentItem,
    DueItem,
    HeldUpdate,
    PageSettings,
    Receipt,
    UpdateItem,
)
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    ComponentStatus,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateState, UpdateTemplate
from services.communications.tables import (
    communication_plan,
    outlet,
    status_component,
    status_page,
    status_update,
    update_template,
)
from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.incidents.local_tables import pending
from services.incidents.tables import incident
from services.major_incidents.entries import DocumentEntry, DocumentSection
from services.major_incidents.major import MajorIncident, MajorState
from services.major_incidents.tables import document_entry, major_incident, support_case
from services.paging.destination import Destination
from services.paging.page import Delivery, DeliveryAttempt, DeliveryKind, DeliveryState
from services.paging.tables import delivery, delivery_attempt, destination
from services.paging.words import delay_words, listed
from services.sync.envelope import envelope_from_json

UPDATE_TABLES = frozenset(
    record.TABLE for record in (StatusUpdate, StatusPage, Outlet, Delivery, DeliveryAttempt)
)
"""Tables whose change makes shown updates stale."""

DUE_TABLES = frozenset(
    record.TABLE
    for record in (StatusUpdate, StatusPage, CommunicationPlan, MajorIncident, Incident)
)
"""Tables whose change makes what is due stale; so does the passing of time."""

_OWING = (MajorState.ACCEPTED, MajorState.RESOLVED, MajorState.DEMOTED)
_TRIED_AGAIN = (DeliveryState.WAITING, DeliveryState.UNSURE)


def updates_of_incident(
    connection: sa.Connection, directory: Directory, incident_id: UUID
) -> tuple[UpdateItem, ...]:
    """The updates of one incident with their receipts, the newest first."""
    of_it = status_update.c.incident_id == incident_id
    updates = read_records(connection, StatusUpdate, status_update, of_it)
    if not updates:
        return ()
    pages = {page.id: page.name for page in read_records(connection, StatusPage, status_page)}
    receipts = _receipts(connection, incident_id)
    ordinals = _ordinals(updates)
    corrected = {u.replaces_id for u in updates if u.state is UpdateState.SENT}
    unsent = _unsent(connection)
    return tuple(
        UpdateItem(
            update=u,
            ordinal=ordinals.get(u.id, 0),
            page=pages.get(u.page_id, ""),
            written_by=directory.person(u.written_by_id),
            review_asked_of=directory.person(u.review_asked_of_id),
            reviewed_by=directory.person(u.reviewed_by_id),
            queued_by=directory.person(u.queued_by_id),
            is_edited=u.id in corrected,
            is_correction=u.replaces_id is not None,
            is_backdated=u.told_at is not None,
            is_unsent=u.version == 0 or u.id in unsent,
            receipts=receipts.get(u.id, ()),
        )
        for u in sorted(updates, key=lambda u: (_moment(u), u.id), reverse=True)
    )


def _unsent(connection: sa.Connection) -> frozenset[UUID]:
    """The updates about which an act of this desk is not yet saved for all."""
    query = sa.select(pending.c.envelope).where(pending.c.state.in_(["waiting", "withdrawing"]))
    acts = (envelope_from_json(text).args for text in connection.scalars(query))
    return frozenset(UUID(str(args["update_id"])) for args in acts if args.get("update_id"))


def _moment(update: StatusUpdate) -> datetime:
    return update.sent_at or update.queued_at or update.written_at


def _ordinals(updates: Iterable[StatusUpdate]) -> dict[UUID, int]:
    """The place of each sent word among those of its page; a correction has that of its first."""
    counts: dict[UUID, int] = {}
    found: dict[UUID, int] = {}
    sent = [u for u in updates if u.state is UpdateState.SENT and u.sent_at is not None]
    for update in sorted(sent, key=lambda u: (_moment(u), u.id)):
        if update.replaces_id in found:
            found[update.id] = found[update.replaces_id]
        else:
            found[update.id] = counts[update.page_id] = counts.get(update.page_id, 0) + 1
    return found


def _receipts(connection: sa.Connection, incident_id: UUID) -> dict[UUID, tuple[Receipt, ...]]:
    """What became of each update at each place, by the update."""
    deliveries = read_records(
        connection,
        Delivery,
        delivery,
        delivery.c.incident_id == incident_id,
        delivery.c.kind == DeliveryKind.UPDATE,
    )
    tried = (
        sa.select(delivery_attempt.c.delivery_id, sa.func.max(delivery_attempt.c.started_at))
        .where(delivery_attempt.c.incident_id == incident_id)
        .group_by(delivery_attempt.c.delivery_id)
    )
    last_tries = {row[0]: row[1] for row in connection.execute(tried)}
    accounts = {d.id: d.name for d in read_records(connection, Destination, destination)}
    outlets = read_records(connection, Outlet, outlet)
    names = {(o.destination_id, o.address): o.name for o in outlets if o.name}
    found: dict[UUID, list[Receipt]] = {}
    for sent in sorted(deliveries, key=lambda d: (d.created_at, d.id)):
        if sent.subject_id is None:
            continue
        place = names.get(
            (sent.destination_id, sent.address), accounts.get(sent.destination_id, "")
        )
        found.setdefault(sent.subject_id, []).append(
            Receipt(
                delivery_id=sent.id,
                destination_id=sent.destination_id,
                place=place,
                address=sent.address,
                state=sent.state,
                reason=sent.reason,
                attempt_count=sent.attempt_count,
                last_try_at=last_tries.get(sent.id),
                next_try_at=sent.due_at if sent.state in _TRIED_AGAIN else None,
                finished_at=sent.finished_at,
            )
        )
    return {update_id: tuple(receipts) for update_id, receipts in found.items()}


def last_update(connection: sa.Connection, incident_id: UUID, page_id: UUID) -> StatusUpdate | None:
    """The last word that was sent on a page about an incident, to begin the next one from."""
    query = (
        sa.select(status_update)
        .where(
            status_update.c.incident_id == incident_id,
            status_update.c.page_id == page_id,
            status_update.c.state == UpdateState.SENT,
        )
        .order_by(status_update.c.sent_at.desc(), status_update.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else StatusUpdate(**row)


def held_updates(connection: sa.Connection) -> tuple[HeldUpdate, ...]:
    """The updates that somebody has to decide about, the oldest first.

    Among them are those that this desk alone knows to be on their way, once they are not new.
    """
    is_here = sa.and_(
        status_update.c.state == UpdateState.QUEUED,
        status_update.c.id.in_(_unsent(connection)),
        status_update.c.fresh_until.is_not(None),
    )
    query = (
        sa.select(status_update, incident.c.number, status_page.c.name.label("page_name"))
        .join(incident, incident.c.id == status_update.c.incident_id)
        .join(status_page, status_page.c.id == status_update.c.page_id)
        .where(sa.or_(status_update.c.state == UpdateState.HELD, is_here))
        .order_by(status_update.c.queued_at, status_update.c.id)
    )
    return tuple(
        HeldUpdate(
            update_id=row.id,
            incident_id=row.incident_id,
            number=row.number,
            subject=row.subject,
            page=row.page_name,
            audience=row.audience,
            queued_by_id=row.queued_by_id,
            queued_at=row.queued_at,
            held_from=None if row.state is UpdateState.HELD else row.fresh_until,
        )
        for row in connection.execute(query)
    )


def words_due(connection: sa.Connection) -> tuple[DueItem, ...]:
    """When the next word is due about every major incident, the most pressing first.

    An audience for whom there is no status page is told nothing, so nothing is due to it. Who
    was told of a response that has ended is owed the last word until its review.
    """
    query = (
        sa.select(major_incident, incident.c.number, incident.c.summary, incident.c.severity)
        .join(incident, incident.c.id == major_incident.c.incident_id)
        .where(major_incident.c.state.in_(_OWING))
    )
    majors = list(connection.execute(query).mappings())
    if not majors:
        return ()
    pages = read_records(connection, StatusPage, status_page, status_page.c.is_active)
    audiences, in_use = {page.audience for page in pages}, {page.id for page in pages}
    plans = plans_with_defaults(read_records(connection, CommunicationPlan, communication_plan))
    ids = [row["incident_id"] for row in majors]
    sent = read_records(
        connection,
        StatusUpdate,
        status_update,
        status_update.c.incident_id.in_(ids),
        status_update.c.state == UpdateState.SENT,
    )
    found = []
    for row in majors:
        told = {name: row[name] for name in ("number", "summary", "severity")}
        major = MajorIncident(**{name: value for name, value in row.items() if name not in told})
        own = [u for u in sent if u.incident_id == major.incident_id]
        if (ended_at := ended(major)) is not None:  # nothing can be told on a retired page
            own = [u for u in own if u.page_id in in_use]
        for audience in audiences:
            plan = plan_for(plans, told["severity"], audience)
            next_word = due(major, audience, plan, own)
            if next_word is not None:
                item = DueItem(
                    incident_id=major.incident_id,
                    major_id=major.id,
                    audience=audience,
                    due=next_word,
                    ended_at=ended_at,
                    **told,
                )
                found.append(item)
    return tuple(sorted(found, key=lambda item: (item.due.at, item.number, item.audience.value)))


def communication_settings(connection: sa.Connection) -> CommunicationSettings:
    """Every page with its components and outlets, every plan and every template."""
    components = read_records(connection, StatusComponent, status_component)
    outlets = read_records(connection, Outlet, outlet)
    pages = tuple(
        PageSettings(
            page=page,
            components=_placed(c for c in components if c.page_id == page.id),
            outlets=tuple(
                sorted((o for o in outlets if o.page_id == page.id), key=lambda o: (o.name, o.id))
            ),
        )
        for page in sorted(
            read_records(connection, StatusPage, status_page),
            key=lambda page: (page.audience is Audience.EXTERNAL, page.name),
        )
    )
    plans = plans_with_defaults(read_records(connection, CommunicationPlan, communication_plan))
    return CommunicationSettings(
        pages=pages,
        plans=tuple(sorted(plans, key=lambda plan: (plan.severity.value, plan.audience.value))),
        templates=templates.with_defaults(
            read_records(connection, UpdateTemplate, update_template)
        ),
    )


def _placed(components: Iterable[StatusComponent]) -> tuple[StatusComponent, ...]:
    return tuple(sorted(components, key=lambda c: (c.position, c.name, c.id)))


def components_now(connection: sa.Connection, page_id: UUID) -> tuple[ComponentItem, ...]:
    """The active components of a page, each as the last words of open major incidents have it."""
    components = read_records(
        connection,
        StatusComponent,
        status_component,
        status_component.c.page_id == page_id,
        status_component.c.is_active,
    )
    told = _last_messages(connection, page_id)
    return tuple(
        ComponentItem(component=component, status=status_now(component.id, told))
        for component in _placed(components)
    )


def status_now(component_id: UUID, told: Sequence[Message]) -> ComponentStatus:
    """The worst that any of these words says of a component; operational where none does."""
    order = list(ComponentStatus)
    states = [part.status for one in told for part in one.components if part.id == component_id]
    return max(states, key=order.index, default=ComponentStatus.OPERATIONAL)


def _last_messages(connection: sa.Connection, page_id: UUID) -> list[Message]:
    """The last word on this page about each open major incident."""
    query = (
        sa.select(status_update.c.incident_id, status_update.c.message)
        .join(major_incident, major_incident.c.incident_id == status_update.c.incident_id)
        .where(
            status_update.c.page_id == page_id,
            status_update.c.state == UpdateState.SENT,
            major_incident.c.state == MajorState.ACCEPTED,
        )
        .order_by(status_update.c.sent_at, status_update.c.id)
    )
    last = {row.incident_id: row.message for row in connection.execute(query)}
    return [message for text in last.values() if (message := message_or_none(text))]


def template_values(
    connection: sa.Connection, directory: Directory, incident_id: UUID, now: datetime
) -> Mapping[str, str]:
    """What the placeholders of templates stand for in one incident; empty where unknown."""
    found = read_records(connection, Incident, incident, incident.c.id == incident_id)
    if not found:
        return {}
    record = found[0]
    majors = read_records(
        connection, MajorIncident, major_incident, major_incident.c.incident_id == incident_id
    )
    impact = read_records(
        connection,
        DocumentEntry,
        document_entry,
        document_entry.c.incident_id == incident_id,
        document_entry.c.section == DocumentSection.IMPACT,
        sa.not_(document_entry.c.is_removed),
        sa.not_(document_entry.c.is_unknown),
    )
    cases = connection.scalar(
        sa.select(sa.func.count()).where(
            support_case.c.incident_id == incident_id, support_case.c.is_active
        )
    )
    products = [directory.products[id_].name for id_ in record.affected_product_ids
                if id_ in directory.products]  # fmt: skip
    entries = sorted(impact, key=lambda entry: (entry.position, entry.id))
    return {
        "key": f"INC-{record.number}",
        "severity": record.severity.value[-1] if record.severity else "",
        "summary": record.summary,
        "service": directory.service(record.service_id) if record.service_id else "",
        "products": listed(products),
        "impact": " ".join(entry.text.strip() for entry in entries).rstrip("."),
        "cases": str(cases or 0),
        **_times(majors[0] if majors else None, now),
    }


def _times(major: MajorIncident | None, now: datetime) -> Mapping[str, str]:
    if major is None or major.impact_started_at is None:
        return {}
    start = major.impact_started_at
    lasted: timedelta = (major.impact_ended_at or now) - start
    return {
        "since": f"{start.day} {start:%B, %H:%M} UTC",
        "duration": delay_words(max(lasted.total_seconds(), 0)),
    }
