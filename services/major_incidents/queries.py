"""Reads major incidents from the cache: the list of them, and one with all its response."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.incident import HistoryEntry, Incident
from services.incidents.local_tables import pending
from services.incidents.tables import history_entry, incident
from services.major_incidents.console_reading import Response, console_of, item_of
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.impact import SUSPICIOUS_FOR
from services.major_incidents.major import (
    OPEN_MAJOR_STATES,
    HoldingState,
    MajorIncident,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.read_models import Console, MajorItem
from services.major_incidents.tables import (
    change_event,
    document_entry,
    major_incident,
    response_channel,
    response_entry,
    role_holding,
    support_case,
    work_stream,
)
from services.on_call.roster import OnCallShift, Roster
from services.on_call.tables import on_call_shift, roster

MAJOR_TABLES = frozenset(
    record.TABLE
    for record in (
        MajorIncident,
        RoleHolding,
        WorkStream,
        ResponseChannel,
        ResponseEntry,
        DocumentEntry,
        SupportCase,
        ChangeEvent,
    )
)
"""Tables whose change makes a shown console stale."""

TOLD_IN_HISTORY = tuple(
    record.TABLE for record in (Incident, MajorIncident, WorkStream, ResponseEntry, DocumentEntry)
)
"""What a console of an earlier moment is put back from."""


def majors(connection: sa.Connection, directory: Directory) -> tuple[MajorItem, ...]:
    """All major incidents here: the open ones first, then the newest."""
    items = _items(connection, directory, sa.true())
    items.sort(key=lambda item: (item.proposed_at, str(item.major_id)), reverse=True)
    items.sort(key=lambda item: item.state not in OPEN_MAJOR_STATES)
    return tuple(items)


def major_of_incident(
    connection: sa.Connection, directory: Directory, incident_id: UUID
) -> MajorItem | None:
    """The major incident of an incident; None where it is none."""
    found = _items(connection, directory, major_incident.c.incident_id == incident_id)
    return found[0] if found else None


def _items(
    connection: sa.Connection, directory: Directory, wanted: "sa.ColumnElement[bool]"
) -> list[MajorItem]:
    found = read_records(connection, MajorIncident, major_incident, wanted)
    of = sa.select(major_incident.c.incident_id).where(wanted)
    incidents = read_records(connection, Incident, incident, incident.c.id.in_(of))
    holdings: dict[UUID, list[RoleHolding]] = {}
    for held in read_records(
        connection, RoleHolding, role_holding, role_holding.c.incident_id.in_(of)
    ):
        holdings.setdefault(held.incident_id, []).append(held)
    by_id = {one.id: one for one in incidents}
    return [
        item_of(major, by_id[major.incident_id], holdings.get(major.incident_id, ()), directory)
        for major in found
        if major.incident_id in by_id
    ]


def console(
    connection: sa.Connection,
    directory: Directory,
    viewer_id: UUID,
    incident_id: UUID,
    now: datetime,
) -> Console | None:
    """All of one major incident as this viewer may see and change it; None when it is none."""
    found = response(connection, incident_id, now)
    return None if found is None else console_of(found, directory, viewer_id, now)


def response(connection: sa.Connection, incident_id: UUID, now: datetime) -> Response | None:
    """The rows of one response, from which its console is made; None when it is none."""
    of = incident_id
    incidents = read_records(connection, Incident, incident, incident.c.id == of)
    found = read_records(
        connection, MajorIncident, major_incident, major_incident.c.incident_id == of
    )
    if not (incidents and found):
        return None
    major = found[0]
    holdings = read_records(connection, RoleHolding, role_holding, role_holding.c.incident_id == of)
    entries = _of(connection, ResponseEntry, response_entry, of)
    return Response(
        incident=incidents[0],
        major=major,
        holdings=tuple(holdings),
        all_holdings=_holdings_of(connection, {h.person_id for h in holdings}),
        streams=_of(connection, WorkStream, work_stream, of),
        channels=_of(connection, ResponseChannel, response_channel, of),
        entries=entries,
        document=_of(connection, DocumentEntry, document_entry, of),
        cases=_of(connection, SupportCase, support_case, of),
        children=tuple(read_records(connection, Incident, incident, incident.c.parent_id == of)),
        change_events=_change_events(connection, major, entries),
        rosters=tuple(read_records(connection, Roster, roster, roster.c.is_active)),
        shifts=_shifts(connection, now),
        history=tuple(
            read_records(
                connection,
                HistoryEntry,
                history_entry,
                history_entry.c.incident_id == of,
                history_entry.c.subject.in_(TOLD_IN_HISTORY),
            )
        ),
        pending_count=_pending(connection, of),
    )


def _of(connection: sa.Connection, record: Any, table: sa.Table, incident_id: UUID) -> Any:
    return tuple(read_records(connection, record, table, table.c.incident_id == incident_id))


def _holdings_of(connection: sa.Connection, person_ids: Iterable[UUID]) -> tuple[RoleHolding, ...]:
    """What these people held in any major incident, and all that is held now."""
    named = role_holding.c.person_id.in_(list(person_ids))
    is_held = role_holding.c.state == HoldingState.HELD
    return tuple(read_records(connection, RoleHolding, role_holding, named | is_held))


def _change_events(
    connection: sa.Connection, major: MajorIncident, entries: Iterable[ResponseEntry]
) -> tuple[ChangeEvent, ...]:
    """Changes shortly before the onset, and those that entries speak of."""
    told = {entry.change_event_id for entry in entries if entry.change_event_id}
    wanted = [change_event.c.id.in_(list(told))]
    if onset := major.impact_started_at or major.detected_at:
        wanted.append(change_event.c.happened_at.between(onset - SUSPICIOUS_FOR, onset))
    return tuple(read_records(connection, ChangeEvent, change_event, sa.or_(*wanted)))


def _shifts(connection: sa.Connection, now: datetime) -> tuple[OnCallShift, ...]:
    """Shifts of now and of the next day."""
    ahead = (on_call_shift.c.ends_at > now) & (on_call_shift.c.starts_at < now + SUSPICIOUS_FOR)
    return tuple(read_records(connection, OnCallShift, on_call_shift, ahead))


def _pending(connection: sa.Connection, incident_id: UUID) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(pending)
        .where(
            pending.c.subject_id == str(incident_id),
            pending.c.state.in_(["waiting", "withdrawing"]),
        )
    )
    return connection.scalar(query) or 0
