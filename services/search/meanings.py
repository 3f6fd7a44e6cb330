"""What reports mean, kept beside them: made by the clock behind live work, and gone when their words go."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, select
from sqlmodel import Session

from services import reports, screening, tagging
from services.kernel import db
from services.kernel.model import table
from services.reports import Report
from services.search import encoding
from services.search.constants import shipped
from services.search.models import Meaning
from services.tagging import Tagging

REPORT = table(Report)
TAGGING = table(Tagging)
MEANING = table(Meaning)
AT_ONCE = 5  # a third of a second each
MOST_AT_A_LOOK = 25  # or other jobs of the clock would wait


def made_by() -> str:
    """What makes a meaning now: any other is made anew."""
    return f"{shipped().version}:{screening.version()}"


def meanings_due(session: Session) -> list[list[int]]:
    """Reports that were tagged and have no meaning of this revision, the newest first, in chunks for `make`; none
    where the model is not installed."""
    if not encoding.installed():
        return []
    tagged = and_(TAGGING.c.report_id == REPORT.c.id, TAGGING.c.revision == REPORT.c.revision)
    held = and_(
        MEANING.c.report_id == REPORT.c.id, MEANING.c.revision == REPORT.c.revision, MEANING.c.made_by == made_by()
    )
    statement = (
        select(REPORT.c.id)
        .join(TAGGING, tagged)
        .outerjoin(MEANING, held)
        .where(REPORT.c.withdrawn_at.is_(None), REPORT.c.emptied_at.is_(None), MEANING.c.report_id.is_(None))
        .where(TAGGING.c.screened == screening.version())
        .order_by(REPORT.c.id.desc())
        .limit(MOST_AT_A_LOOK)
    )
    return list(db.batches(list(session.execute(statement).scalars()), AT_ONCE))


def make(report_ids: Sequence[int]) -> None:
    """Find out what these reports mean, with no lock held, and keep it for those that are still as they were."""
    encode = encoding.encoder()
    if encode is None:
        return
    with db.reading() as session:
        rows = session.execute(select(Report).where(REPORT.c.id.in_(report_ids))).scalars().all()
        spoken = tagging.languages_of(session, report_ids)
        told = {row.key: (row.revision, reports.words_of(row, mine=False)) for row in rows}
    by = made_by()
    made = {
        key: {
            "report_id": key,
            "revision": revision,
            "made_by": by,
            "vector": shipped().placed(encode(f"{words.title}\n{words.text}", False), spoken.get(key, "")),
        }
        for key, (revision, words) in told.items()
    }
    with db.transaction() as session:
        reports.lock(session, list(made))
        standing = and_(REPORT.c.withdrawn_at.is_(None), REPORT.c.emptied_at.is_(None))
        now = session.execute(select(REPORT.c.id, REPORT.c.revision).where(REPORT.c.id.in_(list(made)), standing)).all()
        same = [made[row.id] for row in now if made[row.id]["revision"] == row.revision]
        if same:
            db.replace(session, MEANING, same)


def forget_meanings(session: Session, report_ids: Sequence[int]) -> None:
    """Keep nothing of what these reports mean."""
    for some in db.batches(sorted(report_ids), 500):
        session.execute(delete(MEANING).where(MEANING.c.report_id.in_(some)))


def current() -> Any:
    """Whether a row of the table is of the report's present revision, numbers and rules."""
    return and_(
        MEANING.c.report_id == REPORT.c.id, MEANING.c.revision == REPORT.c.revision, MEANING.c.made_by == made_by()
    )
