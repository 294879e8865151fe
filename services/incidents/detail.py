"""Reads everything the record pane, the dialogs and the report show of one incident."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.conflicts import Past, conflicts_of
from services.incidents.directory import Directory
from services.incidents.incident import (
    Escalation,
    EscalationKind,
    EscalationState,
    HistoryEntry,
    Incident,
    Note,
    NoteKind,
)
from services.incidents.labels import label_of
from services.incidents.lifecycle import has_enough_attempts
from services.incidents.local_tables import pending
from services.incidents.page_entries import Called
from services.incidents.permissions import Standing, permissions
from services.incidents.queries import related_item
from services.incidents.read_models import (
    EscalationItem,
    IncidentDetail,
    RelatedItem,
    TierSpan,
    Viewer,
)
from services.incidents.tables import escalation, history_entry, incident, is_open, note
from services.incidents.timeline import Wording, timeline


def incident_detail(
    connection: sa.Connection,
    directory: Directory,
    viewer: Viewer,
    incident_id: UUID,
    called: Called | None = None,
) -> IncidentDetail | None:
    """All of one incident as this viewer may see and change it; None when it is not here.

    ``called`` names whom pages called, for the timeline.
    """
    row = connection.execute(sa.select(incident).where(incident.c.id == incident_id)).mappings()
    first = row.first()
    if first is None:
        return None
    found = Incident(**first)
    return _detail(connection, directory, viewer, found, called or {})


def _detail(
    connection: sa.Connection,
    directory: Directory,
    viewer: Viewer,
    found: Incident,
    called: Called,
) -> IncidentDetail:
    notes = read_records(connection, Note, note, note.c.incident_id == found.id)
    of_incident = escalation.c.incident_id == found.id
    escalations = read_records(connection, Escalation, escalation, of_incident)
    history = read_records(
        connection, HistoryEntry, history_entry, history_entry.c.incident_id == found.id
    )
    related = _related(connection, found)
    wording = Wording(directory, {item.id: item.number for item in related}, called)
    waiting = _waiting_commands(connection, found.id)
    attempts = sorted(n.written_at for n in notes if n.kind is NoteKind.CONTACT_ATTEMPT)
    open_one = next((e for e in escalations if e.id == found.escalation_id), None)
    roles = directory.roles_of(viewer.person_id)
    standing = Standing(found, open_one, viewer.person_id, roles, viewer.team_ids)
    allowed = permissions(standing)
    person = directory.person
    return IncidentDetail(
        incident=found,
        label=label_of(found),
        caller=directory.people.get(found.caller_id) if found.caller_id else None,
        caller_open_count=_open_of_caller(connection, found),
        opened_by=person(found.opened_by_id),
        service=directory.service(found.service_id),
        products=tuple(
            directory.products[id_].name
            for id_ in found.affected_product_ids
            if id_ in directory.products
        ),
        category_path=directory.category_path(found.category_id, found.subcategory_id),
        team=directory.team(found.team_id),
        tier=directory.tier(found.team_id),
        owner_team=directory.team(found.owner_team_id),
        owner=person(found.owner_id),
        assignee=person(found.assignee_id),
        resolved_by=person(found.resolved_by_id),
        closed_by=person(found.closed_by_id),
        timeline=timeline(history, notes, wording, waiting),
        escalations=_escalation_items(escalations, directory),
        tier_spans=tier_spans(found, escalations, directory),
        related=related,
        hidden_links=_hidden_links(found, related),
        permissions=allowed,
        conflicts=conflicts_of(
            connection,
            found,
            Past(history, notes),
            wording,
            frozenset(p.act for p in allowed if p.is_allowed),
        ),
        pending_count=len(waiting),
        contact_attempts=tuple(attempts),
        may_close_unanswered=has_enough_attempts(tuple(notes)),
        pending_command_ids=waiting,
    )


def _waiting_commands(connection: sa.Connection, incident_id: UUID) -> frozenset[UUID]:
    query = sa.select(pending.c.command_id).where(
        pending.c.subject_id == str(incident_id), pending.c.state.in_(["waiting", "withdrawing"])
    )
    return frozenset(UUID(text) for text in connection.scalars(query))


def _open_of_caller(connection: sa.Connection, found: Incident) -> int:
    if found.caller_id is None:
        return 0
    query = sa.select(sa.func.count()).where(incident.c.caller_id == found.caller_id, is_open)
    return connection.scalar(query) or 0


def _escalation_items(
    escalations: Sequence[Escalation], directory: Directory
) -> tuple[EscalationItem, ...]:
    ordered = sorted(escalations, key=lambda e: (e.offered_at, str(e.id)))
    return tuple(
        EscalationItem(
            escalation=e,
            from_team=directory.team(e.from_team_id),
            from_tier=directory.tier(e.from_team_id),
            from_person=directory.person(e.from_person_id),
            to_team=directory.team(e.to_team_id),
            to_tier=directory.tier(e.to_team_id) if e.to_team_id else None,
            to_person=directory.person(e.to_person_id),
            offered_by=directory.person(e.offered_by_id),
            accepted_by=directory.person(e.accepted_by_id),
            ended_by=directory.person(e.ended_by_id),
        )
        for e in ordered
    )


def tier_spans(
    found: Incident, escalations: Sequence[Escalation], directory: Directory
) -> tuple[TierSpan, ...]:
    """How long the incident was with which team, from when it was logged to its resolution.

    A team has it from the moment it is offered; rejecting or handing back gives it to the team
    before or to the service desk.
    """
    moves: list[tuple[datetime, UUID]] = [(found.created_at, found.owner_team_id)]
    for e in sorted(escalations, key=lambda e: e.offered_at):
        if e.kind is EscalationKind.FUNCTIONAL and e.to_team_id is not None:
            moves.append((e.offered_at, e.to_team_id))
            if e.ended_at is not None and e.state is not EscalationState.PASSED_ON:
                back = e.from_team_id if e.state is EscalationState.REJECTED else None
                moves.append((e.ended_at, back or found.owner_team_id))
    moves.sort(key=lambda move: move[0])
    ends: list[datetime | None] = [since for since, _ in moves[1:]]
    ends.append(found.resolved_at or found.cancelled_at)
    return tuple(
        TierSpan(
            team=directory.team(team_id), tier=directory.tier(team_id), since=since, until=until
        )
        for (since, team_id), until in zip(moves, ends, strict=True)
        if until is None or until > since
    )


def _related(connection: sa.Connection, found: Incident) -> tuple[RelatedItem, ...]:
    links: list[tuple[str, Any]] = [
        ("Parent", incident.c.id == found.parent_id),
        ("Child", incident.c.parent_id == found.id),
        ("Duplicate of", incident.c.id == found.duplicate_of_id),
        ("Duplicate", incident.c.duplicate_of_id == found.id),
        ("Follow-up of", incident.c.id == found.follow_up_of_id),
        ("Follow-up", incident.c.follow_up_of_id == found.id),
    ]
    items = []
    for relation, condition in links:
        for other in read_records(connection, Incident, incident, condition):
            items.append(related_item(other, relation))
    return tuple(items)


def _hidden_links(found: Incident, related: Sequence[RelatedItem]) -> tuple[str, ...]:
    """Links to incidents that this person may not see or this desk does not keep."""
    links = {
        "Parent": found.parent_id,
        "Duplicate of": found.duplicate_of_id,
        "Follow-up of": found.follow_up_of_id,
    }
    here = {item.id for item in related}
    return tuple(relation for relation, id_ in links.items() if id_ and id_ not in here)
