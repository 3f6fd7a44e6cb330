"""Keep of each report what is personal in it and how others read it, and of requests for an original who may."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0006b"
branch_labels = None
depends_on = None
OPEN = "state = 'open'"


def upgrade() -> None:
    """Add the columns; reports that are there were not screened: the clock screens them, and until then readers are
    given what is masked as they read."""
    op.add_column("report", sa.Column("personal", sa.JSON(), nullable=True))
    op.add_column("report", sa.Column("told", sa.Text(), nullable=True))
    op.add_column("tagging", sa.Column("screened", sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_index("tagging_by_screening", "tagging", ["screened", "report_id"])
    op.add_column("release_request", sa.Column("revision", sa.Integer(), nullable=True))
    _once("kind <> 'original'")
    op.create_index(
        "original_open_once",
        "release_request",
        ["report_id", "member_id"],
        unique=True,
        sqlite_where=sa.text(f"{OPEN} AND kind = 'original'"),
        postgresql_where=sa.text(f"{OPEN} AND kind = 'original'"),
    )


def _once(also: str) -> None:
    """Requests of an organisation are open once for each kind; those of a person for an original have another rule."""
    op.drop_index("request_open_once", table_name="release_request")
    where = sa.text(f"{OPEN} AND {also}" if also else OPEN)
    op.create_index(
        "request_open_once",
        "release_request",
        ["report_id", "kind", "organisation_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Take them away again; only for a database that holds no report yet."""
    op.drop_index("original_open_once", table_name="release_request")
    _once("")
    op.drop_index("tagging_by_screening", table_name="tagging")
    for name, column in (("release_request", "revision"), ("tagging", "screened"), ("report", "told")):
        with op.batch_alter_table(name) as batch:
            batch.drop_column(column)
    with op.batch_alter_table("report") as batch:
        batch.drop_column("personal")
