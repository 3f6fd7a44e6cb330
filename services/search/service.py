"""Finding reports by words: under policy, ranked by the report and the query alone (docs/adr/0029)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, tuple_
from sqlmodel import Session

from services import attachments, reports, tagging
from services.kernel import paging
from services.kernel.errors import Invalid
from services.kernel.model import table
from services.network import Caller
from services.reports import Report, ReportView
from services.search.schemas import FoundPage, Hit, SnippetView
from services.tagging import Wanted
from services.texts import WantedWord, as_asked, in_any_form, in_title, query_words, snippet

REPORT = table(Report)
MOST_WORDS = 10
MOST_IN_FILES = 300_000  # characters of files' words that are looked through for one page: it takes seconds at worst
WHOLE = 10_000  # characters: more than a title has


class NoWords(Invalid):
    """The query holds no letter and no digit."""

    title = "There is no word to look for"


class TooManyWords(Invalid):
    title = "Too many words to look for"


def find(session: Session, caller: Caller, wanted: Wanted, *, cursor: str | None = None, size: int = 20) -> FoundPage:
    """A page of the reports that the caller sees and wants and that have all words of the query, closest first.

    Raises:
        NoWords, TooManyWords: what is wrong with the query.
        BadCursor: it was not given to this caller for this query.
    """
    query = (wanted.words or "").strip()
    words = words_of(query)
    named = REPORT.c.reference == query.upper()
    exact, about = as_asked(words), in_any_form(words)
    tiers = (in_title(exact), in_title(about), exact)
    closeness = case(
        (named, 4), *((tagging.has(session, caller, tier), 4 - n) for n, tier in enumerate(tiers)), else_=1
    )
    where = tagging.conditions(session, caller, replace(wanted, words=None))
    where.append(tagging.said(session, caller, query))
    statement = reports.listed(session, caller, where=where, mine=wanted.mine).add_columns(closeness.label("closeness"))
    order = (closeness, REPORT.c.received_at, REPORT.c.reference)
    whose = {"viewer": caller.viewer, "scope": f"search:{wanted.mine}:{query}"}
    if cursor is not None:
        rank, at, reference = paging.unseal(cursor, **whose)
        statement = statement.where(tuple_(*order) < (rank, datetime.fromisoformat(at), reference))
    ordered = statement.order_by(*(one.desc() for one in order)).limit(size + 1)
    found: list[tuple[Report, int | None]] = [(row[0], row[1]) for row in session.execute(ordered).all()]
    following = None
    if len(found) > size:
        last, rank = found[size - 1]
        following = paging.seal([rank, last.received_at.isoformat(), last.reference], **whose)
    return FoundPage(hits=_hits(session, caller, found[:size], about), next=following, suggested=False)


def words_of(query: str) -> list[str]:
    """The words of a query, or NoWords, TooManyWords."""
    words = query_words(query)
    if not words:
        raise NoWords("Ask with a word: letters or digits.", field="q")
    if len(words) > MOST_WORDS:
        raise TooManyWords(f"Ask with at most {MOST_WORDS} words: all of them must stand in a report.", field="q")
    return words


def hits_of(session: Session, caller: Caller, rows: Sequence[Report], words: Sequence[str]) -> list[Hit]:
    """Reports that were found by other things than these words, with where those stand if they do."""
    return _hits(session, caller, [(row, None) for row in rows], in_any_form(words))


def _hits(
    session: Session, caller: Caller, found: Sequence[tuple[Report, int | None]], about: Sequence[WantedWord]
) -> list[Hit]:
    rows = [row for row, _ in found]
    views = reports.views(session, caller, rows)
    keys = [row.key for row in rows]
    spoken = tagging.languages_of(session, keys)
    further = _further(session, keys)
    return [
        hit(view, closeness, spoken.get(row.key), about, further[row.key])
        for view, (row, closeness) in zip(views, found, strict=True)
    ]


def _further(session: Session, keys: Sequence[int]) -> Mapping[int, list[tuple[Any, str]]]:
    """What else readers are given of these reports: what was written in answers, and the words of files; of no more
    files than one answer may cost."""
    found: dict[int, list[tuple[Any, str]]] = {key: [] for key in keys}
    for key, text in tagging.written(session, keys).items():
        found[key].append(("answers", text))
    long, room, some = attachments.lengths_of(session, keys), MOST_IN_FILES, []
    for key in keys:
        if 0 < long.get(key, 0) <= room:
            room -= long[key]
            some.append(key)
    for key, files in attachments.words_of(session, some).items():
        found[key] += [("attachment", text) for _, text in files]
    return found


def hit(
    view: ReportView,
    closeness: int | None,
    language: str | None,
    about: Sequence[WantedWord],
    further: Sequence[tuple[Any, str]],
) -> Hit:
    """A report that was found, as this reader is given it, with where the words stand."""
    titled = snippet(view.title, about, long=WHOLE)
    fields = Hit.model_fields.keys() & ReportView.model_fields.keys()
    return Hit(
        **{name: getattr(view, name) for name in fields if name != "language"},
        language=view.language or language,
        title_spans=titled.spans if titled else [],
        closeness=closeness,
        snippet=_snippet([("text", view.text), *further], about),
    )


def _snippet(texts: Sequence[tuple[Any, str]], about: Sequence[WantedWord]) -> SnippetView | None:
    """Of the texts the one that has most of the words; of equal ones the first."""
    best, most = None, 0
    for name, text in texts:
        piece = snippet(text, about)
        if piece is not None and piece.different > most:
            best, most = (name, piece), piece.different
    if best is None:
        return None
    name, piece = best
    return SnippetView(
        found_in=name, text=piece.text, cut_before=piece.cut_before, cut_after=piece.cut_after, spans=piece.spans
    )
