"""Breakdowns of what a caller sees: exact by property, and by originator only as far as it may know."""

from typing import Any

import pytest

from tests.world import World, amber

GREEN = {"tlp": "GREEN", "attribution": "named"}
WITHHELD = {"tlp": "GREEN", "attribution": "withheld"}


@pytest.fixture
def many(world: World) -> World:
    for slug in ("north", "south", "east", "west", "far"):
        world.enrol(slug)
    return world


def facets(world: World, slug: str, **query: Any) -> dict[str, dict[str, int]]:
    world.settle()
    told = world.get(slug, "/v1/reports/facets", **query)
    counts = {name: {one["value"]: one["reports"] for one in told[name]} for name in told if name != "originators"}
    named = {one["value"]: one["reports"] for one in told["originators"]["named"]}
    return counts | {"named": named, "not_named": told["originators"]["not_named"]}


def test_counts_are_of_what_the_caller_sees_and_filters_for(many: World) -> None:
    many.submit("north", marking=amber("south"))
    many.submit("north", kind="situation", place="TJ")
    many.submit("south", status="test")
    assert facets(many, "south")["kinds"] == {"incident": 2, "situation": 1}
    far = facets(many, "far")
    assert (far["kinds"], far["statuses"]) == ({"incident": 1, "situation": 1}, {"actual": 1, "test": 1})
    assert (far["countries"], far["themes"]) == ({"KG": 1, "TJ": 1}, {"armed-attack": 2})
    assert (far["named"], far["not_named"]) == ({"north": 1, "south": 1}, None)
    assert facets(many, "far", place="TJ")["named"] == {"north": 1}
    assert facets(many, "north", mine=True)["named"] == {"north": 2}


@pytest.mark.one_kind
def test_countries_are_counted_as_the_list_finds_them_by_the_senders_place_before_the_text(many: World) -> None:
    many.submit("north", place="TJ", text="Shots were heard near Tashkent.")
    many.submit("north", place=None, text="Shots were heard near Tashkent and in Osh.")
    counted = facets(many, "far")["countries"]
    assert counted == {"KG": 1, "TJ": 1, "UZ": 1}
    for place, count in counted.items():
        assert len(many.get("far", "/v1/reports", place=place)["reports"]) == count


@pytest.mark.one_kind
def test_who_is_not_named_is_told_together_from_three_on_and_never_below(many: World) -> None:
    many.submit("far")
    for n, slug in enumerate(("north", "south", "east"), start=1):
        many.submit(slug, marking=WITHHELD)
        many.submit(slug, marking=WITHHELD)
        told = facets(many, "west")
        assert (told["named"], told["not_named"]) == ({"far": 1}, 6 if n == 3 else None), slug
    own = facets(many, "north")
    assert (own["named"], own["not_named"]) == ({"far": 1, "north": 2}, None), "two others are too few for north"


def test_filters_that_overlap_do_not_tell_which_unnamed_reports_are_of_one_originator(many: World) -> None:
    """By each filter's own three, {1, 2, 3} would be told and {1, 2, 4} not: 4 is of the same body as 1 or 2."""
    for slug, place, kind in (
        ("north", "KG", "incident"), ("south", "KG", "incident"),
        ("east", "KG", "situation"), ("north", "TJ", "incident"),
    ):  # fmt: skip
        many.submit(slug, marking=WITHHELD, place=place, kind=kind)
    assert facets(many, "west")["not_named"] == 4
    for wanted in ({"place": "KG"}, {"kind": "incident"}, {"mine": True}, {"from": "2026-10-01"}):
        assert facets(many, "west", **wanted)["not_named"] is None, wanted


@pytest.mark.one_kind
def test_two_worlds_in_which_another_unnamed_body_told_it_break_down_alike(many: World) -> None:
    many.submit("far")
    many.submit("north", marking=WITHHELD)
    one = many.get("west", "/v1/reports/facets")["originators"]
    many.submit("south", marking=WITHHELD)
    assert many.get("west", "/v1/reports/facets")["originators"] == one


def test_a_filter_by_originator_finds_only_what_the_caller_may_know_to_be_its(many: World) -> None:
    named = many.submit("north")
    for attribution in ("withheld", "chatham"):
        many.submit("north", marking=GREEN | {"attribution": attribution})

    def found(slug: str, originator: str) -> int:
        return len(many.get(slug, "/v1/reports", originator=originator)["reports"])

    assert [one["reference"] for one in many.get("south", "/v1/reports", originator="north")["reports"]] == [named]
    assert (found("north", "north"), found("south", "nobody"), found("south", "east")) == (3, 0, 0)
    assert many.raw("south", "/v1/reports", originator="nobody").content == (
        many.raw("south", "/v1/reports", originator="east").content
    )


@pytest.mark.one_kind
def test_chatham_is_told_to_the_originator_alone_not_even_to_a_secretariat_that_was_named(many: World) -> None:
    many.enrol("office", "secretariat")
    told = {
        attribution: many.submit("north", marking=amber("office", attribution=attribution))
        for attribution in ("withheld", "chatham")
    }
    seen = {name: many.get("office", f"/v1/reports/{one}") for name, one in told.items()}
    assert {name: one["originator"] for name, one in seen.items()} == {"withheld": "north", "chatham": None}
    assert seen["withheld"]["source"] == {"kind": "own", "organisation": None, "document": None, "name": None}
    assert seen["chatham"]["source"] is None
    assert many.get("north", f"/v1/reports/{told['chatham']}")["originator"] == "north"
