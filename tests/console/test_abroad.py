"""A country abroad on the pages: a tag's link opens its list, the desk filters by it, analysts find it by any name."""

from collections.abc import Callable

import pytest

from services.console.places import place_choices, places_called
from tests.console.conftest import Browser
from tests.texts.test_abroad import THERE
from tests.world import World


def test_its_tag_links_to_all_that_happened_there_and_pages_filter_by_it(
    world: World, browser: Callable[[str], Browser]
) -> None:
    there = world.submit("north", title="Four detained", text=THERE["en"], place=None)
    world.submit("north", title="Another", text="Nothing of this.", place=None)
    world.settle()
    analyst = browser("eva")
    link = analyst.get(f"/reports/{there}").find("a", href="/reports?place=TR")
    assert link.text == "Türkiye"
    listed = analyst.get(link["href"])
    assert [one.text for one in listed.find("main").find_all("a", href=f"/reports/{there}")]
    assert "Another" not in listed.find("main").text
    assert listed.find("option", value="TR", selected=True).text == "Türkiye"
    assert analyst.get("/search?q=detained&place=TR").find("main").find("a", href=f"/reports/{there}")
    desk = analyst.get("/desk?country=TR")
    assert desk.find("option", value="TR", selected=True).text == "Türkiye"
    assert [one.text for one in desk.find("main").find_all("a") if one.text in ("Four detained", "Another")] == [
        "Four detained"
    ]
    assert analyst.raw("/desk?country=ZZ").status_code == 422
    assert not analyst.get("/reports?place=ZZ").find("main").find_all("a", href=f"/reports/{there}")
    judged = analyst.client.post(
        f"/desk/{there}/tags", data={"scheme": "place", "decided": "rejected", "value": "TR", "words": ""}
    )
    assert judged.status_code == 200
    world.settle()
    gone = next(
        one for one in analyst.get(f"/desk/{there}").find_all("li", attrs={"data-row": True}) if "Türkiye" in one.text
    )
    assert "Country" in gone.text


@pytest.mark.parametrize("name", ["Germany", "германия", "BERLIN", "Олмон", "de", "آلمان"])
def test_it_is_found_by_its_code_or_any_name_of_it_or_of_a_place_in_it(name: str) -> None:
    assert ("DE", "Germany") in places_called(name, "en")


def test_what_is_at_home_is_found_before_it_and_what_is_nowhere_not() -> None:
    assert next(code for code, _ in places_called("turki", "en")) == "KZ-61"
    assert places_called("", "en") == places_called("nowhereatall", "en") == []


def test_it_is_a_choice_where_it_is_chosen_already() -> None:
    assert place_choices("ru", "TR")[-1] == ("TR", "Турция", [])
    assert place_choices("ru", "ZZ") == place_choices("ru")
