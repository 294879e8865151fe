"""Tables of the cache that belong to this desk alone, for reading."""

import sqlalchemy as sa

pending = sa.table(
    "pending",
    *(
        sa.column(name)
        for name in ("seq", "command_id", "subject_id", "envelope", "state", "code", "reason")
    ),
)
"""Commands of this desk that are not yet part of the shared truth."""

pinned = sa.table("pinned", sa.column("incident_id"), sa.column("used_at"))
"""Incidents fetched on demand, outside what this desk keeps by itself."""

seen = sa.table("seen", sa.column("incident_id"), sa.column("updated_at"))
memory = sa.table("meta", sa.column("name"), sa.column("value"))
