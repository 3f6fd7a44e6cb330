"""What analysts said of tags, laid over what tagging finds. Pure (docs/adr/0026)."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from services import vocabulary
from services.texts import Scheme, Tag
from services.vocabulary import COUNTRY, TOWN, UNIT

CONFIRMED, REJECTED, ADDED = "confirmed", "rejected", "added"
THEME, PLACE, ACTOR = "theme", "place", "actor"
ANALYST: Final = "analyst"
PLACES: Final[dict[str, Scheme]] = {COUNTRY: "country", UNIT: "unit", TOWN: "town"}


class Correction(Protocol):
    """A decision on a tag, as it is stored."""

    @property
    def scheme(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def decided(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def spans(self) -> Sequence[Sequence[int]]: ...


def standing(decisions: Iterable[Correction]) -> list[Correction]:
    """The latest decision on each tag, of one report's in their order."""
    return list({(one.scheme, one.value): one for one in decisions}.values())


def holds(one: Correction, words: str) -> bool:
    """Whether a decision holds for these words (their hash). What was missed stays; to confirm or reject what was found
    is said of the words in which it was found."""
    return one.decided == ADDED or (one.decided in (CONFIRMED, REJECTED) and one.words == words)


def corrected(tags: Sequence[Tag], decisions: Iterable[Correction], words: str) -> tuple[Tag, ...]:
    """The tags of a report with what analysts said of them: what a sender gave is never touched."""
    held = [one for one in standing(decisions) if holds(one, words)]
    refused = [one for one in held if one.decided == REJECTED]
    left = [tag for tag in tags if tag.method == "sender" or not any(_about(one, tag) for one in refused)]
    for one in held:
        if one.decided == ADDED or (one.decided == CONFIRMED and not any(_about(one, tag) for tag in left)):
            left += [tag for tag in _said(one, words) if tag not in left]
    return tuple(left)


def found(tags: Iterable[Tag], scheme: str, value: str) -> list[Tag]:
    """Those of the tags that tagging itself found of this theme, place or actor."""
    schemes = set(PLACES.values()) if scheme == PLACE else {scheme}
    return [
        one for one in tags if one.scheme in schemes and one.value == value and one.method not in ("sender", ANALYST)
    ]


def _about(one: Correction, tag: Tag) -> bool:
    """Whether a decision is about a tag: to reject a place rejects what lies in it."""
    if one.scheme != PLACE:
        return tag.scheme == one.scheme and tag.value == one.value
    if tag.scheme not in PLACES.values():
        return False
    places = vocabulary.places()
    known = tag.value in places and one.value in places
    return tag.value == one.value or (one.decided == REJECTED and known and places.within(tag.value, one.value))


def _said(one: Correction, words: str) -> list[Tag]:
    """The tags of what an analyst said, on the words that were chosen for it as long as these stand: of a place with
    those above it; of a country abroad alone."""
    spans = tuple((start, end) for start, end in one.spans) if one.words == words else ()
    if one.scheme != PLACE:
        return [Tag("actor" if one.scheme == ACTOR else "theme", one.value, 1.0, ANALYST, spans, ANALYST)]
    if vocabulary.is_abroad(one.value):
        return [Tag(PLACES[COUNTRY], one.value, 1.0, ANALYST, spans, ANALYST)]
    places = vocabulary.places()
    path = [above for above in (places.path(one.value) if one.value in places else ()) if above.level in PLACES]
    return [Tag(PLACES[above.level], above.code, 1.0, ANALYST, spans, ANALYST) for above in path]
