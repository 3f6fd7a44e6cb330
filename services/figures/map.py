"""The map: first-level units shaded by a count in a few plain classes; what is known of a country alone, apart."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import compress, pairwise
from pathlib import Path
from typing import Any, TypedDict

from services.figures.spec import DOTS, EMPTY, GREY, HATCH, INK, STEPS, Json, Spec, Words, frame, grouped

DATA = Path(__file__).parent / "data" / "map.json"
LADDERS = ((1, 2, 5), (1, 3), (1,))
WIDTH, HEIGHT = 480, 360
TEXT = 17  # of 480 across: 11 pixels or more where a map stands 320 wide, as on a phone
MOST_BESIDE = 3  # classes on one line of the legend


class _Map(TypedDict):
    """The file: GeoJSON, and the projection that suits its extent."""

    projection: dict[str, Json]
    features: list[dict[str, Any]]  # each as GeoJSON has it; only its properties are read here


@cache
def _map() -> _Map:
    loaded: _Map = json.loads(DATA.read_text(encoding="utf-8"))
    return loaded


@cache
def _features() -> dict[str, list[dict[str, Json]]]:
    """The features of the map by their kind."""
    kinds: dict[str, list[dict[str, Json]]] = {}
    for feature in _map()["features"]:
        kinds.setdefault(feature["properties"]["kind"], []).append(feature)
    return kinds


def classes(largest: int) -> list[tuple[int, int]]:
    """Whole-number classes from 1 up to the largest count: single numbers up to 5, then the finest of the ladders
    1-2-5, 1-3-10 and 1-10-100 that needs no more steps than there are shades."""
    if largest <= len(STEPS):
        return [(n, n) for n in range(1, largest + 1)]
    for ladder in LADDERS:
        starts = [n * 10**power for power in range(len(str(largest))) for n in ladder if n * 10**power <= largest]
        if len(starts) <= len(STEPS):
            break
    starts = starts[-len(STEPS) :] if len(starts) > len(STEPS) else starts
    starts[0] = 1
    return [(low, high - 1) for low, high in zip(starts, [*starts[1:], largest + 1], strict=True)]


def _value(unit: dict[str, Any], values: Mapping[str, int | None]) -> int | None:
    """What a polygon shows: the sum of the units drawn in it, else its country's zero; None where none is known."""
    own = [values[code] for code in (unit["code"], *unit["also"]) if code in values]
    known = [value for value in own if value is not None]
    return sum(known) if known else None if own else values.get(unit["country"])


def _by_country(unit: dict[str, Any], values: Mapping[str, int | None]) -> bool:
    """Whether nothing is told of the units drawn in a polygon, and something of its country alone."""
    own = [values[code] for code in (unit["code"], *unit["also"]) if code in values]
    return bool(values.get(unit["country"])) and not any(own) and (not own or 0 in own)


def _middle(geometry: dict[str, Any]) -> tuple[float, float, float]:
    """The size of a polygon's largest part and its middle, in degrees: near enough to write a number there."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    found = []
    for ring, *_holes in parts:
        crossed = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
        twice = sum(c for _, _, c in crossed)
        x, y = (sum((a[i] + b[i]) * c for a, b, c in crossed) / (3 * twice) for i in (0, 1))
        found.append((abs(twice), x, y))
    return max(found)


def _told_of(country: str, dotted: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Where the number of a country stands: in the middle of a dotted polygon of it that lies amid, and has room."""
    middles = [_middle(unit["geometry"]) for unit in dotted if unit["properties"]["country"] == country]
    whole = sum(size for size, _, _ in middles)
    amid = [sum(one[0] * one[i] for one in middles) / whole for i in (1, 2)]
    _, x, y = min(middles, key=lambda one: ((one[1] - amid[0]) ** 2 + (one[2] - amid[1]) ** 2) / one[0])
    return x, y


def _label(low: int, high: int, language: str) -> str:
    return grouped(low, language) if low == high else f"{grouped(low, language)}\u2013{grouped(high, language)}"


