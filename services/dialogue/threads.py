"""Threads: what those who see a report write to each other about it, never beyond those who saw it then and see it now.

docs/adr/0022
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from services import delivery, network, reports, screening
from services.delivery import Told
from services.dialogue.models import ThreadClosed, ThreadMessage
from services.dialogue.thread_schemas import MessageIn, MessageView, ThreadState, ThreadView
from services.kernel import audit, clock, db, ids, paging
from services.kernel.errors import Conflict, NotFound
from services.kernel.model import table
from services.network import AudienceRow, Caller, Tlp
from services.reports import Report

MESSAGE = table(ThreadMessage)
CLOSED = table(ThreadClosed)
AUDIENCE = table(AudienceRow)


class ThreadIsClosed(Conflict):
    title = "The thread is closed"


class NoSuchMessage(NotFound):
    title = "No such message"


def thread(
    session: Session, caller: Caller, reference: str, *, cursor: str | None = None, size: int = 50
) -> ThreadView:
    """The messages about a report that the caller sees, of those written when it could have seen the report.

    Raises:
        NoSuchReport: it is not there for the caller.
    """
    report = reports.get(session, caller, reference)
    statement = select(MESSAGE).where(
        MESSAGE.c.report_id == report.key, MESSAGE.c.audience_id.in_(network.visible(session, caller))
    )
    if report.recalled_at is not None or report.emptied_at is not None:
        statement = statement.where(MESSAGE.c.id.is_(None))  # the words are on their way out
    asked = paging.Asked(caller.viewer, f"thread:{report.reference}", cursor, size)
    rows, following = paging.latest_first(session, statement, (MESSAGE.c.made_at, MESSAGE.c.reference), asked)
    made = _views(session, caller, report, rows)
    return ThreadView(report=report.reference, closed=_closed(session, report), messages=made, next=following)


def write(session: Session, caller: Caller, reference: str, given: MessageIn) -> MessageView:
    """Write about a report that the caller sees; its owner and whoever has written are told, without content.

    Raises:
        NoSuchReport: it is not there for the caller, or is withdrawn.
        ThreadIsClosed: its owner has closed the thread.
    """
    report = reports.standing_report(session, caller, reference)
    if _closed(session, report):
        raise ThreadIsClosed("The owner of the report has closed it: nobody writes there.")
    row = ThreadMessage(
        reference=ids.reference("MSG"),
        report_id=report.key,
        audience_id=report.audience_id,
        text=given.text,
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id,
        key_id=caller.key_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    reports.worked_on(session, caller, report)
    told = [
        Told(one, "thread_message", report.reference, row.key, row.made_at)
        for one in _participants(session, report)
        if one.viewer != caller.viewer
    ]
    delivery.tell_unless_waiting(session, told)
    audit.record(session, caller, "thread.written", row.reference, report=report.reference)
    return _views(session, caller, report, [row])[0]


def take_back(session: Session, caller: Caller, reference: str, message: str) -> None:
    """Delete a message that the caller wrote.

    Raises:
        NoSuchMessage: there is none, or somebody else wrote it.
    """
    report = reports.get(session, caller, reference)
    row = session.execute(
        select(MESSAGE).where(MESSAGE.c.report_id == report.key, MESSAGE.c.reference == message)
    ).first()
    if row is None or not _wrote(caller, row):
        raise NoSuchMessage("There is no such message, or it is not yours.")
    session.execute(delete(MESSAGE).where(MESSAGE.c.id == row.id))
    audit.record(session, caller, "thread.taken_back", message, report=report.reference)


def close(session: Session, caller: Caller, reference: str, state: ThreadState) -> None:
    """Close the thread about one of the caller's own reports, or open it again."""
    report = reports.own(session, caller, reference)
    if state.closed:
        row = {"report_id": report.key, "at": clock.now()}
        db.insert_new(session, CLOSED, [row], returning=("report_id",))
    else:
        session.execute(delete(CLOSED).where(CLOSED.c.report_id == report.key))
    audit.record(session, caller, "thread.closed" if state.closed else "thread.opened", report.reference)


def _closed(session: Session, report: Report) -> bool:
    return session.execute(select(CLOSED.c.at).where(CLOSED.c.report_id == report.key)).first() is not None


def _views(session: Session, caller: Caller, report: Report, rows: list[Any]) -> list[MessageView]:
    """Who wrote is under the attribution of the report, then and now; of others, told as far as membership is known."""
    known = network.directory(session)
    may_know = network.known_to(known, caller) | {caller.organisation_id}
    wanted = {report.audience_id, *(row.audience_id for row in rows)}
    audiences = session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(wanted))).scalars()
    shown = network.shown_to(session, caller, audiences)
    made = []
    for row in rows:
        originator = row.organisation_id == report.organisation_id
        named = row.organisation_id in may_know
        if originator:
            named = _attributed(shown, report.audience_id, row.audience_id)
        party = known.parties[row.organisation_id] if named else None
        made.append(
            MessageView(
                reference=row.reference,
                by="originator" if originator else "reader",
                organisation=party.slug if party else None,
                organisation_name=party.name(caller.language) if party else None,
                mine=_wrote(caller, row),
                text=row.text if row.organisation_id == caller.organisation_id else screening.told(row.text),
                made_at=row.made_at,
            )
        )
    return made


def _attributed(shown: Mapping[int, network.Shown], *audiences: int) -> bool:
    return all(shown[one].originator for one in audiences)


def _wrote(caller: Caller, row: Any) -> bool:
    return bool(
        Caller(row.organisation_id, member_id=row.member_id, key_id=row.key_id).viewer == caller.viewer
        and row.organisation_id == caller.organisation_id
    )


def _participants(session: Session, report: Report) -> list[Caller]:
    """Whoever has written about a report and still sees it and can act, and its owner; of RED persons only."""
    audience = session.execute(select(AudienceRow).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    acting = network.acting(MESSAGE.c.member_id, MESSAGE.c.key_id, at=clock.now())
    wrote = select(MESSAGE.c.organisation_id, MESSAGE.c.member_id, MESSAGE.c.key_id).distinct()
    rows = session.execute(wrote.where(MESSAGE.c.report_id == report.key, acting)).all()
    known, open_to = network.directory(session), network.audience_of(audience)
    found = {
        one.viewer: one
        for one in (Caller(row.organisation_id, member_id=row.member_id, key_id=row.key_id) for row in rows)
        if network.sees(known.claims(one.organisation_id, one.member_id), open_to)
    }
    found |= {one.viewer: one for one in reports.owners_of(session, report)}
    return [one for one in found.values() if audience.tlp != Tlp.RED or one.member_id is not None]
