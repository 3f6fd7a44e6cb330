"""Finding reports by their words: by what a reader is given of them, never by what is covered (docs/adr/0018)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session

from services import reports, screening
from services.kernel import db
from services.network import Caller
from services.tagging.answers import WORDS
from services.tagging.nearby import REPORT, TAGGING


def said(session: Session, caller: Caller, word: str) -> ColumnElement[bool]:
    """Whether a report says this: to its owner as it came, to others as they read it, once it has been screened; what
    was written in its answers to all as others read it."""

    def holds(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return db.uncased(session, column).icontains(word, autoescape=True)

    screened = exists().where(
        TAGGING.c.report_id == REPORT.c.id,
        TAGGING.c.revision == REPORT.c.revision,
        TAGGING.c.screened == screening.version(),
    )
    answered = exists().where(WORDS.c.report_id == REPORT.c.id, holds(WORDS.c.text))
    as_it_came = or_(holds(REPORT.c.title), holds(REPORT.c.text))
    as_it_is_read = or_(holds(REPORT.c.told), and_(REPORT.c.told.is_(None), as_it_came))
    return or_(and_(reports.owned_alone(caller), as_it_came), and_(or_(as_it_is_read, answered), screened))
