"""Keep the versions of forms, and of each report its form, its answers and what it corrects."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of forms; reports that are there have none."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "form_version",
        sa.Column("id", key, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("form_version_once", "form_version", ["code", "version"], unique=True)
    op.create_index(
        "form_draft_once",
        "form_version",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    # "{}" fills the rows that are there. SQLite copies a table to do more than add a column, and this one is large.
    op.add_column("report", sa.Column("form", sa.String(), nullable=True))
    op.add_column("report", sa.Column("form_version", sa.Integer(), nullable=True))
    op.add_column("report", sa.Column("answers", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE report ADD COLUMN corrects_id INTEGER REFERENCES report (id)")
    else:
        op.add_column("report", sa.Column("corrects_id", key, nullable=True))
        op.create_foreign_key("report_corrects_id_fkey", "report", "report", ["corrects_id"], ["id"])
    op.create_index(
        "report_by_corrected",
        "report",
        ["corrects_id"],
        sqlite_where=sa.text("corrects_id IS NOT NULL"),
        postgresql_where=sa.text("corrects_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Take them away again; only for a database that holds no report yet."""
    op.drop_index("report_by_corrected", table_name="report")
    with op.batch_alter_table("report") as batch:
        batch.drop_column("corrects_id")
        batch.drop_column("answers")
        batch.drop_column("form_version")
        batch.drop_column("form")
    op.drop_table("form_version")
