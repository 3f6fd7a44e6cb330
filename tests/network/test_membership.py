"""Memberships over time through the API: steps, leaving for good, stays by day, rules, owners, offices."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlmodel import select

from services import network
from services.kernel import clock, db
from services.network.models import SignIn
from tests.persons import signed_in
from tests.world import World, amber

ADMIN = ["network:admin"]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def admin(world: World) -> "Admin":
    """An administrator's key, of an office that is a secretariat."""
    world.enrol("office", "secretariat")
    for slug in ("north", "south"):
        world.enrol(slug)
    world.keys["admin"] = world.key("office", ADMIN)
    return Admin(world, world.auth("admin"))


class Admin:
    """Somebody who changes the network through the API."""

    def __init__(self, world: World, headers: dict[str, str]) -> None:
        self.world, self.headers = world, headers

    def ask(self, method: str, path: str, **more: object) -> Response:
        return self.world.client.request(method, f"/v1{path}", headers=self.headers, **more)

    def do(self, method: str, path: str, **more: object) -> object:
        answer = self.ask(method, path, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def reads(world: World, slug: str) -> set[str]:
    return {one["reference"] for one in world.get(slug, "/v1/reports", size=200)["reports"]}


def members(world: World, group: str) -> list[str]:
    return next(one["members"] for one in world.get("admin", "/v1/groups") if one["slug"] == group)


def refused(answer: Response, name: str, status: int = 409) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/docs/problems#{name}"), answer.text


@pytest.mark.one_kind
def test_an_organisation_that_applied_reads_nothing_until_it_is_let_in(world: World, admin: Admin) -> None:
    told = world.submit("north")
    body = {"slug": "new-body", "name_en": "New body", "name_ru": "Новая", "kind": "state", "state": "applied"}
    admin.do("POST", "/organisations", json=body)
    world.keys["new-body"] = world.key("new-body", ["reports:read"])
    assert world.raw("new-body", "/v1/reports").status_code == 401
    assert "new-body" not in {one["slug"] for one in world.get("north", "/v1/organisations")}
    admin.do("POST", "/organisations/new-body/activation", json={"past": True})
    assert reads(world, "new-body") == {told}


@pytest.mark.one_kind
@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("DELETE", "/organisations/north/suspension?past=false", {}),
        ("POST", "/organisations/north/activation", {"json": {"past": True}}),
        ("POST", "/organisations/north/application", {}),
    ],
)
def test_what_is_no_step_is_refused_and_changes_nothing(
    world: World, admin: Admin, method: str, path: str, more: dict[str, object]
) -> None:
    told = world.submit("south")
    refused(admin.ask(method, path, **more), "not-a-step")
    assert reads(world, "north") == {told}


def test_who_left_cannot_be_resumed_and_comes_back_to_nothing_but_its_own(world: World, admin: Admin) -> None:
    world.enrol("harbour", parent="north")
    world.group("ring", "north", "south")
    admin.do("PATCH", "/groups/ring", json={"past": True})
    cookie = signed_in("ada", "north", "focal_point")
    markings = ({"tlp": "GREEN", "attribution": "named"}, amber("north"), amber(groups=("ring",)))
    for marking in markings:
        world.submit("south", marking=marking)
    own = world.submit("north", marking=amber("south"))
    admin.do("POST", "/members/ada/offices", json={"title_en": "Head", "title_ru": "Глава", "held_from": "2026-01-01"})
    admin.do("POST", "/organisations/north/departure")
    assert world.raw("north", "/v1/reports").status_code == 401
    assert world.client.get("/v1/me", headers=cookie).status_code == 401
    assert reads(world, "harbour") == {one for one in reads(world, "harbour") if one != own}
    ada = next(one for one in world.get("admin", "/v1/members") if one["login"] == "ada")
    assert (ada["active"], ada["offices"][0]["held_until"]) == (False, "2026-11-01")
    assert {one["revoked_at"] is None for one in world.get("admin", "/v1/keys") if one["organisation"] == "north"} == {
        False
    }
    refused(admin.ask("DELETE", "/organisations/north/suspension?past=true"), "not-a-step")
    admin.do("POST", "/organisations/north/application")
    refused(admin.ask("POST", "/organisations/north/activation", json={"past": True}), "without-the-past")
    admin.do("POST", "/organisations/north/activation", json={"past": False})
    detail = admin.do("GET", "/organisations/north")
    assert (detail["parent"], detail["children"]) == (None, [])
    assert members(world, "ring") == ["south"]
    admin.do("PUT", "/groups/ring/members/north")
    world.keys["north"] = world.key("north", ["reports:read"])
    assert reads(world, "north") == {own}


