"""What is left of the tags of an emptied report: the codes, without the words that led to them (docs/adr/0016)."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlmodel import Session

from services.kernel import db
from services.kernel.bulk import among
from services.tagging.indexing import forget_words
from services.tagging.nearby import BAND, REPORT, TAGGING
from services.tagging.service import TAG

_EMPTIED = select(REPORT.c.id).where(among(REPORT.c.id), REPORT.c.emptied_at.is_not(None))


def to_bare(session: Session, subjects: Sequence[int]) -> list[int]:
    """Those of these reports that were emptied."""
    return list(session.execute(_EMPTIED, {"keys": subjects}).scalars())


def bare(session: Session, report_ids: Sequence[int]) -> None:
    """Take the spans from their tags, the words that find them, and the sketch that finds near duplicates; links
    stay."""
    for some in db.batches(sorted(report_ids), 500):
        session.execute(update(TAG).where(TAG.c.report_id.in_(some)).values(spans=[]))
        session.execute(update(TAGGING).where(TAGGING.c.report_id.in_(some)).values(signature=b"", numbers=b""))
        session.execute(delete(BAND).where(BAND.c.report_id.in_(some)))
    forget_words(session, report_ids)
    db.wash(session)
