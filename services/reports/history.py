"""What reports said, and to whom, before they changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services.kernel import clock
from services.kernel.model import table
from services.reports.models import Report, ReportRevision
from services.reports.submission import COLUMNS, REPORT

HELD = table(ReportRevision)


def keep(session: Session, report: Report) -> None:
    """Keep a report as it stands, before it is changed and its version grows."""
    session.add(
        ReportRevision(
            report_id=report.key,
            version=report.version,
            revision=report.revision,
            body={name: _plain(getattr(report, name)) for name in COLUMNS},
            audience_id=report.audience_id,
            digest=report.digest,
            replaced_at=clock.now(),
        )
    )


def earlier(session: Session, report_ids: Sequence[int], *, at: datetime) -> dict[int, ReportRevision]:
    """What those of these reports said at an instant that have been revised or marked anew since."""
    statement = select(ReportRevision).where(HELD.c.report_id.in_(report_ids), HELD.c.replaced_at > at)
    found: dict[int, ReportRevision] = {}
    for row in session.execute(statement.order_by(HELD.c.version.desc())).scalars():
        found[row.report_id] = row  # the first of them was in force then
    return found


def taken_back(session: Session, seen: Sequence[int], *, after: datetime, received_by: datetime) -> bool:
    """Whether any report that was told to these audiences, and received by an instant, was withdrawn or given another
    marking at another instant or since. What was never seen may be taken back without a trace."""
    withdrawn = select(REPORT.c.id).where(
        REPORT.c.withdrawn_at >= after, REPORT.c.received_at <= received_by, REPORT.c.audience_id.in_(seen)
    )
    marked = (
        select(REPORT.c.id)
        .join(HELD, HELD.c.report_id == REPORT.c.id)
        .where(
            HELD.c.replaced_at >= after,
            HELD.c.audience_id.in_(seen),
            HELD.c.audience_id != REPORT.c.audience_id,
            REPORT.c.received_at <= received_by,
        )
    )
    return any(session.execute(one.limit(1)).first() is not None for one in (withdrawn, marked))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
