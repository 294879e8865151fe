"""Reads the accounts through which pages leave."""

import sqlalchemy as sa

from services.core.tables import read_records
from services.paging.destination import Destination
from services.paging.tables import destination


def destinations_in_use(connection: sa.Connection) -> tuple[Destination, ...]:
    """Accounts that are in use, by name."""
    found = read_records(connection, Destination, destination, destination.c.is_active)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))
