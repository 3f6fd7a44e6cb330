"""Notices: each told once, and found, counted and read by its reader alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlmodel import Session

from services.delivery.models import Notice
from services.delivery.schemas import NoticePage, NoticeView, What
from services.kernel import clock, db, ids, paging
from services.kernel.errors import NotFound
from services.kernel.model import table
from services.network import Caller

NOTICE = table(Notice)


class NoSuchNotice(NotFound):
    title = "No such notice"


@dataclass(frozen=True, slots=True)
class Told:
    """What one reader is to be told: what was done to which report, and when. Said again, it is told once."""

    reader: Caller
    what: What
    report_reference: str
    version: int
    at: datetime
    on_day: date | None = None


def tell(session: Session, told: Iterable[Told]) -> None:
    """Leave a notice for each of these readers, unless it is there already."""
    rows = [
        {
            "reference": ids.reference("NTC"),
            "viewer": one.reader.viewer,
            "organisation_id": one.reader.organisation_id,
            "member_id": one.reader.member_id,
            "key_id": one.reader.key_id,
            "what": one.what,
            "report_reference": one.report_reference,
            "version": one.version,
            "at": one.at,
            "on_day": one.on_day,
            "read_at": None,
        }
        # In one order for all, or two that tell the same wait for each other.
        for one in sorted(told, key=lambda one: (one.report_reference, one.version, one.reader.viewer, one.what))
    ]
    db.insert_new(session, NOTICE, rows, returning=("id",))


def tell_unless_waiting(session: Session, told: Sequence[Told]) -> None:
    """Leave these notices but to whom one of the same kind about the same thing waits unread: one says it for all."""
    if not told:
        return
    waiting = select(NOTICE.c.viewer, NOTICE.c.what, NOTICE.c.report_reference).where(
        NOTICE.c.read_at.is_(None), NOTICE.c.viewer.in_({one.reader.viewer for one in told})
    )
    held = {tuple(row) for row in session.execute(waiting).all()}
    tell(session, [one for one in told if (one.reader.viewer, one.what, one.report_reference) not in held])


def take_back(session: Session, reference: str, kinds: Sequence[What]) -> set[str]:
    """Delete the notices of these kinds about a thing that wait unread; the viewers who have read one stay told."""
    about = and_(NOTICE.c.report_reference == reference, NOTICE.c.what.in_(kinds))
    session.execute(delete(NOTICE).where(about, NOTICE.c.read_at.is_(None)))
    return set(session.execute(select(NOTICE.c.viewer).where(about)).scalars())


def notices(
    session: Session, caller: Caller, *, only_unread: bool = False, cursor: str | None = None, size: int = 50
) -> NoticePage:
    """The caller's notices, newest first."""
    where = [NOTICE.c.viewer == caller.viewer]
    if only_unread:
        where.append(NOTICE.c.read_at.is_(None))
    asked = paging.Asked(caller.viewer, f"notices:{only_unread}", cursor, size)
    statement = select(NOTICE).where(*where)
    rows, following = paging.latest_first(session, statement, (NOTICE.c.at, NOTICE.c.reference), asked)
    found = [_view(row) for row in rows]
    return NoticePage(notices=found, unread=unread(session, caller), next=following)


def _view(row: Any) -> NoticeView:
    return NoticeView(
        reference=row.reference,
        what=row.what,
        report=row.report_reference,
        at=row.at,
        on_day=row.on_day,
        read_at=row.read_at,
    )


def unread(session: Session, caller: Caller) -> int:
    """How many notices the caller has not read."""
    statement = select(func.count()).where(NOTICE.c.viewer == caller.viewer, NOTICE.c.read_at.is_(None))
    return int(session.execute(statement).scalar_one())


def read(session: Session, caller: Caller, reference: str) -> None:
    """Note that the caller has read a notice; the first time counts.

    Raises:
        NoSuchNotice: there is none, or it is another reader's.
    """
    mine = (NOTICE.c.reference == reference, NOTICE.c.viewer == caller.viewer)
    given = func.coalesce(NOTICE.c.read_at, clock.now(), type_=NOTICE.c.read_at.type)
    done = session.execute(update(NOTICE).where(*mine).values(read_at=given).returning(NOTICE.c.id)).first()
    if done is None:
        raise NoSuchNotice("There is no such notice, or it is not yours.")


def told_to(session: Session, member_id: int) -> list[NoticeView]:
    """All notices of a person, the earliest first: for the export of what is held on it."""
    ordered = select(NOTICE).where(NOTICE.c.member_id == member_id).order_by(NOTICE.c.at, NOTICE.c.reference)
    return [_view(row) for row in session.execute(ordered).all()]


def forget(session: Session, member_id: int, login: str) -> None:
    """Delete the notices of a person that is erased, and those that name it to others."""
    names_it = and_(NOTICE.c.what.in_(("factor_reset", "reader_made")), NOTICE.c.report_reference == login)
    session.execute(delete(NOTICE).where(or_(NOTICE.c.member_id == member_id, names_it)))
