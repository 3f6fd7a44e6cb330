"""Who was expected to report, and who did: read from the reports that are there, for whoever may know it.

This is the one trace that a report leaves with those who may not read it (docs/adr/0023): that it came, and whether in
time. So reports are read here without asking who sees them; only the marking of the assignment is asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlmodel import Session

from services import forms, network
from services.assignments.meeting import NOTHING, Arrival, Due, State, met, state
from services.assignments.periods import Period, due_at, whole
from services.assignments.schemas import ExpectedPage, ExpectedView
from services.assignments.service import Known, form_name, known
from services.kernel import clock, paging
from services.kernel.errors import Invalid
from services.kernel.model import table
from services.network import Caller
from services.reports import Report

REPORT = table(Report)
FORM = func.coalesce(REPORT.c.form, REPORT.c.kind)  # of what was sent without a form, that of its kind's name
STANDS_FOR = "stands_for"  # the question of the pack's form that asks it
MOST_DAYS = 3 * 366
OLDEST, LATEST = 1900, 2199


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an organisation for one period, and how it stands."""

    known: Known
    due: Due
    state: State
    over: bool
    """Whether its deadline is past, so that it counts."""

    @property
    def period(self) -> Period:
        """The period that it is expected for."""
        return self.due.period


def expected(
    session: Session, caller: Caller, *, first: date, last: date, status: str | None = None, at: datetime | None = None
) -> list[Expected]:
    """What the caller may know to be expected for the periods that end between two days, by deadline."""
    if not (first.year >= OLDEST and last.year <= LATEST):
        raise Invalid(f"Ask for years from {OLDEST} to {LATEST}.", field="from" if first.year < OLDEST else "to")
    if last < first:
        raise Invalid("lies before from", field="to")
    if (last - first).days > MOST_DAYS:
        raise Invalid("Ask for three years at most.", field="to")
    found = [one for one in known(session, caller) if status in (None, one.row.status)]
    return standing(session, found, first=first, last=last, at=at or clock.now())


def span(first: date | None, last: date | None) -> tuple[date, date]:
    """The days that are asked for: without any, the quarter of a year until today."""
    until = last or clock.now().date()
    return first or until - min(timedelta(days=91), until - date.min), until


def standing(session: Session, found: Sequence[Known], *, first: date, last: date, at: datetime) -> list[Expected]:
    """How these assignments stand at an instant, for the periods that end between two days, by deadline."""
    whose = {one.row.id: one for one in found}
    dues = [due for one in found for due in _dues(one, first, last)]
    came = met(dues, arrivals(session, found, dues, at))
    rows = [Expected(whose[due.assignment], due, state(due.due_at, came.get(due), at), due.due_at < at) for due in dues]
    return sorted(rows, key=_place)


def _place(one: Expected) -> tuple[datetime, str, date]:
    return one.due.due_at, one.known.row.reference, one.period.start


def _dues(one: Known, first: date, last: date) -> list[Due]:
    row = one.row
    until = min(last, row.ends_on or last)
    return [
        Due(
            row.id, row.organisation_id, row.form, row.status, period,
            due_at(period.end, days=row.due_days, hour=row.due_hour, zone=one.zone),
        )
        for period in whole(row.grain, row.starts_on, until)
        if period.end >= first
    ]  # fmt: skip


def arrivals(session: Session, found: Sequence[Known], dues: Sequence[Due], at: datetime) -> list[Arrival]:
    """What came by an instant for these periods, as few rows as there are days: of reports of the same form and days
    the first that came. What was withdrawn did not come."""
    if not dues:
        return []
    days = [one.period for one in dues]
    wanted = {one.row.form for one in found}
    nothing = REPORT.c.kind == NOTHING
    stands_for = case((nothing, REPORT.c.answers[STANDS_FOR]["value"].as_string()))
    what = (REPORT.c.organisation_id, FORM, REPORT.c.status, REPORT.c.occurred_from, REPORT.c.occurred_to)
    rows = session.execute(
        select(*what, func.min(REPORT.c.handed_in_at), nothing, stands_for)
        .where(
            REPORT.c.organisation_id.in_(sorted({one.row.organisation_id for one in found})),
            REPORT.c.kind.in_(sorted({NOTHING, *_kinds(session, wanted)})),
            or_(FORM.in_(sorted(wanted)), nothing),
            REPORT.c.occurred_to >= min(one.start for one in days),
            REPORT.c.occurred_to <= max(one.end for one in days),
            REPORT.c.withdrawn_at.is_(None),
            REPORT.c.handed_in_at <= at,
        )
        .group_by(*what, nothing, stands_for)
    ).all()
    return [
        Arrival(organisation, of, status, begun, ended, came, bool(quiet), form_named(named))
        for organisation, of, status, begun, ended, came, quiet, named in rows
    ]


def form_named(answer: str | None) -> str | None:
    """The form that an answer names: the codes of answers have no hyphens."""
    return answer.replace("_", "-") if answer else None


def _kinds(session: Session, wanted: Collection[str]) -> set[str]:
    """The kinds of report that these forms are for: by them an index finds the reports."""
    known = forms.shelf(session).forms
    return {one.kind for code in wanted for one in known.get(code, {}).values()} | set(wanted)


def page(
    session: Session,
    caller: Caller,
    *,
    first: date | None = None,
    last: date | None = None,
    states: Sequence[State] = (),
    mine: bool = False,
    cursor: str | None = None,
    size: int = 50,
) -> ExpectedPage:
    """What is expected, by deadline: from the last quarter of a year to the next month, unless days are given."""
    today = clock.now().date()
    found = expected(
        session, caller, first=first or today - timedelta(days=92), last=last or today + timedelta(days=31)
    )
    scope = f"expected:{sorted(states)}:{mine}"
    after = None
    if cursor is not None:
        instant, reference, start = paging.unseal(cursor, viewer=caller.viewer, scope=scope)
        after = datetime.fromisoformat(instant), reference, date.fromisoformat(start)
    wanted = [
        one
        for one in found
        if (not states or one.state in states)
        and (not mine or one.due.organisation == caller.organisation_id)
        and (after is None or _place(one) > after)
    ]
    following = None
    if len(wanted) > size:
        due, reference, start = _place(wanted[size - 1])
        following = paging.seal([due.isoformat(), reference, start.isoformat()], viewer=caller.viewer, scope=scope)
    return ExpectedPage(expected=views(session, caller, wanted[:size]), next=following)


def views(session: Session, caller: Caller, found: Sequence[Expected]) -> list[ExpectedView]:
    """What is expected, as this caller may see it."""
    parties, shelf = network.directory(session).parties, forms.shelf(session)
    return [
        ExpectedView(
            assignment=one.known.row.reference,
            organisation=parties[one.due.organisation].slug,
            organisation_name=parties[one.due.organisation].name(caller.language),
            form=one.due.form,
            form_name=form_name(shelf, one.due.form, caller.language),
            place=one.known.row.place,
            status=one.due.status,
            period=one.period.grain,
            start=one.period.start,
            end=one.period.end,
            due_at=one.due.due_at,
            state=one.state,
            tlp=one.known.tlp,
            mine=one.due.organisation == caller.organisation_id,
        )
        for one in found
    ]
