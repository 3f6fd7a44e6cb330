"""Who hides its membership does not exist for strangers; and a name means one organisation, however it is written."""

import json
import re
from typing import Any

import pytest

from services import network
from services.kernel import db
from services.network import names
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

PAGES = ("/v1/organisations", "/v1/groups", "/v1/me", "/submit", "/submit/incident", "/reports", "/")


@pytest.fixture
def parties(world: World) -> World:
    """North and south are strangers to a veiled organisation with a parent, a child, and a fellow of a group."""
    for slug in ("north", "south", "above", "fellow"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def veil(world: World) -> None:
    world.enrol("veiled", parent="above", hidden=True, aliases=["The Veiled Ones"])
    world.enrol("below", parent="veiled", hidden=True)
    signed_in("vera", "veiled", "focal_point")


def told(world: World, headers: dict[str, str]) -> dict[str, tuple[int, str]]:
    """All that a caller can ask about who is there."""
    ask = lambda method, path, **more: world.client.request(method, path, headers=headers, **more)  # noqa: E731
    answers = {path: ask("GET", path) for path in PAGES}
    for name in ("veiled", "Veiled", "the veiled ones", "vieled", "VEILED"):
        for body in (
            report(marking=amber(name)),
            report(source={"kind": "relayed", "organisation": name}),
        ):
            answers[f"{name} {body['marking']}"] = ask("POST", "/v1/reports?validate=true", json=body)
    red = {"tlp": "RED", "attribution": "named", "persons": ["vera"]}
    answers["vera"] = ask("POST", "/v1/reports?validate=true", json=report(marking=red))
    answers["detail"] = ask("GET", "/v1/organisations/veiled")
    answers["edit"] = ask("PATCH", "/v1/organisations/veiled", json={"hidden": False})
    answers["join"] = ask("PUT", "/v1/groups/ring/members/veiled")
    key = re.compile('name="(key|whose)" value="[^"]*"')  # new ones for each form
    return {name: (one.status_code, key.sub("", one.text)) for name, one in answers.items()}


@pytest.mark.both_kinds
def test_strangers_are_answered_byte_for_byte_as_if_it_were_not_there(parties: World) -> None:
    parties.group("ring", "north", "south")
    viewers = {
        "key": parties.auth("south"),
        "person": signed_in("ben", "south", "analyst") | {"Accept": "text/html"},
        "focal point": signed_in("bea", "south", "focal_point") | {"Accept": "text/html"},
    }
    before = {name: told(parties, headers) for name, headers in viewers.items()}
    veil(parties)
    after = {name: told(parties, headers) for name, headers in viewers.items()}
    assert {name: one["/v1/organisations"][0] for name, one in before.items()} == dict.fromkeys(viewers, 200)
    assert after == before


@pytest.mark.parametrize(("slug", "knows"), [("above", True), ("below", True), ("fellow", True), ("office", True),
                                              ("veiled", True), ("north", False)])  # fmt: skip
def test_those_near_it_know_it_by_every_name(parties: World, slug: str, knows: bool) -> None:
    veil(parties)
    parties.group("ring", "veiled", "fellow")
    listed = {one["slug"] for one in parties.get(slug, "/v1/organisations")}
    assert ("veiled" in listed) is knows
    answers = [
        parties.client.post("/v1/reports?validate=true", json=report(marking=marking), headers=parties.auth(slug))
        for marking in (
            amber("veiled"),
            amber("The  veiled ones"),
            {"tlp": "RED", "attribution": "named", "persons": ["vera"]},
        )
    ]
    assert {one.status_code for one in answers} == ({200} if knows else {422})


def test_an_administrator_is_told_that_a_hidden_ones_name_is_taken(parties: World) -> None:
    veil(parties)
    parties.keys["admin"] = parties.key("office", ["network:admin"])
    body = {"slug": "another", "name_en": "THE VEILED ONES", "name_ru": "Другие", "kind": "state"}
    assert parties.client.post("/v1/organisations", json=body, headers=parties.auth("admin")).status_code == 409


def test_an_unknown_person_and_one_who_is_not_known_here_are_refused_in_the_same_words(parties: World) -> None:
    veil(parties)

    def answer(login: str) -> tuple[int, str]:
        red = {"tlp": "RED", "attribution": "named", "persons": [login]}
        got = parties.client.post(
            "/v1/reports/bulk?validate=true",
            content=json.dumps(report(marking=red)) + "\n",
            headers=parties.auth("north") | {"Content-Type": "application/x-ndjson"},
        )
        return got.status_code, got.text.replace(login, "...")

    assert answer("vera") == answer("nobody")


@pytest.mark.both_kinds
def test_hiding_keeps_the_groups_that_a_rule_gave(parties: World) -> None:
    new = network.NewGroup(slug="ring", name_en="Ring", name_ru="Круг", rule=network.Rule(kinds=["state"]))
    with db.transaction() as session:
        network.form_group(session, new, by=None)
    told = parties.submit("south", marking=amber(groups=("ring",)))
    with db.transaction() as session:
        network.edit(session, "north", network.EditOrganisation(hidden=True), by=None)
    assert told in {one["reference"] for one in parties.get("north", "/v1/reports")["reports"]}
    parties.enrol("quiet", hidden=True)
    assert "quiet" not in parties.get("north", "/v1/groups")[0]["members"]


def test_a_slug_a_name_and_an_alias_are_one_recipient(world: World) -> None:
    world.enrol("north")
    more: dict[str, Any] = {"aliases": ["Drei Brücken", "ABCDEF"]}
    new = network.NewOrganisation(
        slug="three-bridges", name_en="Three Bridges", name_ru="Трёхмостье", kind="un", **more
    )
    with db.transaction() as session:
        network.enrol(session, new, by=None)
    ways = ("three-bridges", "THREE bridges", "Трехмостье", "drei brücken", "abcdef")
    for way in ways:
        told = world.submit("north", marking=amber(way))
        assert world.get("north", f"/v1/reports/{told}")["marking"]["organisations"] == ["three-bridges"]
    assert world.post("north", report(marking=amber("abcdeg"))).status_code == 422, "who may read is named exactly"
    for heard, status in (("abcdeg", 202), ("abcde", 202), ("bacdef", 202), ("three bridgez", 422), ("abxdeg", 422)):
        world.sent += 1
        body = report(world.sent, source={"kind": "relayed", "organisation": heard})
        assert world.post("north", body).status_code == status, heard


def test_one_slip_is_forgiven_only_where_one_fits() -> None:
    called = {"unrcca": 1, "unxcca": 2, "roca": 3, "far post": 4}
    everyone = {1, 2, 3, 4}
    assert names.heard(called, everyone, "UNRCCB") == 1
    assert names.heard(called, everyone, "unycca") is None
    assert names.heard(called, {1}, "unycca") == 1
    assert names.heard(called, everyone, "rocb") is None
    assert names.named(called, everyone, "unrccb") is None
    assert names.named(called, {1}, "Far-Post") is None


def test_the_packs_usual_misspelling_means_the_organisation(world: World) -> None:
    from services import vocabulary

    template = next(one for one in vocabulary.organisations() if "UNROCA" in one["aliases"])
    world.enrol("north")
    with db.transaction() as session:
        network.enrol(session, network.NewOrganisation(**template | {"parent": None}), by=None)
    told = world.submit("north", marking=amber("UNROCA"))
    assert world.get("north", f"/v1/reports/{told}")["marking"]["organisations"] == [template["slug"]]
