"""What the network watches: indicators as data of the pack, each with what it cannot tell and the harm if misused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services import vocabulary
from services.indicators.counting import Contribution
from services.vocabulary import Catalogue


class Sentences(BaseModel):
    """What is said of an indicator in another language than English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: str
    cannot_tell: str
    harm: str
    attribution: str | None = None


class Indicator(BaseModel):
    """One indicator. Values are whole numbers of 1/scale of the unit; `measure`: count, or the figure summed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    side: Literal["risk", "protective"]
    name: dict[str, str]
    unit: dict[str, str]
    scale: int = Field(default=1, ge=1)
    source: Literal["reports", "external"]
    theme: str | None = None
    measure: str = "count"
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    requires_figure: str | None = None
    grain: str | None = None
    purpose: str
    cannot_tell: str
    harm: str
    review_on: date
    attribution: str | None = None
    translated: dict[str, Sentences] = {}

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


def contributions(facts: Facts, indicators: Iterable[Indicator]) -> tuple[Contribution, ...]:
    """What a report adds to the indicators it feeds. One of a selection adds nothing: it is no census."""
    if facts.selection:
        return ()
    found = []
    paths = [path_of(place) for place in facts.places] or [path_of(vocabulary.places().root.code)]
    for one in indicators:
        worth = _worth(one, facts)
        if worth:
            found += [
                Contribution(one.code, path, facts.occurred_from, facts.occurred_to, worth)
                for path in dict.fromkeys(paths)
            ]
    return tuple(found)


def path_of(place: str) -> tuple[str, ...]:
    """The places of a path that have cells: first-level unit, country, region."""
    return tuple(one.code for one in vocabulary.places().path(place) if one.level != vocabulary.TOWN)


def _worth(indicator: Indicator, facts: Facts) -> int:
    if indicator.source != "reports" or (indicator.kinds and facts.kind not in indicator.kinds):
        return 0
    if indicator.themes and not facts.themes.intersection(indicator.themes):
        return 0
    if indicator.requires_figure is not None and indicator.requires_figure not in facts.figures:
        return 0
    if indicator.measure == "count":
        return 1
    return round(facts.figures.get(indicator.measure, 0) * indicator.scale)


def catalogue() -> Catalogue[Indicator]:
    """All indicators of the pack, in its order."""
    return _read(vocabulary.file("indicators.yaml"))


@lru_cache(maxsize=4)
def _read(path: Path) -> Catalogue[Indicator]:
    items = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Catalogue("indicator", [Indicator.model_validate(item) for item in items])
