"""How many rows each table holds: what a refusal must leave as it was."""

from sqlalchemy import func, select
from sqlmodel import SQLModel

from services.kernel import db


def rows() -> dict[str, int]:
    """Rows by table, of all tables of the service."""
    tables = SQLModel.metadata.sorted_tables
    counts = (select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables)
    with db.reading() as session:
        return dict(session.execute(select(*counts)).mappings().one())
