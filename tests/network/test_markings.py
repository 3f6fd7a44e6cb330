"""What labels mean: RED is for persons, GREEN for the network, and a withheld originator is nowhere."""

import pytest

from services import network
from services.kernel import db
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}


def red(*persons: str) -> dict[str, object]:
    return {"tlp": "RED", "attribution": "named", "persons": list(persons)}


class Person:
    """A member at the API, signed in."""

    def __init__(self, world: World, login: str, slug: str) -> None:
        self.world, self.headers = world, signed_in(login, slug, "focal_point")

    def submit(self, **overrides: object) -> str:
        self.world.sent += 1
        answer = self.world.client.post(
            "/v1/reports", json=report(number=self.world.sent) | overrides, headers=self.headers
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reference"])

    def reads(self) -> set[str]:
        answer = self.world.client.get("/v1/reports", params={"size": 200}, headers=self.headers)
        return {one["reference"] for one in answer.json()["reports"]}


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    """Ada and Abe in the north, Ben in the south."""
    world.enrol("north")
    world.enrol("south")
    return {login: Person(world, login, slug) for login, slug in (("ada", "north"), ("abe", "north"), ("ben", "south"))}


def listed(world: World, slug: str) -> set[str]:
    return {one["reference"] for one in world.get(slug, "/v1/reports", size=200)["reports"]}


def test_red_reaches_the_submitting_person_and_the_named_ones_only(world: World, people: dict[str, Person]) -> None:
    told = people["ada"].submit(marking=red("ben"))
    assert {login: one.reads() for login, one in people.items()} == {"ada": {told}, "abe": set(), "ben": {told}}


def test_red_reaches_no_key_not_even_the_submitters_own_organisation(world: World, people: dict[str, Person]) -> None:
    told = people["ada"].submit(marking=red("ben"))
    assert (listed(world, "north"), listed(world, "south")) == (set(), set())
    assert {world.raw(slug, f"/v1/reports/{told}").status_code for slug in ("north", "south")} == {404}


@pytest.mark.both_kinds
def test_a_colleague_cannot_withdraw_what_is_red(world: World, people: dict[str, Person]) -> None:
    told = people["ada"].submit(marking=red())
    path, reason = f"/v1/reports/{told}/withdrawal", {"reason": "mistaken"}
    assert world.client.post(path, json=reason, headers=people["abe"].headers).status_code == 404
    assert world.client.post(path, json=reason, headers=people["ada"].headers).status_code == 204


def test_red_counts_for_the_person_who_sees_it_and_not_for_the_key_beside_them(
    world: World, people: dict[str, Person]
) -> None:
    people["ada"].submit(marking=red("ben"))
    world.settle()
    path = "/v1/indicators/armed-violence-incidents/series"
    october = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31"}
    ben = world.client.get(path, params=october, headers=people["ben"].headers).json()
    key = world.get("south", path, **october)
    assert (ben["points"][0]["value"], key["points"][0]["value"]) == (1, 0)


def test_a_named_person_whose_organisation_is_suspended_reads_nothing(world: World, people: dict[str, Person]) -> None:
    people["ada"].submit(marking=red("ben"))
    with db.transaction() as session:
        network.suspend(session, "south", by=None)
    answer = world.client.get("/v1/reports", headers=people["ben"].headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("marking", "field"),
    [
        (red() | {"organisations": ["south"]}, "marking.organisations"),
        (red() | {"groups": ["ring"]}, "marking.groups"),
        (GREEN | {"organisations": ["south"]}, "marking.organisations"),
        (amber("south") | {"persons": ["ben"]}, "marking.persons"),
    ],
)
def test_recipients_that_a_label_cannot_have_are_refused(world: World, marking: dict[str, object], field: str) -> None:
    world.enrol("north")
    answer = world.post("north", report(marking=marking))
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_report_without_a_marking_is_refused(world: World) -> None:
    world.enrol("north")
    body = report()
    del body["marking"]
    assert world.post("north", body).json()["field"] == "marking"


def test_white_is_read_as_clear_and_never_emitted(world: World) -> None:
    world.enrol("north")
    told = world.submit("north", marking={"tlp": "TLP:WHITE", "attribution": "named"})
    assert world.get("north", f"/v1/reports/{told}")["tlp"] == "CLEAR"


def test_where_attribution_is_withheld_nothing_in_the_answer_names_the_originator(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    told = world.submit("north", marking=amber("south", attribution="withheld"), place="TJ")
    world.settle()
    for path in (f"/v1/reports/{told}", "/v1/reports", f"/v1/reports/{told}/incident"):
        assert "north" not in world.raw("south", path).text.lower()
    view = world.get("south", f"/v1/reports/{told}")
    assert (view["originator"], view["originator_name"], view["reliability"], view["source"]) == (None,) * 4


def test_the_originator_sees_its_own_name_and_marking_where_attribution_is_withheld(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    told = world.submit("north", marking=amber("south", attribution="withheld"))
    view = world.get("north", f"/v1/reports/{told}")
    assert (view["originator"], view["marking"]["organisations"]) == ("north", ["south"])


def test_a_secretariat_named_as_recipient_learns_a_withheld_originator_and_others_do_not(world: World) -> None:
    world.enrol("north")
    world.enrol("office", "secretariat")
    named = world.submit("north", marking=amber("office", attribution="withheld"))
    network_wide = world.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    assert world.get("office", f"/v1/reports/{named}")["originator"] == "north"
    assert world.get("office", f"/v1/reports/{network_wide}")["originator"] is None


def test_recipients_are_shown_to_the_originator_only(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    told = world.submit("north", marking=amber("south"))
    assert world.get("south", f"/v1/reports/{told}")["marking"] is None
