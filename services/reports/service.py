"""What may be done with a report once it is in: read it, revise it, withdraw it, find it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, delete, false, literal_column, select, update
from sqlmodel import Session

from services import forms, network, screening
from services.kernel import audit, clock, db, paging
from services.kernel.bulk import among
from services.kernel.events import publish
from services.network import AudienceRow, Caller, MarkingView, Shown, TermsView, Tlp
from services.reports.addressing import line_planned, planned, provenance_of
from services.reports.correcting import Corrections, corrected_by, corrections
from services.reports.events import ReportRevised, ReportWithdrawn
from services.reports.history import keep
from services.reports.models import Idempotency, Report
from services.reports.ownership import AUDIENCE, REPORT, NoSuchReport, own, owned, owns, refuse_emptied, there_for
from services.reports.reading import broken
from services.reports.remarking import drop_dates, marking_view, stamp, waiting_for
from services.reports.schemas import EditReport, NewReport, PersonalMark, Receipt, ReportView, TearLineView
from services.reports.showing import MASK, decided, decision_of, told_terms, words_of
from services.reports.silencing import silence
from services.reports.submission import row_of
from services.reports.tear_lines import lines_of, replace_line
from services.reports.translations import translations_of


@dataclass(frozen=True, slots=True)
class Page:
    """One page of reports, newest first, and the cursor to the next."""

    reports: list[ReportView]
    next: str | None


def get(session: Session, caller: Caller, reference: str) -> Report:
    """The report, or NoSuchReport: hidden and missing are one; withdrawn ones are their owner's alone."""
    statement = (
        select(Report, owned(caller).label("owned"))
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .where(
            REPORT.c.reference == reference,
            REPORT.c.audience_id.in_(network.visible(session, caller)),
            there_for(caller),
        )
    )
    found = session.execute(statement).first()
    if found is None or (found.Report.withdrawn_at is not None and not found.owned):
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    report: Report = found.Report
    return report


def standing_report(session: Session, caller: Caller, reference: str) -> Report:
    """A report that the caller sees and that still stands: neither withdrawn nor emptied.

    Raises:
        NoSuchReport: it is not there for the caller, or is withdrawn.
        AlreadyEmptied: a retention rule has taken its words.
    """
    report = get(session, caller, reference)
    if report.withdrawn_at is not None:
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    refuse_emptied(report)
    return report


def search(
    session: Session,
    caller: Caller,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    mine: bool = False,
    cursor: str | None = None,
    size: int = 50,
) -> Page:
    """Reports that the caller sees, newest first. `where` are further conditions on the report table."""
    statement = listed(session, caller, where=where, mine=mine)
    asked = paging.Asked(caller.viewer, f"reports:{mine}", cursor, size)
    rows, following = paging.latest_first(session, statement, (REPORT.c.received_at, REPORT.c.reference), asked)
    return Page(views(session, caller, rows), following)


def listed(
    session: Session, caller: Caller, *, where: Sequence[ColumnElement[bool]] = (), mine: bool = False
) -> Select[Report]:
    """Select what `search` gives, in any order; what is the caller's own with what was withdrawn of it."""
    statement = visible_reports(session, caller, withdrawn=mine).where(*where)
    if mine:
        statement = statement.join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id).where(owned(caller))
    return statement


def visible_reports(session: Session, caller: Caller, *, withdrawn: bool = False) -> Select[Report]:
    """Select the reports that this caller sees, as this transaction knows the caller's rights."""
    statement = select(Report).where(_told_to(tuple(network.visible(session, caller))))
    if caller.test_only:
        statement = statement.where(there_for(caller))
    return statement if withdrawn else statement.where(REPORT.c.withdrawn_at.is_(None))


@lru_cache(maxsize=64)
def _told_to(seen: tuple[int, ...]) -> ColumnElement[bool]:
    """Whether a report is told to one of these audiences, each written out: as parameters, hundreds of keys take longer
    than the page, and as one list the planner could not tell a viewer of few reports from a viewer of most."""
    if not seen:
        return false()
    listed: ColumnElement[int] = literal_column(f"({','.join(str(int(one)) for one in seen)})")
    return REPORT.c.audience_id.op("IN", is_comparison=True)(listed)


def views(session: Session, caller: Caller, rows: Iterable[Report]) -> list[ReportView]:
    """Reports as this caller may see them: originator and provenance under policy."""
    rows = list(rows)
    known = network.directory(session)
    wanted = {row.audience_id for row in rows}
    audiences = {
        one.key: one for one in session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(wanted))).scalars()
    }
    shown = network.shown_to(session, caller, audiences.values())
    mine = {row.key for row in rows if owns(caller, row, red=audiences[row.audience_id].tlp == Tlp.RED)}
    waiting = waiting_for(session, sorted(mine))
    lines = lines_of(session, known, sorted(mine))
    told = corrections(session, caller, rows)
    translated = translations_of(session, caller, rows, known, shown)
    made = []
    for row in rows:
        audience = audiences[row.audience_id]
        marking = marking_view(known, audience, waiting.get(row.key, ())) if row.key in mine else None
        view = _view(caller, row, audience.tlp, shown[audience.key], marking, known, lines.get(row.key), told)
        view.translations = translated.get(row.key, [])
        made.append(view)
    return made


