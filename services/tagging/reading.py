"""Reports as readers get them: under policy, with their tags, and with the incident each belongs to for that reader."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, select
from sqlmodel import Session

from services import network, reports, screening
from services.kernel.bulk import among
from services.network import AudienceRow, Caller
from services.reports import Report, ReportView
from services.screening import Reading
from services.tagging.accounts import AUDIENCE, accounts
from services.tagging.nearby import REPORT, TAGGING
from services.tagging.saying import said
from services.tagging.schemas import IncidentView, ReportPage, TaggedReport, TagView
from services.tagging.service import about, tags_of
from services.tagging.showing import to
from services.texts import query_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader filters a list by: any of the themes, any of the kinds. `counted` leaves out what no count of
    these days holds: one of a selection, and what reaches beyond them."""

    themes: tuple[str, ...] = ()
    place: str | None = None
    status: str | None = None
    kinds: tuple[str, ...] = ()
    figure: str | None = None
    counted: bool = False
    words: str | None = None
    mine: bool = False
    originator: str | None = None
    first: date | None = None
    last: date | None = None
    language: str | None = None


def search(
    session: Session, caller: Caller, wanted: Wanted, *, cursor: str | None = None, size: int = 50
) -> ReportPage:
    """A page of the reports that the caller sees and wants, newest first."""
    where = conditions(session, caller, wanted)
    page = reports.search(session, caller, where=where, mine=wanted.mine, cursor=cursor, size=size)
    return ReportPage(reports=_tagged(session, caller, page.reports), next=page.next)


def named(session: Session, caller: Caller, references: Collection[str]) -> list[ReportView]:
    """Those of these reports that the caller sees, without their tags."""
    seen = reports.visible_reports(session, caller).where(among(REPORT.c.reference))
    return reports.views(session, caller, session.execute(seen, {"keys": references}).scalars())


def tagged(session: Session, caller: Caller, rows: Sequence[Report]) -> list[TaggedReport]:
    """Reports that the caller sees, with their tags."""
    return _tagged(session, caller, reports.views(session, caller, rows))


def conditions(session: Session, caller: Caller, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is wanted, as conditions on the report table; `mine` is the list's own."""
    where = about(wanted.themes, wanted.place)
    if wanted.status is not None:
        where.append(REPORT.c.status == wanted.status)
    if wanted.kinds:
        where.append(REPORT.c.kind.in_(wanted.kinds))
    if wanted.figure is not None:
        where.append(REPORT.c.figures[wanted.figure].as_float() > 0)
    if wanted.counted:
        where.append(~REPORT.c.selection)
    begins, ends = REPORT.c.occurred_from, REPORT.c.occurred_to
    if wanted.first is not None:
        where.append((begins if wanted.counted else ends) >= wanted.first)
    if wanted.last is not None:
        where.append((ends if wanted.counted else begins) <= wanted.last)
    where += _saying(session, caller, wanted.words or "")
    if wanted.language is not None:
        spoken = select(TAGGING.c.report_id).where(TAGGING.c.language == wanted.language)
        where.append(REPORT.c.id.in_(spoken))
    if wanted.originator is not None:
        where.append(_told_by(session, caller, wanted.originator))
    return where


def _saying(session: Session, caller: Caller, query: str) -> list[ColumnElement[bool]]:
    """Each piece of a query stands in the report, or names it; signs alone stand nowhere."""
    pieces = [one for one in query.split() if query_words(one)]
    if query.strip() and not pieces:
        return [false()]
    return [said(session, caller, one) for one in pieces[:10]]


def _told_by(session: Session, caller: Caller, slug: str) -> ColumnElement[bool]:
    """What this originator told, as far as the caller may know that it did. A name never given finds the same, at the
    same cost: else the time of the answer would tell who is a member."""
    key = network.directory(session).slugs.get(slug, 0)
    seen = network.visible(session, caller)
    told = select(AudienceRow).where(AUDIENCE.c.originator_id == key, AUDIENCE.c.id.in_(seen))
    shown = network.shown_to(session, caller, session.execute(told).scalars())
    return REPORT.c.audience_id.in_([audience for audience, one in shown.items() if one.originator])


def get(session: Session, caller: Caller, reference: str) -> TaggedReport:
    """One report with its tags, or NoSuchReport."""
    report = reports.get(session, caller, reference)
    return _tagged(session, caller, reports.views(session, caller, [report]))[0]


def incident(session: Session, caller: Caller, reference: str) -> IncidentView:
    """The visible reports connected to a report by links whose both ends the caller sees."""
    start = reports.get(session, caller, reference)
    found = accounts(session, caller, [start.key])[start.key]
    return IncidentView(
        reports=sorted(found.received),
        origins=found.origins,
        confirmed=found.confirmed,
        circular=found.circular,
    )


def _tagged(session: Session, caller: Caller, views: Sequence[ReportView]) -> list[TaggedReport]:
    wanted = [view.reference for view in views]
    statement = (
        select(REPORT.c.id, REPORT.c.reference, TAGGING.c.revision)
        .outerjoin(TAGGING, and_(TAGGING.c.report_id == REPORT.c.id, TAGGING.c.revision == REPORT.c.revision))
        .where(among(REPORT.c.reference))
    )
    rows = {row.reference: row for row in session.execute(statement, {"keys": wanted}).all()}
    done = {view.reference for view in views if rows[view.reference].revision is not None and view.recalled_at is None}
    tags = tags_of(session, [rows[one].id for one in done])
    told = accounts(session, caller, [row.id for row in rows.values()])
    showing = to(session, caller)
    readings = _readings(session, {rows[view.reference].id for view in views if view.cleaned})
    return [
        _with(
            view,
            showing.view(tags.get(rows[view.reference].id, [])) if view.reference in done else None,
            readings.get(rows[view.reference].id),
            confirmed=told[rows[view.reference].id].confirmed,
        )
        for view in views
    ]


def _readings(session: Session, keys: set[int]) -> dict[int, Reading]:
    """How these reports, whose words were cleaned, are read: the spans of their tags are in the originals."""
    if not keys:
        return {}
    words = select(REPORT.c.id, REPORT.c.title, REPORT.c.text).where(among(REPORT.c.id))
    return {row.id: screening.traced(row.title, row.text) for row in session.execute(words, {"keys": keys}).all()}


def _in_answer(view: ReportView, tag: TagView) -> list[tuple[int, int]]:
    """The spans of a tag in the words of an answer as this reader is given them: who reads them as they came, there."""
    code, _, part = tag.answer.rpartition(".")
    answer = view.answers.get(code)
    if answer is None:
        return []  # a retention rule has taken its words
    if view.personal is None or view.personal.decision == "mask":
        return tag.spans
    cleaned = screening.clean(getattr(answer, part))
    return [cleaned.back(start, end) for start, end in tag.spans]


def _with(
    view: ReportView, tags: Sequence[TagView] | None, reading: Reading | None, *, confirmed: bool
) -> TaggedReport:
    """The tags of an earlier revision (none: not tagged in this one) are not shown: their spans are in other words."""
    shown = list(tags or ())
    for one in shown:
        if one.answer:
            one.spans = _in_answer(view, one)
        elif reading is not None and not one.attachment:
            one.spans = reading.forth(one.spans)
    # What is in the view was checked when it was made.
    return TaggedReport.model_construct(**dict(view), tagged=tags is not None, tags=shown, confirmed=confirmed)
