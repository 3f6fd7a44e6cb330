"""Abroad: the countries that the network has no places in, as running text names them and what lies in them."""

from collections.abc import Iterable
from types import MappingProxyType

from services.texts.choosing import DOUBTFUL
from services.texts.folding import Folded
from services.texts.matcher import Hit
from services.texts.mentions import Mentions
from services.texts.names import Names, Rules
from services.texts.surroundings import Choice, Cues
from services.vocabulary import COUNTRY, UNIT, Place, Places

_NO_NAMES = MappingProxyType[str, str]({})


class Abroad:
    """Reads names of countries abroad, ISO 3166-1, and of places in them, all of which are taken for one unit of
    theirs: which of them it was is told to nobody."""

    def __init__(self, rules: Rules, home: Places) -> None:
        root = home.root.code
        self._places = Places(
            [home.root, *(place for code in rules.abroad if code not in home for place in _country(code, rules, root))]
        )
        names = Names(rules.model_copy(update={"written": {}}), self._places)
        self.terms = [term for place in self._places if place.level != home.root.level for term in names.terms(place)]
        self._mentions = Mentions(self._places, rules, self.terms)

    def named(
        self, text: str, within: Folded, hits: list[Hit], cues: Cues, languages: frozenset[str], home: Iterable[Choice]
    ) -> list[Choice]:
        """What hits, by the numbers of the terms, name outside the words that name a place at home."""
        taken = [(one.start, one.end) for one in home] if hits else []
        return [
            mention.taken_for(mention.candidates[0], DOUBTFUL)
            for mention in (self._mentions.read(text, within, hits, cues, languages) if hits else ())
            if not any(start < mention.end and mention.start < end for start, end in taken)
        ]

    def lies_in(self, place: Place) -> tuple[str, str]:
        """The code of the country of a place, and that of its unit, empty where the country itself is named."""
        return (place.parent or "", place.code) if place.level == UNIT else (place.code, "")

    def path(self, place: Place) -> tuple[Place, ...]:
        """The place and all above it that may be told: its country."""
        return tuple(one for one in self._places.path(place.code) if one.level == COUNTRY)


def _country(code: str, rules: Rules, root: str) -> tuple[Place, Place]:
    given = rules.abroad[code]
    return (
        Place(code, root, COUNTRY, _NO_NAMES, given.names, 0.0, 0.0, 0),
        Place(f"{code}-", code, UNIT, _NO_NAMES, given.places, 0.0, 0.0, 0),
    )
