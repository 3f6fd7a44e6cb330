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
STEPS = ("tagged", "triaged", "digest")
MOST = 10_000  # reports, the latest: a median over more takes long and says the same
Moments: TypeAlias = Callable[[Session, Caller, Collection[int]], Mapping[int, datetime]]
_steps: dict[str, Sequence[Moments]] = {}


def delays_by(*, tagged: Sequence[Moments], triaged: Sequence[Moments]) -> None:
    """Wire what slices above know of when some reports came to a step: of reports that the caller sees, and of no act
    that the caller may not know. The first of what they tell counts."""
    _steps.update(tagged=tagged, triaged=triaged)


def delays(
    session: Session, caller: Caller, *, first: date, last: date, status: str, form: str | None = None
) -> tuple[list[DelayView], set[str]]:
    """The delays of the reports that the caller sees and that were handed in between two days (UTC), the latest 10,000
    of them; and the labels of those.

    Triage is the first act of an analyst that the caller may know: not the noted step, which tells also of acts whose
    marking hides them. Every step is measured from handing in, and handing in from the last day of the event, in whole
    days: nobody says at what hour something happened. What was under embargo counts as handed in when that ended: how
    long it lasted is nobody's to read off.
    """
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    statement = reports.visible_reports(session, caller).where(
        REPORT.c.received_at >= begin, REPORT.c.received_at < end, REPORT.c.status == status
    )
    if form is not None:
        statement = statement.where(FORM.in_([form]))
    columns = (REPORT.c.id, REPORT.c.received_at, REPORT.c.occurred_to, REPORT.c.audience_id)
    rows = session.execute(
        statement.with_only_columns(*columns)
        .order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc())
        .limit(MOST)
    ).all()
    handed = {row.id: row.received_at for row in rows}
    took = [max((row.received_at.date() - row.occurred_to).days, 0) * 24.0 for row in rows]
    found = [_view("handed_in", took)]
    found += [_view(step, _since(handed, _then(session, caller, step, handed))) for step in STEPS]
    return found, _labels(session, {row.audience_id for row in rows})


def _then(session: Session, caller: Caller, step: str, handed: Mapping[int, datetime]) -> dict[int, datetime]:
    """When these reports came to a step. Into a digest: into an edition by the clock, which all may open."""
    if step == "digest":
        steps = reports.steps_of(session, list(handed))
        return {key: told[reports.FROZEN] for key, told in steps.items() if reports.FROZEN in told}
    found: dict[int, datetime] = {}
    for moments in _steps.get(step, ()):
        for key, at in moments(session, caller, handed.keys()).items():
            found[key] = min(at, found.get(key, at))
    return found


def _since(handed: Mapping[int, datetime], then: Mapping[int, datetime]) -> list[float]:
    return [(at - handed[key]).total_seconds() / 3600 for key, at in then.items()]


def _view(step: str, hours: Sequence[float]) -> DelayView:
    shown = [round(max(one, 0.0), 2) for one in hours]
    return DelayView(step=step, n=len(shown), median=quantile(shown, 0.5), p90=quantile(shown, 0.9))


def _labels(session: Session, audiences: set[int]) -> set[str]:
    return set(session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id.in_(audiences)).distinct()).scalars())
