"""Lay the analysts' desk: which reports it is done with, and on which words what was missed rests."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and the columns."""
    op.create_table(
        "desk_done",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("report_id", "organisation_id"),
    )
    op.add_column("tag_decision", sa.Column("missed", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("tag_decision", sa.Column("spans", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("tag_decision") as altered:
        altered.drop_column("spans")
        altered.drop_column("missed")
    op.drop_table("desk_done")
