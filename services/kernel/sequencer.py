"""Positions given after commit by whoever holds the head row, so that a reader of a tail never skips.

On PostgreSQL keys are taken before commit, so key order is not commit order: a reader that remembers the last key
it saw can miss a row that commits later with a smaller key. A position is given only to committed rows.
"""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, Session, SQLModel

from services.kernel.audit import AuditEntry
from services.kernel.events import EventRow
from services.kernel.model import BigKey, table

SEQUENCED: tuple[type[Any], ...] = (EventRow, AuditEntry)


class SequenceHead(SQLModel, table=True):
    """The last position given in a table; its row lock is the sequencer's lease."""

    name: str = Field(primary_key=True)
    last: int = Field(default=0, sa_type=BigKey)


def place(session: Session, *, most: int = 2000) -> int:
    """Give the next positions to committed rows that have none; returns how many. Safe to run anywhere, any time."""
    placed = 0
    for model in SEQUENCED:
        name = model.__tablename__
        head = session.execute(
            select(SequenceHead).where(SequenceHead.name == name).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if head is None:
            continue  # another process holds it
        rows_of = table(model)
        keys = list(
            session.execute(
                select(rows_of.c.id).where(rows_of.c.position.is_(None)).order_by(rows_of.c.id).limit(most)
            ).scalars()
        )
        if not keys:
            continue
        rows = [{"key": key, "given": head.last + n} for n, key in enumerate(keys, 1)]
        session.connection().execute(
            update(rows_of).where(rows_of.c.id == bindparam("key")).values(position=bindparam("given")), rows
        )
        head.last += len(keys)
        session.add(head)
        placed += len(keys)
    return placed


def prepare(session: Session) -> None:
    """Make the head rows (after migration)."""
    for model in SEQUENCED:
        if session.get(SequenceHead, model.__tablename__) is None:
            session.add(SequenceHead(name=model.__tablename__))
