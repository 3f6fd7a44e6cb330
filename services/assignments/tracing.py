"""What an organisation is told before it sends a report: who may know that what is expected of it came."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import forms, reports
from services.assignments.expecting import LATEST, OLDEST, STANDS_FOR, form_named
from services.assignments.meeting import NOTHING, Arrival, Due, met
from services.assignments.periods import Period, period_of
from services.assignments.service import ASSIGNMENT, form_name
from services.kernel import clock
from services.network import Caller
from services.reports import About, TraceView


def traces(session: Session, caller: Caller, about: About) -> list[TraceView]:
    """The assignments that a report of the caller's organisation would meet, and whom each tells that it came. Of a
    report of which less is known, all that it may meet."""
    rows = session.execute(
        select(ASSIGNMENT)
        .where(ASSIGNMENT.c.organisation_id == caller.organisation_id, ASSIGNMENT.c.active)
        .order_by(ASSIGNMENT.c.form, ASSIGNMENT.c.starts_on, ASSIGNMENT.c.reference)
    ).all()
    found, shelf = [], forms.shelf(session)
    for row in rows:
        met_, period = _meets(row, about)
        if met_:
            seen = reports.reached_by(session, caller, row.audience_id)
            found.append(
                TraceView(
                    assignment=row.reference,
                    form=row.form,
                    form_name=form_name(shelf, row.form, caller.language),
                    start=period.start if period else None,
                    end=period.end if period else None,
                    tlp=seen.tlp,
                    everybody=seen.everybody,
                    organisations=[one.name for one in seen.organisations if "own" not in one.by],
                )
            )
    return found


def _meets(row: Any, about: About) -> tuple[bool, Period | None]:
    """Whether a report would meet this, or might as far as it is known; and for which period."""
    if about.status not in (None, row.status):
        return False, None
    form = about.form or about.kind
    if about.first is None or about.last is None or form is None:
        alike = form in (None, row.form, NOTHING)
        return alike and (row.ends_on is None or row.ends_on >= clock.now().date()), None
    if not OLDEST <= about.last.year <= LATEST:
        return False, None
    period = period_of(row.grain, about.last)
    if period.start < row.starts_on or (row.ends_on is not None and period.end > row.ends_on):
        return False, None
    now = clock.now()
    due = Due(row.id, row.organisation_id, row.form, row.status, period, now)
    said = (about.answers or {}).get(STANDS_FOR, {}).get("value")
    quiet = about.kind == NOTHING
    came = Arrival(
        row.organisation_id, form, row.status, about.first, about.last, now, quiet, form_named(said) if quiet else None
    )
    return due in met([due], [came]), period
