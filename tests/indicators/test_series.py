"""What is counted, through the API: exact for each viewer, on both databases."""

import pytest
from sqlalchemy import func, select

from services.indicators import Overlap, wider
from services.kernel import db
from services.kernel.model import table
from tests.e2e.two_worlds import statements
from tests.world import World, amber

MONTH = {"from": "2026-10-01", "to": "2026-10-31", "grain": "month"}
TEXT = " ".join(f"lorem{n}dolor{n * n}" for n in range(30))  # long enough to be known again


def count(world: World, slug: str, place: str = "KG", **query: str) -> float:
    """The viewer's number of armed-violence incidents in October."""
    answer = world.get(slug, "/v1/indicators/armed-violence-incidents/series", place=place, **(MONTH | query))
    return answer["points"][0]["value"]


@pytest.mark.one_kind
def test_a_report_moves_the_series_for_those_who_may_see_it_and_for_no_one_else(world: World) -> None:
    for slug in ("north", "south", "desk"):
        world.enrol(slug)
    world.submit("north", marking=amber("south"))
    world.settle()
    assert [count(world, slug) for slug in ("north", "south", "desk")] == [1, 1, 0]


@pytest.mark.one_kind
def test_a_withdrawn_report_leaves_every_indicator(world: World) -> None:
    world.enrol("north")
    reference = world.submit("north")
    world.settle()
    assert count(world, "north") == 1
    answer = world.client.post(
        f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=world.auth("north")
    )
    assert answer.status_code == 204
    world.settle()
    assert count(world, "north") == 0


@pytest.mark.parametrize("grain", ["month", "quarter"])
def test_incidents_told_to_others_cost_a_viewer_no_statement(world: World, grain: str) -> None:
    for slug in ("north", "south", "desk"):
        world.enrol(slug)
    world.submit("north", marking={"tlp": "GREEN", "attribution": "named"})
    world.settle()
    asked, found = [], []
    for hidden in (False, True):
        if hidden:
            world.submit("north", marking=amber("south"), text=TEXT)
            world.submit("south", marking=amber("north"), text=TEXT)
            world.settle()
        with db.reading() as session:
            assert bool(session.execute(select(func.count()).select_from(table(Overlap))).scalar()) == hidden
        count(world, "desk", grain=grain)
        with statements() as some:
            found.append(count(world, "desk", grain=grain))
        asked.append(some)
    assert found == [1, 1]
    assert asked[0] == asked[1]


@pytest.mark.one_kind
def test_what_answers_for_a_quarter_counts_in_it_and_in_its_year_and_a_bound_is_on_what_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("north", "south", "desk"):
        world.enrol(slug)
    days = {"occurred_from": "2026-07-01", "occurred_to": "2026-09-30"}
    world.submit("north", marking={"tlp": "GREEN", "attribution": "named"}, **days)
    world.submit("north", marking=amber("south"), occurred_from="2026-08-01", occurred_to="2026-08-01")
    world.settle()
    asked = {"place": "KG", "from": "2026-04-30", "to": "2026-10-01"}

    def points(slug: str, grain: str) -> list[tuple[str, float]]:
        found = world.get(slug, "/v1/indicators/armed-violence-incidents/series", grain=grain, **asked)
        return [(one["start"], one["value"]) for one in found["points"]]

    assert [value for _, value in points("south", "month")] == [0, 0, 0, 0, 1, 0, 0]
    assert points("south", "quarter") == [("2026-04-01", 0), ("2026-07-01", 2), ("2026-10-01", 0)]
    assert points("desk", "quarter") == [("2026-04-01", 0), ("2026-07-01", 1), ("2026-10-01", 0)]
    assert (points("south", "year"), points("desk", "year")) == ([("2026-01-01", 2)], [("2026-01-01", 1)])
    for slug, number in (("south", 2), ("desk", 1)):
        answer = world.get(
            slug, "/v1/indicators/armed-violence-incidents/map", start="2026-08-15", level="country", grain="quarter"
        )
        assert answer["start"] == "2026-07-01"
        assert {one["place"]: one["value"] for one in answer["places"]}["KG"] == number
    monkeypatch.setattr(wider, "MOST", 1)
    assert points("desk", "year") == [("2026-01-01", 1)]
    refused = world.raw(
        "south", "/v1/indicators/armed-violence-incidents/series", grain="year", **asked
    )  # fmt: skip
    assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (422, "too-much-to-count")
