"""The window: which records a desk keeps, as conditions over rows."""

from collections.abc import Collection
from datetime import datetime

from services.core.clock import to_microseconds
from services.core.records import Plain
from services.sync.extent import Extent


def kept(extent: Extent, table: str, columns: Collection[str], since: datetime | None) -> str:
    """A condition, true for rows that had not come to their end before ``:since``."""
    if since is None:
        return "1"
    root = f"coalesce({extent.ended_at}, :since) >= :since"
    if table == extent.root:
        return root
    if extent.link in columns:
        # What belongs to no root is kept by every desk.
        within = f"IN (SELECT id FROM {extent.root} WHERE {root})"
        return f"({extent.link} IS NULL OR {extent.link} {within})"
    return "1"


def bound(since: datetime | None) -> dict[str, Plain]:
    """The values that the condition names."""
    return {} if since is None else {"since": to_microseconds(since)}
