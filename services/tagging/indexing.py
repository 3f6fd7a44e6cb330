"""The one index of words by which reports are found, and looking into it (docs/adr/0029).

Whether a report has a word is told by that report's words alone: nothing here counts, over whatever reports, so no rank
made of it can tell of one that is hidden.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, column, delete, false, insert, literal_column, or_, select
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session

from services.kernel import db
from services.kernel.model import table
from services.screening import Reading
from services.tagging import answers
from services.tagging.answers import Named
from services.tagging.models import FoundBy
from services.texts import WantedWord, index_words

FOUND_BY = table(FoundBy)
Documents = dict[bool, str]
"""The words by which a report is found: by others (False), and by its owner where that differs (True)."""
_WORD = named("found_by_word", column("word"), column("found_by"))
_VECTOR: ColumnElement[Any] = literal_column("found_by_vector(found_by.words)")
_AFTER_ALL = "\U0010ffff"


def documents(row: Any, reading: Reading, said: Sequence[Named], files: Sequence[Named]) -> Documents:
    """The words of a report. Of answers and files all are told what others read: answers and words of files come so."""
    title, text = reading.title.shown(masked=True), reading.text.shown(masked=True)
    further = [words for _, words in (*said, *files)]
    found = {False: index_words(title, [text, *further])}
    if (title, text) != (row.title, row.text):
        found[True] = index_words(row.title, [row.text, *further])
    return found


def replace(session: Session, report_ids: Sequence[int], found: Mapping[int, Documents]) -> None:
    """Let these reports be found by these words, and by no others."""
    _delete(session, report_ids)
    rows = [
        {"report_id": key, "own": own, "words": words}
        for key in sorted(found)
        for own, words in sorted(found[key].items())
        if words
    ]
    if rows:
        session.execute(insert(FOUND_BY), rows)


def forget_words(session: Session, report_ids: Sequence[int]) -> None:
    """Let no word find these reports any more, and keep none of those written in their answers. For whoever takes a
    report's words, in the same transaction; it is for the caller to wash."""
    answers.forget_words(session, report_ids)
    _delete(session, report_ids)


def _delete(session: Session, report_ids: Sequence[int]) -> None:
    for some in db.batches(sorted(report_ids), 500):
        session.execute(delete(FOUND_BY).where(FOUND_BY.c.report_id.in_(some)))


def holding(session: Session, wanted: Sequence[WantedWord], *, own: bool) -> Select[Any]:
    """The reports that have all these words as others read them; `own`: or as they came. None where none is wanted."""
    statement = select(FOUND_BY.c.report_id)
    if not own:
        statement = statement.where(~FOUND_BY.c.own)
    return statement.where(_has_all(session, wanted) if wanted else false())


def _has_all(session: Session, wanted: Sequence[WantedWord]) -> ColumnElement[bool]:
    if db.is_sqlite(session):
        return and_(*(FOUND_BY.c.id.in_(select(_WORD.c.found_by).where(_is(one))) for one in wanted))
    asked = " & ".join(_asked(one) for one in wanted)
    return _VECTOR.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def _asked(one: WantedWord) -> str:
    """A word as PostgreSQL is asked for it: in quotes, which none holds."""
    forms = [f"'{one.text}'{':*' if one.begins else ''}", *(f"'{word}'" for word in one.shorter)]
    return f"({' | '.join(forms)})"


def _is(one: WantedWord) -> ColumnElement[bool]:
    word = _WORD.c.word
    found = and_(word >= one.text, word < f"{one.text}{_AFTER_ALL}") if one.begins else word == one.text
    return or_(found, word.in_(one.shorter)) if one.shorter else found
