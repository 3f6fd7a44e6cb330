"""Recalling a report in an emergency: a withdrawal that also destroys its words (docs/adr/0012)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from services import network
from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, Invalid
from services.kernel.events import publish
from services.kernel.model import table
from services.network import Caller, Member
from services.reports.events import ReportRecalled
from services.reports.history import HELD
from services.reports.models import TearLine
from services.reports.ownership import REPORT, own
from services.reports.remarking import drop_dates
from services.reports.schemas import RecallIn, RecallView
from services.reports.silencing import silence
from services.reports.translations import forget_translations

TEAR_LINE = table(TearLine)
MEMBER = table(Member)
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
    "answers": {},
    "corrects_id": None,
    "source": {},
    "origin": "",
    "path": None,
    "credibility": None,
    "evaluation": None,
    "judgement": None,
    "terms": {},
    "personal": None,
    "told": None,
}


class AlreadyRecalled(Conflict):
    title = "The report is recalled"


class AnotherReference(Invalid):
    title = "The reference is not that of the report"


def recall(session: Session, caller: Caller, reference: str, asked: RecallIn) -> RecallView:
    """Take one of the caller's own reports back and destroy what it said, for good; its receipt can still be proved.
    For an owner who can act no more, a focal point may.

    The words go in this transaction, and with them what the report is found by; from tags and editions they go with the
    reactions to `ReportRecalled`.

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
    forget_translations(session, report)
    silence(session, report)
    publish(session, ReportRecalled(report.key))
    # The originator's word goes before a hold; that one stood is on the record.
    stands = network.held(session).stops(report)
    audit.record(session, caller, "report.recalled", report.reference, under_hold=stands)
    db.wash(session)
    return RecallView(
        reference=report.reference, revision=report.revision, digest=report.digest, recalled_at=report.recalled_at
    )


def wordless(session: Session, report_ids: list[int], *, hold: bool = False) -> dict[int, tuple[datetime, int | str]]:
    """Those of these reports whose words are gone: when, and by which organisation's recall or which retention rule.
    `hold`: no other is until the end."""
    said = (REPORT.c[name] for name in ("id", "recalled_at", "organisation_id", "emptied_at", "emptied_by"))
    statement = select(*said).where(REPORT.c.id.in_(report_ids))
    if hold:
        statement = statement.order_by(REPORT.c.id).with_for_update(read=True)
    rows = session.execute(statement).all()
    recalled = {row.id: (row.recalled_at, row.organisation_id) for row in rows if row.recalled_at is not None}
    return {row.id: (row.emptied_at, row.emptied_by) for row in rows if row.emptied_at is not None} | recalled


def wash_due(session: Session, *, at: datetime) -> bool:
    """Have the database's log emptied for a while after each recall, emptying and erasing: what reacts destroys words
    too."""
    withdrawn = REPORT.c.withdrawn_at.is_not(None)
    recalled = select(REPORT.c.id).where(withdrawn, REPORT.c.recalled_at > at - WASHED)
    emptied = select(REPORT.c.id).where(REPORT.c.emptied_at > at - WASHED)
    erased = select(MEMBER.c.id).where(MEMBER.c.erased_at > at - WASHED)
    if all(session.execute(lately.limit(1)).first() is None for lately in (recalled, emptied, erased)):
        return False
    db.wash(session)
    return True
