"""What an owner is told of its report by digests: the released editions, among those it may open, that hold it."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_
from sqlmodel import Session

from services import network
from services.dialogue import EditionNamed, Step
from services.digests.models import Block, Edition
from services.digests.releasing import listed
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
