"""What was written in answers to a form in one's own words, as others than its owner read it (docs/adr/0017).

It is tagged like the report's text, and found by its words; it has no part in near duplicates: the same question is
answered alike by many.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from services import forms, screening
from services.kernel import db
from services.kernel.bulk import among
from services.kernel.model import table
from services.tagging.models import AnswerWords

WORDS = table(AnswerWords)
Named = tuple[str, str]
Answered = tuple[int, str | None, int | None, Mapping[str, Any]]
"""A report's key, its form with the version, and its answers."""


def answers_of(session: Session, reports: Iterable[Answered]) -> dict[int, list[Named]]:
    """The free texts of answers, cleaned and with what is personal covered, each under its question's code and part.
    Those of a form that is not known any more have none."""
    answered = [(key, code, version, answers) for key, code, version, answers in reports if code and answers]
    found: dict[int, list[Named]] = {}
    if not answered:
        return found
    shelf = forms.shelf(session)
    for key, code, version, answers in answered:
        form = shelf.find(code, version)
        written = forms.free_texts(form, answers) if form is not None else ()
        if named := [(name, screening.told(words)) for name, words in written]:
            found[key] = named
    return found


def written(session: Session, report_ids: Collection[int]) -> dict[int, str]:
    """What was written in the answers of these reports, as others than their owners read it."""
    rows = session.execute(select(WORDS).where(among(WORDS.c.report_id)), {"keys": report_ids}).all()
    return {row.report_id: row.text for row in rows}


def replace_words(session: Session, report_ids: Sequence[int], said: Mapping[int, Sequence[Named]]) -> None:
    """Keep what reports are found by beside their title and text; of those without answers nothing."""
    forget_words(session, report_ids)
    rows = [{"report_id": key, "text": "\n".join(words for _, words in said[key])} for key in sorted(said)]
    if rows:
        session.execute(insert(WORDS), rows)


def forget_words(session: Session, report_ids: Sequence[int]) -> None:
    """Delete what these reports are found by beside their title and text."""
    for some in db.batches(sorted(report_ids), 500):
        session.execute(delete(WORDS).where(WORDS.c.report_id.in_(some)))
