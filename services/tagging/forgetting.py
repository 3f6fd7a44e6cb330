"""Analysts' reasons go with the words that they were about (docs/adr/0016)."""

from collections.abc import Sequence

from sqlalchemy import or_, update
from sqlmodel import Session

from services.kernel import db
from services.kernel.model import table
from services.tagging.models import TagDecision
from services.tagging.pairs import PAIR

TAG_DECISION = table(TagDecision)


def forget(session: Session, report_ids: Sequence[int]) -> None:
    """Empty the reasons of what was decided about these reports, and what tells of the words that were read. It is for
    the caller to wash."""
    for some in db.batches(sorted(report_ids), 500):
        session.execute(update(PAIR).where(or_(PAIR.c.low.in_(some), PAIR.c.high.in_(some))).values(reason=""))
        said = update(TAG_DECISION).where(TAG_DECISION.c.report_id.in_(some))
        session.execute(said.values(reason="", words="", spans=[]))
