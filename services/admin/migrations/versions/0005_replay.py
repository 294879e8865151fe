"""How far a drill has played the past major incident that it plays again, and how many callers
propose a major incident.

The rules and guards of this program come with every migration.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REPLAY = ("replay_at_s", "replay_speed")


def upgrade() -> None:
    """Widen major incidents and the matrix."""
    for name in REPLAY:
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("major_incident", column)
    op.add_column("major_incident", sa.Column("replay_since", sa.BigInteger(), nullable=True))
    callers = sa.Column("callers_of_major", sa.BigInteger(), nullable=False, server_default="20")
    op.add_column("priority_matrix", callers)
