"""Keep what the change feed has given, and the rights that its cursors name."""

import sqlalchemy as sa
from alembic import op

revision = "0004b"
down_revision = "0005b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the change feed."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "feed_sight",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "feed_given",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("report_id", key, nullable=False),
        sa.Column("lost", key, nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("viewer", "report_id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("feed_given")
    op.drop_table("feed_sight")
