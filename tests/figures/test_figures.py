"""Figures say what they are told, keep no data apart from zero, and may stand in a page with a strict policy."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from services import figures
from services.figures import Point
from services.figures.chart import ticks
from services.figures.map import DATA

SVG = "{http://www.w3.org/2000/svg}"
WORDS = figures.words("en")


def series(*values, marked=False):
    points = [Point(f"month {i}", value) for i, value in enumerate(values)]
    if marked:
        points[-1] = Point(points[-1].label, values[-1], stands_out=True, expected=3.1)
    return figures.series_spec(points, title="Title <b>", description="What & why", measure="deaths", words=WORDS)


def places(**values):
    codes = {code.replace("_", "-"): value for code, value in values.items()}
    return figures.map_spec(codes, title="Map", description="A map", measure="incidents", words=WORDS)


def root(spec):
    return ET.fromstring(figures.svg(spec))


def texts(spec):
    return [element.text for element in root(spec).iter(f"{SVG}text")]


@pytest.mark.parametrize("spec", [series(1, 0, None, 9, marked=True), places(KG_B=3, UZ=0)])
def test_a_figure_may_stand_in_a_page_without_inline_rights(spec):
    for element in root(spec).iter():
        assert element.tag.removeprefix(SVG) not in {"script", "style", "foreignObject", "image", "a"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name]


def test_a_figure_is_an_image_with_its_title_and_description():
    svg = root(series(1, 2))
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert (title.text, desc.text) == ("Title <b>", "What & why")


def test_no_data_is_hatched_and_zero_is_not():
    assert "no data" in texts(series(1, None, 2))
    assert "no data" not in texts(series(1, 0, 2))
    assert len(re.findall(r'fill="url\(#h', figures.svg(series(1, None, None, 2)))) == 3  # two months and the legend
    assert 'fill="url(#h' not in figures.svg(series(1, 0, 0, 2))


def test_what_stands_out_is_marked_by_more_than_colour():
    assert {"67", "stands out"} <= set(texts(series(1, 0, 67, marked=True)))
    assert "stands out" not in texts(series(1, 0, 67))


def test_a_small_count_is_written_once_on_the_axis():
    assert [text for text in texts(series(0, 1)) if text and text.isdigit()] == ["0", "1"]


def test_numbers_follow_the_language():
    spec = figures.bars_spec(
        [Point("вода", 12345)], title="t", description="d", measure="случаи", words=figures.words("ru")
    )
    assert "12\u00a0345" in texts(spec)


def test_bars_stay_in_the_order_given():
    points = [Point("Қ", 1), Point("Ө", None), Point("Ү", 5)]
    spec = figures.bars_spec(points, title="t", description="d", measure="n", words=WORDS)
    assert [text for text in texts(spec) if text in {"Қ", "Ө", "Ү"}] == ["Қ", "Ө", "Ү"]


def test_a_quote_in_a_measure_breaks_nothing():
    points = [Point("a", 1), Point("b", None)]
    spec = figures.series_spec(points, title="t", description="d", measure="l'eau \\", words=WORDS)
    assert "l'eau \\" in texts(spec)


def test_the_last_label_of_a_time_axis_is_always_written():
    months = [str(n) for n in range(36)]
    assert ticks(months)[-1] == "35"
    assert len(ticks(months)) <= 8


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0, []),
        (1, [(1, 1)]),
        (4, [(1, 1), (2, 2), (3, 3), (4, 4)]),
        (7, [(1, 1), (2, 4), (5, 7)]),
        (83, [(1, 2), (3, 9), (10, 29), (30, 83)]),
        (2500, [(1, 9), (10, 99), (100, 999), (1000, 2500)]),
    ],
)
def test_classes_of_a_map_are_few_and_whole(largest, expected):
    assert figures.classes(largest) == expected


@pytest.mark.parametrize("largest", [1, 6, 50, 999, 10_000_000])
def test_classes_cover_every_count_once(largest):
    steps = figures.classes(largest)
    assert steps[0][0] == 1
    assert steps[-1][1] == largest
    assert all(low == high + 1 for (_, high), (low, _) in pairwise(steps))
    assert len(steps) <= 5


def groups(spec):
    return [row["properties"]["group"] for row in spec["layer"][0]["data"]["values"]]


def numbers(spec):
    return [
        row["text"] for layer in spec["layer"][1:] if layer["mark"]["type"] == "text" for row in layer["data"]["values"]
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_known_of_a_country_alone_is_dotted_with_its_number_once_and_is_no_number_of_its_units(language):
    words = figures.words(language)
    spec = figures.map_spec({"UZ": 83, "TM": None}, title="t", description="d", measure="n", words=words)
    assert groups(spec).count(words.country_only) == 14
    assert set(groups(spec)) == {words.country_only, "no data" if language == "en" else "нет данных"}
    assert numbers(spec) == ["83"]
    assert {"83", words.country_only} <= set(texts(spec))  # the entry of the legend is written out
    assert len(re.findall(r'fill="url\(#c', figures.svg(spec))) == 15
    assert spec["layer"][0]["mark"]["strokeWidth"] == 0
    assert 'fill="url(#c' not in figures.svg(places(UZ=0, UZ_SU=3))


def test_beside_units_of_which_something_is_told_a_country_dots_the_others_alone():
    spec = places(KG_B=3, KG_O=0, KG=2, TJ_SU=None, TJ=1)
    assert groups(spec).count("3") == 1
    assert groups(spec).count("country known, province not") == 7 + 4
    assert numbers(spec) == ["2", "1"]


def test_a_unit_shows_its_own_count_and_else_the_zero_of_its_country():
    assert groups(places(UZ=0)).count("zero") == 14
    assert groups(places(UZ=0, UZ_SU=3)).count("zero") == 13
    assert groups(places(UZ=0)).count("no data") == 68


def test_a_unit_without_a_polygon_is_added_to_the_one_it_lay_in():
    assert groups(places(KZ_63=3, KZ_10=4)).count("5\u20137") == 1


def test_no_data_for_a_unit_is_not_filled_from_its_country():
    assert groups(places(UZ=0, UZ_SU=None)).count("zero") == 13


def test_the_map_is_small_and_has_the_six_countries():
    assert DATA.stat().st_size < 250_000
    units = figures.map._features()["unit"]
    count = {}
    for unit in units:
        count[unit["properties"]["country"]] = count.get(unit["properties"]["country"], 0) + 1
    assert count == {"KZ": 16, "KG": 8, "TJ": 5, "TM": 5, "UZ": 14, "AF": 34}


def test_a_png_is_a_png_on_white():
    assert figures.png(series(1, 2), scale=1.0).startswith(b"\x89PNG")


def test_a_figure_is_drawn_the_same_again():
    spec = places(KG_B=3)
    first = figures.svg(spec)
    figures.picture._svg.cache_clear()
    assert figures.svg(spec) == first


def test_a_spark_tells_no_data_zero_and_a_value_apart():
    svg = ET.fromstring(figures.spark([None, 0, 4], 'three "values"', stands_out=True))
    empty, zero, last = svg
    assert svg.attrib["aria-label"] == 'three "values"'
    assert empty.attrib["fill"] == "none"
    assert (zero.attrib["height"], last.attrib["height"]) == ("1", "18")
    assert zero.attrib["fill"] != last.attrib["fill"]
