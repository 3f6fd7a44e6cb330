"""What reports said, and to whom, before they changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

from services.kernel import clock, db
from services.kernel.model import table
from services.reports.models import Report, ReportRevision, TearLine
from services.reports.ownership import REPORT
from services.reports.showing import told_terms
from services.reports.submission import COLUMNS

HELD = table(ReportRevision)


def keep(session: Session, report: Report) -> None:
    """Keep a report as it stands, before it is changed and its version grows."""
    body = {name: _plain(getattr(report, name)) for name in COLUMNS}
    line = session.get(TearLine, report.key)
    if line is not None:
        body["tear_line"] = {"text": line.text, "audience": line.audience_id, "day": line.on_day.isoformat()}
    session.add(
        ReportRevision(
            report_id=report.key,
            version=report.version,
            revision=report.revision,
            body=body,
            audience_id=report.audience_id,
            digest=report.digest,
            replaced_at=clock.now(),
        )
    )


def begun(session: Session, report: Report) -> list[tuple[int, datetime]]:
    """The revisions of a report, each with when it came in."""
    ended = select(HELD.c.revision, func.max(HELD.c.replaced_at).label("at")).where(
        HELD.c.report_id == report.key, HELD.c.revision < report.revision
    )
    rows = session.execute(ended.group_by(HELD.c.revision).order_by(HELD.c.revision)).all()
    return [(1, report.handed_in_at), *((row.revision + 1, row.at) for row in rows)]


def earlier(session: Session, report_ids: Sequence[int], *, at: datetime) -> dict[int, ReportRevision]:
    """What those of these reports said at an instant that have been revised or marked anew since."""
    statement = select(ReportRevision).where(HELD.c.report_id.in_(report_ids), HELD.c.replaced_at > at)
    found: dict[int, ReportRevision] = {}
    for row in session.execute(statement.order_by(HELD.c.version.desc())).scalars():
        if row.body:  # of a report recalled a moment ago nothing is left
            found[row.report_id] = row  # the first of them was in force then
    return found


def revised_after(at: datetime) -> Select[tuple[int]]:
    """The reports received by an instant that have said something else since, to be asked for in a larger question."""
    return (
        select(HELD.c.report_id)
        .join(REPORT, REPORT.c.id == HELD.c.report_id)
        .where(HELD.c.replaced_at > at, HELD.c.revision != REPORT.c.revision, REPORT.c.received_at <= at)
        .distinct()
    )


def taken_back(session: Session, seen: Collection[int], *, after: datetime) -> set[int]:
    """The reports once told to these audiences that were withdrawn, or left another marking, at an instant or since.
    What was never seen may be taken back without a trace."""
    withdrawn = select(REPORT.c.id, REPORT.c.audience_id).where(REPORT.c.withdrawn_at >= after)
    marked = (
        select(REPORT.c.id, HELD.c.audience_id)
        .join(HELD, HELD.c.report_id == REPORT.c.id)
        .where(HELD.c.replaced_at >= after, HELD.c.audience_id != REPORT.c.audience_id)
    )
    return {row.id for one in (withdrawn, marked) for row in session.execute(one).all() if row.audience_id in seen}


def told_now(session: Session, report_ids: Collection[int]) -> dict[int, int]:
    """The audience of each of these reports that is not withdrawn."""
    found: dict[int, int] = {}
    for some in db.batches(sorted(report_ids), 500):
        statement = select(REPORT.c.id, REPORT.c.audience_id).where(
            REPORT.c.id.in_(some), REPORT.c.withdrawn_at.is_(None)
        )
        found |= {row.id: row.audience_id for row in session.execute(statement).all()}
    return found


def terms_now(session: Session, report_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What may be done with these reports, of those whose originator said anything."""
    found: dict[int, dict[str, str]] = {}
    for some in db.batches(sorted(report_ids), 500):
        rows = session.execute(select(REPORT.c.id, REPORT.c.terms).where(REPORT.c.id.in_(some))).all()
        found |= {row.id: row.terms for row in rows if row.terms}
    return {key: told_terms(said) for key, said in found.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
