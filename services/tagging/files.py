"""What a report's files add to what it is about: themes, and places where its own words name none (docs/adr/0020).

They have no part in near duplicates: a law that many attach does not make their reports tell one event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.tagging.evidence import Tag
from services.tagging.tagger import Tagged, found_in

PLACES = ("country", "unit", "town")
MOST_WORDS = 100_000  # characters of one report's files that are read, the first attached first
File = tuple[str, str]


def with_files(
    found: Tagged, files: Sequence[File], *, place: str | None = None, sender_countries: Iterable[str] = ()
) -> Tagged:
    """The tags of a report with those of its files, each of which names the file. `files`: reference and words."""
    if not files:
        return found
    placed = any(one.scheme in PLACES for one in found.tags)
    near = tuple(sender_countries)
    more: list[Tag] = []
    left = MOST_WORDS
    for reference, words in files:
        tags = found_in(words[:left], place=place, sender_countries=near)
        more += [replace(one, attachment=reference) for one in tags if not (placed and one.scheme in PLACES)]
        left -= len(words)
        if left <= 0:
            break
    return replace(found, tags=(*found.tags, *more))
