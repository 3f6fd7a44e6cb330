"""External series: what nobody told is no data, never a zero; and the latest month is the viewer's own."""

from typing import Any

import pytest

from services import indicators, network
from services.kernel import db
from tests.network.parties import viewer
from tests.persons import signed_in
from tests.world import World, amber

OUTSIDE = "/v1/indicators/ucdp-fatalities"
YEAR = {"from": "2026-01-01", "to": "2026-04-30", "place": "KG"}
GREEN = {"tlp": "GREEN", "attribution": "named"}


def observe(world: World, marking: dict[str, Any], **values: float | None) -> None:
    """Store values for the first days of months: jan=3."""
    months = {"jan": "2026-01-01", "feb": "2026-02-01", "mar": "2026-03-01"}
    rows = [{"place": "KG", "start": months[month], "value": value} for month, value in values.items()]
    key = world.key("north", ["observations:write"])
    answer = world.client.post(
        f"{OUTSIDE}/observations",
        json={"marking": marking, "observations": rows},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200, answer.text


def values(world: World, slug: str, **query: str) -> list[float | None]:
    return [point["value"] for point in world.get(slug, f"{OUTSIDE}/series", **(YEAR | query))["points"]]


def test_months_without_a_value_are_null_and_a_zero_is_a_zero(world: World) -> None:
    world.enrol("north")
    observe(world, GREEN, jan=3, feb=0, mar=None)
    assert values(world, "north") == [3, 0, None, None]


def test_months_that_the_viewer_may_not_see_are_null(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    observe(world, GREEN, jan=3)
    observe(world, amber(), feb=4)
    assert [values(world, slug) for slug in ("north", "south")] == [[3, 4, None, None], [3, None, None, None]]


def test_a_value_corrected_under_another_marking_replaces_the_one_before(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    observe(world, GREEN, jan=3, feb=1)
    observe(world, amber(), jan=5)
    assert [values(world, slug) for slug in ("north", "south")] == [[5, 1, None, None], [None, 1, None, None]]
    observe(world, GREEN, jan=4)
    assert [values(world, slug) for slug in ("north", "south")] == [[4, 1, None, None], [4, 1, None, None]]


@pytest.mark.one_kind
def test_a_value_released_in_the_future_is_refused(world: World) -> None:
    world.enrol("north")
    one = {"place": "KG", "start": "2026-01-01", "value": 3, "released_at": "2026-11-02T00:00:00Z"}
    answer = world.client.post(
        f"{OUTSIDE}/observations",
        json={"marking": GREEN, "observations": [one]},
        headers={"Authorization": f"Bearer {world.key('north', ['observations:write'])}"},
    )
    assert answer.status_code == 422
    assert "future" in answer.json()["detail"]


def test_on_a_map_a_country_without_a_value_is_null(world: World) -> None:
    world.enrol("north")
    observe(world, GREEN, jan=0)
    places = world.get("north", f"{OUTSIDE}/map", start="2026-01-01")["places"]
    shown = {one["place"]: one["value"] for one in places}
    assert shown.pop("KG") == 0
    assert set(shown.values()) == {None}


@pytest.mark.one_kind
def test_an_external_series_has_no_values_but_those_that_happened(world: World) -> None:
    world.enrol("north")
    observe(world, GREEN, jan=3)
    assert values(world, "north", status="exercise") == [None] * 4


@pytest.mark.one_kind
def test_a_series_of_reports_has_zeros_where_nothing_was_told(world: World) -> None:
    world.enrol("north")
    answer = world.get("north", "/v1/indicators/incidents-reported/series", **YEAR)
    assert [point["value"] for point in answer["points"]] == [0, 0, 0, 0]


def test_the_latest_month_does_not_depend_on_who_else_tells_of_it(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
        signed_in(slug, slug)
    told = {"text": " ".join(f"word{n}and{n * n}" for n in range(30))}
    world.submit("north", **told)
    world.submit("north", **told, marking=amber())
    world.settle()
    with db.reading() as session:
        assert network.visible(session, viewer(session, "south", person=True))
        latest = indicators.latest(session, viewer(session, "south", person=True), status="actual")
    assert str(latest) == "2026-10-01"
