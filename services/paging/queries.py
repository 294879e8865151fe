"""Reads pages from the cache: those of an incident, one's own, the held, and who would be woken."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.incident import HistoryEntry
from services.incidents.local_tables import pending
from services.incidents.tables import history_entry, incident
from services.on_call.roster import Roster
from services.on_call.tables import roster
from services.on_call.waking import WakingBook
from services.on_call.waking_reading import waking_book
from services.paging.acts import AcknowledgePage, DeclinePage, SnoozePage
from services.paging.ahead import after_step, by_phone, cover_of
from services.paging.destination import Destination
from services.paging.page import (
    Delivery,
    DeliveryAttempt,
    Page,
    PageRecipient,
    PageState,
    PageStep,
)
from services.paging.page_audit import PageRecords, held_at, last_called, page_audit, target_of
from services.paging.read_models import Cover, HeldPage, OwnPage, PageItem, PagingHere
from services.paging.tables import (
    delivery,
    delivery_attempt,
    destination,
    page,
    page_recipient,
    page_step,
)
from services.paging.words import listed, way_words
from services.people.contact import ContactMethod
from services.people.tables import contact_method
from services.sync.envelope import Envelope, envelope_from_json

PAGING_TABLES = frozenset(
    record.TABLE for record in (Page, PageStep, PageRecipient, Delivery, DeliveryAttempt)
)
"""Tables whose change makes a shown page stale."""

ANSWERS = frozenset(act.__name__ for act in (AcknowledgePage, DeclinePage, SnoozePage))
COVER_AHEAD = timedelta(days=8)
"""How far ahead the next cover of a team is looked for."""


def pages_of_incident(
    connection: sa.Connection,
    directory: Directory,
    viewer_id: UUID,
    incident_id: UUID,
    now: datetime,
) -> tuple[PageItem, ...]:
    """The pages of one incident, the newest first."""
    pages = read_records(connection, Page, page, page.c.incident_id == incident_id)
    if not pages:
        return ()
    book = book_at(connection, now, now + timedelta(seconds=1))
    unsent = _unsent(connection)
    found = [
        _item(records, viewer_id, book, unsent, now)
        for records in _records(connection, directory, incident_id, pages)
    ]
    return tuple(sorted(found, key=lambda i: (i.page.opened_at, i.page.id), reverse=True))


def _item(
    of: PageRecords,
    viewer_id: UUID,
    book: WakingBook,
    unsent: dict[UUID, frozenset[str]],
    now: datetime,
) -> PageItem:
    asked = of.page
    own = [r for r in of.recipients if r.person_id == viewer_id and r.round >= asked.rounds_from]
    waiting = unsent.get(asked.id, frozenset())
    return PageItem(
        page=asked,
        asked_by=of.directory.person(asked.opened_by_id),
        target=target_of(of),
        step=asked.position + 1,
        step_count=len(of.steps),
        called=tuple(of.directory.person(r.person_id) for r in last_called(asked, of.recipients)),
        after=after_step(asked, of.steps, book, of.directory, now),
        acknowledged_by=of.directory.person(asked.acknowledged_by_id),
        is_called=asked.state is PageState.OPEN and any(r.answer is None for r in own),
        is_unsent=asked.version == 0 or bool(waiting - ANSWERS),
        is_answering=bool(waiting & ANSWERS),
        held_at=held_at(of),
        by_phone=by_phone(asked, book, of.directory, now),
        audit=page_audit(of),
    )


def _records(
    connection: sa.Connection, directory: Directory, incident_id: UUID, pages: list[Page]
) -> Iterator[PageRecords]:
    """The rows of each page; few enough to be read at once for a whole incident."""
    steps = read_records(connection, PageStep, page_step, page_step.c.incident_id == incident_id)
    recipients = read_records(
        connection, PageRecipient, page_recipient, page_recipient.c.incident_id == incident_id
    )
    deliveries = read_records(connection, Delivery, delivery, delivery.c.incident_id == incident_id)
    attempts = read_records(
        connection, DeliveryAttempt, delivery_attempt, delivery_attempt.c.incident_id == incident_id
    )
    history = read_records(
        connection,
        HistoryEntry,
        history_entry,
        history_entry.c.incident_id == incident_id,
        history_entry.c.subject == Page.TABLE,
    )
    contacts = {m.id: m for m in read_records(connection, ContactMethod, contact_method)}
    rosters = {r.id: r.name for r in read_records(connection, Roster, roster)}
    channels = {d.id: d.name for d in read_records(connection, Destination, destination)}
    for asked in pages:
        own = [d for d in deliveries if d.page_id == asked.id]
        ids = {d.id for d in own}
        yield PageRecords(
            page=asked,
            steps=sorted((s for s in steps if s.page_id == asked.id), key=lambda s: s.position),
            recipients=[r for r in recipients if r.page_id == asked.id],
            deliveries=own,
            attempts=[a for a in attempts if a.delivery_id in ids],
            history=[h for h in history if h.subject_id == asked.id],
            directory=directory,
            contacts=contacts,
            rosters=rosters,
            destinations=channels,
        )


def book_at(connection: sa.Connection, start: datetime, end: datetime) -> WakingBook:
    """All that decides whom a page between two moments calls."""
    active = connection.scalars(sa.select(destination.c.id).where(destination.c.is_active))
    return waking_book(connection, start, end, list(active))


def covers_of_teams(
    connection: sa.Connection,
    directory: Directory,
    now: datetime,
    *,
    severity: int | None,
    priority: int | None,
) -> dict[UUID, Cover]:
    """Who would be woken for each team by an incident like this, now.

    Empty where nobody is on call anywhere and nothing is sent: then paging is not set up.
    """
    book = book_at(connection, now, now + COVER_AHEAD)
    if not (book.destination_ids or any(one.is_active for one in book.rosters)):
        return {}
    return {
        team.id: cover_of(book, directory, team.id, now, severity=severity, priority=priority)
        for team in book.teams
        if team.is_active
    }


def ways_of_people(
    connection: sa.Connection, person_ids: Collection[UUID], now: datetime
) -> dict[UUID, str]:
    """How each of them is reached: ``push, then SMS after 2 min``; empty who cannot be."""
    book = book_at(connection, now, now)
    return {id_: way_words(book.messages(id_, now)) for id_ in person_ids}


def _unsent(connection: sa.Connection) -> dict[UUID, frozenset[str]]:
    """The acts of this desk that wait, by page."""
    found: dict[UUID, frozenset[str]] = {}
    for envelope in _waiting(connection):
        if page_id := _page_of(envelope):
            found[page_id] = found.get(page_id, frozenset()) | {envelope.name}
    return found


def _waiting(connection: sa.Connection) -> list[Envelope]:
    query = sa.select(pending.c.envelope).where(pending.c.state.in_(["waiting", "withdrawing"]))
    return [envelope_from_json(text) for text in connection.scalars(query)]


def _page_of(envelope: Envelope) -> UUID | None:
    given = envelope.args.get("page_id")
    return UUID(str(given)) if given else None


def called_at(
    connection: sa.Connection, directory: Directory, incident_id: UUID
) -> dict[tuple[UUID, datetime], str]:
    """Who was called by a page at a moment, for the timeline: ``Theo (step 1)``."""
    query = (
        sa.select(page_recipient, page_step.c.id.is_(None).label("is_beyond"))
        .select_from(
            page_recipient.outerjoin(
                page_step,
                (page_step.c.page_id == page_recipient.c.page_id)
                & (page_step.c.position == page_recipient.c.position),
            )
        )
        .where(page_recipient.c.incident_id == incident_id)
        .order_by(page_recipient.c.called_at)
    )
    names: dict[tuple[UUID, datetime], list[str]] = {}
    steps: dict[tuple[UUID, datetime], str] = {}
    for row in connection.execute(query):
        key = (row.page_id, row.called_at)
        names.setdefault(key, []).append(directory.person(row.person_id))
        steps[key] = "catch-all" if row.is_beyond else f"step {row.position + 1}"
    return {key: f"{listed(people)} ({steps[key]})" for key, people in names.items()}


def own_pages(
    connection: sa.Connection, directory: Directory, viewer_id: UUID
) -> tuple[OwnPage, ...]:
    """The pages that wait for this person, the newest first.

    One whose answer is not yet saved for all is still among them: others go on being called.
    """
    answered = {id_ for id_, acts in _unsent(connection).items() if acts & ANSWERS}
    is_silent = (
        (page.c.state == PageState.OPEN)
        & page_recipient.c.answer.is_(None)
        & (page_recipient.c.round >= page.c.rounds_from)
    )
    query = (
        sa.select(
            *(page.c.id.label("page_id"), page.c.incident_id, page.c.reason, page.c.opened_by_id),
            *(page.c.to_team_id, page_recipient.c.called_at, incident.c.number),
            *(incident.c.summary, incident.c.priority, incident.c.severity),
            incident.c.is_confidential,
        )
        .join(page_recipient, page_recipient.c.page_id == page.c.id)
        .join(incident, incident.c.id == page.c.incident_id)
        .where(
            page_recipient.c.person_id == viewer_id,
            is_silent | page.c.id.in_(answered),
        )
        .order_by(page_recipient.c.called_at)
    )
    latest = {row.page_id: row for row in connection.execute(query)}
    found = (
        OwnPage(
            page_id=row.page_id,
            incident_id=row.incident_id,
            number=row.number,
            summary="" if row.is_confidential else row.summary,
            priority=row.priority,
            severity=row.severity,
            reason="" if row.is_confidential else row.reason,
            asked_by=directory.person(row.opened_by_id),
            team=directory.team(row.to_team_id),
            called_at=row.called_at,
            is_answering=row.page_id in answered,
        )
        for row in latest.values()
    )
    return tuple(sorted(found, key=lambda one: (one.called_at, one.page_id), reverse=True))


def held_pages(connection: sa.Connection, directory: Directory) -> tuple[HeldPage, ...]:
    """The pages that somebody has to decide about, the oldest first."""
    query = (
        sa.select(page, incident.c.number, incident.c.summary)
        .join(incident, incident.c.id == page.c.incident_id)
        .where(page.c.state == PageState.HELD)
        .order_by(page.c.opened_at)
    )
    return tuple(
        HeldPage(
            page_id=row.id,
            incident_id=row.incident_id,
            number=row.number,
            summary=row.summary,
            target=listed([directory.person(id_) for id_ in row.to_person_ids])
            or directory.team(row.to_team_id),
            asked_by=directory.person(row.opened_by_id),
            opened_at=row.opened_at,
        )
        for row in connection.execute(query)
    )


def paging_here(connection: sa.Connection) -> PagingHere:
    """Whether this desk has to do with paging at all."""
    is_open = sa.select(sa.func.count()).where(page.c.state == PageState.OPEN)
    active = sa.select(sa.func.count()).where(destination.c.is_active)
    return PagingHere(
        open_pages=connection.scalar(is_open) or 0,
        has_destinations=bool(connection.scalar(active)),
    )


def pages_to_incidents(connection: sa.Connection, page_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The incidents of pages, for commands that name only the page."""
    query = sa.select(page.c.id, page.c.incident_id).where(page.c.id.in_(page_ids))
    return {row.id: row.incident_id for row in connection.execute(query)}
