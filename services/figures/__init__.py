"""Figures: one Vega-Lite specification per picture, drawn as SVG for pages and paper and as PNG for mail."""

from services.figures.cell import spark
from services.figures.chart import Point, bars_spec, series_spec
from services.figures.map import classes, map_spec
from services.figures.picture import FONTS, png, svg
from services.figures.spec import Spec, Words, words

__all__ = [
    "FONTS",
    "Point",
    "Spec",
    "Words",
    "bars_spec",
    "classes",
    "map_spec",
    "png",
    "series_spec",
    "spark",
    "svg",
    "words",
]
