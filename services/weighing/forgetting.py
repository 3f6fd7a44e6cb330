"""Reasons go with the words that they were about: of a report that was recalled or emptied only the marks are left."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlmodel import Session

from services import tagging
from services.kernel import db
from services.kernel.bulk import among
from services.kernel.model import table
from services.reports import Report
from services.weighing.assessing import ASSESSMENT

REPORT = table(Report)
_WORDLESS = select(REPORT.c.id).where(
    among(REPORT.c.id), or_(REPORT.c.recalled_at.is_not(None), REPORT.c.emptied_at.is_not(None))
)


def to_forget(session: Session, subjects: Sequence[int]) -> list[int]:
    """Those of these reports whose words are gone."""
    return list(session.execute(_WORDLESS, {"keys": subjects}).scalars())


def forget(session: Session, report_ids: Sequence[int]) -> None:
    """Empty the reasons of what was made of these reports, and decided about them."""
    tagging.forget(session, report_ids)
    for some in db.batches(sorted(report_ids), 500):
        session.execute(update(ASSESSMENT).where(ASSESSMENT.c.report_id.in_(some)).values(reason=""))
    db.wash(session)