@pytest.mark.one_kind
def test_nobody_can_be_added_to_who_has_left(world: World, admin: Admin) -> None:
    admin.do("POST", "/organisations/north/departure")
    person = {"login": "ada", "name": "Ada", "organisation": "north", "roles": ["analyst"]}
    refused(admin.ask("POST", "/members", json=person), "has-left")
    key = {"name": "one", "organisation": "north", "scopes": ["reports:write"]}
    refused(admin.ask("POST", "/keys", json=key), "has-left")
    refused(admin.ask("PUT", "/organisations/north/parent", json={"parent": "south", "past": False}), "has-left")
    refused(admin.ask("PUT", "/organisations/south/parent", json={"parent": "north", "past": False}), "not-a-parent")
    world.group("ring")
    refused(admin.ask("PUT", "/groups/ring/members/north"), "not-yet-member")


@pytest.mark.one_kind
def test_a_suspension_keeps_what_it_refuses(world: World, admin: Admin) -> None:
    world.group("ring", "north", "south")
    told = world.submit("south", marking=amber(groups=("ring",)))
    cookie = signed_in("ada", "north", "focal_point")
    admin.do("POST", "/organisations/north/suspension")
    assert world.client.get("/v1/me", headers=cookie).status_code == 401
    admin.do("DELETE", "/organisations/north/suspension?past=true")
    assert world.client.get("/v1/me", headers=cookie).status_code == 200
    assert reads(world, "north") == {told}


@pytest.mark.one_kind
@pytest.mark.parametrize("act", ["suspension", "departure", "person"])
def test_the_last_administrator_stays(world: World, admin: Admin, act: str) -> None:
    signed_in("max", "office", "administrator")
    path = ("DELETE", "/members/max") if act == "person" else ("POST", f"/organisations/office/{act}")
    refused(admin.ask(*path), "last-administrator")
    signed_in("moe", "south", "administrator")
    admin.do(*path)


@pytest.mark.one_kind
def test_an_administrator_of_a_suspended_organisation_is_none(world: World, admin: Admin) -> None:
    signed_in("max", "office", "administrator")
    signed_in("moe", "south", "administrator")
    admin.do("POST", "/organisations/south/suspension")
    with db.reading() as session:
        assert network.administrators(session) == 1
    refused(admin.ask("POST", "/organisations/office/suspension"), "last-administrator")


def test_a_parent_is_given_and_taken_with_or_without_its_past(world: World, admin: Admin) -> None:
    before = world.submit("north", marking=amber("office"))
    for past, expected in ((True, {before}), (False, set())):
        admin.do("PUT", "/organisations/south/parent", json={"parent": "office", "past": past})
        assert reads(world, "south") == expected
        admin.do("DELETE", "/organisations/south/parent")
        assert reads(world, "south") == set()
    admin.do("PUT", "/organisations/south/parent", json={"parent": "office", "past": False})
    after = world.submit("north", marking=amber("office"))
    assert reads(world, "south") == {after}
    for below, above in (("office", "south"), ("south", "south")):
        answer = admin.ask("PUT", f"/organisations/{below}/parent", json={"parent": above, "past": True})
        refused(answer, "not-a-parent")


def test_a_stay_begins_and_ends_with_the_days_of_its_own_time_zone(world: World, admin: Admin) -> None:
    world.group("ring", "north")
    admin.do("PATCH", "/organisations/south", json={"timezone": "Asia/Tashkent"})  # UTC+5
    admin.do("PUT", "/groups/ring/members/south", json={"begins_on": "2026-11-03", "ends_on": "2026-11-04"})
    begins, ends = datetime(2026, 11, 2, 19, tzinfo=UTC), datetime(2026, 11, 4, 19, tzinfo=UTC)
    second = timedelta(seconds=1)
    for at, inside in ((begins - second, False), (begins, True), (ends - second, True), (ends, False)):
        with db.transaction() as session:
            network.groups_due(session, at=at)
        assert ("south" in members(world, "ring")) is inside, at


