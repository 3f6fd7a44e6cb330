"""What is counted, through the API: exact for each viewer, on both databases."""

from tests.world import World, amber

MONTH = {"from": "2026-10-01", "to": "2026-10-31", "grain": "month"}


def count(world: World, slug: str, place: str = "KG", **query: str) -> float:
    """The viewer's number of armed-violence incidents in October."""
    answer = world.get(slug, "/v1/indicators/armed-violence-incidents/series", place=place, **(MONTH | query))
    return answer["points"][0]["value"]


def test_a_report_moves_the_series_for_those_who_may_see_it_and_for_no_one_else(world: World) -> None:
    for slug in ("north", "south", "desk"):
        world.enrol(slug)
    world.submit("north", marking=amber("south"))
    world.settle()
    assert [count(world, slug) for slug in ("north", "south", "desk")] == [1, 1, 0]


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
