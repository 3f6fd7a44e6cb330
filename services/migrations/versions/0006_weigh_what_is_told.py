"""Weigh what is told: assessments of reports, the reliability of who tells, and what senders say of their reports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_REPORTS = ("path", "evaluation", "judgement")


def upgrade() -> None:
    """Make the tables, and let reports hold what their senders say of them."""
    for name in OF_REPORTS:
        op.add_column("report", sa.Column(name, sa.JSON(), nullable=True))
    op.create_table(
        "assessment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("assessment_of_report", "assessment", ["report_id", "what", "id"])
    op.create_index("assessment_by_organisation", "assessment", ["organisation_id", "what", "id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("assessment")
    with op.batch_alter_table("report") as table:
        for name in reversed(OF_REPORTS):
            table.drop_column(name)
