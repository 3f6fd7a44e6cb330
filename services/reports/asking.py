"""Requests for more sight: made by whoever reads a report, decided by its owner, refused by silence (docs/adr/0012)."""

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, update
from sqlmodel import Session

from services import network, screening
from services.kernel import audit, clock, db, ids, paging
from services.kernel.bulk import among
from services.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.kernel.model import table
from services.network import Caller, Directory, Member, Tlp
from services.reports.asking_schemas import Decision, NewRequest, RequestPage, RequestView
from services.reports.models import ReleaseRequest, Report
from services.reports.ownership import AUDIENCE, REPORT, NoSuchReport, own, owned, owns, refuse_emptied, there_for
from services.reports.remarking import remark
from services.reports.service import get
from services.reports.showing import words_of
from services.reports.tear_lines import put_line

REQUEST = table(ReleaseRequest)
MEMBER = table(Member)
SILENCE = timedelta(days=14)
AT_ONCE = 200
OPEN, GRANTED, REFUSED, LAPSED = "open", "granted", "refused", "lapsed"
ORIGINAL = "original"
ASKED_BY = {"tear_line": "tear-lines:ask", ORIGINAL: "originals:ask"}  # what else whoever asks for them needs
Box = Literal["in", "out"]


class NoSuchRequest(NotFound):
    title = "No such request"


class AskedAlready(Conflict):
    title = "Your organisation has asked for this already"


class PersonsOnly(Forbidden):
    title = "The original is granted to a person"


class NothingCovered(Conflict):
    title = "Nothing in the report is covered"


class AlreadyDecided(Conflict):
    title = "The request is decided"


def ask(session: Session, caller: Caller, reference: str, given: NewRequest) -> RequestView:
    """File a request about a report that the caller reads and does not own.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is the caller's own.
        AskedAlready: the caller's organisation has an open request of this kind about it; for an original, the caller.
        PersonsOnly: a key asks for an original.
        NothingCovered: the original says nothing that the caller does not read already.
    """
    report = get(session, caller, reference)
    label = session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    if report.withdrawn_at is not None or owns(caller, report, red=label == Tlp.RED):
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    refuse_emptied(report)
    if given.kind == ORIGINAL:
        _refuse_original(caller, report)
    now = clock.now()
    _settle(session, now, REQUEST.c.report_id == report.key)  # one that is over by now stands in nobody's way
    row = {
        "reference": ids.reference("REQ"),
        "report_id": report.key,
        "kind": given.kind,
        "organisation_id": caller.organisation_id,
        "member_id": caller.member_id,
        "key_id": caller.key_id,
        "wanted": given.wanted,
        "reason": given.reason,
        "state": OPEN,
        "made_at": now,
        "due_at": now + SILENCE,
        "answer": "",
    }
    if not db.insert_new(session, REQUEST, [row], returning=("id",)):
        raise AskedAlready("It waits for its answer: see GET /v1/requests?box=out.")
    audit.record(session, caller, "request.made", str(row["reference"]), report=report.reference, kind=given.kind)
    found = session.execute(_joined().where(REQUEST.c.reference == row["reference"])).one()
    return _view(network.directory(session), caller, found, now)


def _refuse_original(caller: Caller, report: Report) -> None:
    if caller.member_id is None:
        raise PersonsOnly("Let the analyst who is to read it ask, signed in as that person.")
    words = words_of(report, mine=False)
    if not words.masked and not words.cleaned:
        raise NothingCovered("Title and text are as they came.")


def asked(session: Session, caller: Caller, box: Box, *, cursor: str | None = None, size: int = 50) -> RequestPage:
    """The requests about the caller's own reports (`in`), or those of its organisation (`out`), the latest first."""
    statement = _joined().where(_in(caller) if box == "in" else _out(session, caller))
    wanted = paging.Asked(caller.viewer, f"requests:{box}", cursor, size)
    rows, following = paging.latest_first(session, statement, (REQUEST.c.made_at, REQUEST.c.reference), wanted)
    known, now = network.directory(session), clock.now()
    return RequestPage(requests=[_view(known, caller, row, now) for row in rows], next=following)


def incoming(session: Session, caller: Caller, reference: str) -> RequestView:
    """One request about a report of the caller's own, or NoSuchRequest: hidden and missing are one."""
    found = session.execute(_joined().where(REQUEST.c.reference == reference, _in(caller))).first()
    if found is None:
        raise NoSuchRequest("There is no such request, or it is not yours to decide.")
    return _view(network.directory(session), caller, found, clock.now())


