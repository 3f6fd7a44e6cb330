"""Keep a network's own definitions of themes, and how far its past is tagged by them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "definition_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_by", sa.Integer(), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["member.id"]),
        sa.ForeignKeyConstraint(["in_force_by"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("definition_version_once", "definition_version", ["code", "version"], unique=True)
    for name, states in (("draft", "state IN ('draft', 'reviewed')"), ("in_force", "state = 'in_force'")):
        where = sa.text(states)
        op.create_index(
            f"definition_{name}_once",
            "definition_version",
            ["code"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "definition_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upto", KEY, nullable=False),
        sa.Column("reached", KEY, nullable=False),
        sa.Column("mark", KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("definition_run")
    op.drop_table("definition_version")
