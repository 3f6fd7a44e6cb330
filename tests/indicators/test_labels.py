"""A series and a map bear the strictest label of what told them to this caller, and nothing of what did not."""

from typing import Any

import pytest

from tests.persons import signed_in
from tests.world import World, amber

pytestmark = pytest.mark.one_kind

MONTH = {"from": "2026-10-01", "to": "2026-10-31", "grain": "month"}
CLEAR = {"tlp": "CLEAR", "attribution": "named"}
GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "east"):
        world.enrol(slug)
    return world


def labels(world: World, slug: str, place: str = "KG", **query: Any) -> tuple[str | None, str | None]:
    """Of the series at a place and of the map of countries."""
    world.settle()
    path = "/v1/indicators/armed-violence-incidents"
    series = world.get(slug, f"{path}/series", place=place, **(MONTH | query))
    places = world.get(slug, f"{path}/map", start="2026-10-01", **query)
    return series["tlp"], places["tlp"]


def test_the_label_is_the_strictest_of_what_is_told_to_the_caller(three: World) -> None:
    assert labels(three, "south") == (None, None)
    three.submit("north", marking=CLEAR)
    assert labels(three, "south") == ("CLEAR", "CLEAR")
    three.submit("north", marking=amber("south"))
    assert (labels(three, "south"), labels(three, "east")) == (("AMBER", "AMBER"), ("CLEAR", "CLEAR"))
    three.submit("east", marking=GREEN, place="TJ")
    assert labels(three, "east") == ("CLEAR", "GREEN")


def test_an_incident_told_twice_bears_the_stricter_of_what_is_seen_of_it(three: World) -> None:
    same = {"text": "Armed men attacked the northern post at night and left before dawn, the commander said."}
    three.submit("north", title="A clash", marking=CLEAR, **same)
    three.submit("east", title="A clash", marking=amber("south", strict=True), **same)
    for grain in ("month", "quarter"):
        found = [labels(three, slug, grain=grain) for slug in ("south", "north")]
        assert found == [("AMBER+STRICT",) * 2, ("CLEAR",) * 2]


@pytest.mark.parametrize("also", [{"selection": True}, {"occurred_from": "2026-10-03", "occurred_to": "2026-11-01"}])
def test_what_counts_nothing_and_joins_to_hidden_reports_only_labels_nothing(
    three: World, also: dict[str, Any]
) -> None:
    same = {"text": "Armed men attacked the northern post at night and left before dawn, the commander said."}
    three.submit("north", title="A clash", marking=CLEAR, **same)
    three.submit("east", title="A clash", marking=amber("south", strict=True), **(same | also))
    assert labels(three, "south") == labels(three, "north") == ("CLEAR", "CLEAR")
    three.submit("east", title="A clash", marking=amber("north", strict=True), **same)
    assert labels(three, "south") == ("CLEAR", "CLEAR")
    assert labels(three, "north") == ("AMBER+STRICT", "AMBER+STRICT")


def test_what_was_withdrawn_labels_nothing(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    assert labels(three, "south") == ("AMBER", "AMBER")
    path = f"/v1/reports/{reference}/withdrawal"
    assert three.client.post(path, json={"reason": "mistaken"}, headers=three.auth("north")).status_code == 204
    assert labels(three, "south") == (None, None)


@pytest.mark.both_kinds
def test_exercises_label_exercises_only(three: World) -> None:
    three.submit("north", marking=amber("south"), status="exercise")
    assert labels(three, "south") == (None, None)
    assert labels(three, "south", status="exercise") == ("AMBER", "AMBER")


def test_red_labels_the_series_of_the_person_and_of_nobody_else(three: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    three.submit("north", marking={"tlp": "RED", "attribution": "named", "persons": ["ada"]})
    three.settle()
    path = "/v1/indicators/armed-violence-incidents/series"
    answer = three.client.get(path, params=MONTH | {"place": "KG"}, headers=ada)
    assert answer.json()["tlp"] == "RED"
    assert labels(three, "north") == (None, None)


def test_values_from_outside_bear_their_own_label(three: World) -> None:
    three.keys["feeder"] = three.key("north", ["observations:write"])
    body = {"marking": CLEAR, "observations": [{"place": "KG", "start": "2026-10-01", "value": 0}]}
    sent = three.client.post("/v1/indicators/ucdp-fatalities/observations", json=body, headers=three.auth("feeder"))
    assert sent.status_code == 200, sent.text
    series = three.get("south", "/v1/indicators/ucdp-fatalities/series", place="KG", **MONTH)
    assert (series["tlp"], series["points"][0]["value"]) == ("CLEAR", 0)


def test_values_from_outside_take_no_dates(three: World) -> None:
    three.keys["feeder"] = three.key("north", ["observations:write"])
    dated = CLEAR | {"embargo_until": "2026-12-01T00:00:00Z"}
    body = {"marking": dated, "observations": [{"place": "KG", "start": "2026-10-01", "value": 1}]}
    sent = three.client.post("/v1/indicators/ucdp-fatalities/observations", json=body, headers=three.auth("feeder"))
    assert (sent.status_code, sent.json()["field"]) == (422, "marking.embargo_until")
