"""A status page as this desk has it, to be looked at before anything is published."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.communications.page_content import PageContent
from services.communications.page_reading import Rows, content_from
from services.core.clock import to_microseconds

_PAGE = sa.text(
    "SELECT id, name, audience, description, address, version AS sequence"
    " FROM status_page WHERE id = :page"
)
_COMPONENTS = sa.text(
    "SELECT id, name, description, is_active FROM status_component WHERE page_id = :page"
    " ORDER BY position, name, id"
)
_TOLD = sa.text(
    "SELECT u.id, u.incident_id, i.number, u.sent_at, u.told_at, u.replaces_id,"
    " u.component_states, u.message FROM status_update u JOIN incident i ON i.id = u.incident_id"
    " WHERE u.page_id = :page AND u.state = 'sent' AND u.sent_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM major_incident m WHERE m.id = u.major_id AND m.is_drill)"
    " ORDER BY u.sent_at, u.id"
)


def page_preview(connection: sa.Connection, page_id: UUID, now: datetime) -> PageContent:
    """What the page would tell now.

    Raises:
        PageMissing: it is not on this desk.
    """
    of_page = {"page": str(page_id)}

    def rows(statement: sa.TextClause) -> Rows:
        return [dict(row) for row in connection.execute(statement, of_page).mappings()]

    return content_from(rows(_PAGE), rows(_COMPONENTS), rows(_TOLD), to_microseconds(now))
