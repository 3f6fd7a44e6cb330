"""The map: first-level units or whole countries, shaded by a count in a few plain classes."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from services.figures.spec import EMPTY, GREY, HATCH, INK, STEPS, Json, Spec, Words, frame, grouped

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


def _value(unit: Json, values: Mapping[str, int | None]) -> int | None:
    """What a polygon shows: the sum of the units drawn in it, else its country's figure; None where none is known."""
    if not isinstance(unit, dict) or not isinstance(unit["also"], list):
        return None
    own = [values[str(code)] for code in (unit["code"], *unit["also"]) if str(code) in values]
    known = [value for value in own if value is not None]
    return sum(known) if known else None if own else values.get(str(unit["country"]))


def _label(low: int, high: int, language: str) -> str:
    return grouped(low, language) if low == high else f"{grouped(low, language)}\u2013{grouped(high, language)}"


def map_spec(values: Mapping[str, int | None], *, title: str, description: str, measure: str, words: Words) -> Spec:
    """Counts by place: ISO 3166-2 codes of units or ISO 3166-1 codes of countries. A place that is missing or None is
    hatched as "no data"; zero is left blank. The page that shows it carries the disclaimer on boundaries."""
    units = _features()["unit"]
    numbers = [_value(unit["properties"], values) for unit in units]
    steps = classes(max((number for number in numbers if number), default=0))
    names = [_label(low, high, words.language) for low, high in steps]
    shades = [STEPS[round(i * (len(STEPS) - 1) / max(1, len(steps) - 1))] for i in range(len(steps))]

    def group(number: int | None) -> str:
        if number is None:
            return words.no_data
        return (
            words.zero if number == 0 else next(n for n, (_, high) in zip(names, steps, strict=True) if number <= high)
        )

    rows: list[Json] = [
        {"type": "Feature", "geometry": unit["geometry"], "properties": {"group": group(number)}}
        for unit, number in zip(units, numbers, strict=True)
    ]
    present = {group(number) for number in numbers}
    known = [(words.no_data, HATCH), (words.zero, EMPTY), *zip(names, shades, strict=True)]
    shown = [(name, colour) for name, colour in known if name in present or name in names]
    return {
        **frame(title, description, words.language),
        "width": WIDTH,
        "height": HEIGHT,
        "projection": _map()["projection"],
        "layer": [_shaded(rows, shown, measure, inner=0.5 if any("-" in code for code in values) else 0.15), *_lines()],
    }


def _shaded(rows: list[Json], shown: list[tuple[str, str]], measure: str, inner: float) -> Json:
    """The polygons. `inner` is the width of the lines between units: faint where whole countries are shaded."""
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
                    "columns": min(len(shown), MOST_BESIDE),
                    "titleOrient": "top",
                    "labelFontSize": TEXT,
                    "titleFontSize": TEXT,
                    "symbolSize": 220,
                },
            }
        },
    }


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