def decide(session: Session, caller: Caller, reference: str, given: Decision) -> RequestView:
    """Grant or refuse a request about a report of one's own; granting marks the report, gives it its tear-line, or lets
    the person who asked read the original of this revision.

    Raises:
        NoSuchRequest: it does not exist, or is about a report that is not the caller's.
        AlreadyDecided: it was decided, refused by silence, or has lapsed.
    """
    found = incoming(session, caller, reference)
    wanted = {"release": "marking", "tear_line": "tear_line"}.get(found.kind)
    for name in ("marking", "tear_line"):
        needed = given.granted and name == wanted
        if needed != (getattr(given, name) is not None):
            rule = "Granting does it in the same act: give it." if needed else "Leave it out: this answer takes none."
            raise Invalid(rule, field=name)
    report = own(session, caller, found.report)  # locked: of two who decide at once the second finds it decided
    locked = select(ReleaseRequest).where(REQUEST.c.reference == reference).with_for_update()
    row = session.execute(locked.execution_options(populate_existing=True)).scalar_one()
    now = clock.now()
    state = state_of(row, report.withdrawn_at, network.directory(session), now)
    if state != OPEN:
        raise AlreadyDecided(f"It is {state}.", state=state)
    if given.marking is not None:
        remark(session, caller, report.reference, given.marking)
    if given.tear_line is not None:
        put_line(session, caller, report.reference, given.tear_line, at="tear_line.marking")
    row.state = GRANTED if given.granted else REFUSED
    if given.granted and row.kind == ORIGINAL:
        row.revision = report.revision
    row.answer, row.decided_at, row.decided_by = given.answer, now, caller.member_id
    session.add(row)
    session.flush()
    audit.record(session, caller, f"request.{row.state}", reference, report=report.reference, kind=row.kind)
    return found.model_copy(update={"state": row.state, "answer": row.answer, "decided_at": now})


def state_of(row: Any, withdrawn_at: datetime | None, known: Directory, at: datetime) -> str:
    """What a request is at an instant, whether or not the clock has written it down yet."""
    if row.state != OPEN:
        return str(row.state)
    if withdrawn_at is not None or known.parties[row.organisation_id].state == "left":
        return LAPSED
    return REFUSED if row.due_at <= at else OPEN


def requests_due(session: Session, at: datetime) -> int:
    """Write down which open requests are refused by silence or have lapsed; returns how many."""
    return _settle(session, at)


def _settle(session: Session, at: datetime, *where: ColumnElement[bool]) -> int:
    known = network.directory(session)
    left = [one.id for one in known.parties.values() if one.state == "left"]
    done = 0
    for row in session.execute(_OVER.where(*where), {"at": at, "left": left}).all():
        state = state_of(row, row.withdrawn_at, known, at)
        taken = session.execute(
            update(REQUEST)
            .where(REQUEST.c.reference == row.reference, REQUEST.c.state == OPEN)
            .values(state=state, decided_at=at)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            audit.record(session, None, f"request.{state}", row.reference, report=row.report, kind=row.kind)
            done += 1
    return done


_OF_REPORT = (
    REPORT.c.reference.label("report"),
    REPORT.c.withdrawn_at,
    REPORT.c.organisation_id.label("owner_id"),
)


def _joined() -> Select[Any]:
    return (
        select(REQUEST, *_OF_REPORT, MEMBER.c.name.label("person"))
        .join(REPORT, REPORT.c.id == REQUEST.c.report_id)
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .outerjoin(MEMBER, and_(MEMBER.c.id == REQUEST.c.member_id, MEMBER.c.erased_at.is_(None)))
    )


_OVER = (
    _joined()
    .where(
        REQUEST.c.state == OPEN,
        or_(
            REQUEST.c.due_at <= bindparam("at"),
            REPORT.c.withdrawn_at.is_not(None),
            among(REQUEST.c.organisation_id, "left"),
        ),
    )
    .order_by(REQUEST.c.id)
    .limit(AT_ONCE)
)


def _in(caller: Caller) -> ColumnElement[bool]:
    return owned(caller) & there_for(caller)


def _out(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Those of the caller's organisation that the caller made, or about a report that the caller sees too: of RED a
    colleague who is not named learns nothing."""
    made: ColumnElement[bool] = REQUEST.c.key_id == caller.key_id
    if caller.member_id is not None:
        made = REQUEST.c.member_id == caller.member_id
    seen = REPORT.c.audience_id.in_(network.visible(session, caller))
    return (REQUEST.c.organisation_id == caller.organisation_id) & or_(made, seen) & there_for(caller)


def _view(known: Directory, caller: Caller, row: Any, now: datetime) -> RequestView:
    """A request as it stands. Who hides its membership is named too: it has chosen to ask the owner."""
    party = known.parties[row.organisation_id]
    state = state_of(row, row.withdrawn_at, known, now)
    asked_by_us = row.organisation_id == caller.organisation_id
    answered_by_us = row.owner_id == caller.organisation_id
    return RequestView(
        reference=row.reference,
        report=row.report,
        kind=row.kind,
        wanted=screening.as_read(row.wanted, own=asked_by_us),
        reason=screening.as_read(row.reason, own=asked_by_us),
        asked_by=party.slug,
        asked_by_name=party.name(caller.language),
        person=row.person if row.kind == ORIGINAL else None,
        state=state,
        answer=screening.as_read(row.answer, own=answered_by_us),
        made_at=row.made_at,
        due_at=row.due_at,
        decided_at=row.decided_at if row.decided_at or state == OPEN else min(row.due_at, now),
    )
