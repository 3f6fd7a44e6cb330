"""Work that failed all its tries: listed for an operator, and put back on the way."""

from collections.abc import Sequence

from sqlmodel import col, select

from services.kernel import audit, clock, db
from services.kernel.events import Outbox, Quarantined


def entries(most: int = 1000) -> list[Quarantined]:
    """The oldest quarantined work first."""
    with db.reading() as session:
        rows = list(session.exec(select(Quarantined).order_by(col(Quarantined.id)).limit(most)).all())
        session.expunge_all()  # kept as they are when the transaction ends
        return rows


def retry(ids: Sequence[int] | None = None) -> int:
    """Put quarantined work (all of it, or these) back into the outbox with fresh tries; how many."""
    with db.transaction() as session:
        statement = select(Quarantined).order_by(col(Quarantined.id)).with_for_update()
        if ids:
            statement = statement.where(col(Quarantined.id).in_(ids))
        rows = session.exec(statement).all()
        for row in rows:
            session.add(
                Outbox(
                    event_id=row.event_id,
                    reaction=row.reaction,
                    subject_id=row.subject_id,
                    due_at=clock.machine(),
                    trace=row.trace,
                )
            )
            session.delete(row)
            audit.record(session, None, "quarantine.retried", row.reaction, event=row.event_id)
        session.info["published"] = True
        return len(rows)
