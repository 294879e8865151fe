"""How paging stands in a file, as whoever has it open reads it."""

import sqlite3

from services.core.database import single
from services.paging.audit_statements import STANDING
from services.paging.claiming import standing_from
from services.paging.clock_statements import CLOCK_AHEAD
from services.sync.paging_standing import PagingStanding


def standing_in(connection: sqlite3.Connection, now: int) -> PagingStanding:
    """Who leads the pages of an embedded shared database, and what is under way."""
    now -= single(connection, CLOCK_AHEAD)
    row = connection.execute(STANDING, {"now": now}).fetchone()
    return standing_from(0, dict(row), now)
