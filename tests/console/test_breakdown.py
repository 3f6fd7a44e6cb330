"""The breakdown above a list of reports: each number is a link that lists exactly as many, and names nobody."""

import re

import pytest

from tests.console.conftest import filled
from tests.world import amber

WITHHELD = {"tlp": "GREEN", "attribution": "withheld"}


def groups(page):
    """The lines of each group: name and number, with the address if there is one."""
    found = {}
    for one in page.find("section", class_="counts").find("div", class_="groups").find_all("div", recursive=False):
        lines = [(line.find().text, int(line.find(class_="number").text), line.a) for line in one.find_all("li")]
        found[one.h3.text] = {name: (count, link["href"] if link else None) for name, count, link in lines}
    return found


def listed(page):
    return [one.find("a")["href"] for one in page.find("main").select("ol.reports > li")]


@pytest.fixture
def told(world):
    world.enrol("far")
    world.submit("north")
    world.submit("north", kind="situation", place="TJ", themes=[], text="Shots were heard near Tashkent.")
    world.submit("south", place=None, themes=["border-security"], text="Shots in Osh, and others in Tashkent.")
    world.submit("far", status="exercise", themes=["armed-attack", "border-security"])
    world.submit("far", marking=amber("office", strict=True))
    world.settle()
    return world


def test_every_number_is_a_link_that_lists_exactly_as_many(told, browser):
    ada = browser("ada")
    start = ada.get("/reports")
    assert not start.find("section", class_="counts")
    looked = {start.find("a", href=re.compile("counts=true"))["href"]: ada.get("/reports?counts=true")}
    for address in (*looked, "/reports?counts=true&place=UZ", "/reports?counts=true&kind=incident&kind=situation"):
        for lines in groups(ada.get(address)).values():
            for count, link in lines.values():
                if link is not None:
                    looked[link] = looked.get(link) or ada.get(link)
                    assert len(listed(looked[link])) == count, link
    assert len(looked) > 20
    every = groups(ada.get("/reports?counts=true"))
    assert {name: count for name, (count, _) in every["Countries"].items()} == {
        "Kyrgyzstan": 3, "Tajikistan": 1, "Uzbekistan": 1,
    }  # fmt: skip
    assert {name: count for name, (count, _) in every["Originators"].items()} == {"North": 2, "Far": 1, "South": 1}
    assert {name: count for name, (count, _) in every["Statuses"].items()} == {"Actual": 3, "Exercise": 1}


def test_what_a_filter_cannot_say_is_no_link(told, browser):
    page = browser("ada").get("/reports?counts=true&theme=border-security")
    themes = groups(page)["Themes"]
    assert all(link is None for _, link in themes.values())
    assert len(themes) > 1
    assert len(page.find("section", class_="counts").find_all(attrs={"aria-current": "true"})) == 1
    assert all(link for _, link in groups(page)["Statuses"].values())


def test_who_is_not_named_is_told_together_from_three_on_and_a_sentence_says_what_is_left_out(told, browser):
    eva = browser("eva")
    first = eva.get("/reports?counts=true").find("section", class_="counts").text
    assert "the list may hold more reports" in first
    for slug in ("west", "east", "mid"):
        told.enrol(slug)
        told.submit(slug, marking=WITHHELD)
    page = browser("ada").get("/reports?counts=true")
    assert "not named to you: 3." in page.find("section", class_="counts").text
    assert groups(page)["Originators"].keys() == {"North", "South", "Far"}


def test_words_are_never_counted(told, browser):
    ada = browser("ada")
    for more in ("q=Shots", "figure=killed", "counted=true"):
        page = ada.get(f"/reports?counts=true&{more}")
        assert not page.find("section", class_="counts")
        assert not page.find("a", href=re.compile("counts=true"))


def test_an_originator_stays_filtered_for_and_a_hidden_one_is_answered_as_one_never_heard_of(told, browser):
    told.enrol("veiled", hidden=True)
    ada = browser("ada")
    page = ada.get("/reports?originator=north")
    assert "only what North told" in page.find("label", {"for": "originator"}).text
    assert len(listed(page)) == 2
    assert filled(page.find("form", {"action": "/reports"}))["originator"] == ["north"]
    veiled, never = (ada.raw(f"/reports?originator={name}&counts=true") for name in ("veiled", "zilch0"))
    assert veiled.text.replace("veiled", "zilch0") == never.text
