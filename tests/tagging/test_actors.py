"""Actors named in texts: whom a name is, and whom a reader is told of."""

import pytest
from sqlmodel import select

from services import tagging
from services.kernel import db
from services.texts.actors import Actors, Named
from services.texts.folding import fold, normalise
from tests.persons import signed_in
from tests.sanctions.lists import GROUP, NAMES, PERSON, listed
from tests.sanctions.test_lists import bring
from tests.world import World

KNOWN = Actors(
    [
        Named("actor", "interior", ("Ministry of the Fens", "Министерство речных дел"), "v"),
        Named("actor", "interior-north", ("Ministry of the Fens of the North",), "v"),
        Named("actor", "north", ("North", "MFN"), "v"),
        Named("actor", "lantern", ("Hollow Lantern", "المصباح", "جماعة المصباح"), "v"),
        Named("listed_person", "one", ("Quorbin Zelthar Vraimond", "Quorbin"), "v", exact=True),
    ]
)


def found(text: str) -> set[tuple[str, str]]:
    whole = normalise(text)
    return {(one.value, whole[a:b]) for one in KNOWN.find(whole, fold(whole)) for a, b in one.spans}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("\u200cСотрудники Министерства речных дел", {("interior", "Министерства речных дел")}),
        (
            "ministry of the fens of the North",
            {
                ("interior", "ministry of the fens"),
                ("interior-north", "ministry of the fens of the North"),
                ("north", "North"),
            },
        ),
        ("north of the river; mfn", set()),
        ("The MFN said", {("north", "MFN")}),
        ("a hollow lantern; Hollow-Lantern", {("lantern", "Hollow-Lantern")}),
        ("جماعة المصباح و المصباح", {("lantern", "جماعة المصباح")}),
        ("Quorbin, Quorbin Zelthar, Zelthar Vraimond", set()),
        ("met quorbin zelthar VRAIMOND", {("one", "quorbin zelthar VRAIMOND")}),
    ],
)
def test_a_name_is_found_as_it_is_written(text: str, named: set[tuple[str, str]]) -> None:
    assert found(text) == named


TEXT = f"The {NAMES[GROUP][0]} and {' '.join(NAMES[PERSON])} were named by the Bureau of Quiet Water and the Fen Trust."


@pytest.fixture
def told(world: World) -> tuple[World, str]:
    """A report that names a hidden member, an open one, a listed group and a listed person."""
    world.enrol("south", aliases=["Fen Trust"])
    world.enrol("west")
    world.enrol("quiet", hidden=True, aliases=["Bureau of Quiet Water"])
    world.enrol("office", "secretariat")
    bring(listed())
    reference = world.submit("west", text=TEXT, title="Names")
    world.settle()
    return world, reference


def given(world: World, who: dict[str, str], reference: str) -> dict[str, dict[str, object]]:
    answer = world.client.get(f"/v1/reports/{reference}", headers=who).json()
    return {one["value"]: one for one in answer["tags"] if one["scheme"] in {"actor", "listed_person"}}


@pytest.mark.one_kind
def test_nobody_is_told_of_a_hidden_member_and_none_but_an_analyst_of_a_listed_person(told) -> None:
    world, reference = told
    assert given(world, world.auth("south"), reference).keys() == {"south", GROUP}
    assert given(world, world.auth("quiet"), reference).keys() == {"south", "quiet", GROUP}
    assert given(world, world.auth("office"), reference).keys() == {"south", "quiet", GROUP}
    assert given(world, signed_in("focal", "south", "focal_point"), reference).keys() == {"south", GROUP}
    analyst = given(world, signed_in("ann", "south", "analyst"), reference)
    assert analyst.keys() == {"south", GROUP, PERSON}
    assert analyst[GROUP]["name"] == NAMES[GROUP][0]
    assert analyst[PERSON]["name"] == ""
    assert analyst[PERSON]["designated"] == {"by": "UN Security Council", "list_of": "2026-09-01"}


@pytest.mark.one_kind
def test_whoever_is_taken_off_the_list_is_named_no_more(told) -> None:
    world, reference = told
    analyst = signed_in("ann", "south", "analyst")
    bring(listed({"QXe.002": ("Union of the Seventh Fen",)}, dated="2026-10-01T10:00:00Z"))
    assert given(world, analyst, reference).keys() == {"south"}


@pytest.mark.one_kind
def test_actors_are_in_no_facet_and_no_count(told) -> None:
    world, _ = told
    facets = world.raw("office", "/v1/reports/facets").text
    assert GROUP not in facets
    assert PERSON not in facets
    with db.reading() as session:
        keys = [row.report_id for row in session.exec(select(tagging.Tagging)).all()]
        topics = tagging.topics(session, keys)
    assert {one.themes for one in topics.values()} == {frozenset({"armed-attack"})}


@pytest.mark.one_kind
def test_the_page_says_who_designated_and_what_a_quantity_is(told) -> None:
    world, _ = told
    text = "The Brotherhood of the Hollow Lantern lost 12.5 kg of opium that was seized; see S/RES/1373 (2001)."
    reference = world.submit("west", text=text, title="Lantern")
    world.settle()
    page = world.client.get(f"/reports/{reference}", headers=signed_in("focal", "south", "focal_point")).text
    assert "designated by UN Security Council, list of" in page
    assert "Seized: 12.5 kg" in page
    assert "S/RES/1373" in page
