"""Marking a report anew: by hand, or by the date that its owner set. Its words stay as they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, true, update
from sqlmodel import Session

from services import network
from services.kernel import audit, clock
from services.kernel.bulk import among
from services.kernel.events import publish
from services.kernel.model import table
from services.network import (
    AudienceRow,
    Caller,
    Directory,
    Marking,
    MarkingIn,
    MarkingView,
    Organisation,
    SightView,
    Tlp,
)
from services.reports import dates
from services.reports.addressing import planned
from services.reports.dates import Dated
from services.reports.events import ReportRemarked, ReviewDue
from services.reports.history import keep
from services.reports.models import Remarking, Report, TearLine
from services.reports.ownership import REPORT, own

REMARKING = table(Remarking)
BODY = table(Organisation)
LINE = table(TearLine)
AT_ONCE = 100


def remark(session: Session, caller: Caller, reference: str, marking: MarkingIn) -> Report:
    """Give one of the caller's own reports another marking, wider or narrower; only its owner may."""
    report = own(session, caller, reference)
    present, waiting = planned(network.directory(session), marking, caller, submitter=report.member_id)
    keep(session, report)
    report.terms = marking.terms.stored()
    stamp(session, report, present, waiting, caller)
    publish(session, ReportRemarked(report.key))
    audit.record(session, caller, "report.remarked", report.reference, tlp=marking.tlp)
    return report


def stamp(
    session: Session, report: Report, present: Marking, waiting: tuple[Dated, ...], caller: Caller | None
) -> None:
    """Give a locked report a marking; what waited for a date is replaced by `waiting`."""
    (report.audience_id,) = network.stamp(session, [present])
    if present.tlp is Tlp.RED and report.member_id is None and caller is not None:
        report.member_id = caller.member_id  # a key's report that a person makes RED becomes that person's
    report.version += 1
    under = any(one.why == "embargo" for one in waiting_for(session, [report.key]).get(report.key, ()))
    if under and not any(one.why == "embargo" for one in waiting):
        _received(session, report, clock.now())
    drop_dates(session, report)
    for one in waiting:
        session.add(Remarking(**one.row(report.key)))
    session.add(report)


def _received(session: Session, report: Report, at: datetime) -> None:
    """An embargo has ended, by its date or by hand: for everybody else the report is received now (docs/adr/0011)."""
    report.received_at = at
    session.execute(update(LINE).where(LINE.c.report_id == report.key).values(on_day=at.date()))


def drop_dates(session: Session, report: Report) -> None:
    """Forget the re-markings that a report waits for."""
    session.execute(delete(REMARKING).where(REMARKING.c.report_id == report.key, REMARKING.c.done_at.is_(None)))


def remarkings_due(session: Session, at: datetime) -> int:
    """Do the re-markings whose instant has come, oldest first; returns how many. Never early, each once. A widening is
    held while the owner's organisation cannot agree to it."""
    rows = session.execute(_DUE, {"at": at}).all()
    if not rows:
        return 0
    # Reports first and by their keys, as everybody else locks them: a marking by hand holds its report already.
    wanted = select(Report).where(REPORT.c.id.in_({row.report_id for row, _ in rows})).order_by(REPORT.c.id)
    locked = {report.key: report for report in session.execute(wanted.with_for_update()).scalars()}
    done = 0
    for row, agreed in rows:
        report = locked[row.report_id]
        hold = not agreed and _widens(session, report, row)
        free = (REMARKING.c.done_at.is_(None), REMARKING.c.held_at.is_(None) if hold else true())
        taken = session.execute(
            update(REMARKING)
            .where(REMARKING.c.report_id == row.report_id, REMARKING.c.due_at == row.due_at, *free)
            .values({"held_at" if hold else "done_at": at})
        )
        if taken.rowcount == 0 or report.withdrawn_at is not None:  # type: ignore[attr-defined]
            continue
        if hold:
            _held(session, report, row)
            continue
        _due(session, report, row, at)
        done += 1
    return done


