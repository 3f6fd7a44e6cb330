"""Find reports by their words, in one index laid for each kind of database as it looks words up, and by meaning."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE = (
    """CREATE TABLE found_by_word (word TEXT NOT NULL, found_by INTEGER NOT NULL, PRIMARY KEY (word, found_by))
    WITHOUT ROWID""",
    """CREATE TRIGGER found_by_added AFTER INSERT ON found_by BEGIN INSERT OR IGNORE INTO found_by_word
    SELECT value, new.id FROM json_each('["' || replace(new.words, ' ', '","') || '"]'); END""",
    """CREATE TRIGGER found_by_gone AFTER DELETE ON found_by BEGIN DELETE FROM found_by_word
    WHERE found_by = old.id
    AND word IN (SELECT value FROM json_each('["' || replace(old.words, ' ', '","') || '"]')); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION found_by_vector(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT
    PARALLEL SAFE COST 10000 AS $$ BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$""",
    "CREATE INDEX found_by_words ON found_by USING gin (found_by_vector(words))",
)


def upgrade() -> None:
    """Make the table and what looks words up in it. What was tagged before is screened again by the clock, which
    writes its words; until then none of them finds it."""
    op.create_table(
        "found_by",
        sa.Column("id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("report_id", "own"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "meaning",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_table(
        "learned",
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("theme"),
    )
    op.create_table(
        "learned_from",
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["theme"], ["learned.theme"]),
        sa.PrimaryKeyConstraint("theme", "report_id"),
    )
    op.create_index("ix_learned_from_report_id", "learned_from", ["report_id"])
    op.execute("UPDATE tagging SET screened = ''")


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE found_by_word")
    op.drop_table("learned_from")
    op.drop_table("learned")
    op.drop_table("meaning")
    op.drop_table("found_by")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION found_by_vector(text)")
