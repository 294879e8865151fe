"""Incidents can be confidential; those that were there are not.

There is no way back: an older program would show everybody what is confidential.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every incident says whether it is confidential."""
    op.add_column(
        "incident",
        sa.Column("is_confidential", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
