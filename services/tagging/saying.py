"""Finding reports by their words: by what a reader is given of them, never by what is covered (docs/adr/0018, 0029)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select, union_all
from sqlmodel import Session

from services import reports, screening
from services.network import Caller
from services.tagging.indexing import holding
from services.tagging.nearby import REPORT, TAGGING
from services.texts import WantedWord, in_any_form, query_words

_NAMED = REPORT.alias("named")


def said(session: Session, caller: Caller, query: str) -> ColumnElement[bool]:
    """Whether a report has all words of a query, each in any of its forms, or is named by it. To its owner as it came
    too; to others as they read it, once it has been screened by the rules in force. From when it was tagged on."""
    screened = exists().where(
        TAGGING.c.report_id == REPORT.c.id,
        TAGGING.c.revision == REPORT.c.revision,
        TAGGING.c.screened == screening.version(),
    )
    wanted = in_any_form(query_words(query))
    reference = query.strip().upper()
    named = select(_NAMED.c.id).where(_NAMED.c.reference == reference)
    # What says nothing new, and lets the database begin with these few and not with all that the caller sees.
    any_of = REPORT.c.id.in_(union_all(holding(session, wanted, own=True), named))
    told = and_(REPORT.c.id.in_(holding(session, wanted, own=False)), screened)
    return and_(any_of, or_(REPORT.c.reference == reference, _own(session, caller, wanted), told))


def has(session: Session, caller: Caller, wanted: Sequence[WantedWord]) -> ColumnElement[bool]:
    """Whether a report that `said` has found has all these words, for the same reader."""
    return or_(_own(session, caller, wanted), REPORT.c.id.in_(holding(session, wanted, own=False)))


def _own(session: Session, caller: Caller, wanted: Sequence[WantedWord]) -> ColumnElement[bool]:
    return and_(reports.owned_alone(caller), REPORT.c.id.in_(holding(session, wanted, own=True)))
