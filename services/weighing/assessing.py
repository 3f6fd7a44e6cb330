"""What analysts make of reports: said on the record, seen by whoever sees both it and the report (docs/adr/0021)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, reports, screening
from services.kernel import audit, clock, db
from services.kernel.errors import Invalid
from services.kernel.model import table
from services.network import Attribution, AudienceRow, Caller, Member, SightIn
from services.reports import Report
from services.weighing.models import Assessment
from services.weighing.schemas import AssessmentView, NewCredibility, NewOutcome

ASSESSMENT = table(Assessment)
AUDIENCE = table(AudienceRow)
MEMBER = table(Member)


def assess(session: Session, caller: Caller, reference: str, given: NewCredibility | NewOutcome) -> AssessmentView:
    """Put on record what an analyst makes of a report that it sees: its organisation's word from now on.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is withdrawn.
        AlreadyEmptied: its words are gone.
    """
    caller.require("reports:grade")
    report = reports.standing_report(session, caller, reference)
    reports.lock(session, [report.key])  # or a recall at the same time would miss the reason
    session.refresh(report)
    report = reports.standing_report(session, caller, reference)
    what, value = (
        ("credibility", str(given.credibility)) if isinstance(given, NewCredibility) else ("outcome", given.outcome)
    )
    audience = _stamped(session, caller, given.marking)
    _keep_name(session, caller, report, what, audience)
    row = Assessment(
        report_id=report.key,
        revision=report.revision,
        what=what,
        value=value,
        reason=given.reason,
        audience_id=audience,
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id or 0,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    reports.worked_on(session, caller, report)
    audit.record(session, caller, "report.assessed", report.reference, what=what, revision=report.revision)
    return next(one for one in assessments(session, caller, report) if one.what == what and one.mine and one.stands)


def assessments(session: Session, caller: Caller, report: Report) -> list[AssessmentView]:
    """What was made of a report that the caller sees, as far as the caller may see that too, oldest first."""
    rows = _told(session, caller, [report.key])
    audiences = {
        row.key: row
        for row in session.execute(
            select(AudienceRow).where(AUDIENCE.c.id.in_({report.audience_id, *(one.audience_id for one in rows)}))
        ).scalars()
    }
    shown = network.shown_to(session, caller, audiences.values())
    parties = network.directory(session).parties
    names = _names(session, caller, rows)
    latest = _latest(rows)
    made = []
    for row in rows:
        party = parties[row.organisation_id] if shown[row.audience_id].originator else None
        labels = (audiences[report.audience_id].tlp, audiences[row.audience_id].tlp)
        made.append(
            AssessmentView(
                what=row.what,
                value=row.value,
                reason=row.reason if row.organisation_id == caller.organisation_id else screening.told(row.reason),
                organisation=party.slug if party else None,
                organisation_name=party.name(caller.language) if party else None,
                person=names.get(row.member_id),
                revision=row.revision,
                made_at=row.made_at
                if row.organisation_id == caller.organisation_id
                else max(row.made_at, report.received_at),
                tlp=str(network.strictest(labels)),
                stands=row.id in latest,
                mine=row.organisation_id == caller.organisation_id,
            )
        )
    return made


def _told(session: Session, caller: Caller, report_ids: Collection[int]) -> Sequence[Any]:
    """The assessments of these visible reports that the caller may see, in order. What an organisation said before is
    told to whoever sees what it says now: else what it has taken back from some would stand for them."""
    seen = network.visible(session, caller)
    last = (
        select(func.max(ASSESSMENT.c.id).label("id"))
        .where(ASSESSMENT.c.report_id.in_(report_ids))
        .group_by(ASSESSMENT.c.report_id, ASSESSMENT.c.organisation_id, ASSESSMENT.c.what)
        .subquery()
    )
    standing = (
        select(ASSESSMENT.c.report_id, ASSESSMENT.c.organisation_id, ASSESSMENT.c.what)
        .join(last, last.c.id == ASSESSMENT.c.id)
        .where(ASSESSMENT.c.audience_id.in_(seen))
        .subquery()
    )
    statement = (
        select(ASSESSMENT)
        .join(
            standing,
            (standing.c.report_id == ASSESSMENT.c.report_id)
            & (standing.c.organisation_id == ASSESSMENT.c.organisation_id)
            & (standing.c.what == ASSESSMENT.c.what),
        )
        .where(ASSESSMENT.c.audience_id.in_(seen))
        .order_by(ASSESSMENT.c.id)
    )
    return session.execute(statement).all()


def _latest(rows: Sequence[Any]) -> set[int]:
    return set({(row.report_id, row.organisation_id, row.what): row.id for row in rows}.values())


def _names(session: Session, caller: Caller, rows: Sequence[Any]) -> dict[int, str]:
    """The names of the caller's own colleagues among those who made them."""
    own = {row.member_id for row in rows if row.organisation_id == caller.organisation_id}
    found = session.execute(select(MEMBER.c.id, MEMBER.c.name).where(MEMBER.c.id.in_(own))).all()
    return {row.id: row.name for row in found}


def _keep_name(session: Session, caller: Caller, report: Report, what: str, audience: int) -> None:
    """Refuse a word without its name where one with it stands: that it does no longer would tell whose the other is."""
    last = (
        select(ASSESSMENT.c.audience_id)
        .where(ASSESSMENT.c.report_id == report.key, ASSESSMENT.c.what == what)
        .where(ASSESSMENT.c.organisation_id == caller.organisation_id)
        .order_by(ASSESSMENT.c.id.desc())
        .limit(1)
    )
    before = session.execute(last).scalar()
    wanted = {audience} | ({before} if before is not None else set())
    known = select(AUDIENCE.c.id, AUDIENCE.c.attribution).where(AUDIENCE.c.id.in_(wanted))
    named = {row.id: row.attribution == Attribution.NAMED for row in session.execute(known)}
    if before is not None and named[before] and not named[audience]:
        raise Invalid(
            "You have given your word on this under your name, which would tell whose this is: give it named.",
            field="marking.attribution",
        )


def _stamped(session: Session, caller: Caller, marking: SightIn | None) -> int:
    given = marking or SightIn(tlp="AMBER+STRICT", attribution="named")
    resolved = reports.resolve(network.directory(session), given, caller)
    return network.stamp(session, [resolved])[0]


def moments(session: Session, caller: Caller, report_ids: Collection[int]) -> dict[int, datetime]:
    """When an assessment that the caller may see was first made of these reports, which the caller sees."""
    found: dict[int, datetime] = {}
    for some in db.batches(sorted(report_ids), 500):
        for row in _told(session, caller, some):
            found.setdefault(row.report_id, row.made_at)
    return found
