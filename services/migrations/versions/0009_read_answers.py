"""Keep in which answer of a report a tag was found, and the words of its answers by which it is found."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0004b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the table. What was tagged before is read anew when it is revised, or tagged again."""
    op.add_column("tag", sa.Column("answer", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "answer_words",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("report_id"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("answer_words")
    op.drop_column("tag", "answer")
