"""Keep which lists the secretariat took as the network's own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "list_decision",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("designated_by", sa.String(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_list_decision_source", "list_decision", ["source"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_list_decision_source", table_name="list_decision")
    op.drop_table("list_decision")
