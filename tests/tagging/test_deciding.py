"""Analysts say which reports tell one event: for whoever sees both, whatever tagging finds, and in the counts."""

from typing import Any

import pytest

from tests.tagging.test_reports import CACHE, RETOLD
from tests.weighing.parties import Weighers
from tests.world import World, amber

DAYS = {"from": "2026-10-01", "to": "2026-10-31"}


class Desk(Weighers):
    """Three organisations and a secretariat, each with an analyst, who say what tells the same."""

    def pair(self, who: str, one: str, other: str, decided: str = "same", *, status: int = 201) -> dict[str, Any]:
        body = {"report": other, "decided": decided, "reason": "Both name the bridge."}
        answer = self.world.client.post(f"/v1/reports/{one}/links", json=body, headers=self.people[who])
        assert answer.status_code == status, answer.text
        self.world.settle()
        found: dict[str, Any] = answer.json()
        return found

    def pairs(self, who: str, one: str) -> dict[str, tuple[bool, bool, list[str]]]:
        answer = self.world.client.get(f"/v1/reports/{one}/links", headers=self.people[who])
        assert answer.status_code == 200, answer.text
        return {
            pair["report"]: (pair["joined"], pair["alike"] > 0, [act["decided"] for act in pair["decisions"]])
            for pair in answer.json()["pairs"]
        }

    def told(self, slug: str, one: str) -> set[str]:
        return set(self.world.get(slug, f"/v1/reports/{one}/incident")["reports"])

    def count(self, slug: str, **more: str) -> int:
        query = DAYS | {"place": "KG-B", "grain": "month"} | more
        points = self.world.get(slug, "/v1/indicators/armed-violence-incidents/series", **query)["points"]
        return int(sum(point["value"] for point in points))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_a_pair_is_joined_and_parted_by_an_analyst_and_counted_so_at_once(desk: Desk) -> None:
    one, other = desk.world.submit("north"), desk.world.submit("far")
    desk.world.settle()
    assert desk.count("south") == 2
    desk.pair("office", one, other)
    assert desk.told("south", one) == {one, other}
    assert desk.count("south") == 1
    desk.pair("office", other, one, "undecided")
    assert desk.told("south", one) == {one}
    assert desk.count("south") == 2
    assert desk.pairs("south", one) == {other: (False, False, ["same", "undecided"])}


@pytest.mark.one_kind
def test_a_decided_pair_outlives_tagging_anew_and_what_words_say(desk: Desk) -> None:
    one, other = (desk.world.submit(slug, text=CACHE) for slug in ("north", "far"))
    desk.world.settle()
    assert desk.told("south", one) == {one, other}
    desk.pair("office", one, other, "apart")
    third = desk.world.submit("south")
    desk.world.settle()
    desk.pair("office", one, third)
    for slug, reference, text in (("north", one, RETOLD), ("south", third, "Other words.")):
        body = desk.world.get(slug, f"/v1/reports/{reference}")
        edit = {name: body[name] for name in ("title", "kind", "occurred_from", "occurred_to", "place", "themes")}
        edit |= {"text": text, "marking": {"tlp": "GREEN", "attribution": "named"}}
        desk.world.client.put(f"/v1/reports/{reference}", json=edit, headers=desk.world.auth(slug)).raise_for_status()
        desk.world.settle()
    assert (desk.told("far", one), desk.told("far", other)) == ({one, third}, {other})
    desk.pair("office", one, other, "undecided")
    assert desk.told("far", one) == {one, other, third}


def test_of_three_that_tell_the_same_one_can_be_parted_from_the_others(desk: Desk) -> None:
    told = [desk.world.submit(slug, text=CACHE) for slug in ("north", "north", "far")]
    desk.world.settle()
    desk.pair("office", told[0], told[1], "apart")
    assert desk.told("south", told[0]) == set(told)  # both tell the same as the third
    desk.pair("office", told[0], told[2], "apart")
    assert (desk.told("south", told[0]), desk.told("south", told[1])) == ({told[0]}, set(told[1:]))


def test_whoever_sees_one_end_only_is_told_nothing_and_counts_as_before(desk: Desk) -> None:
    shown = desk.world.submit("north")
    middle = desk.world.submit("north", marking=amber("office", "north"))
    last = desk.world.submit("far")
    desk.world.settle()
    desk.pair("office", shown, middle)
    desk.pair("office", middle, last)
    assert (desk.count("south"), desk.count("north")) == (2, 1)
    assert desk.told("south", shown) == {shown}
    assert desk.pairs("south", shown) == {}
    assert desk.pairs("north", shown) == {middle: (True, False, ["same"]), last: (True, False, [])}


@pytest.mark.one_kind
def test_others_reports_are_the_secretariats_to_judge(desk: Desk) -> None:
    """Else a partner joins what it made up to what another saw, and has it confirmed; or makes two attacks one."""
    mine, again = desk.world.submit("north"), desk.world.submit("north")
    theirs = desk.world.submit("far")
    withheld = desk.world.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    hidden = desk.world.submit("far", marking=amber("far"))
    practice = desk.world.submit("north", status="exercise")
    desk.world.settle()
    for other in (theirs, withheld):
        assert "secretariat" in desk.pair("north", mine, other, status=403)["detail"]
    desk.pair("north", mine, again)
    for other in (hidden, "EWN-1111-1111-1111"):
        assert desk.pair("office", mine, other, status=404) == desk.pair("office", other, mine, status=404)
    for other in (mine, practice):
        desk.pair("office", mine, other, status=422)
    key = desk.world.client.post(f"/v1/reports/{mine}/links", json={}, headers=desk.world.auth("office"))
    assert key.status_code == 403


@pytest.mark.one_kind
def test_a_reason_goes_with_the_words_it_was_about(desk: Desk) -> None:
    one, other = desk.world.submit("north"), desk.world.submit("far")
    desk.world.settle()
    said = desk.pair("office", one, other)["pairs"][0]["decisions"][0]
    assert (said["reason"], said["person"], said["mine"], said["revised"]) == (
        "Both name the bridge.", "Office-Analyst", True, False,
    )  # fmt: skip
    desk.world.client.post(
        f"/v1/reports/{other}/recall", json={"reason": "sent in error", "reference": other},
        headers=desk.world.auth("far"),
    ).raise_for_status()  # fmt: skip
    desk.world.settle()
    assert desk.pairs("office", one) == {}
    assert desk.told("north", one) == {one}
