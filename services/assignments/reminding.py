"""Reminders by the clock: before a deadline and after it, once each, to the focal points of whoever is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import select
from sqlmodel import Session

from services import delivery, network
from services.assignments.expecting import Expected, standing
from services.assignments.models import AssignmentReminder
from services.assignments.pack import exempt
from services.assignments.service import everything
from services.delivery import Told
from services.kernel import db
from services.kernel.model import table
from services.network import Caller

REMINDER = table(AssignmentReminder)
What: TypeAlias = Literal["report_due", "report_overdue"]
# How long before a deadline, by the length of the period; and how long after it somebody is still reminded: whoever was
# away for longer finds the list of what is overdue, and no flood of notices.
BEFORE = {
    "week": timedelta(days=1),
    "month": timedelta(days=3),
    "quarter": timedelta(days=7),
    "year": timedelta(days=14),
}
AFTER = timedelta(days=3)
FURTHEST = timedelta(days=150)  # from the end of a period to its deadline, with all that is done about it


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder that is due, by keys."""

    assignment: int
    organisation: int
    reference: str
    period: int
    """The first day of the period, as a number."""
    what: What
    due_at: datetime


def reminders_due(session: Session, at: datetime) -> list[Reminder]:
    """The reminders to send now: of what has not come, and whose moment is now and not long ago."""
    parties = network.directory(session).parties
    left_out = exempt()
    found = [
        one
        for one in everything(session)
        if parties[one.row.organisation_id].active and parties[one.row.organisation_id].kind not in left_out
    ]
    if not found:
        return []
    today = at.date()
    rows = standing(session, found, first=today - FURTHEST, last=today + timedelta(days=14), at=at)
    wanted = [reminder for one in rows if (reminder := _of(one, at)) is not None]
    sent = _sent(session, sorted({one.assignment for one in wanted}))
    return [one for one in wanted if (one.assignment, one.period, one.what) not in sent]


def _of(one: Expected, at: datetime) -> Reminder | None:
    due = one.due
    if one.state == "open" and at >= due.due_at - BEFORE[one.period.grain]:
        what: What = "report_due"
    elif one.state == "missing" and at < due.due_at + AFTER:
        what = "report_overdue"
    else:
        return None
    start = one.period.start.toordinal()
    return Reminder(due.assignment, due.organisation, one.known.row.reference, start, what, due.due_at)


def _sent(session: Session, assignments: Sequence[int]) -> set[tuple[int, int, str]]:
    rows = session.execute(select(REMINDER).where(REMINDER.c.assignment_id.in_(assignments))).all()
    return {(row.assignment_id, row.start.toordinal(), row.what) for row in rows}


def remind(wanted: Sequence[Reminder], *, at: datetime) -> int:
    """Send these reminders in one transaction; what another clock sent meanwhile is not sent again. How many."""
    with db.transaction() as session:
        rows = [
            {"assignment_id": one.assignment, "start": _day(one), "what": one.what, "at": at}
            # In one order for all, or two clocks wait for each other.
            for one in sorted(wanted, key=lambda one: (one.assignment, one.period, one.what))
        ]
        new = db.insert_new(session, REMINDER, rows, returning=("assignment_id", "start", "what"))
        fresh = {(row.assignment_id, row.start.toordinal(), row.what) for row in new}
        mine = [one for one in wanted if (one.assignment, one.period, one.what) in fresh]
        points = network.focal_points(session, {one.organisation for one in mine})
        delivery.tell(
            session,
            [
                Told(
                    Caller(one.organisation, member_id=person), one.what, one.reference, one.period, at,
                    one.due_at.date(),
                )
                for one in mine
                for person in points.get(one.organisation, ())
            ],
        )  # fmt: skip
        return len(mine)


def _day(one: Reminder) -> object:
    return datetime.fromordinal(one.period).date()
