"""The first edition: a new database is created complete, so there is nothing to change."""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: created as it is declared."""


def downgrade() -> None:
    """Nothing: there is no older edition."""
