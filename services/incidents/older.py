"""Which incidents a desk leaves to the shared database because they ended long ago."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.core.clock import MICROSECOND
from services.incidents.local_tables import memory, pinned
from services.incidents.tables import incident

ENDED_AT = sa.func.coalesce(incident.c.closed_at, incident.c.cancelled_at)

is_fetched = (
    sa.select(sa.literal(1))
    .select_from(pinned)
    .where(pinned.c.incident_id == sa.type_coerce(incident.c.id, sa.String))
    .exists()
)
"""Whether an incident is here only because somebody asked for it; kept for some days."""


def kept_since(connection: sa.Connection, now: datetime) -> datetime | None:
    """Incidents that ended before this moment are not kept on this desk; None: all are."""
    kept_for = connection.scalar(sa.select(memory.c.value).where(memory.c.name == "kept_for"))
    return now - int(kept_for) * MICROSECOND if kept_for else None


def earliest_end(connection: sa.Connection, ids: Sequence[UUID]) -> datetime | None:
    """When the first of these incidents came to its end."""
    query = sa.select(sa.type_coerce(sa.func.min(ENDED_AT), incident.c.closed_at.type))
    return connection.scalar(query.where(incident.c.id.in_(ids)))
