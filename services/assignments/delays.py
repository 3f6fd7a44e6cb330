"""How long reports take from step to step: from the event to handing in, and on to what is done with them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlmodel import Session

from services import reports
from services.assignments.expecting import FORM, REPORT
from services.assignments.rates import quantile
from services.assignments.schemas import DelayView
from services.kernel.model import table
from services.network import AudienceRow, Caller

AUDIENCE = table(AudienceRow)
MOST = 10_000  # reports, the latest: a median over more takes long and says the same
Moments: TypeAlias = Callable[[Session, Caller, Collection[int]], Mapping[int, datetime]]
_steps: list[tuple[str, Moments]] = []


def delays_by(*steps: tuple[str, Moments]) -> None:
    """Wire the steps that slices above know of, in their order, each with when it was taken for which of some reports:
    for reports that the caller sees, and of no step that the caller may not know."""
    _steps[:] = steps


def delays(
    session: Session, caller: Caller, *, first: date, last: date, status: str, form: str | None = None
) -> tuple[list[DelayView], set[str]]:
    """The delays of the reports that the caller sees and that were handed in between two days (UTC), the latest 10,000
    of them; and the labels of those.

    Every step is measured from handing in, and handing in from the last day of the event, in whole days: nobody says at
    what hour something happened.
    """
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    statement = reports.visible_reports(session, caller).where(
        REPORT.c.handed_in_at >= begin, REPORT.c.handed_in_at < end, REPORT.c.status == status
    )
    if form is not None:
        statement = statement.where(FORM.in_([form]))
    columns = (REPORT.c.id, REPORT.c.handed_in_at, REPORT.c.occurred_to, REPORT.c.audience_id)
    rows = session.execute(
        statement.with_only_columns(*columns)
        .order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc())
        .limit(MOST)
    ).all()
    handed = {row.id: row.handed_in_at for row in rows}
    took = [max((row.handed_in_at.date() - row.occurred_to).days, 0) * 24.0 for row in rows]
    found = [_view("handed_in", took)]
    for step, moments in _steps:
        then = moments(session, caller, handed.keys())
        found.append(_view(step, [(at - handed[key]).total_seconds() / 3600 for key, at in then.items()]))
    return found, _labels(session, {row.audience_id for row in rows})


def _view(step: str, hours: Sequence[float]) -> DelayView:
    shown = [round(max(one, 0.0), 2) for one in hours]
    return DelayView(step=step, n=len(shown), median=quantile(shown, 0.5), p90=quantile(shown, 0.9))


def _labels(session: Session, audiences: set[int]) -> set[str]:
    return set(session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id.in_(audiences)).distinct()).scalars())
