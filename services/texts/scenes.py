"""Where it happened: the places that a passage names, weighed by what all of it shows of each.

The rules say of each name alone whether something happened there. What they cannot see is how often, how early and
beside which others a country or unit is named, and what the passage is about: that is weighed by passages that were
labelled, with some hundreds of numbers which are the same for all languages. `deploy/learn_places.py` writes them.
So is whether it happened in a country abroad that is named beside them, and what then stays of those at home.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from services.texts.learned import PASSAGE
from services.texts.surroundings import Choice
from services.texts.terms import words
from services.vocabulary import COUNTRY, TOWN, UNIT

ABROAD, BESIDE = "abroad", "beside"  # countries abroad, and those at home beside one that is told
EARLY = 1  # beginnings of sentences before what stands early
_FEWEST, _MOST = 30, PASSAGE  # words: of fewer and of more the rules alone decide
_PARTS = 4  # of a passage, in one of which a place is first named
Weights = Mapping[str, Mapping[str, float]]  # by level, country or unit, or abroad or beside it, and feature


class Sighting(NamedTuple):
    """A place named in a passage. `kept`: the rules hold that something happened there; `speaks`: that it is a
    government. `capital`: it is one. `adjective`: it is written as one. `opens`: it opens a sentence; `early`: it is in
    one of the first two. `word`: of which word of the passage it is the first."""

    choice: Choice
    country: str
    unit: str
    kept: bool
    speaks: bool
    capital: bool
    adjective: bool
    opens: bool
    early: bool
    word: int


class _Level(NamedTuple):
    """The countries of a passage, or its units: the names of each, in the order in which they are first named; which of
    them the rules keep; and how often each is named by one of its places, not as a country."""

    names: dict[str, list[Sighting]]
    kept: list[str]
    placed: Counter[str]


class Passage:
    """The places named in so many words about some themes, and those abroad."""

    def __init__(
        self, named: Sequence[Sighting], words: int, themes: Collection[str], abroad: Sequence[Sighting] = ()
    ) -> None:
        self._named = sorted(named, key=lambda one: one.word)
        self._all = Passage([*named, *abroad], words, themes) if abroad else self
        self.abroad = list(dict.fromkeys(one.country for one in abroad))
        self._words, self._themes = words, themes
        self._levels = {COUNTRY: self._level(lambda one: one.country), UNIT: self._level(lambda one: one.unit)}

    def _level(self, code_of: Callable[[Sighting], str]) -> _Level:
        names: dict[str, list[Sighting]] = defaultdict(list)
        for one in self._named:
            if code := code_of(one):
                names[code].append(one)
        kept = [code for code, mine in names.items() if any(one.kept for one in mine)]
        placed = Counter(code_of(one) for one in self._named if one.choice.place.level != COUNTRY)
        return _Level(names, kept, placed)

    def told(self, weights: Weights) -> frozenset[str]:
        """The countries and units where something happened, at home or abroad; a unit gives its country."""
        home = self.told_at_home(weights)
        abroad = {
            code for code in self.abroad if _sum(weights.get(ABROAD, _NEVER), self.beside_features(code, home)) >= 0
        }
        if not abroad:
            return home
        stay = {code for code in self.countries(home) if _sum(weights[BESIDE], self.beside_features(code, abroad)) >= 0}
        units = {one.unit for one in self._named if one.country in stay}
        return frozenset(abroad | stay | (home & units))

    def told_at_home(self, weights: Weights) -> frozenset[str]:
        """Those at home, whatever is named abroad; none where the rules keep none."""
        if not self._levels[COUNTRY].kept:
            return frozenset()
        told = {
            code for level in (COUNTRY, UNIT) for code in self.named(level)
            if _sum(weights[level], self.features(level, code)) >= 0
        }  # fmt: skip
        return frozenset(told.union(one.country for one in self._named if one.unit in told))

    def countries(self, told: Collection[str]) -> list[str]:
        """The countries among those told, at home."""
        return [code for code in self.named(COUNTRY) if code in told]

    def left_out(self, told: Collection[str]) -> list[Choice]:
        """The names of those told of which the rules keep none."""
        levels = [(self._all.names(level), self._all.kept(level)) for level in (COUNTRY, UNIT)]
        left = {code for names, kept in levels for code in names if code in told and code not in kept}
        named = (one for mine in self._all.names(COUNTRY).values() for one in mine)
        return [one.choice for one in named if not left.isdisjoint((one.country, one.unit))]

    def names(self, level: str) -> dict[str, list[Sighting]]:
        """What names each of the countries or units, in the order in which they first are named."""
        return self._levels[level].names

    def named(self, level: str) -> list[str]:
        """The countries or units named, in the order in which they first are."""
        return list(self._levels[level].names)

    def kept(self, level: str) -> list[str]:
        """Those of which the rules keep a name."""
        return self._levels[level].kept

    def features(self, level: str, code: str) -> dict[str, float]:
        """What the passage shows of a country or unit that it names; what is not there is nought."""
        names, kept, placed = self._levels[level]
        mine, own = names[code], placed[code] > 0
        country, rank = mine[0].country, f"rank {min(3, list(names).index(code))}"
        shown: dict[str, float] = {
            "always": 1,
            "kept": code in kept,
            f"kept {min(3, len(kept))}": 1,
            f"of {min(4, len(names))}": 1,
            f"times {min(3, len(mine))}": 1,
            rank: 1,
            f"part {mine[0].word * _PARTS // self._words}": 1,
            f"place {own} others {placed.total() > placed[code]}": 1,
            "share": len(mine) / max(map(len, names.values())),
            "sure": max(one.choice.confidence for one in mine),
            "early": any(one.early for one in mine),
            "opens": any(one.opens for one in mine),
            "far": all(map(_is_far, mine)),
            f"country {country}": 1,
            f"country {country} {rank}": 1,
            **{f"theme {theme}": 1 for theme in self._themes},
            **{f"theme {theme} {rank}": 1 for theme in self._themes},
            **{name: _share(has, mine) for name, has in _SHARES.items()},
        }
        if level == UNIT:
            shown[f"unit {code}"] = 1
            others = [one for one in self._levels[COUNTRY].names[country] if one.unit != code]
            shown["neighbours"] = any(one.unit for one in others)
            shown["country named"] = any(not one.unit for one in others)
            shown["town"] = any(one.choice.place.level == TOWN for one in mine)
            shown["only country"] = len({given[0].country for given in names.values()}) == 1
        else:
            shown["country alone"] = not any(one.unit for one in mine)
            shown["units"] = min(3, len({one.unit for one in mine if one.unit}))
        return {name: float(value) for name, value in shown.items() if value}

    def beside_features(self, code: str, told: Collection[str]) -> dict[str, float]:
        """What the passage shows of a country, abroad or at home, beside those that are told on the other side; of
        all countries the same, whichever they are."""
        names = self._all.names(COUNTRY)
        mine = names[code]
        others = [one for other in names if other in told for one in names[other]]
        shown: dict[str, float] = {
            f"told {min(3, len(names.keys() & told))}": 1,
            "before": not others or mine[0].word < others[0].word,
            "their far": all(map(_is_far, others)),
            "their times": min(3, len(others)),
            "their kept": _share(_is_kept, others),
            "adjectives": _share(_is_adjective, mine),
            "their adjectives": _share(_is_adjective, others),
        }
        for name, has in _SIGNS.items():
            here, there = any(map(has, mine)), any(map(has, others))
            shown |= {name: here, f"their {name}": there, f"{name} alone": here and not there}
        alike = self._all.features(COUNTRY, code).items()
        return {
            **{name: value for name, value in alike if not name.startswith("country ") or name == "country alone"},
            **{name: float(value) for name, value in shown.items() if value},
        }


def _is_kept(one: Sighting) -> bool:
    return one.kept


def _is_adjective(one: Sighting) -> bool:
    return one.adjective


def _is_far(one: Sighting) -> bool:
    return one.choice.aside or one.choice.toward or one.choice.there


def _share(has: Callable[[Sighting], bool], some: Sequence[Sighting]) -> float:
    return sum(map(has, some)) / max(1, len(some))


_NEVER = {"always": -1.0}
_SIGNS: dict[str, Callable[[Sighting], bool]] = {
    "inside": lambda one: one.choice.inside,
    "placed": lambda one: bool(one.unit),
    "inside early": lambda one: one.choice.inside and one.early,
    "placed inside": lambda one: one.choice.inside and bool(one.unit),
}
_SHARES: dict[str, Callable[[Sighting], bool]] = {
    "kept share": _is_kept,
    "aside": lambda one: one.choice.aside,
    "toward": lambda one: one.choice.toward,
    "bare": lambda one: one.choice.bare,
    "there": lambda one: one.choice.there,
    "speaks": lambda one: one.speaks,
    "capital": lambda one: one.capital,
    "capital bare": lambda one: one.capital and one.choice.bare,
    "opening": lambda one: one.opens,
}


def read(path: Path) -> Weights:
    """The weights from their file."""
    found: Weights = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return found


def is_passage(text: str) -> bool:
    """Whether a folded text is of such a length as was learned from."""
    return _FEWEST < len(words(text).texts) <= _MOST


def _sum(weights: Mapping[str, float], shown: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in shown.items())
