"""Steps in a report's life that are counted or told later: each noted once, when it was first taken."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from services.kernel import clock, db
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import Caller
from services.reports.models import Report, ReportStep

STEP = table(ReportStep)
TRIAGED, FROZEN = "triaged", "frozen"
ANALYST = "outcomes:tell"  # what only analysts may: by it an act is known as an analyst's


def note_step(session: Session, step: str, report_ids: Collection[int], *, at: datetime) -> None:
    """Note that these reports have come to a step; of one that they had come to before, the first time stays."""
    for some in db.batches(sorted(set(report_ids)), 500):
        rows = [{"report_id": key, "step": step, "at": at} for key in some]
        db.insert_new(session, STEP, rows, returning=("report_id",))


def worked_on(session: Session, caller: Caller, report: Report) -> None:
    """Note that somebody has worked on a report: the first act of an analyst of another organisation is its triage."""
    if ANALYST in caller.scopes and caller.organisation_id != report.organisation_id:
        note_step(session, TRIAGED, [report.key], at=clock.now())


def steps_of(session: Session, report_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """The steps of these reports with their times, by report and step. Whoever asks has been let see the reports."""
    found: dict[int, dict[str, datetime]] = {}
    for row in session.execute(select(STEP).where(among(STEP.c.report_id)), {"keys": report_ids}).all():
        found.setdefault(row.report_id, {})[row.step] = row.at
    return found