def test_a_stay_over_before_the_clock_looked_lets_nobody_in(world: World, admin: Admin) -> None:
    world.group("ring", "north")
    admin.do("PUT", "/groups/ring/members/south", json={"begins_on": "2026-11-03", "ends_on": "2026-11-04"})
    with db.transaction() as session:
        assert network.groups_due(session, at=datetime(2026, 12, 1, tzinfo=UTC)) == 1
        assert network.groups_due(session, at=datetime(2026, 12, 1, tzinfo=UTC)) == 0
    assert members(world, "ring") == ["north"]
    admin.do("PUT", "/groups/ring/members/south")
    assert members(world, "ring") == ["north", "south"]


def test_an_organisation_leaves_at_the_end_of_a_day(world: World, admin: Admin) -> None:
    world.group("ring", "north", "south")
    assert admin.ask("DELETE", "/groups/ring/members/south?on=2026-10-01").status_code == 422
    admin.do("DELETE", "/groups/ring/members/south?on=2026-11-02")
    assert members(world, "ring") == ["north", "south"]
    with db.transaction() as session:
        network.groups_due(session, at=datetime(2026, 11, 3, tzinfo=UTC))
    assert members(world, "ring") == ["north"]


@pytest.mark.one_kind
def test_two_stays_of_one_organisation_do_not_overlap(world: World, admin: Admin) -> None:
    world.group("ring", "north")
    refused(admin.ask("PUT", "/groups/ring/members/north", json={"begins_on": "2026-12-01"}), "already-in")


def test_a_rule_keeps_in_who_matches_and_says_beforehand_what_it_does(world: World, admin: Admin) -> None:
    world.enrol("guild", "civil_society", countries=["KG"])
    world.group("ring", "guild")
    admin.do("PATCH", "/organisations/south", json={"countries": ["KG", "UZ"]})
    rule = {"kinds": ["state"], "countries": ["UZ", "TJ"]}
    assert admin.do("PUT", "/groups/ring/rule?dry_run=true", json=rule) == {"joining": ["south"], "leaving": []}
    assert members(world, "ring") == ["guild"]
    admin.do("PUT", "/groups/ring/rule", json=rule)
    assert members(world, "ring") == ["guild", "south"]
    admin.do("PATCH", "/organisations/north", json={"countries": ["TJ"]})
    assert members(world, "ring") == ["guild", "north", "south"]
    refused(admin.ask("DELETE", "/groups/ring/members/north"), "held-by-rule")
    rule = {"kinds": ["civil_society"]}
    effect = {"joining": [], "leaving": ["north", "south"]}
    assert admin.do("PUT", "/groups/ring/rule?dry_run=true", json=rule) == effect
    assert admin.do("PUT", "/groups/ring/rule", json=rule) == effect
    assert members(world, "ring") == ["guild"]
    admin.do("PUT", "/groups/ring/rule", json={})
    assert members(world, "ring") == ["guild"], "a rule with no attribute matches nobody, and who was picked stays"


def test_the_owners_focal_point_may_do_with_the_group_what_an_administrator_may(world: World, admin: Admin) -> None:
    world.group("ring", "north")
    world.enrol("veiled", hidden=True)
    owner = Admin(world, signed_in("ada", "north", "focal_point"))
    for other in (owner, Admin(world, signed_in("ben", "south", "focal_point"))):
        assert other.ask("PUT", "/groups/ring/members/south").status_code in (403, 404)
    admin.do("PATCH", "/groups/ring", json={"owner": "north"})
    owner.do("PUT", "/groups/ring/members/south")
    refused(owner.ask("PATCH", "/groups/ring", json={"past": True}), "scope-missing", 403)
    refused(owner.ask("PUT", "/groups/ring/members/north"), "scope-missing", 403)
    admin.do("PATCH", "/groups/ring", json={"past": True})
    assert owner.do("GET", "/groups/ring")["owner"] == "north"
    unknown, hidden = (owner.ask("PUT", f"/groups/ring/members/{one}") for one in ("nobody", "veiled"))
    assert (unknown.status_code, unknown.text) == (404, hidden.text.replace("veiled", "nobody"))
    owner.do("DELETE", "/groups/ring/members/south")
    assert owner.ask("PATCH", "/groups/ring", json={"owner": "south"}).status_code == 403
    analyst = Admin(world, signed_in("abe", "north", "analyst"))
    assert analyst.ask("PUT", "/groups/ring/members/south").status_code == 403
    key = Admin(world, world.auth("north"))
    assert key.ask("PUT", "/groups/ring/members/south").status_code == 403