def map_spec(values: Mapping[str, int | None], *, title: str, description: str, measure: str, words: Words) -> Spec:
    """Counts by place: ISO 3166-2 codes of units; under ISO 3166-1 codes of countries what is known of these alone.
    The latter colours no unit: units of which nothing else is told are dotted, and the country's number is written
    there once. A place that is missing or None is hatched as "no data"; zero is left blank. The page that shows it
    carries the disclaimer on boundaries."""
    units: list[dict[str, Any]] = _features()["unit"]
    alone = [_by_country(unit["properties"], values) for unit in units]
    dotted = list(compress(units, alone))
    numbers = [0 if apart else _value(unit["properties"], values) for unit, apart in zip(units, alone, strict=True)]
    steps = classes(max((number for number in numbers if number), default=0))
    names = [_label(low, high, words.language) for low, high in steps]
    shades = [STEPS[round(i * (len(STEPS) - 1) / max(1, len(steps) - 1))] for i in range(len(steps))]

    def group(number: int | None) -> str:
        if number is None:
            return words.no_data
        return (
            words.zero if number == 0 else next(n for n, (_, high) in zip(names, steps, strict=True) if number <= high)
        )

    groups = [words.country_only if apart else group(n) for n, apart in zip(numbers, alone, strict=True)]
    rows: list[Json] = [
        {"type": "Feature", "geometry": unit["geometry"], "properties": {"group": name}}
        for unit, name in zip(units, groups, strict=True)
    ]
    present = set(groups)
    known = [(words.country_only, DOTS), (words.no_data, HATCH), (words.zero, EMPTY), *zip(names, shades, strict=True)]
    shown = [(name, colour) for name, colour in known if name in present or name in names]
    return {
        **frame(title, description, words.language),
        "width": WIDTH,
        "height": HEIGHT,
        "projection": _map()["projection"],
        "layer": [
            _shaded(rows, shown, measure, inner=0.5 if any("-" in code for code in values) else 0.0),
            *_lines(),
            *_numbers(dotted, values, words.language),
        ],
    }


def _shaded(rows: list[Json], shown: list[tuple[str, str]], measure: str, inner: float) -> Json:
    """The polygons. `inner` is the width of the lines between units: none where only countries are told of."""
    return {
        "data": {"values": rows},
        "mark": {"type": "geoshape", "stroke": GREY, "strokeWidth": inner},
        "encoding": {
            "color": {
                "field": "properties.group",
                "type": "ordinal",
                "scale": {"domain": [name for name, _ in shown], "range": [colour for _, colour in shown]},
                "legend": {
                    "title": measure,
                    "orient": "bottom",
                    "columns": min(len(shown), MOST_BESIDE - any(colour == DOTS for _, colour in shown)),
                    "titleOrient": "top",
                    "labelFontSize": TEXT,
                    "labelLimit": WIDTH,
                    "titleFontSize": TEXT,
                    "symbolSize": 220,
                },
            }
        },
    }


def _numbers(dotted: Sequence[dict[str, Any]], values: Mapping[str, int | None], language: str) -> list[Json]:
    """The number of each country of which more is known than of its units, once."""
    rows: list[Json] = []
    for country in sorted({str(unit["properties"]["country"]) for unit in dotted}):
        longitude, latitude = _told_of(country, dotted)
        text = grouped(values[country] or 0, language)
        rows.append({"longitude": longitude, "latitude": latitude, "text": text})
    if not rows:
        return []
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "text", "fontSize": TEXT, "fontWeight": "bold", "color": INK},
            "encoding": {
                "longitude": {"field": "longitude", "type": "quantitative"},
                "latitude": {"field": "latitude", "type": "quantitative"},
                "text": {"field": "text"},
            },
        }
    ]


def _lines() -> list[Json]:
    """The outlines of the countries, and over them the lines that are disputed, dashed."""
    line: dict[str, Json] = {"type": "geoshape", "filled": False, "stroke": INK, "strokeWidth": 1}
    kinds = _features()
    return [
        {"data": {"values": list(kinds["border"])}, "mark": line},
        {
            "data": {"values": list(kinds["disputed"])},
            "mark": {**line, "stroke": GREY, "strokeWidth": 2, "strokeDash": [2, 2]},
        },
    ]
