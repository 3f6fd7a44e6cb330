"""Reminders by the clock: before a question is due to who has not answered, and once when it is overdue."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from services.dialogue.inquiring import INQUIRY, answered_by, asked_of, askers, readers, tell
from services.dialogue.models import Inquiry

AHEAD = timedelta(days=3)
AT_ONCE = 200


def inquiries_due(session: Session, at: datetime) -> int:
    """Remind of what is due within three days, and tell what is overdue; returns of how many questions."""
    rows = session.execute(_DUE, {"soon": at + AHEAD, "now": at}).scalars().all()
    for row in rows:
        _remind(session, row, at)
    return len(rows)


_DUE = (
    select(Inquiry)
    .where(
        INQUIRY.c.ended_at.is_(None),
        or_(
            INQUIRY.c.reminded_at.is_(None) & (INQUIRY.c.due_at <= bindparam("soon")),
            INQUIRY.c.overdue_at.is_(None) & (INQUIRY.c.due_at <= bindparam("now")),
        ),
    )
    .order_by(INQUIRY.c.due_at)
    .limit(AT_ONCE)
    .with_for_update()
)


def _remind(session: Session, row: Inquiry, at: datetime) -> None:
    answered = answered_by(session, row.key)
    silent = [(one, person) for one, person in asked_of(session, row.key) if one not in answered]
    overdue = row.due_at <= at
    told = readers(session, silent)
    if overdue:
        row.overdue_at = at
        told += askers(session, row) if not answered else []
    row.reminded_at = row.reminded_at or at
    session.add(row)
    tell(session, row, told, "inquiry_overdue" if overdue else "inquiry_due", version=row.due_on.toordinal(), at=at)