def test_a_focal_point_hides_its_own_organisation_and_files_nothing_else(world: World, admin: Admin) -> None:
    ada = Admin(world, signed_in("ada", "north", "focal_point"))
    assert ada.do("PATCH", "/organisations/north", json={"hidden": True})["hidden"] is True
    refusals = [
        ada.ask("PATCH", "/organisations/north", json={"hidden": False, "kind": "un"}),
        ada.ask("PATCH", "/organisations/north", json={}),
        ada.ask("PATCH", "/organisations/south", json={"hidden": True}),
        ada.ask("PATCH", "/organisations/nobody", json={"hidden": True}),
        Admin(world, world.auth("north")).ask("PATCH", "/organisations/north", json={"hidden": True}),
    ]
    assert {(one.status_code, one.text) for one in refusals} == {(403, refusals[0].text)}


@pytest.mark.one_kind
def test_offices_are_held_from_a_day_to_a_day_and_end_with_the_person(world: World, admin: Admin) -> None:
    cookie = signed_in("ada", "north", "focal_point")
    new = {"title_en": "Deputy", "title_ru": "Заместитель", "held_from": "2026-05-01"}
    first = admin.do("POST", "/members/ada/offices", json=new)["reference"]
    admin.do("POST", "/members/ada/offices", json=new | {"title_en": "Head", "held_from": "2026-09-01"})
    path = f"/members/ada/offices/{first}"
    assert admin.ask("DELETE", f"{path}?on=2026-04-30").status_code == 422
    assert admin.do("DELETE", f"{path}?on=2026-08-31")["held_until"] == "2026-08-31"
    gone = admin.do("DELETE", "/members/ada")
    assert (gone["active"], [one["held_until"] for one in gone["offices"]]) == (False, ["2026-08-31", "2026-11-01"])
    assert world.client.get("/v1/me", headers=cookie).status_code == 401
    with db.reading() as session:
        assert session.exec(select(SignIn)).all() == []


def test_sign_ins_that_are_over_are_deleted(world: World) -> None:
    world.enrol("north")
    signed_in("ada", "north", "focal_point")
    with db.transaction() as session:
        assert network.forget_sign_ins(session, at=clock.now() + timedelta(hours=11)) == 0
        assert network.forget_sign_ins(session, at=clock.now() + timedelta(hours=13)) == 1


def test_who_comes_without_the_past_and_without_a_parent_renews_no_amber_audience(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    with db.reading() as session:
        before = network.directory(session).links_changed
    world.enrol("late", past=False)
    with db.reading() as session:
        assert network.directory(session).links_changed == before


@pytest.mark.one_kind
def test_a_persons_own_red_is_theirs_after_a_return_without_the_past(world: World, admin: Admin) -> None:
    cookie = signed_in("ada", "north", "focal_point")
    from tests.world import report

    body = report(marking={"tlp": "RED", "attribution": "named", "persons": []})
    told = world.client.post("/v1/reports", json=body, headers=cookie).json()["reference"]
    admin.do("POST", "/organisations/north/suspension")
    admin.do("DELETE", "/organisations/north/suspension?past=false")
    assert world.client.get(f"/v1/reports/{told}", headers=cookie).status_code == 200


@pytest.mark.one_kind
def test_countries_are_countries_and_a_long_one_is_not_said_back(world: World, admin: Admin) -> None:
    body = {"slug": "body", "name_en": "Body", "name_ru": "Тело", "kind": "state"}
    for wrong in ("KG-B", "CA", "x" * 5000):
        answer = admin.ask("POST", "/organisations", json=body | {"countries": [wrong]})
        assert answer.status_code == 422
        assert len(answer.text) < 600


@pytest.mark.one_kind
def test_templates_of_the_pack_are_listed_for_administrators(world: World, admin: Admin) -> None:
    templates = admin.do("GET", "/organisation-templates")
    assert len(templates) > 20
    assert world.raw("north", "/v1/organisation-templates").status_code == 403
    one = {name: value for name, value in templates[0].items() if name != "parent"}
    admin.do("POST", "/organisations", json=one)
