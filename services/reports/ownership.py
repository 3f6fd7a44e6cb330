"""Whose a report is: the organisation that handed it in; what is RED, the person's or key's alone (docs/adr/0012)."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlmodel import Session

from services import network
from services.kernel import clock
from services.kernel.errors import Conflict, NotFound
from services.kernel.model import table
from services.network import AudienceRow, Caller, Tlp
from services.reports.models import Report

REPORT = table(Report)
AUDIENCE = table(AudienceRow)


class NoSuchReport(NotFound):
    title = "No such report"


class NotYourReport(network.ScopeMissing):
    title = "Not your report"


class AlreadyWithdrawn(Conflict):
    title = "The report is withdrawn"


class AlreadyEmptied(Conflict):
    title = "The report is emptied"


def refuse_emptied(report: Report) -> None:
    """Refuse new words for what a retention rule has emptied."""
    if report.emptied_at is not None:
        raise AlreadyEmptied("A retention rule has taken its words: send a new report.")


def there_for(caller: Caller) -> ColumnElement[bool]:
    """Whether a report is there at all for this caller: for a test key, what is no test is not."""
    return REPORT.c.status == "test" if caller.test_only else true()


def owns(caller: Caller, report: Report, *, red: bool) -> bool:
    """Whether this report, now RED or not, is the caller's to change."""
    if report.organisation_id != caller.organisation_id:
        return False
    if not red:
        return True
    if caller.member_id is not None:
        return report.member_id == caller.member_id
    return caller.key_id is not None and report.member_id is None and report.key_id == caller.key_id


def owned(caller: Caller) -> ColumnElement[bool]:
    """`owns` as SQL, over report joined with audience."""
    person = _handed_in_by(caller)
    return and_(REPORT.c.organisation_id == caller.organisation_id, or_(AUDIENCE.c.tlp != str(Tlp.RED), person))


def _handed_in_by(caller: Caller) -> ColumnElement[bool]:
    if caller.member_id is not None:
        return REPORT.c.member_id == caller.member_id
    if caller.key_id is not None:
        return and_(REPORT.c.member_id.is_(None), REPORT.c.key_id == caller.key_id)
    return false()


def owned_alone(caller: Caller) -> ColumnElement[bool]:
    """`owned` over report alone, for whoever joins no audience to it."""
    red = REPORT.c.audience_id.in_(select(AUDIENCE.c.id).where(AUDIENCE.c.tlp == str(Tlp.RED)))
    return and_(REPORT.c.organisation_id == caller.organisation_id, or_(~red, _handed_in_by(caller)))


def left_behind(session: Session, caller: Caller) -> ColumnElement[bool]:
    """RED that the caller, a focal point, may take back: its owner, of the same organisation, can act no more."""
    if not network.is_focal_point(session, caller):
        return false()
    acts = network.acting(REPORT.c.member_id, REPORT.c.key_id, at=clock.now())
    return and_(REPORT.c.organisation_id == caller.organisation_id, AUDIENCE.c.tlp == str(Tlp.RED), ~acts)


def own(
    session: Session,
    caller: Caller,
    reference: str,
    *,
    withdrawn: bool = False,
    lock: bool = True,
    take_back: bool = False,
) -> Report:
    """The caller's own report, locked unless it is only read. Owning needs no sight: a key has none of the RED it sent.

    `take_back`: also RED that nobody else can take back any more, of which its caller must be told no word.

    Raises:
        NoSuchReport: it is neither the caller's nor seen by the caller: hidden and missing are one.
        NotYourReport: the caller sees it, and may not change it.
        AlreadyWithdrawn: it is withdrawn, and `withdrawn` is not asked for.
    """
    seen = network.visible(session, caller)
    mine = owned(caller)
    if take_back:
        mine = or_(mine, left_behind(session, caller))
    statement = (
        select(Report, mine.label("owned"))
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .where(REPORT.c.reference == reference, or_(REPORT.c.audience_id.in_(seen), mine), there_for(caller))
    )
    found = session.execute(statement).first()
    if found is None or (found.Report.withdrawn_at is not None and not found.owned):
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    if not found.owned:
        raise NotYourReport("Only its owner may change it.")
    report: Report = found.Report
    if lock:
        session.refresh(report, with_for_update=True)
    if report.withdrawn_at is not None and not withdrawn:
        raise AlreadyWithdrawn("A withdrawn report cannot be changed: send a new one.")
    return report
