"""A status page as this desk has it, to be looked at before anything is published."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.communications.page_content import PageContent
from services.communications.page_reading import Rows, components_on, content_from, told_on
from services.core.clock import to_microseconds

_PAGE = sa.text(
    "SELECT id, name, audience, description, address, version AS sequence"
    " FROM status_page WHERE id = :page"
)
_COMPONENTS, _TOLD = sa.text(components_on(":page")), sa.text(told_on(":page"))


def page_preview(connection: sa.Connection, page_id: UUID, now: datetime) -> PageContent:
    """What the page would tell now.

    Raises:
        PageMissing: it is not on this desk.
    """
    page = {"page": str(page_id)}
    now_us = to_microseconds(now)

    def rows(statement: sa.TextClause, values: Mapping[str, object]) -> Rows:
        return [dict(row) for row in connection.execute(statement, values).mappings()]

    told = rows(_TOLD, {**page, "now": now_us})
    return content_from(rows(_PAGE, page), rows(_COMPONENTS, page), told, now_us)
