"""Reads all that decides whom a page calls."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.on_call import tables
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.roster import OnCallShift, Roster
from services.on_call.waking import WakingBook
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Person, PersonRole, Role, Team
from services.people.tables import contact_method, notification_rule, person, person_role, team

WAKING_TABLES = frozenset(
    record.TABLE
    for record in (
        *(EscalationPolicy, EscalationStep, PolicyHours, Roster, OnCallShift),
        *(ContactMethod, NotificationRule, Person, PersonRole, Team),
    )
)
"""Tables whose change makes a new book necessary; so does one of the destinations."""


def waking_book(
    connection: sa.Connection, start: datetime, end: datetime, destination_ids: Collection[UUID]
) -> WakingBook:
    """All that decides whom a page between two moments calls.

    ``destination_ids`` are the destinations through which anything is sent.
    """
    shifts, hours = tables.on_call_shift.c, tables.policy_hours.c
    people = connection.scalars(sa.select(person.c.id).where(person.c.is_active))
    person_ids = frozenset(people)
    return WakingBook(
        policies=tuple(read_records(connection, EscalationPolicy, tables.escalation_policy)),
        steps=tuple(read_records(connection, EscalationStep, tables.escalation_step)),
        hours=tuple(
            read_records(
                connection,
                PolicyHours,
                tables.policy_hours,
                sa.not_(hours.is_cancelled),
                hours.ends_at > start,
                hours.starts_at < end,
            )
        ),
        rosters=tuple(read_records(connection, Roster, tables.roster)),
        shifts=tuple(
            read_records(
                connection,
                OnCallShift,
                tables.on_call_shift,
                sa.not_(shifts.is_cancelled),
                shifts.ends_at > start,
                shifts.starts_at < end,
            )
        ),
        teams=tuple(read_records(connection, Team, team)),
        contact_methods=tuple(read_records(connection, ContactMethod, contact_method)),
        rules=tuple(read_records(connection, NotificationRule, notification_rule)),
        person_ids=person_ids,
        destination_ids=frozenset(destination_ids),
        role_holders=_role_holders(connection, person_ids),
    )


def _role_holders(
    connection: sa.Connection, active: frozenset[UUID]
) -> dict[Role, frozenset[UUID]]:
    held: dict[Role, set[UUID]] = defaultdict(set)
    for grant in read_records(connection, PersonRole, person_role, person_role.c.is_active):
        if grant.person_id in active:
            held[grant.role].add(grant.person_id)
    return {role: frozenset(people) for role, people in held.items()}
