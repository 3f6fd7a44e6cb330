"""Invitations and sessions: a link works once, for one person, for seven days; an ended session is refused at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from services import network
from services.kernel import clock, db
from services.kernel.audit import AuditEntry
from services.kernel.errors import Problem
from services.network import Member
from services.network.invitations import NoSuchInvitation, NotForYourself
from tests.persons import signed_in
from tests.world import World

NEW = {"login": "new", "name": "New One", "organisation": "north", "roles": ["focal_point"]}
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def admin(world: World) -> dict[str, str]:
    """The headers of an administrator, in a network of three."""
    for slug, kind in (("office", "secretariat"), ("north", "state"), ("south", "civil_society")):
        world.enrol(slug, kind)
    return signed_in("max", "office", "administrator")


def invited(world: World, headers: dict[str, str], **changed: Any) -> Any:
    answer = world.client.post("/v1/members", json=NEW | changed, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def token(answer: Any) -> str:
    return str(answer["link"].rpartition("/")[2])


def accept(given: str) -> Member:
    with db.transaction() as session:
        return network.invitations.accept(session, given, password_hash="chosen")


def member(login: str) -> Member:
    with db.reading() as session:
        return network.member_of(session, login)


def actions(world: World) -> list[str]:
    with db.reading() as session:
        return [one.action for one in session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()]


def test_an_administrator_gives_a_link_and_no_password(world: World, admin: dict[str, str]) -> None:
    assert world.client.post("/v1/members", json=NEW | {"password": "x" * 12}, headers=admin).status_code == 422
    answer = invited(world, admin)
    assert answer["joined"] is False
    assert answer["invitation"]["link"].startswith("http://127.0.0.1:8080/invitation/")
    assert member("new").password_hash == ""
    waiting = world.client.get("/v1/invitations", headers=admin)
    assert [one["login"] for one in waiting.json()] == ["new"]
    assert token(answer["invitation"]) not in waiting.text
    assert accept(token(answer["invitation"])).login == "new"
    assert world.client.get("/v1/invitations", headers=admin).json() == []
    assert next(one for one in world.client.get("/v1/members", headers=admin).json() if one["login"] == "new")["joined"]


def test_a_link_works_once(world: World, admin: dict[str, str]) -> None:
    given = token(invited(world, admin)["invitation"])
    ready, said = threading.Barrier(4), list[bool]()

    def run() -> None:
        ready.wait(30)
        try:
            accept(given)
            said.append(True)
        except NoSuchInvitation:
            said.append(False)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(said) == [False, False, False, True]


@pytest.mark.parametrize("end", ["used", "expired", "withdrawn", "renewed", "inactive", "unknown"])
def test_links_that_are_over_cannot_be_told_apart(world: World, admin: dict[str, str], end: str) -> None:
    made = invited(world, admin)["invitation"]
    given, at = token(made), clock.now()
    match end:
        case "used":
            accept(given)
        case "expired":
            at += timedelta(days=7)
        case "withdrawn":
            path = f"/v1/invitations/{made['reference']}"
            assert world.client.delete(path, headers=admin).status_code == 204
        case "renewed":
            renewed = world.client.post("/v1/members/new/invitation", json={}, headers=admin)
            assert renewed.status_code == 201
        case "inactive":
            assert world.client.delete("/v1/members/new", headers=admin).status_code == 200
        case "unknown":
            given = "x" * 43
    with clock.at(at):
        for act in (accept, looked_at):
            with pytest.raises(NoSuchInvitation, match="used, is older than seven days, or is not whole"):
                act(given)
    if end == "renewed":
        accept(token(renewed.json()))


def looked_at(given: str) -> Member:
    with db.reading() as session:
        return network.invitations.find(session, given)


def test_looking_at_a_link_uses_nothing_up(world: World, admin: dict[str, str]) -> None:
    made = invited(world, admin)["invitation"]
    for _ in range(3):
        page = world.client.get(made["link"].removeprefix("http://127.0.0.1:8080"), headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "strict-origin"
    accept(token(made))


@pytest.mark.one_kind
def test_focal_points_invite_for_their_own_organisation_only(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    signed_in("ben", "south", "focal_point")
    signed_in("eva", "north", "analyst")
    made = invited(world, ada, roles=["focal_point", "integrator"])
    assert made["organisation"] == "north"
    for changed in ({"roles": ["analyst"]}, {"roles": ["focal_point", "administrator"]}, {"organisation": "south"}):
        answer = world.client.post("/v1/members", json=NEW | {"login": "two"} | changed, headers=ada)
        assert answer.status_code == 403, changed
    asked = {
        login: world.client.post(f"/v1/members/{login}/invitation", json={}, headers=ada)
        for login in ("new", "eva", "ben", "nobody", "ada")
    }
    assert {login: one.status_code for login, one in asked.items()} == {
        "new": 201, "eva": 403, "ben": 404, "nobody": 404, "ada": 403,
    }  # fmt: skip
    assert asked["ben"].text.replace("ben", "nobody") == asked["nobody"].text
    whole = world.client.post("/v1/members/new/invitation", json={"second_factor": True}, headers=ada)
    assert whole.status_code == 403
    assert [one["login"] for one in world.client.get("/v1/invitations", headers=ada).json()] == ["new"]
    other = signed_in("bob", "south", "focal_point")
    assert world.client.get("/v1/invitations", headers=other).json() == []
    path = f"/v1/invitations/{asked['new'].json()['reference']}"
    assert world.client.delete(path, headers=other).status_code == 404
    for login in ("eve", "key"):
        headers = signed_in(login, "north", "analyst") if login == "eve" else world.auth("north")
        assert world.client.post("/v1/members", json=NEW | {"login": "three"}, headers=headers).status_code == 403
        assert world.client.get("/v1/invitations", headers=headers).status_code == 403


@pytest.mark.one_kind
def test_nobody_makes_a_link_for_itself(world: World, admin: dict[str, str]) -> None:
    answer = world.client.post("/v1/members/max/invitation", json={"second_factor": True}, headers=admin)
    assert answer.json()["type"] == "/docs/problems#not-for-yourself"
    caller = network.sessions.caller_for(member("max"))
    with db.transaction() as session, pytest.raises(NotForYourself):
        network.invitations.reset(session, "max", by=caller)


def factor(login: str) -> bool:
    with db.reading() as session:
        return network.factors.has(session, network.member_of(session, login))


def with_factor(login: str) -> None:
    import pyotp

    one = member(login)
    offer = network.factors.offer(one)
    with db.transaction() as session:
        network.factors.set_up(session, one, offer.sealed, pyotp.TOTP(offer.secret).at(clock.machine()), anew=True)


def test_a_reset_keeps_the_factor_and_ends_the_sessions(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    with_factor("ada")
    made = world.client.post("/v1/members/ada/invitation", json={}, headers=admin).json()
    assert world.client.get("/v1/me", headers=ada).status_code == 200  # until the link is used nothing changes
    accept(token(made))
    assert world.client.get("/v1/me", headers=ada).status_code == 401
    assert factor("ada")


def test_a_reset_of_the_factor_is_on_the_record_and_told(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    eva = signed_in("eva", "north", "analyst")
    others = [signed_in("lea", "north", "analyst"), signed_in("ben", "south", "focal_point")]
    with_factor("eva")
    made = world.client.post("/v1/members/eva/invitation", json={"second_factor": True}, headers=admin).json()
    assert made["resets_second_factor"]
    world.settle()
    for headers in (ada, eva):
        (notice,) = world.client.get("/v1/notices", headers=headers).json()["notices"]
        assert (notice["what"], notice["report"]) == ("factor_reset", "eva")
    for headers in others:
        assert world.client.get("/v1/notices", headers=headers).json()["notices"] == []
    assert factor("eva")
    accept(token(made))
    assert not factor("eva")
    assert {"member.reset", "invitation.made", "member.password_chosen"} <= set(actions(world))


@pytest.mark.one_kind
def test_who_was_invited_but_never_came_does_not_count_as_an_administrator(world: World, admin: dict[str, str]) -> None:
    made = invited(world, admin, login="moe", roles=["administrator"])
    assert world.client.delete("/v1/members/max", headers=admin).status_code == 409
    accept(token(made["invitation"]))
    assert world.client.delete("/v1/members/max", headers=admin).status_code == 200


def test_a_person_lists_and_ends_its_sessions_and_nobody_elses(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    ben = signed_in("ben", "south", "focal_point")
    with db.transaction() as session:
        caller = network.sessions.caller_for(network.member_of(session, "ada"))
        other = {"Cookie": f"{network.COOKIE}={network.sign_in(session, caller, agent=AGENT)}"}
    listed = world.client.get("/v1/me/sessions", headers=ada).json()
    assert [(one["this"], one["browser"]) for one in listed] == [(False, "Firefox 140, Linux"), (True, "")]
    path = f"/v1/me/sessions/{listed[0]['reference']}"
    assert world.client.delete(path, headers=ben).status_code == 404
    assert world.client.get("/v1/me", headers=other).status_code == 200
    assert world.client.delete(path, headers=ada).status_code == 204
    assert world.client.get("/v1/me", headers=other).status_code == 401
    assert world.client.delete(path, headers=ada).status_code == 404
    for method, address in (("GET", "/v1/me/sessions"), ("DELETE", "/v1/me/sessions"), ("PATCH", "/v1/me")):
        sent = {"json": {}} if method == "PATCH" else {}
        assert world.client.request(method, address, headers=world.auth("north"), **sent).status_code == 403


@pytest.mark.one_kind
def test_an_administrator_ends_all_sessions_of_a_person(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    assert world.client.delete("/v1/members/ada/sessions", headers=ada).status_code == 403
    assert world.client.delete("/v1/members/ada/sessions", headers=admin).status_code == 204
    assert world.client.get("/v1/me", headers=ada).status_code == 401


def test_a_session_ends_after_two_hours_without_use_and_use_is_noted(world: World, admin: dict[str, str]) -> None:
    given = signed_in("ada", "north", "focal_point")["Cookie"].partition("=")[2]
    began = clock.now()
    for minutes in (119, 2 * 119):
        with clock.at(began + timedelta(minutes=minutes)):
            with db.reading() as session:
                network.by_session(session, given)
            network.sessions.note_use(session, given)
    with clock.at(began + timedelta(minutes=2 * 119 + 120)), db.reading() as session, pytest.raises(Problem):
        network.by_session(session, given)


def test_language_and_time_zone_are_ones_own_to_change(world: World, admin: dict[str, str]) -> None:
    ada = signed_in("ada", "north", "focal_point")
    assert world.client.patch("/v1/me", json={"timezone": "Asia/Bishkek"}, headers=ada).status_code == 204
    assert world.client.patch("/v1/me", json={"language": "ru"}, headers=ada).status_code == 204
    me = world.client.get("/v1/me", headers=ada).json()
    assert (me["language"], me["timezone"], me["second_factor"]) == ("ru", "Asia/Bishkek", False)
    for wrong in ({"timezone": "Nowhere"}, {"language": "xx"}, {"roles": ["administrator"]}):
        assert world.client.patch("/v1/me", json=wrong, headers=ada).status_code == 422


def test_another_password_needs_the_one_until_now_and_ends_the_other_sessions(
    world: World, admin: dict[str, str]
) -> None:
    world.member("ada", "north", "focal_point", password="a long password")
    with db.transaction() as session:
        caller = network.sessions.caller_for(network.member_of(session, "ada"))
        here, other = ({"Cookie": f"{network.COOKIE}={network.sign_in(session, caller)}"} for _ in range(2))
        link = network.invitations.reset(session, "ada", by=None).link
    change = {"current": "not this one", "password": "quite another one"}
    wrong = world.client.put("/v1/me/password", json=change, headers=here)
    assert (wrong.status_code, wrong.json()["field"]) == (403, "current")
    change["current"] = "a long password"
    for bad in ("short", "\ud800" * 12):
        content = ('{"current": "x", "password": "' + bad.encode("unicode_escape").decode() + '"}').encode()
        headers = here | {"Content-Type": "application/json"}
        assert world.client.put("/v1/me/password", content=content, headers=headers).status_code in (400, 422)
    assert world.client.put("/v1/me/password", json=change, headers=here).status_code == 204
    assert world.client.get("/v1/me", headers=here).status_code == 200
    assert world.client.get("/v1/me", headers=other).status_code == 401
    assert network.by_password("ada", "quite another one")
    with pytest.raises(NoSuchInvitation):
        looked_at(link.rpartition("/")[2])


def test_a_link_ends_when_the_roles_of_its_person_change(world: World, admin: dict[str, str]) -> None:
    """Else whoever may invite a focal point would hold a link to an administrator."""
    focal = signed_in("eva", "north", "focal_point")
    given = token(invited(world, focal)["invitation"])
    changed = world.client.put("/v1/members/new/roles", json={"roles": ["administrator"]}, headers=admin)
    assert changed.status_code == 200, changed.text
    assert world.client.get("/v1/invitations", headers=focal).json() == []
    with pytest.raises(NoSuchInvitation):
        accept(given)
    assert world.client.post("/v1/members/new/invitation", json={}, headers=focal).status_code == 403
    again = world.client.post("/v1/members/new/invitation", json={}, headers=admin).json()
    assert accept(token(again)).login == "new"


@pytest.mark.parametrize("role", ["analyst", "focal_point", "integrator"])
def test_who_may_not_invite_for_an_organisation_is_not_told_whether_it_is_there(
    world: World, admin: dict[str, str], role: str
) -> None:
    world.enrol("veiled", hidden=True)
    stranger = signed_in("eva", "north", role)
    said = set()
    for slug in ("veiled", "nowhere"):
        answer = world.client.post("/v1/members", json=NEW | {"organisation": slug}, headers=stranger)
        page = world.client.post("/people", data=NEW | {"organisation": slug}, headers=stranger)
        said.add((answer.status_code, answer.text, page.status_code))
    assert len(said) == 1
    assert world.client.post("/v1/members", json=NEW | {"organisation": "nowhere"}, headers=admin).status_code == 404


def told(world: World, headers: dict[str, str]) -> list[tuple[str, str]]:
    world.settle()
    notices = world.client.get("/v1/notices", headers=headers).json()["notices"]
    return sorted((one["what"], one["report"]) for one in notices)


def test_focal_points_are_told_whom_an_administrator_lets_read_for_them(world: World, admin: dict[str, str]) -> None:
    """Else an administrator would read unseen, as a person of its own making."""
    ada, lea = signed_in("ada", "north", "focal_point"), signed_in("lea", "north", "analyst")
    ben = signed_in("ben", "south", "focal_point")
    invited(world, admin, roles=["analyst"])
    expected = [("reader_made", "new")]
    assert told(world, ada) == expected
    world.client.post("/v1/members/new/invitation", json={}, headers=admin)
    expected += [("reader_made", "new")]
    assert told(world, ada) == expected
    invited(world, admin, login="moe", roles=["auditor"])
    assert told(world, ada) == expected
    assert world.client.put("/v1/members/moe/roles", json={"roles": ["editor"]}, headers=admin).status_code == 200
    expected = [("reader_made", "moe"), *expected]
    assert told(world, ada) == expected
    with_factor("lea")
    world.client.post("/v1/members/lea/invitation", json={}, headers=admin)  # it opens nothing without her second step
    invited(world, ada, login="own")
    assert told(world, ada) == expected
    assert told(world, lea) == told(world, ben) == []
