"""Who may ask: keys, sign-in and roles, and that no secret is ever kept."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from services import network
from services.kernel import clock, db
from services.kernel.errors import Forbidden, Invalid, Unauthenticated
from services.network import Caller
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

PASSWORD = "a long password"


def issued(scopes: list[str], **more: object) -> tuple[str, str]:
    """A new key of the north: its public part, and the whole of it."""
    with db.transaction() as session:
        new = network.NewKey(name="machine", organisation="north", scopes=scopes, **more)
        row, key = network.issue(session, new, by=None)
        return row.prefix, key


def ask(key: str) -> Caller:
    """The caller of a key, asked of the database."""
    with db.reading() as session:
        return network.by_key(session, key)


def everything_stored() -> str:
    """Every value of every table."""
    with db.engine().connect() as connection:
        tables = inspect(connection).get_table_names()
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def test_a_key_gives_its_organisation_and_its_scopes(world: World) -> None:
    world.enrol("north")
    _, key = issued(["reports:read"])
    assert ask(key).scopes == {"reports:read"}
    assert world.client.get("/v1/me", headers={"Authorization": f"Bearer {key}"}).json()["organisation"] == "north"


@pytest.mark.both_kinds
def test_a_wrong_secret_is_refused(world: World) -> None:
    world.enrol("north")
    prefix, key = issued(["reports:read"])
    for wrong in (key[:-1] + "-", key + "x", key.upper(), f"ewn_{prefix}_", "ewn__", "x", ""):
        answer = world.client.get("/v1/me", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401


def test_a_key_is_refused_from_the_instant_it_expires(world: World) -> None:
    world.enrol("north")
    end = clock.now() + timedelta(hours=1)
    _, key = issued(["reports:read"], expires_at=end)
    with clock.at(end - timedelta(microseconds=1)):
        assert ask(key).organisation_id is not None
    with clock.at(end), pytest.raises(Unauthenticated):
        ask(key)


def test_a_revoked_key_is_refused(world: World) -> None:
    world.enrol("north")
    prefix, key = issued(["reports:read"])
    headers = {"Authorization": f"Bearer {key}"}
    assert world.client.get("/v1/me", headers=headers).status_code == 200
    with db.transaction() as session:
        network.revoke(session, prefix, by=None)
    assert world.client.get("/v1/me", headers=headers).status_code == 401


@pytest.mark.both_kinds
def test_the_keys_of_a_suspended_organisation_are_refused_at_once(world: World) -> None:
    world.enrol("north")
    headers = {"Authorization": f"Bearer {issued(['network:admin'])[1]}"}
    assert world.client.get("/v1/members", headers=headers).status_code == 200
    with db.transaction() as session:
        network.suspend(session, "north", by=None)
    assert world.client.get("/v1/members", headers=headers).status_code == 401


def test_the_reasons_for_refusing_a_key_cannot_be_told_apart(world: World) -> None:
    world.enrol("north")
    prefix, revoked = issued(["reports:read"])
    expired = issued(["reports:read"], expires_at=clock.now())[1]
    with db.transaction() as session:
        network.revoke(session, prefix, by=None)
    answers = [
        world.client.get("/v1/me", headers={"Authorization": f"Bearer {key}"})
        for key in (revoked, expired, f"ewn_{prefix}_wrong", "ewn_000000000000_none")
    ]
    assert len({(one.status_code, one.text) for one in answers}) == 1


def test_an_unknown_scope_is_refused(world: World) -> None:
    world.enrol("north")
    with pytest.raises(Invalid, match="Unknown scopes"):
        issued(["everything"])


def test_a_key_does_only_what_its_scopes_say(world: World) -> None:
    world.enrol("north")
    headers = {"Authorization": f"Bearer {issued(['indicators:read'])[1]}"}
    assert world.client.get("/v1/indicators", headers=headers).status_code == 200
    assert world.client.get("/v1/reports", headers=headers).status_code == 403
    assert world.client.post("/v1/reports", json=report(), headers=headers).status_code == 403
    assert world.client.get("/v1/members", headers=headers).status_code == 403
    assert world.client.get("/v1/digests", headers=headers).status_code == 403


@pytest.mark.both_kinds
def test_no_secret_is_in_the_database(world: World) -> None:
    world.enrol("north")
    world.member("ada", "north", "focal_point", password=PASSWORD)
    _, key = issued(["reports:read"])
    caller = network.by_password("ada", PASSWORD)[0]
    with db.transaction() as session:
        token = network.sign_in(session, caller)
    kept = everything_stored()
    assert "ada" in kept
    assert not [secret for secret in (key, key.split("_", 2)[2], token, PASSWORD) if secret in kept]


def test_sign_in_gives_a_session_that_ends(world: World) -> None:
    world.enrol("north")
    world.member("ada", "north", "focal_point")
    caller = network.by_password(" Ada ", PASSWORD)[0]
    with db.transaction() as session:
        token = network.sign_in(session, caller)
    with db.reading() as session:
        caller, member = network.by_session(session, token)
        assert (member.login, caller.member_id, caller.key_id) == ("ada", member.id, None)
    with clock.at(clock.now() + timedelta(hours=12)), db.reading() as session, pytest.raises(Unauthenticated):
        network.by_session(session, token)


def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(world: World) -> None:
    world.enrol("north")
    world.member("ada", "north", "focal_point")
    said = set()
    for login, password in (("ada", "a wrong password"), ("nobody", PASSWORD)):
        with pytest.raises(Unauthenticated) as refused:
            network.by_password(login, password)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.both_kinds
def test_who_signed_out_is_out(world: World) -> None:
    world.enrol("north")
    cookie = signed_in("ada", "north", "focal_point")
    assert world.client.get("/v1/me", headers=cookie).status_code == 200
    with db.transaction() as session:
        network.sign_out(session, cookie["Cookie"].partition("=")[2])
    assert world.client.get("/v1/me", headers=cookie).status_code == 401


@pytest.mark.parametrize("end", ["suspended", "inactive"])
def test_a_session_ends_with_the_member_or_the_organisation(world: World, end: str) -> None:
    world.enrol("north")
    cookie = signed_in("ada", "north", "focal_point")
    with db.transaction() as session:
        if end == "suspended":
            network.suspend(session, "north", by=None)
        else:
            member = network.by_session(session, cookie["Cookie"].partition("=")[2])[1]
            member.active = False
            session.add(member)
    assert world.client.get("/v1/me", headers=cookie).status_code == 401


def test_roles_give_their_scopes_together_and_no_others(world: World) -> None:
    world.enrol("north")
    roles = ("focal_point", "editor")
    token = signed_in("ada", "north", *roles)["Cookie"].partition("=")[2]
    with db.reading() as session:
        caller = network.by_session(session, token)[0]
    assert caller.scopes == network.ROLES[roles[0]] | network.ROLES[roles[1]]
    for scope in network.SCOPES - caller.scopes:
        with pytest.raises(Forbidden):
            caller.require(scope)


def test_no_role_sees_more_than_its_organisation_does(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    signed_in("ben", "south", *network.ROLES)
    world.submit("north", marking=amber())
    with db.reading() as session:
        person, owner = network.directory(session).persons["ben"]
        caller = Caller(owner, member_id=person, scopes=network.SCOPES)
        assert network.visible(session, caller) == []


def test_another_sites_page_cannot_write_with_a_session(world: World) -> None:
    world.enrol("north")
    headers = signed_in("ada", "north", "focal_point") | {"Sec-Fetch-Site": "cross-site"}
    assert world.client.post("/v1/reports", json=report(), headers=headers).status_code == 403


def test_a_stranger_is_not_told_who_is_in_a_group(world: World) -> None:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.group("ring", "north", "south")
    assert world.get("far", "/v1/groups") == [{"slug": "ring", "name": "Ring", "members": None}]
    assert world.get("north", "/v1/groups")[0]["members"] == ["north", "south"]
    known, unknown = (
        world.client.delete(f"/v1/groups/{name}/members/north", headers=world.auth("far")) for name in ("ring", "none")
    )
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert known.text.replace("ring", "none") == unknown.text
