"""How what the shared database does by itself stands: pages, their deliveries, who delivers."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingStanding:
    """What a desk shows of it, and what a dispatcher reports.

    ``fired`` is how many steps were just taken. ``dispatcher_count`` are those heard of within a
    minute; ``last_beat_at`` is the latest word of any. ``now`` is the database's clock, less
    ``clock_ahead``: how far it was stepped forward without anybody having confirmed it.
    """

    fired: int
    dispatcher_count: int
    last_beat_at: datetime | None
    open_pages: int
    waiting_deliveries: int
    now: datetime
    clock_ahead: timedelta = timedelta()
