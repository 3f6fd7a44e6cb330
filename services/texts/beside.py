"""What a report's answers and files add to what it is about: themes, and places where its own words name none.

They have no part in near duplicates: a law that many attach does not make their reports tell one event (docs/adr/0020).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from services.texts.actors import Actors
from services.texts.evidence import Tag
from services.texts.lexicon import Themes
from services.texts.tagger import Tagged, found_in

PLACES = ("country", "unit", "town")
MOST_WORDS = 100_000  # characters of one report's files that are read, the first attached first; of its answers too
Named = tuple[str, str]


def with_files(
    found: Tagged,
    files: Sequence[Named],
    *,
    place: str | None = None,
    sender_countries: Iterable[str] = (),
    actors: Sequence[Actors] = (),
    wording: Themes | None = None,
) -> Tagged:
    """The tags of a report with those of its files, each of which names the file. `files`: reference and words."""
    near = tuple(sender_countries)
    return _with(lambda tag, name: replace(tag, attachment=name), found, files, place, near, None, actors, wording)


def with_answers(
    found: Tagged,
    answers: Sequence[Named],
    *,
    place: str | None = None,
    sender_countries: Iterable[str] = (),
    actors: Sequence[Actors] = (),
    wording: Themes | None = None,
) -> Tagged:
    """The tags of a report with those of its answers, each of which names the answer. `answers`: name and words."""
    near = tuple(sender_countries)
    return _with(
        lambda tag, name: replace(tag, answer=name), found, answers, place, near, found.language, actors, wording
    )


def _with(
    naming: Callable[[Tag, str], Tag],
    found: Tagged,
    named: Sequence[Named],
    place: str | None,
    near: tuple[str, ...],
    language: str | None,
    actors: Sequence[Actors],
    wording: Themes | None,
) -> Tagged:
    if not named:
        return found
    placed = any(one.scheme in PLACES for one in found.tags)
    more: list[Tag] = []
    left = MOST_WORDS
    for name, words in named:
        given: dict[str, Any] = {"place": place, "sender_countries": near, "actors": actors, "wording": wording}
        tags = found_in(words[:left], language=language, **given)
        more += [naming(one, name) for one in tags if not (placed and one.scheme in PLACES)]
        left -= len(words)
        if left <= 0:
            break
    return replace(found, tags=(*found.tags, *more))
