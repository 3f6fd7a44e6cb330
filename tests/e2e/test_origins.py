"""The incident of a withheld report, asked for by who wants to know its author."""

import pytest

from tests.world import World, report

WITHHELD = {"tlp": "GREEN", "attribution": "withheld"}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def relay(world: World, slug: str, heard: str) -> None:
    assert world.post(slug, report(source={"kind": "relayed", "organisation": heard})).status_code == 202


def origins(world: World, slug: str, reference: str) -> int:
    found = world.get(slug, f"/v1/reports/{reference}/incident")
    return int(found["origins"])


@pytest.mark.parametrize("suspect", ["north", "far"])
def test_a_near_copy_relayed_from_a_suspect_tells_nothing(parties: World, suspect: str) -> None:
    hidden = parties.post("north", report(marking=WITHHELD)).json()["reference"]
    relay(parties, "south", suspect)
    parties.settle()
    assert origins(parties, "south", hidden) == 2


def test_the_originator_itself_learns_that_its_own_word_came_back(parties: World) -> None:
    hidden = parties.post("north", report(marking=WITHHELD)).json()["reference"]
    relay(parties, "south", "north")
    parties.settle()
    assert origins(parties, "north", hidden) == 1


def test_a_report_and_a_relay_of_one_organisation_are_one_origin(parties: World) -> None:
    told = parties.post("north", report()).json()["reference"]
    relay(parties, "north", "far")
    parties.settle()
    assert origins(parties, "south", told) == 1


def test_a_rumour_told_by_three_that_heard_it_from_one_is_one_origin(parties: World) -> None:
    parties.enrol("east")
    told = parties.post("east", report()).json()["reference"]
    for slug in ("north", "south", "far"):
        relay(parties, slug, "east")
    parties.settle()
    assert origins(parties, "south", told) == 1
