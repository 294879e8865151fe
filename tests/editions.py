"""What the editions of the shared database brought, for tests that take it away again."""

from services.communications.tables import metadata as communications
from services.major_incidents.tables import metadata as major_incidents
from services.on_call.tables import metadata as on_call
from services.paging.tables import metadata as paging

OF_PAGING = (
    *("contact_method", "notification_rule", "throttle_rule", "dispatcher_beat"),
    *(table.name for table in (*on_call.sorted_tables, *paging.sorted_tables)),
)
"""The tables of the third edition."""

OF_MAJOR_INCIDENTS = tuple(
    table.name for table in (*major_incidents.sorted_tables, *communications.sorted_tables)
)
"""The tables of the fourth edition."""

COLUMNS_SINCE = (
    ("incident", "is_drill"),
    ("business_service", "major_policy_id"),
    ("priority_matrix", "callers_of_major"),
)
"""Columns that the fourth and fifth edition brought to tables of the first."""
