"""What analysts said of tags, laid over what tagging finds, and how often tagging was right by it. Pure
(docs/adr/0026)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services import vocabulary
from services.texts import Scheme, Tag, wilson
from services.vocabulary import COUNTRY, TOWN, UNIT

CONFIRMED, REJECTED, ADDED = "confirmed", "rejected", "added"
THEME, PLACE = "theme", "place"
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
            left += [tag for tag in _said(one) if tag not in left]
    return tuple(left)


def found(tags: Iterable[Tag], scheme: str, value: str) -> list[Tag]:
    """Those of the tags that tagging itself found of this theme or place."""
    schemes = {THEME} if scheme == THEME else set(PLACES.values())
    return [
        one for one in tags if one.scheme in schemes and one.value == value and one.method not in ("sender", ANALYST)
    ]


def _about(one: Correction, tag: Tag) -> bool:
    """Whether a decision is about a tag: to reject a place rejects what lies in it."""
    if one.scheme == THEME:
        return tag.scheme == THEME and tag.value == one.value
    if tag.scheme not in PLACES.values():
        return False
    places = vocabulary.places()
    known = tag.value in places and one.value in places
    return tag.value == one.value or (one.decided == REJECTED and known and places.within(tag.value, one.value))


def _said(one: Correction) -> list[Tag]:
    """The tags of what an analyst said: of a place with those above it."""
    if one.scheme == THEME:
        return [Tag("theme", one.value, 1.0, ANALYST, (), ANALYST)]
    places = vocabulary.places()
    path = places.path(one.value) if one.value in places else ()
    return [Tag(PLACES[above.level], above.code, 1.0, ANALYST, (), ANALYST) for above in path if above.level in PLACES]


@dataclass(frozen=True, slots=True)
class Measured:
    """How often one definition was right in one language. `added`: what it missed, as far as analysts say."""

    confirmed: int = 0
    rejected: int = 0
    added: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was judged that was confirmed; None: nothing was."""
        judged = self.confirmed + self.rejected
        return self.confirmed / judged if judged else None

    @property
    def between(self) -> tuple[float, float]:
        """The interval of 95 % of the precision (Wilson)."""
        return wilson(self.confirmed, self.confirmed + self.rejected) or (0.0, 1.0)


def measured(decisions: Iterable[Correction]) -> dict[tuple[str, str, str], Measured]:
    """Of each definition (scheme, value) and language what analysts confirmed, rejected and added. `decisions`: those
    that stand, of all reports."""
    counted = Counter((one.scheme, one.value, one.language, one.decided) for one in decisions)
    keys = sorted({key[:3] for key in counted if key[3] in (CONFIRMED, REJECTED, ADDED)})
    return {key: Measured(*(counted[*key, word] for word in (CONFIRMED, REJECTED, ADDED))) for key in keys}
