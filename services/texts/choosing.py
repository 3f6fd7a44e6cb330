"""Choosing: which of the places of one name a text means, by what else it says and by who sent it. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from services.texts.matcher import Hit
from services.texts.mentions import Mention
from services.texts.surroundings import Choice
from services.vocabulary import COUNTRY, UNIT, Place, Places

CERTAIN, RESOLVED, DOUBTFUL, WEAK = 0.9, 0.75, 0.55, 0.5  # confidence
_COUNTRY_BESIDE = 3


class Chooser:
    """Chooses among places. `homes`: the country of each language that has one."""

    def __init__(self, places: Places, homes: Mapping[str, str]) -> None:
        self._places, self._homes = places, homes

    def country(self, place: Place) -> str:
        """The code of the country that a place is or lies in."""
        country = self._places.country_of(place.code)
        return country.code if country else place.code

    def evidence(self, mentions: list[Mention], peoples: list[tuple[str, Hit]]) -> dict[str, float]:
        """Weight of evidence for each country and unit, from what is in no doubt."""
        weights: dict[str, float] = defaultdict(float)
        for mention in mentions:
            if not mention.plain or len({self.country(place) for place in mention.candidates}) > 1:
                continue
            first = mention.candidates[0]
            weights[self.country(first)] += 3 if first.level == COUNTRY else 2
            units = {unit.code for place in mention.candidates if (unit := self._places.unit_of(place.code))}
            if len(units) == 1:
                weights[units.pop()] += 1
        for code, _ in peoples:
            weights[code] += 1
        for code in self._supported(mentions):
            weights[code] += 1
        return weights

    def _supported(self, mentions: list[Mention]) -> Iterator[str]:
        """Units that two doubtful places or more have in common, and their countries: "Vahdat to Rasht"."""
        names: dict[str, set[str]] = defaultdict(set)
        for mention in mentions:
            if not mention.plain and mention.capitals:
                for place in mention.candidates:
                    if unit := self._places.unit_of(place.code):
                        names[unit.code].add(place.code)
        for code, places in names.items():
            if len(places) > 1:
                yield from (code, self.country(self._places[code]))

    def choose(
        self,
        mentions: list[Mention],
        evidence: dict[str, float],
        sender: frozenset[str],
        home: str | None,
        beside: dict[int, str],
    ) -> tuple[list[Choice], list[Choice]]:
        """What the mentions are taken for; and what those would be for which the text says too little, of names that
        are written great."""
        choices: list[Choice] = []
        doubted: list[Choice] = []
        for mention in mentions:
            weight = {place.code: self._weight(place, evidence, sender) for place in mention.candidates}
            if country := beside.get(mention.start):
                for one in mention.candidates:
                    weight[one.code] += _COUNTRY_BESIDE if self.country(one) == country else 0
            place = max(
                mention.candidates,
                key=lambda p: (weight[p.code], p.code in mention.plain, *self._nearness(p, home), *standing(p)),
            )
            if self._is_doubted(mention, place, weight[place.code], evidence, home):
                if mention.capitals:
                    doubted.append(Choice(mention.start, mention.end, place, WEAK, bare=mention.bare))
                continue
            rivals = {self.country(other) for other in mention.candidates} - {self.country(place)}
            if rivals:
                confidence = RESOLVED if weight[place.code] else DOUBTFUL
            else:
                confidence = CERTAIN if place.code in mention.plain else RESOLVED
            choices.append(mention.taken_for(place, confidence))
        return choices, doubted

    def _nearness(self, place: Place, home: str | None) -> tuple[bool, bool]:
        """In a text of a language that has a home: a place of its own country before others, of a neighbour's next."""
        country = self.country(place)
        return country == home, home is not None and country in self._homes.values()

    def _is_doubted(
        self, mention: Mention, place: Place, weight: float, evidence: dict[str, float], home: str | None
    ) -> bool:
        """Whether what else the text says is too little for a name that its own words do not show to be this place. A
        name that means something else too needs its unit, or, with a great letter, a text that names no other unit of
        its country."""
        if place.code in mention.plain:
            return mention.common and bool(evidence) and not weight and self.country(place) != home
        unit = self._places.unit_of(place.code)
        if not mention.common or unit is None:
            return not weight
        others = any(code.startswith(f"{self.country(place)}-") for code in evidence if code != unit.code)
        return not (evidence.get(unit.code) or (weight and mention.capitals and not others))

    def _weight(self, place: Place, evidence: dict[str, float], sender: frozenset[str]) -> float:
        country = self.country(place)
        unit = self._places.unit_of(place.code)
        return evidence.get(country, 0) + (evidence.get(unit.code, 0) if unit else 0) + (2 if country in sender else 0)


def standing(place: Place) -> tuple[int, int]:
    """Among places of one name: a country or unit before a town, the larger before the smaller."""
    return (place.level in {COUNTRY, UNIT}), place.population
