"""Recalling a report in an emergency: a withdrawal that also destroys its words (docs/adr/0012)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, Invalid
from services.kernel.events import publish
from services.kernel.model import table
from services.network import Caller
from services.reports.events import ReportRecalled
from services.reports.history import HELD
from services.reports.models import TearLine
from services.reports.ownership import REPORT, own
from services.reports.remarking import drop_dates
from services.reports.schemas import RecallIn, RecallView

TEAR_LINE = table(TearLine)
WASHED = timedelta(hours=1)  # after a recall: time enough for all that reacts to it, and for readers to go away
# What says nothing of what was told. Kind, status and days stay: counts that took the report out bear them anyway.
NOTHING: dict[str, Any] = {
    "own_reference": None,
    "language": None,
    "title": "",
    "text": "",
    "place": None,
    "themes": [],
    "figures": {},
    "source": {},
    "origin": "",
    "credibility": None,
    "terms": {},
}


class AlreadyRecalled(Conflict):
    title = "The report is recalled"


class AnotherReference(Invalid):
    title = "The reference is not that of the report"


def recall(session: Session, caller: Caller, reference: str, asked: RecallIn) -> RecallView:
    """Take one of the caller's own reports back and destroy what it said, for good; its receipt can still be proved.
    For an owner who can act no more, a focal point may.

    The words go in this transaction; from tags and editions they go with the reactions to `ReportRecalled`.

    Raises:
        AlreadyRecalled: there is nothing left to destroy.
        AnotherReference: the reference was not given again as it is.
    """
    report = own(session, caller, reference, withdrawn=True, take_back=True)
    if report.recalled_at is not None:
        raise AlreadyRecalled("Its words are gone; only the receipt is left.")
    if asked.reference.strip().upper() != report.reference:
        raise AnotherReference("Give the reference of the report to recall once more.", field="reference")
    for name, value in NOTHING.items():
        setattr(report, name, value)
    report.recalled_at = clock.now()
    report.withdrawn_at = report.withdrawn_at or report.recalled_at
    report.withdrawn_why = asked.reason
    report.version += 1
    drop_dates(session, report)
    session.add(report)
    session.execute(update(HELD).where(HELD.c.report_id == report.key).values(body={}))
    session.execute(delete(TEAR_LINE).where(TEAR_LINE.c.report_id == report.key))
    publish(session, ReportRecalled(report.key))
    audit.record(session, caller, "report.recalled", report.reference)
    db.wash(session)
    return RecallView(
        reference=report.reference, revision=report.revision, digest=report.digest, recalled_at=report.recalled_at
    )


def recalled(session: Session, report_ids: list[int], *, hold: bool = False) -> dict[int, tuple[datetime, int]]:
    """Those of these reports that were recalled: when, and by which organisation. `hold`: none is until the end."""
    statement = select(REPORT.c.id, REPORT.c.recalled_at, REPORT.c.organisation_id).where(REPORT.c.id.in_(report_ids))
    if hold:
        statement = statement.order_by(REPORT.c.id).with_for_update(read=True)
    rows = session.execute(statement).all()
    return {row.id: (row.recalled_at, row.organisation_id) for row in rows if row.recalled_at is not None}


def wash_due(session: Session, *, at: datetime) -> bool:
    """Have the database's log emptied for a while after each recall: what reacts to it destroys words too."""
    withdrawn = REPORT.c.withdrawn_at.is_not(None)
    lately = select(REPORT.c.id).where(withdrawn, REPORT.c.recalled_at > at - WASHED).limit(1)
    if session.execute(lately).first() is None:
        return False
    db.wash(session)
    return True
