"""Tear-lines: what may be told of a report to those who may not read it. Nothing here pairs the two (docs/adr/0012)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, select
from sqlmodel import Session

from services import network, screening
from services.kernel import audit, clock, paging
from services.kernel.errors import NotFound
from services.kernel.model import table
from services.network import AudienceRow, Caller, Directory, Marking, SightView
from services.reports import dates
from services.reports.addressing import tear_line_marking
from services.reports.history import keep
from services.reports.models import Remarking, Report, TearLine
from services.reports.ownership import REPORT, own, refuse_emptied, there_for
from services.reports.remarking import marking_view, waiting_for
from services.reports.schemas import TearLineIn, TearLinePage, TearLineView, ToldLine
from services.reports.submission import line_row

LINE = table(TearLine)
WAITING = table(Remarking)


class NoTearLine(NotFound):
    title = "The report has no tear-line"


@dataclass(frozen=True, slots=True)
class Standing:
    """A tear-line that is there now: its words as they are told, whom it is told to, and whom its report is told to."""

    text: str
    audience_id: int
    report_audience_id: int


def put_line(session: Session, caller: Caller, reference: str, given: TearLineIn, *, at: str = "marking") -> Report:
    """Give one of the caller's own reports a tear-line, or another. `at`: where its marking stands, for refusals."""
    report = own(session, caller, reference)
    refuse_emptied(report)
    known = network.directory(session)
    row = session.execute(select(AudienceRow).where(table(AudienceRow).c.id == report.audience_id)).scalar_one()
    whole, seen = network.marking_of(row), network.sight(known, network.marking_of(row), network.audience_of(row))
    for one in waiting_for(session, [report.key]).get(report.key, ()):
        if one.why == "embargo" and one.marking is not None:
            whole = dates.read(one.marking, report.organisation_id)
            seen = network.would_see(known, whole)
    marking = tear_line_marking(known, given.marking, seen, whole.tlp, caller, at=at)
    _kept(session, report)
    replace_line(session, report, given.text, marking)
    audit.record(session, caller, "report.tear_line_set", report.reference, tlp=str(marking.tlp))
    return report


def take_line_away(session: Session, caller: Caller, reference: str) -> None:
    """Take the tear-line of one of the caller's own reports away."""
    report = own(session, caller, reference)
    if not _kept(session, report):
        raise NoTearLine("There is none to take away.")
    replace_line(session, report, "", None)
    audit.record(session, caller, "report.tear_line_taken", report.reference)


def _kept(session: Session, report: Report) -> bool:
    """Keep what the locked report says with its present tear-line, if it has one."""
    if session.get(TearLine, report.key) is None:
        return False
    keep(session, report)
    report.version += 1
    session.add(report)
    return True


def replace_line(session: Session, report: Report, text: str, marking: Marking | None) -> None:
    """The tear-line of a locked report, which has been kept; none without a marking. New words begin a new day."""
    held = session.get(TearLine, report.key)
    audience = network.stamp(session, [marking])[0] if marking is not None else None
    if held is not None and audience is not None and held.text == text:
        held.audience_id = audience
        session.add(held)
        return
    if held is not None:
        session.delete(held)
        session.flush()
    if audience is not None:
        session.execute(insert(TearLine), [line_row(report.key, text, audience, clock.now().date())])


def told_lines(session: Session, caller: Caller, *, cursor: str | None = None, size: int = 50) -> TearLinePage:
    """The tear-lines of reports that the caller may not read, the latest day first; within a day in no order."""
    seen = network.visible(session, caller)
    statement = (
        select(LINE.c.text, LINE.c.on_day, LINE.c.place, LINE.c.audience_id, REPORT.c.status)
        .join(REPORT, REPORT.c.id == LINE.c.report_id)
        .where(there(), there_for(caller), LINE.c.audience_id.in_(seen), REPORT.c.audience_id.not_in(seen))
    )
    asked = paging.Asked(caller.viewer, "tear-lines", cursor, size)
    rows, following = paging.latest_first(session, statement, (LINE.c.on_day, LINE.c.place), asked)
    return TearLinePage(tear_lines=_said(session, caller, rows), next=following)


