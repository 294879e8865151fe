"""What the editions of the shared database brought, for tests that take it away again."""

from services.on_call.tables import metadata as on_call
from services.paging.tables import metadata as paging

OF_PAGING = (
    *("contact_method", "notification_rule", "throttle_rule", "dispatcher_beat"),
    *(table.name for table in (*on_call.sorted_tables, *paging.sorted_tables)),
)
"""The tables of the third edition."""
