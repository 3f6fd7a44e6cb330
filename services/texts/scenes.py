"""Where it happened: the places that a passage names, weighed by what all of it shows of each.

The rules say of each name alone whether something happened there. What they cannot see is how often, how early and
beside which others a country or unit is named, and what the passage is about: that is weighed by passages that were
labelled, with some hundreds of numbers which are the same for all languages. `deploy/learn_places.py` writes them.
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

EARLY = 1  # beginnings of sentences before what stands early
_FEWEST, _MOST = 30, PASSAGE  # words: of fewer and of more the rules alone decide
_PARTS = 4  # of a passage, in one of which a place is first named
Weights = Mapping[str, Mapping[str, float]]  # by level, country or unit, and feature


class Sighting(NamedTuple):
    """A place named in a passage. `kept`: the rules hold that something happened there; `speaks`: that it is a
    government. `capital`: it is one. `opens`: it opens a sentence; `early`: it is in one of the first two. `word`: of
    which word of the passage it is the first."""

    choice: Choice
    country: str
    unit: str
    kept: bool
    speaks: bool
    capital: bool
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
    """The places named in so many words about some themes."""

    def __init__(self, named: Sequence[Sighting], words: int, themes: Collection[str]) -> None:
        self._named = sorted(named, key=lambda one: one.word)
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
        """The countries and units where something happened; a unit gives its country."""
        told = {
            code for level in (COUNTRY, UNIT) for code in self.named(level)
            if _sum(weights[level], self.features(level, code)) >= 0
        }  # fmt: skip
        return frozenset(told.union(one.country for one in self._named if one.unit in told))

    def left_out(self, told: Collection[str]) -> list[Choice]:
        """The names of those told of which the rules keep none."""
        left = {code for level in (COUNTRY, UNIT) for code in self.named(level) if code not in self.kept(level)}
        return [one.choice for one in self._named if not left.isdisjoint({one.country, one.unit}.intersection(told))]

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
            "far": all(one.choice.aside or one.choice.toward or one.choice.there for one in mine),
            f"country {country}": 1,
            f"country {country} {rank}": 1,
            **{f"theme {theme}": 1 for theme in self._themes},
            **{f"theme {theme} {rank}": 1 for theme in self._themes},
            **{name: sum(map(has, mine)) / len(mine) for name, has in _SHARES.items()},
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


_SHARES: dict[str, Callable[[Sighting], bool]] = {
    "kept share": lambda one: one.kept,
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
