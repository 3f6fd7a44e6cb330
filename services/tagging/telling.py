"""What an owner is told of its report by tagging: that it is tagged, and in an incident of what the owner sees."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from services.dialogue import Step
from services.kernel import db
from services.network import Caller
from services.reports import Report
from services.tagging.accounts import accounts
from services.tagging.nearby import TAGGING


def steps(session: Session, caller: Caller, report: Report) -> Iterator[Step]:
    """Its steps, for a report that the caller owns and sees. Since when it is in an incident: since two of the reports
    that the caller sees in it were there."""
    if report.withdrawn_at is not None:
        return
    row = session.execute(
        select(TAGGING.c.revision, TAGGING.c.tagged_at).where(TAGGING.c.report_id == report.key)
    ).first()
    if row is None or row.revision != report.revision:
        return
    # What was tagged before times were kept was tagged at some time after it came.
    yield Step(step="tagged", at=row.tagged_at or report.handed_in_at, revision=row.revision)
    account = accounts(session, caller, [report.key])[report.key]
    others = [at for reference, at in account.received.items() if reference != report.reference]
    if others:
        since = max(report.received_at, min(others))
        yield Step(step="in_incident", at=since, reports=len(account.received), origins=account.origins)


def moments(session: Session, _caller: Caller, report_ids: Collection[int]) -> dict[int, datetime]:
    """When these reports, which the caller sees, were tagged in the revision in which they came."""
    found: dict[int, datetime] = {}
    for some in db.batches(sorted(report_ids), 500):
        first = (TAGGING.c.revision == 1, TAGGING.c.tagged_at.is_not(None))
        statement = select(TAGGING.c.report_id, TAGGING.c.tagged_at).where(TAGGING.c.report_id.in_(some), *first)
        found |= {row.report_id: row.tagged_at for row in session.execute(statement).all()}
    return found
