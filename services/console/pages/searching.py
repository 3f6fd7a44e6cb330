"""Searching reports: one box, what was found with the words in it, the closest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from services import search, tagging, vocabulary
from services.console.periods import day
from services.console.places import place_choices
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.kernel.routing import Router
from services.network import Read
from services.reports import KINDS, Gives
from services.search import Hit

router = Router()
SIZE = 20
MEANING = "meaning"
Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of words, looked for or not."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A report that was found, with its words cut at what was looked for."""

    hit: Hit
    title: Sequence[Bit]
    piece: Sequence[Bit]


@router.get("/search")
def search_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    q: Text = "",
    theme: Text = "",
    place: Text = "",
    kind: Text = "",
    language: Text = "",
    status: Text = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    by: Text = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Find reports by their words; without any, the box alone."""
    caller = visitor.caller
    caller.require("reports:read")
    filters = {"q": q, "theme": theme, "place": place, "kind": kind, "language": language, "by": by}
    filters |= {"status": status, "from": first, "to": last}
    given = {name: value for name, value in filters.items() if value}
    known = (vocabulary.is_place(place) or not place) and (theme in vocabulary.themes() or not theme)
    wanted = tagging.Wanted(
        themes=(theme,) if theme else (),
        place=place or None,
        kinds=(kind,) if kind else (),
        status=status or None,
        first=day(first),
        last=day(last),
        language=language or None,
        words=q,
    )
    found, wrong = search.FoundPage(hits=[], next=None), ""
    if q.strip() and known:
        try:
            if by == MEANING and search.installed():
                found = search.by_meaning(db, caller, wanted, size=SIZE)
            else:
                found = search.find(db, caller, wanted, cursor=cursor or None, size=SIZE)
        except (search.NoWords, search.TooManyWords) as refusal:
            wrong = refusal.slug
        giving.note(db, caller, [one.reference for one in found.hits])
    return page(
        request,
        visitor,
        "search.html",
        shown=[_shown(one) for one in found.hits],
        asked=bool(q.strip()),
        wrong=wrong,
        most=search.MOST_WORDS,
        by_meaning=search.installed(),
        suggested=found.suggested,
        filters=filters,
        narrowed=len(given) > 1,
        begun=bool(cursor),
        first=f"/search?{urlencode(given)}",
        next=f"/search?{urlencode(given | {'cursor': found.next})}" if found.next else None,
        themes=list(vocabulary.themes()),
        kinds=KINDS,
        languages=[one.code for one in vocabulary.languages() if one.scripts],
        places=place_choices(caller.language, place),
    )


def _shown(hit: Hit) -> Shown:
    piece = bits(hit.snippet.text, hit.snippet.spans) if hit.snippet else []
    return Shown(hit, bits(hit.title, hit.title_spans), piece)


def bits(text: str, spans: Sequence[tuple[int, int]]) -> list[Bit]:
    """A text cut at the spans that were looked for, which are in order and apart."""
    made, done = [], 0
    for start, end in spans:
        made += [Bit(text[done:start], met=False), Bit(text[start:end], met=True)]
        done = end
    return [one for one in (*made, Bit(text[done:], met=False)) if one.text]
