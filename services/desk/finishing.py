"""An analyst is done with a report, for the whole of its organisation's desk; or not after all (docs/adr/0028)."""

from sqlalchemy import delete, select
from sqlmodel import Session

from services import reports, tagging
from services.desk.models import DeskDone
from services.desk.queue import DONE, may_decide
from services.desk.reasons import REPORT
from services.desk.schemas import Done
from services.kernel import audit, clock
from services.kernel.model import table
from services.network import Caller, Member
from services.reports import Report

MEMBER = table(Member)


def finish(session: Session, caller: Caller, reference: str, *, revision: int) -> Done:
    """Put on record that the caller's desk is done with this revision of a report: it leaves the queue of all of them.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is withdrawn.
        AlreadyEmptied: its words are gone.
        NotYoursToDecide: the caller is neither of a secretariat nor of whoever told it.
        RevisedMeanwhile: it says something else now.
    """
    report = to_decide(session, caller, reference, lock=True)
    tagging.as_read(report, revision)
    row = DeskDone(
        report_id=report.key,
        organisation_id=caller.organisation_id or 0,
        revision=revision,
        member_id=caller.member_id or 0,
        done_at=clock.now(),
    )
    session.merge(row)
    session.flush()
    audit.record(session, caller, "report.desk_done", reference, revision=revision)
    return done_by(session, caller, report)


def take_up(session: Session, caller: Caller, reference: str) -> Done:
    """Put a report back into the queue of the caller's desk. Raises: as `finish`."""
    report = to_decide(session, caller, reference, lock=True)
    own = (DONE.c.report_id == report.key, DONE.c.organisation_id == caller.organisation_id)
    session.execute(delete(DONE).where(*own))
    audit.record(session, caller, "report.desk_taken_up", reference, revision=report.revision)
    return done_by(session, caller, report)


def to_decide(session: Session, caller: Caller, reference: str, *, lock: bool = False) -> Report:
    """A report that stands, and whose tags are the caller's to correct. Raises: as `finish`."""
    report = reports.standing_report(session, caller, reference)
    if lock:
        reports.lock(session, [report.key])
        session.refresh(report)
        report = reports.standing_report(session, caller, reference)
    mine = select(REPORT.c.id).where(REPORT.c.id == report.key, may_decide(session, caller))
    if session.execute(mine).first() is None:
        raise tagging.NotYoursToDecide("Others' reports lie on the secretariat's desk: write to it.")
    return report


def done_by(session: Session, caller: Caller, report: Report) -> Done:
    """By whom the caller's own desk is done with the present revision of a report; by nobody: it is not."""
    own = (DONE.c.report_id == report.key, DONE.c.organisation_id == caller.organisation_id)
    statement = select(MEMBER.c.name, DONE.c.done_at).join(MEMBER, MEMBER.c.id == DONE.c.member_id)
    row = session.execute(statement.where(*own, DONE.c.revision == report.revision)).first()
    return Done(reference=report.reference, person=row.name if row else None, at=row.done_at if row else None)
