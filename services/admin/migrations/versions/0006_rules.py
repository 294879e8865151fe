"""No table changes: the rules and guards of this program come with every migration.

A status page tells only what somebody was told, a word is not let go for a resolve that was taken
back, and what one way of reaching a person cannot deliver goes on to the next.
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing beside the rules."""