_AGREES = and_(BODY.c.state == "active", or_(BODY.c.left_at.is_(None), BODY.c.left_at < REMARKING.c.set_at))
_DUE = (
    select(Remarking, _AGREES.label("agrees"))
    .join(REPORT, REPORT.c.id == REMARKING.c.report_id)
    .join(BODY, BODY.c.id == REPORT.c.organisation_id)
    .where(
        REMARKING.c.done_at.is_(None),
        REMARKING.c.due_at <= bindparam("at"),
        or_(REMARKING.c.held_at.is_(None), _AGREES),
    )
    .order_by(REMARKING.c.due_at, REMARKING.c.report_id)
    .limit(AT_ONCE)
)


def _widens(session: Session, report: Report, row: Remarking) -> bool:
    """Whether what is due would tell more than the report's marking does. The end of an embargo does."""
    if row.marking is None:
        return False
    if row.why == "embargo":
        return True
    present = session.get_one(AudienceRow, report.audience_id)
    later = dates.read(row.marking, report.organisation_id)
    known = network.directory(session)
    return network.widens(known, network.marking_of(present), network.audience_of(present), later)


def _held(session: Session, report: Report, row: Remarking) -> None:
    """On record, and its owner is asked: whoever is back looks at it before or after it goes on."""
    publish(session, ReviewDue(report.key))
    audit.record(session, None, "report.remarking_held", report.reference, why=row.why, due_at=row.due_at.isoformat())


def _due(session: Session, report: Report, row: Remarking, at: datetime) -> None:
    if row.marking is None:
        publish(session, ReviewDue(report.key))
        audit.record(session, None, "report.review_due", report.reference)
        return
    keep(session, report)
    (report.audience_id,) = network.stamp(session, [dates.read(row.marking, report.organisation_id)])
    if row.why == "embargo":
        _received(session, report, at)
    report.version += 1
    session.add(report)
    publish(session, ReportRemarked(report.key))
    audit.record(session, None, "report.remarked", report.reference, why=row.why, due_at=row.due_at.isoformat())


def waiting_for(session: Session, report_ids: list[int]) -> dict[int, list[Remarking]]:
    """The re-markings that these reports wait for."""
    found: dict[int, list[Remarking]] = {}
    if not report_ids:
        return found
    statement = select(Remarking).where(among(REMARKING.c.report_id), REMARKING.c.done_at.is_(None))
    for row in session.execute(statement.order_by(REMARKING.c.due_at), {"keys": report_ids}).scalars():
        found.setdefault(row.report_id, []).append(row)
    return found


def marking_view(known: Directory, audience: AudienceRow, waiting: Sequence[Remarking] = ()) -> MarkingView:
    """A marking as its owner sees it; under embargo, what it will be."""
    given = network.marking_of(audience)
    embargo = next((one for one in waiting if one.why == "embargo"), None)
    review = next((one for one in waiting if one.why == "review"), None)
    if embargo is not None and embargo.marking is not None:
        given = dates.read(embargo.marking, audience.originator_id)
    later = None
    if review is not None and review.marking is not None:
        later = SightView(**_names(known, dates.read(review.marking, audience.originator_id)))
    return MarkingView(
        **_names(known, given),
        embargo_until=embargo.due_at if embargo else None,
        review_at=review.due_at if review else None,
        review_to=later,
    )


def _names(known: Directory, marking: Marking) -> dict[str, Any]:
    persons = {key: login for login, (key, *_) in known.persons.items()}
    return {
        "tlp": str(marking.tlp),
        "attribution": str(marking.attribution),
        "organisations": sorted(known.parties[one].slug for one in marking.organisations),
        "groups": sorted(known.group_names[one][0] for one in marking.groups),
        "persons": sorted(persons[one] for one in marking.persons if one in persons),
    }
