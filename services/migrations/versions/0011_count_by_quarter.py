"""Find what was counted by its days: quarters and years are counted when they are asked for."""

from alembic import op

revision = "0011"
down_revision = "0010d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("contribution_by_day", "contribution", ["indicator", "occurred_from"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("contribution_by_day", "contribution")
