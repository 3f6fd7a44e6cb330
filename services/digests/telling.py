"""What an owner is told of its report by digests: the released editions, among those it may open, that hold it."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import Session

from services import network
from services.dialogue import EditionNamed, Step
from services.digests.models import Block, Edition
from services.digests.releasing import listed
from services.kernel import db
from services.kernel.model import table
from services.network import Caller
from services.reports import Report

EDITION = table(Edition)
BLOCK = table(Block)
MOST = 50


def steps(session: Session, caller: Caller, report: Report) -> Iterator[Step]:
    """Its steps, for a report that the caller owns and sees: the first editions that took up its words, or that count
    it among what came in their period."""
    if not network.claims(session, caller):
        return
    words = exists().where(BLOCK.c.edition_id == EDITION.c.id, BLOCK.c.report_id == report.key)
    day = report.received_at.date()
    came = [EDITION.c.start <= day, EDITION.c.end >= day, EDITION.c.cut_off >= report.received_at]
    if report.withdrawn_at is not None:
        came.append(EDITION.c.frozen_at <= report.withdrawn_at)
    statement = (
        listed(caller)
        .add_columns(words.label("by_words"))
        .where(EDITION.c.released_at.is_not(None), or_(words, and_(*came)))
        .order_by(EDITION.c.frozen_at, EDITION.c.reference)
        .limit(MOST)
    )
    for row in session.execute(statement).all():
        named = EditionNamed(reference=row.reference, name=row.name, grain=row.grain, start=row.start, end=row.end)
        yield Step(step="used", at=row.released_at, edition=named, by_words=row.by_words)


def moments(session: Session, caller: Caller, report_ids: Collection[int]) -> dict[int, datetime]:
    """When these reports, which the caller sees, first stood in an edition that was released to it."""
    found: dict[int, datetime] = {}
    if not network.claims(session, caller):
        return found
    editions = listed(caller).where(EDITION.c.released_at.is_not(None)).subquery()
    for some in db.batches(sorted(report_ids), 500):
        rows = session.execute(
            select(BLOCK.c.report_id, func.min(EDITION.c.released_at).label("at"))
            .join(EDITION, EDITION.c.id == BLOCK.c.edition_id)
            .where(BLOCK.c.report_id.in_(some), EDITION.c.reference.in_(select(editions.c.reference)))
            .group_by(BLOCK.c.report_id)
        ).all()
        found |= {row.report_id: row.at for row in rows}
    return found
