"""How many rows each table holds: what a refusal must leave as it was."""

from sqlalchemy import func, select
from sqlmodel import SQLModel

from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.model import table

# Written when the process comes to it: that somebody was answered or refused, and the key of the day for its address.
NOTED = ("answer.given", "answer.refused", "audit.searched", "member.exported", "original.read")
ENTRIES = table(AuditEntry)


def rows() -> dict[str, int]:
    """Rows by table, of all tables of the service, but for the record of what was asked."""
    tables = [one for one in SQLModel.metadata.sorted_tables if one.name not in ("day_key", ENTRIES.name)]
    counts = [select(func.count()).select_from(one).scalar_subquery().label(one.name) for one in tables]
    acts = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.action.not_in(NOTED))
    with db.reading() as session:
        return dict(session.execute(select(*counts, acts.scalar_subquery().label(ENTRIES.name))).mappings().one())