_APART = ("title", "text", "source", "terms", "answers", "judgement", "personal")


def _view(
    caller: Caller,
    row: Report,
    tlp: str,
    shown: Shown,
    marking: MarkingView | None,
    known: network.Directory,
    line: TearLineView | None,
    told: Corrections,
) -> ReportView:
    party = known.parties[row.organisation_id] if shown.originator else None
    fields = ReportView.model_fields.keys() & Report.model_fields.keys()
    given = {name: getattr(row, name) for name in fields if name not in _APART}
    mine = marking is not None
    words = words_of(row, mine=mine)
    plainly = mine and decision_of(row) != MASK
    source = row.source or None if shown.names else None
    return ReportView(
        **given,
        title=words.title,
        text=words.text,
        cleaned=list(words.cleaned),
        masked=words.masked,
        personal=PersonalMark(found=words.found, decision=decision_of(row)) if mine else None,
        answers=row.answers if plainly else screening.told_values(row.answers),
        judgement=row.judgement if plainly else screening.told_values(row.judgement),
        originator=party.slug if party else None,
        originator_name=party.name(caller.language) if party else None,
        reliability=party.reliability if party else None,
        source=source if plainly else screening.told_values(source),
        corrects=told.corrected.get(row.corrects_id or 0),
        corrections=told.correcting.get(row.key, []),
        tlp=tlp,
        terms=TermsView(**(row.terms if plainly else told_terms(row.terms))),
        marking=marking,
        mine=mine,
        tear_line=line,
        translations=[],
    )


def revise(session: Session, caller: Caller, reference: str, edit: EditReport) -> Receipt:
    """Replace a report by a new revision, marking included; only its owner may."""
    caller.require_status(edit.status)
    report = own(session, caller, reference)
    refuse_emptied(report)
    known = network.directory(session)
    present, waiting = planned(known, edit.marking, caller, submitter=report.member_id)
    line = line_planned(known, edit, caller, submitter=report.member_id)
    before = (report.form, report.form_version)
    version, faults = forms.judge(forms.shelf(session), edit, keeps=before)
    if refusal := broken(faults):
        raise refusal
    corrected = corrected_by(session, caller, edit, report)
    keep(session, report)
    for name, value in row_of(edit).items():
        setattr(report, name, value)
    report.form_version, report.corrects_id = version, corrected
    report.personal, report.told = decided(caller, edit.personal), None
    report.origin, report.path = provenance_of(known, edit, caller)
    report.digest = NewReport(**edit.model_dump(), own_reference=report.own_reference).fingerprint()
    report.revision += 1
    stamp(session, report, present, waiting, caller)
    replace_line(session, report, edit.tear_line.text if edit.tear_line else "", line)
    silence(session, report)
    publish(session, ReportRevised(report.key))
    audit.record(session, caller, "report.revised", report.reference, revision=report.revision)
    if edit.personal is not None:
        audit.record(session, caller, "report.personal_decided", report.reference, personal=edit.personal)
    return receipt_of(report)


def withdraw(session: Session, caller: Caller, reference: str, *, reason: str) -> Report:
    """Take a report back: only its owner may, or a focal point for an owner who can act no more. Its contributions
    leave every indicator."""
    report = own(session, caller, reference, take_back=True)
    report.withdrawn_at, report.withdrawn_why = clock.now(), reason
    report.version += 1
    drop_dates(session, report)
    session.add(report)
    silence(session, report)
    publish(session, ReportWithdrawn(report.key))
    audit.record(session, caller, "report.withdrawn", report.reference)
    return report


def receipt_of(report: Report) -> Receipt:
    """What its submitter keeps."""
    return Receipt(
        reference=report.reference, revision=report.revision, received_at=report.handed_in_at, digest=report.digest
    )


def lock(session: Session, report_ids: Sequence[int]) -> dict[int, int]:
    """Lock reports in the order of their keys; their versions now, by key."""
    return {row.id: row.version for row in session.execute(_LOCKED, {"keys": report_ids}).all()}


_LOCKED = select(REPORT.c.id, REPORT.c.version).where(among(REPORT.c.id)).order_by(REPORT.c.id).with_for_update()


def touch(session: Session, report_ids: Iterable[int]) -> None:
    """Note that what these reports count for may have changed. Lock them first."""
    for some in db.batches(sorted(report_ids), 500):
        session.execute(update(REPORT).where(REPORT.c.id.in_(some)).values(version=REPORT.c.version + 1))


def forget_keys(session: Session, *, at: datetime) -> int:
    """Forget the Idempotency-Keys whose time is over."""
    done = session.execute(delete(Idempotency).where(Idempotency.expires_at <= at))  # type: ignore[operator, arg-type]
    return int(done.rowcount)  # type: ignore[attr-defined]
