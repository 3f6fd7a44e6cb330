"""Keep what analysts decide: which reports tell the same, and which tags hold."""

import sqlalchemy as sa
from alembic import op

revision = "0010d"
down_revision = "0010c"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pair_decision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("low", KEY, nullable=False),
        sa.Column("high", KEY, nullable=False),
        sa.Column("low_revision", sa.Integer(), nullable=False),
        sa.Column("high_revision", sa.Integer(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        *_act(),
        sa.ForeignKeyConstraint(["high"], ["report.id"]),
        sa.ForeignKeyConstraint(["low"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pair_decision_by_low", "pair_decision", ["low", "high", "id"])
    op.create_index("pair_decision_by_high", "pair_decision", ["high", "low", "id"])
    op.create_table(
        "tag_decision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        *_act(),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tag_decision_of_report", "tag_decision", ["report_id", "scheme", "value", "id"])


def _act() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
    ]


def downgrade() -> None:
    """Take them away."""
    op.drop_table("tag_decision")
    op.drop_table("pair_decision")
