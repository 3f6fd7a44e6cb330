"""Alembic's entry: runs migrations on the connection it is given, or on the bound database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from services.kernel import db
from services.kernel.model import Utc
from services.migrations import metadata, ours


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run the migrations; SQLite alters tables by copying them."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render,
        include_name=ours,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with db.engine().connect() as own:
        run(own)
        own.commit()
