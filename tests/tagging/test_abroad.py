"""What happened abroad: told by its country where a report is shown, counted for the region, judged as other tags."""

from typing import Any

import pytest

from tests.tagging.test_correcting import correct
from tests.tagging.test_deciding import Desk, desk
from tests.texts.test_abroad import HOME, THERE

__all__ = ["desk"]
pytestmark = pytest.mark.one_kind


def told_there(desk: Desk, **more: Any) -> str:
    told = desk.world.submit("north", title="Four detained", text=THERE["en"], place=None, **more)
    desk.world.settle()
    return told


def countries(desk: Desk, reference: str) -> dict[str, str]:
    tags = desk.world.get("south", f"/v1/reports/{reference}")["tags"]
    return {one["value"]: one["method"] for one in tags if one["scheme"] in ("country", "unit", "town")}


def test_it_is_counted_among_countries_found_by_it_and_named(desk: Desk) -> None:
    there = told_there(desk)
    home = desk.world.submit("north", title="A sentence", text=HOME, place=None)
    given = desk.world.submit("north", title="Four detained", text=THERE["en"], place="TJ")
    desk.world.settle()
    facets = desk.world.get("south", "/v1/reports/facets")["countries"]
    assert {one["value"]: (one["name"], one["reports"]) for one in facets} == {
        "TR": ("Türkiye", 1), "KG": ("Kyrgyzstan", 1), "TJ": ("Tajikistan", 1),
    }  # fmt: skip
    for place, found in (("TR", there), ("KG", home), ("TJ", given)):
        listed = desk.world.get("south", "/v1/reports", place=place)["reports"]
        assert [one["reference"] for one in listed] == [found], place


def test_it_is_counted_for_the_region_and_for_no_place_in_it(desk: Desk) -> None:
    told_there(desk, themes=["armed-attack"])
    assert {place: desk.count("south", place=place) for place in ("CA", "TJ", "TJ-KT")} == {
        "CA": 1,
        "TJ": 0,
        "TJ-KT": 0,
    }


def test_an_analyst_rejects_it_and_adds_another_by_its_code(desk: Desk) -> None:
    told = told_there(desk)
    assert countries(desk, told) == {"TR": "gazetteer"}
    correct(desk, "office", told, "rejected", "TR", scheme="place")
    correct(desk, "office", told, "added", "DE", scheme="place")
    assert countries(desk, told) == {"DE": "analyst"}
    for nowhere in ("ZZ", "EU", "QQ", "TR-34"):
        correct(desk, "office", told, "added", nowhere, scheme="place", status=422)


def test_two_reports_of_one_country_abroad_may_tell_one_event(desk: Desk) -> None:
    one = told_there(desk, themes=["armed-attack"])
    text = THERE["ru"].replace("подмосковном Домодедово", "Стамбуле")
    about: dict[str, Any] = {"place": None, "themes": ["armed-attack"], "language": "ru"}
    other = desk.world.submit("far", title="Задержание", text=text, **about)
    desk.world.settle()
    assert countries(desk, other) == {"TR": "gazetteer"}
    path = f"/v1/reports/{one}/suggestions"
    found = desk.world.client.get(path, headers=desk.people["office"]).json()["suggestions"]
    assert [(near["report"], near["why"]["place"]) for near in found] == [(other, 1)]
