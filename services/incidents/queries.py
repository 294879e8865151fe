"""Reads for the queue: which incidents a worklist holds, and what its rows show.

The numbers of a worklist come first, in order and all at once; the rows only page by page.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.catalogue.tables import category
from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.incident import EscalationState, Incident, IncidentState
from services.incidents.labels import label_from, label_of
from services.incidents.local_tables import memory, pending, seen
from services.incidents.older import is_fetched
from services.incidents.read_models import (
    Order,
    RelatedItem,
    SortBy,
    Viewer,
    Worklist,
    WorklistItem,
)
from services.incidents.tables import incident, is_open
from services.people.tables import person, team

Record = incident.c
children = incident.alias("children")

_STATE_ORDER = sa.case(
    {state.value: place for place, state in enumerate(IncidentState)},
    value=sa.type_coerce(Record.state, sa.String),
)


def worklist_numbers(
    connection: sa.Connection,
    worklist: Worklist,
    viewer: Viewer,
    order: Order,
    limit: int | None = None,
) -> "array[int]":
    """Numbers of the incidents in a worklist, in order; the first ``limit`` of them if given."""
    query = sa.select(Record.number).where(*_conditions(worklist, viewer))
    found = _ordered(query, order).limit(limit).subquery()
    # One text instead of a row each: 100,000 rows would hold up the screen's thread.
    listed = connection.scalar(sa.select(sa.func.json_group_array(found.c.number)))
    return array("q", json.loads(listed or "[]"))


def worklist_counts(connection: sa.Connection, viewer: Viewer) -> dict[Worklist, int]:
    """How many incidents each worklist holds."""
    counted = {
        worklist: sa.select(sa.func.count())
        .select_from(incident)
        .where(*_conditions(worklist, viewer))
        .scalar_subquery()
        for worklist in Worklist
    }
    row = connection.execute(sa.select(*counted.values())).one()
    return dict(zip(counted, row, strict=True))


def worklist_items(
    connection: sa.Connection, directory: Directory, numbers: Sequence[int]
) -> dict[int, WorklistItem]:
    """Rows for these numbers; numbers that have left the cache meanwhile are absent."""
    found = connection.execute(_ITEMS, {"numbers": list(numbers)}).mappings()
    return {row["number"]: _item(row, directory) for row in found}


def incident_id_of(connection: sa.Connection, number: int) -> UUID | None:
    """The id behind a number."""
    return connection.scalar(sa.select(Record.id).where(Record.number == number))


def numbers_and_summaries(
    connection: sa.Connection, ids: Iterable[str]
) -> dict[str, tuple[int, str]]:
    """Number and summary of each incident by the text form of its id."""
    query = sa.select(Record.id, Record.number, Record.summary).where(
        sa.type_coerce(Record.id, sa.String).in_(list(ids))
    )
    return {str(row[0]): (row[1], row[2]) for row in connection.execute(query)}


def incidents_matching(
    connection: sa.Connection,
    text: str,
    which: sa.ColumnElement[bool] | sa.TextClause,
    limit: int = 20,
) -> tuple[RelatedItem, ...]:
    """Those of some incidents whose number or summary has this text, newest first."""
    words = text.strip().removeprefix("INC-")
    condition = Record.summary.icontains(words, autoescape=True)
    if words.isdigit():
        condition = sa.or_(Record.number == int(words), condition)
    query = sa.select(incident).where(condition, which).order_by(Record.number.desc()).limit(limit)
    found = connection.execute(query).mappings()
    return tuple(related_item(Incident(**row), "") for row in found)


def originals_of(one: Incident) -> sa.ColumnElement[bool]:
    """What an incident may repeat: another one, a drill only of a drill."""
    return sa.and_(Record.id != one.id, Record.is_drill == one.is_drill)


def parents_of(one: Incident) -> sa.ColumnElement[bool]:
    """What an incident may be linked to: a drill only to a drill, and none to one below it."""
    below = sa.select(Record.id).where(Record.id == one.id).cte("below", recursive=True)
    child = incident.alias()
    below = below.union(sa.select(child.c.id).join(below, child.c.parent_id == below.c.id))
    return sa.and_(Record.id.not_in(sa.select(below.c.id)), Record.is_drill == one.is_drill)


def earlier_of_caller(
    connection: sa.Connection, caller_id: UUID, limit: int = 8
) -> tuple[RelatedItem, ...]:
    """The caller's latest incidents."""
    query = (
        sa.select(incident)
        .where(Record.caller_id == caller_id)
        .order_by(Record.reported_at.desc())
        .limit(limit)
    )
    found = connection.execute(query).mappings()
    return tuple(related_item(Incident(**row), "") for row in found)


def open_counts_of_teams(connection: sa.Connection) -> dict[UUID, int]:
    """How many open incidents each team works on; a drill is none."""
    of_teams = sa.select(Record.team_id, sa.func.count()).group_by(Record.team_id)
    query = of_teams.where(is_open, ~Record.is_drill)
    return {row[0]: row[1] for row in connection.execute(query)}


def due_follow_ups(connection: sa.Connection, person_id: UUID, now_us: int) -> list[Incident]:
    """Incidents on hold that this person works on or owns and whose follow-up time has come."""
    mine = sa.or_(
        Record.assignee_id == person_id,
        sa.and_(Record.assignee_id.is_(None), Record.owner_id == person_id),
    )
    due = sa.type_coerce(Record.follow_up_at, sa.BigInteger) <= now_us
    return read_records(
        connection, Incident, incident, Record.state == IncidentState.ON_HOLD, mine, due
    )


