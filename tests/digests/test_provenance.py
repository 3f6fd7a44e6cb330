"""Independent origins: nobody corroborates itself, and no count tells who withheld its name."""

import json
from typing import Any

import pytest

from services import network
from services.kernel import db
from services.reports import independent, telling
from tests.digests.test_editions import BODY, november, overview, read, send
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

WITHHELD = {"tlp": "GREEN", "attribution": "withheld"}
NAMED = {"tlp": "GREEN", "attribution": "named"}
A, B, C, X = (f"organisation:{key}" for key in "abcx")


@pytest.mark.parametrize(
    ("told", "origins"),
    [
        ([], 0),
        ([(A, A)], 1),
        ([(A, A), (B, B)], 2),
        ([(A, A), (X, A)], 1),  # observed, and "heard" from one that says nothing
        ([(A, A), (X, A), (A, B)], 1),  # nor does an honest relay of it help
        ([(A, A), (X, A), (X, X)], 2),
        ([(X, A), ("document:d", A)], 1),
        ([(X, A), (X, B), (X, C)], 1),  # a rumour told by three that heard it from one
        ([(A, A), ("document:d", B)], 2),
        ([(A, A), (A, A)], 1),
    ],
)
def test_origins_are_those_of_different_organisations(told: list[tuple[str, str]], origins: int) -> None:
    assert independent(told) == origins == independent(reversed(told))


def test_a_withheld_origin_is_like_no_other() -> None:
    """All of them are one: neither corroborates itself, and nobody learns that two are by one originator or by two."""
    alike = [telling("organisation:1", originator=1, attributed=False) for _ in range(2)]
    other = [telling(f"organisation:{key}", originator=key, attributed=False) for key in (1, 2)]
    named = telling("organisation:1", originator=1, attributed=True)
    assert independent(alike) == independent(other) == 1
    assert independent([*alike, named]) == independent([*other, named]) == 2


def entry(document: dict[str, Any]) -> dict[str, Any]:
    """The one item of a rendering."""
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    (found,) = [one for block in blocks if block["kind"] == "entries" for one in block["entries"]]
    return found  # type: ignore[no-any-return]


def relayed(slug: str) -> dict[str, Any]:
    return {"kind": "relayed", "organisation": slug}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def same(world: World, slug: str, **more: Any) -> str:
    """A report with the words of all others of this file."""
    answer = world.post(slug, report() | BODY | more)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["reference"])


@pytest.mark.parametrize("suspect", ["north", "far"])
def test_no_near_copy_tells_in_an_edition_who_withheld_its_name(parties: World, suspect: str) -> None:
    same(parties, "north", marking=WITHHELD)
    same(parties, "south", marking=NAMED, source=relayed(suspect))
    parties.settle()
    document = read(parties, "south", november(parties))
    told = entry(document)
    assert (len(told["reports"]), told["origins"], told["credibility"]) == (2, 2, None)
    assert overview(document)["Independent origins of the reports received"] == 2


def test_one_organisation_cannot_corroborate_itself(parties: World) -> None:
    same(parties, "north")
    same(parties, "north", source=relayed("far"))
    parties.settle()
    told = entry(read(parties, "south", november(parties)))
    assert (len(told["reports"]), told["origins"], told["credibility"]) == (2, 1, None)


@pytest.mark.both_kinds
def test_two_organisations_that_saw_it_confirm_it(parties: World) -> None:
    same(parties, "north")
    same(parties, "far")
    parties.settle()
    told = entry(read(parties, "south", november(parties)))
    assert (told["origins"], told["credibility"]) == (2, 1)


def test_that_it_goes_round_is_told_to_those_who_may_know_where_it_comes_from(parties: World) -> None:
    parties.enrol("office", "secretariat")
    told_to = amber("south", "office")
    same(parties, "north", source=relayed("far"), marking=told_to)
    same(parties, "far", source=relayed("north"), marking=told_to)
    parties.settle()
    edition = november(parties)
    found = {slug: entry(read(parties, slug, edition)) for slug in ("office", "south", "north")}
    assert {slug: one["circular"] for slug, one in found.items()} == {"office": True, "south": False, "north": False}
    facts = {fact["key"]: fact["text"] for fact in found["office"]["facts"]}
    assert "circular: its reports cite each other" in facts["origins"]
    assert "circular" not in json.dumps(found["south"]["facts"])
    assert found["office"]["origins"] == 1


def test_a_grade_is_that_of_one_report(parties: World) -> None:
    """The better source found it doubtful: its letter and the other's digit would be a grade that nobody gave."""
    for slug, reliability in (("best", "A"), ("less", "C")):
        parties.enrol(slug, reliability=reliability)
    same(parties, "less", credibility=2, source=relayed("far"))
    same(parties, "best", credibility=4, source=relayed("far"))
    parties.settle()
    told = entry(read(parties, "south", november(parties)))
    assert (len(told["reports"]), told["origins"]) == (2, 1)
    assert (told["reliability"], told["credibility"]) == ("A", 4)


def test_attribution_withheld_later_is_withheld_in_editions_frozen_before(parties: World) -> None:
    told = parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    assert entry(read(parties, "south", edition))["originator"] == "North"
    send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"marking": WITHHELD}, "PUT")
    parties.settle()
    found = read(parties, "south", edition)
    assert (entry(found)["originator"], entry(found)["reliability"]) == (None, None)
    assert "North" not in json.dumps(entry(found))
    assert entry(read(parties, "north", edition))["originator"] == "North"


def test_attribution_named_later_stays_withheld_in_editions_frozen_before(parties: World) -> None:
    told = parties.submit("north", **BODY, marking=WITHHELD)
    parties.settle()
    edition = november(parties)
    send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"marking": NAMED}, "PUT")
    parties.settle()
    assert entry(read(parties, "south", edition))["originator"] is None


@pytest.mark.parametrize("first", ["GREEN", "AMBER"])
def test_the_label_of_an_edition_is_the_strictest_of_then_and_now(parties: World, first: str) -> None:
    green, strict = NAMED, {"tlp": "AMBER", "attribution": "named", "organisations": ["south"], "groups": []}
    then, now = (green, strict) if first == "GREEN" else (strict, green)
    told = parties.submit("north", **BODY, marking=then)
    parties.settle()
    edition = november(parties)
    send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"marking": now}, "PUT")
    parties.settle()
    found = read(parties, "south", edition)
    assert (found["marking"], entry(found)["marking"]) == ("TLP:AMBER", "TLP:AMBER")


def test_names_are_in_the_language_of_the_document(world: World) -> None:
    world.enrol("south")
    world.enrol("north")
    with db.transaction() as session:
        new = network.NewOrganisation(slug="east", name_en="East", name_ru="Восток", kind="state")
        network.enrol(session, new, by=None)
    world.keys["east"] = world.key("east", ["reports:write", "digests:read"])
    world.submit("east", **BODY)
    world.settle()
    edition = november(world)
    names = [
        entry(world.get("south", f"/v1/digests/{edition}/document.json", language=one))["originator"]
        for one in ("en", "ru")
    ]
    assert names == ["East", "Восток"]
