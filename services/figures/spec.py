"""What all figures share: the shape of a specification, its colours, its fixed words, its numbers' form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from babel import Locale

from services.kernel.i18n import translator

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Spec: TypeAlias = dict[str, Json]

# Text and axes take the colour of the page (light or dark; black on paper). The fills are told apart by lightness as
# well as by hue, for readers who do not see colours as most do; GREY has at least 3:1 against both white and near-black
# (WCAG 2.2, 1.4.11), so that every shape has an outline one can see.
INK = "currentColor"
GREY = "#808080"
BLUE = "#3b7dc4"
ORANGE = "#d9601a"
STEPS = ("#f5d77a", "#f0a04b", "#dd6b3d", "#b83a3c", "#7d1d4f")
HATCH = "url(#no-data)"
DOTS = "url(#country)"
EMPTY = "transparent"


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of a figure, and the language whose forms of numbers it uses."""

    language: str
    no_data: str
    zero: str
    stands_out: str
    country_only: str


def words(language: str) -> Words:
    """The fixed words in a language of the network."""
    _ = translator(language).gettext
    return Words(
        language=language,
        no_data=_("no data"),
        zero=_("zero"),
        stands_out=_("stands out"),
        country_only=_("country known, province not"),
    )


def grouped(number: int, language: str) -> str:
    """An integer as the language writes it: with the mark between thousands that it uses."""
    symbol = Locale.parse(language).number_symbols["latn"]["group"]
    return f"{number:,}".replace(",", symbol)


def frame(title: str, description: str, language: str) -> Spec:
    """The outer part of every specification. The title and the description become the SVG's title and desc."""
    symbols = Locale.parse(language).number_symbols["latn"]
    text: Spec = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "usermeta": {"title": title, "language": language},
        "background": None,
        "padding": 4,
        "config": {
            "font": "Noto Sans, sans-serif",
            "view": {"stroke": None},
            "axis": {**text, "domainColor": GREY, "tickColor": GREY, "gridColor": GREY, "gridOpacity": 0.25},
            "legend": {
                **text,
                "symbolStrokeWidth": 0.75,
                "symbolStrokeColor": GREY,
                "symbolType": "square",
                "symbolSize": 150,
            },
            "text": {"color": INK, "fontSize": 11},
            "locale": {
                "number": {
                    "decimal": symbols["decimal"],
                    "thousands": symbols["group"],
                    "grouping": [3],
                    "currency": ["", ""],
                }
            },
        },
    }