def _said(session: Session, caller: Caller, rows: Iterable[Any]) -> list[ToldLine]:
    rows = list(rows)
    known = network.directory(session)
    audiences = _audiences(session, {row.audience_id for row in rows})
    shown = network.shown_to(session, caller, audiences.values())
    made = []
    for row in rows:
        audience = audiences[row.audience_id]
        party = known.parties[audience.originator_id] if shown[row.audience_id].originator else None
        made.append(
            ToldLine(
                text=screening.told(row.text),
                tlp=audience.tlp,
                status=row.status,
                originator=party.slug if party else None,
                originator_name=party.name(caller.language) if party else None,
                day=row.on_day,
            )
        )
    return made


def there() -> ColumnElement[bool]:
    """Whether a tear-line, joined with its report, is there at all: not of what is withdrawn or under embargo."""
    embargo = exists().where(
        WAITING.c.report_id == LINE.c.report_id, WAITING.c.why == "embargo", WAITING.c.done_at.is_(None)
    )
    return and_(REPORT.c.withdrawn_at.is_(None), ~embargo)


def standing(session: Session, report_ids: Collection[int]) -> dict[int, Standing]:
    """Those of these reports' tear-lines that are there now."""
    statement = (
        select(LINE.c.report_id, LINE.c.text, LINE.c.audience_id, REPORT.c.audience_id.label("report_audience"))
        .join(REPORT, REPORT.c.id == LINE.c.report_id)
        .where(there(), LINE.c.report_id.in_(report_ids))
    )
    rows = session.execute(statement).all()
    return {row.report_id: Standing(screening.told(row.text), row.audience_id, row.report_audience) for row in rows}


def lines_of_period(session: Session, first: date, last: date, *, cut_off: datetime, most: int) -> list[dict[str, Any]]:
    """The tear-lines of these days as an edition freezes them, at most so many of an audience, the latest first."""
    rank = func.row_number().over(partition_by=LINE.c.audience_id, order_by=(LINE.c.on_day.desc(), LINE.c.place.desc()))
    ranked = (
        select(LINE, REPORT.c.status, REPORT.c.organisation_id, rank.label("rank"))
        .join(REPORT, REPORT.c.id == LINE.c.report_id)
        .where(there(), LINE.c.on_day >= first, LINE.c.on_day <= last, REPORT.c.received_at <= cut_off)
        .subquery()
    )
    statement = select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.on_day.desc(), ranked.c.place.desc())
    return [
        {
            "id": row.report_id,
            "text": screening.told(row.text),
            "audience": row.audience_id,
            "organisation": row.organisation_id,
            "status": row.status,
            "day": row.on_day.isoformat(),
        }
        for row in session.execute(statement).all()
    ]


def lines_of(session: Session, known: Directory, report_ids: Collection[int]) -> dict[int, TearLineView]:
    """The tear-lines of these reports as their owner sees them."""
    statement = select(LINE.c.report_id, LINE.c.text, LINE.c.on_day, LINE.c.audience_id)
    rows = session.execute(statement.where(LINE.c.report_id.in_(report_ids))).all() if report_ids else []
    audiences = _audiences(session, {row.audience_id for row in rows})
    found = {}
    for row in rows:
        marking = marking_view(known, audiences[row.audience_id])
        sight = SightView(**marking.model_dump(include=set(SightView.model_fields)))
        found[row.report_id] = TearLineView(text=row.text, marking=sight, day=row.on_day)
    return found


def _audiences(session: Session, keys: Collection[int]) -> dict[int, AudienceRow]:
    statement = select(AudienceRow).where(table(AudienceRow).c.id.in_(keys))
    return {row.key: row for row in session.execute(statement).scalars()} if keys else {}
