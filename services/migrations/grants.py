"""What the service's own role may do on PostgreSQL: it owns nothing, and cannot undo what was done (docs/adr/0015)."""

from collections.abc import Iterator

from sqlalchemy import Table, text
from sqlmodel import SQLModel

from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.checkpoints import AuditCheckpoint
from services.kernel.model import table
from services.kernel.sealing import AuditBlock
from services.network import ReliabilityChange
from services.reports import Report
from services.tagging import PairDecision, TagDecision
from services.weighing import Assessment, SourceReliability

# What a report stays: by whom and when it was handed in, and under which reference.
FIXED = {"id", "reference", "organisation_id", "key_id", "handed_in_at"}
KEPT = {table(one).name for one in (AuditBlock, AuditCheckpoint, ReliabilityChange, SourceReliability)}
MOVES = {
    table(AuditEntry).name: {"position"},
    table(Report).name: {one.name for one in table(Report).c} - FIXED,
    table(Assessment).name: {"reason"},
    table(PairDecision).name: {"reason"},
    table(TagDecision).name: {"reason", "words", "spans"},
}


class NotPostgres(Exception):
    """Only PostgreSQL has roles: on SQLite whoever may write the file may write all of it."""


def grant(role: str) -> None:
    """Give a role what the service needs, and nothing beyond it; run as the owner of the tables, after migrating.

    Raises:
        NotPostgres: the database has no roles.
    """
    if db.engine().dialect.name != "postgresql":
        raise NotPostgres("Roles are PostgreSQL's: on SQLite, keep the file to the service's own user.")
    with db.engine().begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote(role)
        for one in statements(quoted, SQLModel.metadata.sorted_tables):
            connection.execute(text(one))


def statements(role: str, tables: list[Table]) -> Iterator[str]:
    """The grants, each after what an earlier version may have granted is taken back."""
    yield f"revoke all on all tables in schema public from {role}"
    yield f"revoke all on all sequences in schema public from {role}"
    yield f"revoke create on schema public from {role}"
    yield f"grant usage on schema public to {role}"
    yield f"grant usage, select on all sequences in schema public to {role}"
    yield f"grant select on alembic_version to {role}"
    for one in tables:
        name = f'"{one.name}"'
        yield f"grant select, insert on {name} to {role}"
        if one.name in MOVES:
            columns = ", ".join(f'"{column}"' for column in sorted(MOVES[one.name]))
            yield f"grant update ({columns}) on {name} to {role}"
        elif one.name not in KEPT:
            yield f"grant update, delete on {name} to {role}"
