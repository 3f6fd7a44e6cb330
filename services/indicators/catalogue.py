"""What the network watches: indicators as data of the pack, each with what it cannot tell and the harm if misused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services import vocabulary
from services.forms import Given, Kind
from services.indicators.counting import Contribution
from services.kernel import yaml_files
from services.vocabulary import Catalogue, Places

ANSWERS = "answers"  # the measure of an indicator that only answers to forms feed
_WORDS = {("yes_no", 0.0): "no", ("yes_no", 1.0): "yes"} | {("0-4", float(n)): str(n) for n in range(5)}


class Sentences(BaseModel):
    """What is said of an indicator in another language than English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: str
    cannot_tell: str
    harm: str
    attribution: str | None = None


class Indicator(BaseModel):
    """One indicator. Values are whole numbers of 1/scale of the unit; `measure`: count, the figure summed, or answers
    (to forms, and nothing else). `answers`: what an answer that is no count is worth, by scale; not named, nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    side: Literal["risk", "protective"]
    name: dict[str, str]
    unit: dict[str, str]
    scale: int = Field(default=1, ge=1)
    source: Literal["reports", "external"]
    measure: str = "count"
    kinds: tuple[Kind, ...] = ()
    themes: tuple[str, ...] = ()
    answers: dict[Literal["yes_no", "0-4"], dict[str, int]] = {}
    requires_figure: str | None = None
    grain: str | None = None
    purpose: str
    cannot_tell: str
    harm: str
    review_on: date
    attribution: str | None = None
    translated: dict[str, Sentences] = {}

    @field_validator("themes")
    @classmethod
    def _known_themes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if code not in vocabulary.themes():
                raise ValueError(f"{code} is not a theme of the pack")
        return value

    def worth_of(self, scale: str, value: float) -> int:
        """What an answer on a scale that is no count is worth, as the pack says; nothing where it says nothing."""
        rules: Mapping[Any, Mapping[str, int]] = self.answers
        return rules.get(scale, {}).get(_WORDS.get((scale, value), ""), 0)

    def named(self, language: str) -> str:
        """Its name in a language of the pages."""
        return self.name.get(language) or self.name["en"]

    def counted_in(self, language: str) -> str:
        """Its unit in a language of the pages."""
        return self.unit.get(language) or self.unit["en"]

    def said(self, about: Literal["purpose", "cannot_tell", "harm", "attribution"], language: str) -> tuple[str, str]:
        """A sentence about it, empty where there is none, and the language that it is in."""
        found = getattr(self.translated.get(language), about, None)
        return (found, language) if found else (getattr(self, about) or "", "en")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says that indicators count: from its sender, and from its tags."""

    kind: str
    selection: bool
    occurred_from: date
    occurred_to: date
    figures: dict[str, float]
    themes: frozenset[str]
    places: tuple[str, ...]
    given: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    """What its answers to a form say to each indicator that the form feeds."""


def contributions(facts: Facts, indicators: Iterable[Indicator]) -> tuple[Contribution, ...]:
    """What a report adds to the indicators it feeds. One of a selection adds nothing: it is no census."""
    if facts.selection:
        return ()
    found = []
    paths = [path_of(place) for place in facts.places] or [path_of(vocabulary.places().root.code)]
    paths = list(dict.fromkeys(paths))
    for one in (*(one for one in indicators if one.code not in facts.given), *_asked(facts)):
        said = facts.given.get(one.code)  # what was asked is not guessed from themes and figures as well
        worth = _worth(one, facts) if said is None else _answered(one, said)
        if worth:
            found += [Contribution(one.code, path, facts.occurred_from, facts.occurred_to, worth) for path in paths]
    return tuple(found)


def path_of(place: str) -> tuple[str, ...]:
    """The places of a path that have cells: first-level unit, country, region; the region for a place lost."""
    return _path_of(vocabulary.places(), place)


@lru_cache(maxsize=4096)
def _path_of(places: Places, place: str) -> tuple[str, ...]:
    above = places.path(place) if place in places else (places.root,)
    return tuple(one.code for one in above if one.level != vocabulary.TOWN)


def _asked(facts: Facts) -> list[Indicator]:
    """The indicators that the report's answers speak of, whatever its kind and themes: the form names them."""
    found = (catalogue().get(code) for code in facts.given)
    return [one for one in found if one is not None]


def _answered(indicator: Indicator, said: Sequence[Given]) -> int:
    """What answers are worth to an indicator that they feed: no change and not observable add nothing."""
    total = 0.0
    for one in said:
        if one.value is not None:
            total += one.value if one.scale == "count" else indicator.worth_of(one.scale, one.value)
    return round(total * indicator.scale)


def _worth(indicator: Indicator, facts: Facts) -> int:
    if indicator.source != "reports" or (indicator.kinds and facts.kind not in indicator.kinds):
        return 0
    if indicator.themes and facts.themes.isdisjoint(indicator.themes):
        return 0
    if indicator.requires_figure is not None and indicator.requires_figure not in facts.figures:
        return 0
    if indicator.measure == "count":
        return 1
    if indicator.measure == ANSWERS:
        return 0
    return round(facts.figures.get(indicator.measure, 0) * indicator.scale)


def catalogue() -> Catalogue[Indicator]:
    """All indicators of the pack, in its order."""
    return _read(vocabulary.file("indicators.yaml"))


def fed_by(kind: str) -> tuple[Indicator, ...]:
    """Those that reports of a kind may feed."""
    return _fed_by(vocabulary.file("indicators.yaml"), kind)


@lru_cache(maxsize=64)
def _fed_by(path: Path, kind: str) -> tuple[Indicator, ...]:
    return tuple(one for one in _read(path) if one.source == "reports" and (not one.kinds or kind in one.kinds))


@lru_cache(maxsize=4)
def _read(path: Path) -> Catalogue[Indicator]:
    items = yaml_files.read(path)
    return Catalogue("indicator", [Indicator.model_validate(item) for item in items])
