"""How people are reached, read from the cache."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.directory import Directory
from services.on_call.tables import on_call_shift
from services.paging.destination import Destination
from services.paging.page import Delivery
from services.paging.queries import ways_of_people
from services.paging.reach import Reach
from services.paging.tables import delivery, destination
from services.people.contact import ContactMethod, NotificationRule
from services.people.tables import contact_method, notification_rule


def reach_of(connection: sa.Connection, names: Directory, viewer_id: UUID, now: datetime) -> Reach:
    """What the viewer may keep, as this desk knows it."""
    mine = Reach(names=names, viewer_id=viewer_id)
    whose = sa.true() if mine.is_administrator else contact_method.c.person_id == viewer_id
    methods = read_records(connection, ContactMethod, contact_method, whose)
    rules = read_records(
        connection, NotificationRule, notification_rule, notification_rule.c.is_active
    )
    people = {method.person_id for method in methods}
    found = read_records(connection, Destination, destination, sa.true())
    next_shift = (
        sa.select(on_call_shift.c.starts_at)
        .where(on_call_shift.c.person_id == viewer_id, on_call_shift.c.ends_at > now)
        .where(~on_call_shift.c.is_cancelled)
        .order_by(on_call_shift.c.starts_at)
        .limit(1)
    )
    return Reach(
        names=names,
        viewer_id=viewer_id,
        methods=tuple(methods),
        rules=tuple(rule for rule in rules if rule.person_id in people),
        destinations=tuple(sorted(found, key=lambda one: one.name.casefold())),
        last=_last(connection),
        way=ways_of_people(connection, [viewer_id], now)[viewer_id],
        on_call_from=connection.scalar(next_shift),
        now=now,
    )


def _last(connection: sa.Connection) -> dict[UUID, Delivery]:
    subject = sa.func.coalesce(delivery.c.contact_method_id, delivery.c.destination_id)
    order = (delivery.c.created_at.desc(), delivery.c.id.desc())
    place = sa.func.row_number().over(partition_by=subject, order_by=order).label("place")
    ranked = sa.select(delivery.c.id, place).subquery()
    newest = sa.select(ranked.c.id).where(ranked.c.place == 1)
    found: Iterable[Delivery] = read_records(
        connection, Delivery, delivery, delivery.c.id.in_(newest)
    )
    return {one.contact_method_id or one.destination_id: one for one in found}