def related_item(found: Incident, relation: str) -> RelatedItem:
    """An incident as one line in a list of links."""
    return RelatedItem(
        id=found.id,
        number=found.number,
        relation=relation,
        summary=found.summary,
        priority=found.priority,
        label=label_of(found),
        reported_at=found.reported_at,
    )


def _conditions(worklist: Worklist, viewer: Viewer) -> tuple[Any, ...]:
    ours = sa.or_(Record.owner_team_id.in_(viewer.team_ids), Record.team_id.in_(viewer.team_ids))
    match worklist:
        case Worklist.MY_WORK:
            return (is_open, Record.assignee_id == viewer.person_id)
        case Worklist.TEAM_QUEUE:
            return (is_open, ours)
        case Worklist.UNASSIGNED:
            return (is_open, ours, Record.assignee_id.is_(None))
        case Worklist.NEEDS_TRIAGE:
            return (is_open, ours, Record.priority.is_(None))
        case Worklist.ESCALATED_TO_US:
            escalated = Record.escalation_state.in_(
                [EscalationState.OFFERED, EscalationState.ACCEPTED]
            )
            return (is_open, Record.team_id.in_(viewer.team_ids), escalated)
        case Worklist.CONFIRM_AND_CLOSE:
            owned = Record.owner_team_id.in_(viewer.team_ids)
            return (Record.state == IncidentState.RESOLVED, owned)
        case Worklist.ALL_INCIDENTS:
            return ()


def _ordered(query: "sa.Select[Any]", order: Order) -> "sa.Select[Any]":
    keys: list[Any]
    match order.by:
        case SortBy.PRIORITY:
            keys = [Record.priority, Record.reported_at]
        case SortBy.NUMBER:
            keys = []
        case SortBy.SUMMARY:
            keys = [sa.func.lower(Record.summary)]
        case SortBy.CATEGORY:
            shown = sa.func.coalesce(Record.subcategory_id, Record.category_id)
            query = query.outerjoin(category, category.c.id == shown)
            keys = [category.c.name]
        case SortBy.STATE:
            keys = [_STATE_ORDER, Record.priority]
        case SortBy.TEAM:
            query = query.outerjoin(team, team.c.id == Record.team_id)
            keys = [team.c.name, Record.priority]
        case SortBy.ASSIGNEE:
            query = query.outerjoin(person, person.c.id == Record.assignee_id)
            keys = [person.c.name, Record.priority]
        case SortBy.AGE:
            keys = [Record.reported_at]
    keys.append(Record.number)
    return query.order_by(*(key.desc() if order.is_descending else key for key in keys))


def _pending_in(*states: str) -> Any:
    query = sa.select(sa.literal(1)).select_from(pending)
    return query.where(
        pending.c.subject_id == sa.type_coerce(Record.id, sa.String), pending.c.state.in_(states)
    ).exists()


_READ_BEFORE = (
    sa.select(sa.cast(memory.c.value, sa.BigInteger))
    .where(memory.c.name == "read_before")
    .scalar_subquery()
)
_SEEN_AT = (
    sa.select(seen.c.updated_at)
    .where(seen.c.incident_id == sa.type_coerce(Record.id, sa.String))
    .scalar_subquery()
)

_SHOWN = (
    *("id", "number", "version", "summary", "priority", "severity", "state", "escalation_state"),
    *("accepted_at", "reopened_at", "category_id", "subcategory_id", "team_id", "assignee_id"),
    *("caller_id", "monitoring_source", "reported_at", "updated_at", "resolved_at", "follow_up_at"),
    *("is_confidential", "is_drill"),
)
"""Columns a row of the queue needs; descriptions can be long and stay where they are."""

_ITEMS = sa.select(
    *(Record[name] for name in _SHOWN),
    _pending_in("waiting", "withdrawing").label("is_pending"),
    _pending_in("conflict").label("has_conflict"),
    is_fetched.label("is_fetched"),
    sa.select(sa.func.count())
    .select_from(children)
    .where(children.c.parent_id == Record.id)
    .scalar_subquery()
    .label("child_count"),
    (
        sa.type_coerce(Record.updated_at, sa.BigInteger)
        > sa.func.coalesce(_SEEN_AT, _READ_BEFORE, 0)
    ).label("is_unread"),
).where(Record.number.in_(sa.bindparam("numbers", expanding=True)))


def _item(row: Any, directory: Directory) -> WorklistItem:
    caller = directory.people.get(row["caller_id"])
    return WorklistItem(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        summary=row["summary"],
        priority=row["priority"],
        severity=row["severity"],
        state=row["state"],
        label=label_from(
            row["state"], row["escalation_state"], row["accepted_at"], row["reopened_at"]
        ),
        category=directory.category(row["subcategory_id"] or row["category_id"]),
        category_path=directory.category_path(row["category_id"], row["subcategory_id"]),
        team=directory.team(row["team_id"]),
        tier=directory.tier(row["team_id"]),
        assignee_id=row["assignee_id"],
        assignee=directory.person(row["assignee_id"]),
        caller=caller.name if caller else row["monitoring_source"],
        is_vip=bool(caller and caller.is_vip),
        reported_at=row["reported_at"],
        updated_at=row["updated_at"],
        resolved_at=row["resolved_at"],
        follow_up_at=row["follow_up_at"],
        child_count=row["child_count"],
        is_pending=row["is_pending"],
        has_conflict=row["has_conflict"],
        is_unread=row["is_unread"],
        is_confidential=row["is_confidential"],
        is_drill=row["is_drill"],
        is_fetched=row["is_fetched"],
    )
