"""Places of the network's region: a tree from the region through countries and first-level units to towns."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from services.vocabulary.codes import UnknownCode

REGION, COUNTRY, UNIT, TOWN = "region", "country", "unit", "town"


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `names` holds the display name by language (en, ru); `others` further names in any script."""

    code: str
    parent: str | None
    level: str
    names: Mapping[str, str]
    others: tuple[str, ...]
    lat: float
    lon: float
    population: int

    @property
    def every_name(self) -> tuple[str, ...]:
        """Display names and further names, each once."""
        return tuple(dict.fromkeys((*self.names.values(), *self.others)))


class Places:
    """An immutable tree of places, by code. Unknown codes raise `UnknownCode`, but `get` answers None."""

    def __init__(self, places: list[Place]) -> None:
        self._by_code = MappingProxyType({place.code: place for place in places})
        if twice := [place.code for place in places if self._by_code[place.code] is not place]:
            raise ValueError(f"the place {twice[0]} is there twice")
        children: dict[str, list[Place]] = {place.code: [] for place in places}
        roots = [place for place in places if place.parent is None]
        if len(roots) != 1:
            raise ValueError(f"places need exactly one root, found {len(roots)}")
        if wrong := [place.code for place in places if not place.code or place.code.split() != [place.code]]:
            raise ValueError(f"a place's code is one word: {wrong[0]!r} is not")
        for place in places:
            if place.parent is not None:
                if place.parent not in children:
                    raise ValueError(f"the place {place.code} lies in {place.parent}, which is not there")
                children[place.parent].append(place)
        self._children = MappingProxyType({code: tuple(below) for code, below in children.items()})
        self._paths = MappingProxyType({place.code: self._climb(place) for place in places})
        self.root = roots[0]

    def _climb(self, place: Place) -> tuple[Place, ...]:
        path = [place]
        while (parent := path[-1].parent) is not None:
            path.append(self._by_code[parent])
            if len(path) > len(self._by_code):
                raise ValueError(f"the place {place.code} lies in itself")
        return tuple(path)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Place | None:
        """The place of this code, or None."""
        return self._by_code.get(code)

    def __getitem__(self, code: str) -> Place:
        found = self._by_code.get(code)
        if found is None:
            raise UnknownCode("place", code)
        return found

    def path(self, code: str) -> tuple[Place, ...]:
        """The place and all above it, from leaf to root."""
        return self._paths[self[code].code]

    def at(self, code: str, level: str) -> Place | None:
        """The place of this level on the path of `code`; None where the code stands above it."""
        return next((place for place in self.path(code) if place.level == level), None)

    def country_of(self, code: str) -> Place | None:
        """The country that holds the place (itself for a country); None for the region."""
        return self.at(code, COUNTRY)

    def unit_of(self, code: str) -> Place | None:
        """The first-level unit that holds the place (itself for a unit); None above."""
        return self.at(code, UNIT)

    def children(self, code: str) -> tuple[Place, ...]:
        """Places directly below, in the order of the pack."""
        return self._children[self[code].code]

    def countries(self) -> tuple[Place, ...]:
        """All countries, in the order of the pack."""
        return tuple(place for place in self if place.level == COUNTRY)

    def units(self, country: str) -> tuple[Place, ...]:
        """First-level units of a country."""
        return tuple(place for place in self.children(country) if place.level == UNIT)

    def within(self, code: str, above: str) -> bool:
        """Whether the place is `above` or lies in it; a code that the pack has no more lies in nothing else."""
        return code == above or (code in self and any(place.code == above for place in self.path(code)))

    def name(self, code: str, language: str) -> str:
        """The display name in the language; English where there is none."""
        place = self[code]
        return place.names.get(language) or place.names["en"]


def read(path: Path) -> Places:
    """Places from a pack's `places.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return Places([_place(row) for row in csv.DictReader(file)])


def _place(row: dict[str, str]) -> Place:
    names = {"en": row["name_en"], "ru": row["name_ru"]}
    return Place(
        code=row["code"],
        parent=row["parent"] or None,
        level=row["level"],
        names=MappingProxyType({language: name for language, name in names.items() if name}),
        others=tuple(name for name in row["names"].split("|") if name),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"] or 0),
    )
