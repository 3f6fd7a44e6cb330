"""The change feed: what came into this caller's sight, changed in it or left it since a cursor (docs/adr/0019)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import String, cast, delete, literal, or_, select
from sqlmodel import Session

from services import attachments, reports
from services.exchange import rights
from services.exchange.feed import GIVEN, REPORT, Feed, Found
from services.exchange.place import seal
from services.exchange.rights import Rights
from services.exchange.schemas import ChangePage, ChangeView
from services.kernel import db
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import ApiKey, Caller, Member
from services.reports import Giving, Report, ReportView

KEY = table(ApiKey)
MEMBER = table(Member)


def changes(session: Session, giving: Giving, caller: Caller, cursor: str | None, size: int) -> ChangePage:
    """A page of changes. What it gives is noted before it leaves: only of that will the reader hear that it lost it.

    Raises:
        BadCursor: the cursor was not given to this caller for this feed.
    """
    feed = Feed(session, caller, cursor)
    found = feed.take(size)
    views = _views(session, caller, [one.report_id for one in found if one.change == "given"])
    files = attachments.files_of(session, views)
    giving.note(session, caller, [one.reference for one in views.values()])
    giving.told(session, caller, [one.reference for one in found if one.change != "given"])
    new = [one for one in found if not one.noted]
    if new or not rights.known(session, feed.rights.digest):
        giving.also(partial(_keep, viewer=caller.viewer, new=new, held=feed.rights))
    listed = [
        ChangeView(
            change=one.change,
            reference=one.reference,
            report=views.get(one.report_id),
            attachments=files.get(one.report_id, []),
        )
        for one in found
    ]
    return ChangePage(changes=listed, cursor=seal(feed.place, caller.viewer), more=feed.more)


def forget_feeds(session: Session) -> int:
    """Forget what was given to keys that are revoked and persons that are erased, who ask for nothing more; of how many
    reports."""
    keys = select(literal("k") + cast(KEY.c.id, String)).where(KEY.c.revoked_at.is_not(None))
    persons = select(literal("m") + cast(MEMBER.c.id, String)).where(MEMBER.c.erased_at.is_not(None))
    gone = delete(GIVEN).where(or_(GIVEN.c.viewer.in_(keys), GIVEN.c.viewer.in_(persons)))
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _views(session: Session, caller: Caller, keys: Sequence[int]) -> dict[int, ReportView]:
    if not keys:
        return {}
    rows = session.execute(select(Report).where(among(REPORT.c.id)), {"keys": keys}).scalars().all()
    return {row.key: view for row, view in zip(rows, reports.views(session, caller, rows), strict=True)}


def _keep(session: Session, *, viewer: str, new: Sequence[Found], held: Rights) -> None:
    rights.keep(session, held)
    rows: list[dict[str, Any]] = [
        {"viewer": viewer, "report_id": one.report_id, "lost": None if one.change == "given" else one.lost}
        for one in sorted(new, key=lambda one: one.report_id)
    ]
    if rows:
        db.replace(session, GIVEN, rows)
