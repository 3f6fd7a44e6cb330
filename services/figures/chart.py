"""Charts of counts: a series over time, and bars side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.figures.spec import BLUE, GREY, HATCH, INK, ORANGE, Json, Spec, Words, frame, grouped

LABELS = 8  # on the axis of time, at most
FEW = 4  # counts up to here are all written on the axis
WIDTH, HEIGHT = 600, 170


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket or bar. None is "no data", which is drawn as its own state and never as zero."""

    label: str
    value: int | None
    stands_out: bool = False
    expected: float | None = None
    """Upper end of the range that was expected, drawn as a line across the bar."""


def _rows(points: Sequence[Point], language: str) -> list[dict[str, Json]]:
    return [
        {
            "label": point.label,
            "value": point.value,
            "text": "" if point.value is None else grouped(point.value, language),
            "state": "none" if point.value is None else "out" if point.stands_out else "plain",
            "expected": point.expected,
        }
        for point in points
    ]


def _only(*states: str) -> list[Json]:
    return [{"filter": {"field": "state", "oneOf": list(states)}}]


def _colour(words: Words, present: set[str], used: str) -> Json:
    """The legend: only the states that occur, and none at all where there is nothing to tell apart."""
    known = {"plain": (used, BLUE), "out": (words.stands_out, ORANGE), "none": (words.no_data, HATCH)}
    states = [state for state in known if state in present]
    expression = "".join(f"datum.value == '{state}' ? '{_quoted(known[state][0])}' : " for state in states) + "''"
    legend: Json = {"title": None, "orient": "bottom", "labelExpr": expression} if len(states) > 1 else None
    return {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": list(states), "range": [known[state][1] for state in states]},
        "legend": legend,
    }


def _counts(points: Sequence[Point], measure: str) -> Json:
    """An axis of whole numbers: for small counts each once, since Vega would write halves as the same number twice."""
    largest = max((point.value for point in points if point.value), default=1)
    small: dict[str, Json] = {"values": list(range(largest + 1))} if largest <= FEW else {"tickCount": 4}
    return {"title": measure, "format": ",d", **small}


def _quoted(text: str) -> str:
    """Text as it may stand between single quotes in a Vega expression."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def ticks(labels: Sequence[str]) -> list[Json]:
    """The labels that are written on the axis of time: evenly spaced, and always the last."""
    step = max(1, -(-len(labels) // LABELS))
    return list(reversed([label for i, label in enumerate(reversed(labels)) if i % step == 0]))


def series_spec(points: Sequence[Point], *, title: str, description: str, measure: str, words: Words) -> Spec:
    """Counts over time, oldest first; `measure` says what is counted. Labels must differ."""
    labels = [point.label for point in points]
    x: Json = {
        "field": "label",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": list(labels), "paddingInner": 0.2},
        "axis": {"title": None, "values": ticks(labels), "labelAngle": 0, "labelFlush": True, "grid": False},
    }
    y: Json = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domainMin": 0, "nice": True},
        "axis": _counts(points, measure),
    }
    rows = _rows(points, words.language)
    colour = _colour(words, {str(row["state"]) for row in rows}, measure)
    layers: list[Json] = [
        {
            "transform": _only("none"),
            "mark": {"type": "bar", "stroke": GREY, "strokeWidth": 0},
            "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": "height"}, "color": colour},
        },
        {"transform": _only("plain", "out"), "mark": "bar", "encoding": {"x": x, "y": y, "color": colour}},
        {
            "transform": [*_only("plain", "out"), {"filter": "datum.value == 0"}],
            "mark": {"type": "tick", "thickness": 1.5, "bandSize": 6, "color": BLUE, "yOffset": -0.75},
            "encoding": {"x": x, "y": y},
        },
        {
            "transform": [{"filter": "datum.expected != null"}],
            "mark": {"type": "tick", "thickness": 1.5, "color": INK, "width": {"band": 1.6}},
            "encoding": {"x": x, "y": {"field": "expected", "type": "quantitative"}},
        },
        *_flags(x, y),
    ]
    return {
        **frame(title, description, words.language),
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": layers,
    }


def _flags(x: Json, y: Json) -> list[Json]:
    """A triangle and the number over each bucket that stands out: it must not hang on colour alone."""
    return [
        {
            "transform": _only("out"),
            "mark": {
                "type": "point",
                "shape": "triangle-down",
                "filled": True,
                "size": 50,
                "color": ORANGE,
                "yOffset": -8,
            },
            "encoding": {"x": x, "y": y},
        },
        {
            "transform": _only("out"),
            "mark": {"type": "text", "dy": -20, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        },
    ]


def bars_spec(points: Sequence[Point], *, title: str, description: str, measure: str, words: Words) -> Spec:
    """Counts side by side, one horizontal bar each in the order given; its number stands at its end."""
    y: Json = {
        "field": "label",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [point.label for point in points]},
        "axis": {"title": None, "labelLimit": 240, "ticks": False, "domain": False, "labelPadding": 6},
    }
    x: Json = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domainMin": 0},
        "axis": _counts(points, measure),
    }
    rows = _rows(points, words.language)
    colour = _colour(words, {str(row["state"]) for row in rows}, measure)
    return {
        **frame(title, description, words.language),
        "width": 360,
        "height": {"step": 22},
        "data": {"values": rows},
        "layer": [
            {
                "transform": _only("none"),
                "mark": {"type": "bar"},
                "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": 60}, "color": colour},
            },
            {"transform": _only("plain", "out"), "mark": "bar", "encoding": {"y": y, "x": x, "color": colour}},
            {
                "transform": _only("plain", "out"),
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"y": y, "x": x, "text": {"field": "text"}},
            },
        ],
    }
