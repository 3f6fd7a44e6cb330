"""Taking a report back reverses all that it counted for, whatever was asked, said, told and translated about it."""

from typing import Any

import pytest

from tests.world import World, report

SERIES = ("incidents-reported", "armed-violence-incidents", "armed-violence-deaths")
OCTOBER = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "grain": "month"}
STRICT = {"tlp": "AMBER+STRICT", "attribution": "named"}


def counted(world: World) -> dict[str, Any]:
    """All numbers that a reader of everything is given, and its list of reports."""
    found: dict[str, Any] = {one: world.get("office", f"/v1/indicators/{one}/series", **OCTOBER) for one in SERIES}
    found["facets"] = world.get("office", "/v1/reports/facets")
    found["list"] = [one["reference"] for one in world.get("office", "/v1/reports", size=200)["reports"]]
    return found


@pytest.mark.parametrize("how", ["withdrawal", "recall"])
def test_what_is_taken_back_leaves_every_number_as_it_was(world: World, how: str) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    same = "Men with rifles attacked the post at the northern pass and left before dawn with two vehicles."
    world.submit("south", text=same)
    world.settle()
    before = counted(world)
    reference = world.submit("north", text=same, figures={"killed": 2}, language="en")
    world.settle()
    path = f"/v1/reports/{reference}"
    south, north, office = (world.auth(one) for one in ("south", "north", "office"))
    told = {"outcome": "verified", "text": "It was so."}
    asked = {"question": "Who saw it?", "why": "Why.", "due_on": "2026-11-20", "marking": STRICT}
    for answer in (
        world.client.post(f"{path}/thread", json={"text": "We saw it too."}, headers=south),
        world.client.post(f"{path}/outcomes", json=told, headers=office),
        world.client.put(f"{path}/translations/ru", json={"title": "Нападение на пост"}, headers=office),
        world.client.post("/v1/inquiries", json=asked | {"report": reference}, headers=south),
        world.client.put(path, json=report(5, text=same, figures={"killed": 3}, language="en"), headers=north),
    ):
        assert answer.status_code in (200, 201, 204), answer.text
    question = world.client.post("/v1/inquiries", json=asked | {"organisations": ["north"]}, headers=office).json()
    linked = {"report": reference}
    done = world.client.post(f"/v1/inquiries/{question['reference']}/answers", json=linked, headers=north)
    assert done.status_code == 201
    world.settle()
    assert counted(world) != before
    why = {"reason": "mistaken"} | ({"reference": reference} if how == "recall" else {})
    world.client.post(f"{path}/{how}", json=why, headers=north)
    world.settle()
    assert counted(world) == before
    assert world.get("office", f"/v1/inquiries/{question['reference']}")["answers"] == []
    for further in ("", "/thread", "/revisions"):
        assert world.raw("south", f"{path}{further}").status_code == 404
