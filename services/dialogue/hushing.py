"""Destroying what was said about reports whose words are gone: by recall, or by a retention rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlmodel import Session

from services import reports
from services.dialogue.inquiring import ANSWER, INQUIRY
from services.dialogue.status import OUTCOME
from services.dialogue.threads import MESSAGE
from services.kernel import clock, db


@dataclass(frozen=True, slots=True)
class Hush:
    """The reports whose words are gone."""

    subjects: list[int]


def to_hush(session: Session, subjects: Sequence[int]) -> Hush:
    """Those of these reports whose words are gone."""
    return Hush(sorted(reports.wordless(session, list(subjects))))


def hush(session: Session, planned: Hush) -> None:
    """Delete messages and outcomes told of them, and take the words of questions about them: these repeat what the
    report said."""
    for some in db.batches(planned.subjects, 500):
        session.execute(delete(MESSAGE).where(MESSAGE.c.report_id.in_(some)))
        session.execute(delete(OUTCOME).where(OUTCOME.c.report_id.in_(some)))
        about = INQUIRY.c.report_id.in_(some)
        asked = select(INQUIRY.c.id).where(about)
        session.execute(update(ANSWER).where(ANSWER.c.inquiry_id.in_(asked)).values(text=""))
        session.execute(
            update(INQUIRY).where(about, INQUIRY.c.ended_at.is_(None)).values(ended_at=clock.now(), ended_as="closed")
        )
        session.execute(update(INQUIRY).where(about).values(question="", why="", note=""))
    db.wash(session)
