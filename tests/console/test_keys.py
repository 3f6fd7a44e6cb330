"""The page of keys: made, replaced and revoked by whoever keeps them, the secret shown on one page, once."""

import re

import pytest
from bs4 import BeautifulSoup

SECRET = re.compile(r"ewn_[0-9a-f]{12}_[\w-]{20,}")


def made(answer):
    """The secret on a page that made one."""
    (secret,) = SECRET.findall(answer.text)
    return secret


def asks(world, secret):
    return world.client.get("/v1/me", headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def ada(browser):
    return browser("ada")


def make(who, **more):
    given = {"name": "their system", "scopes": ["reports:write", "reports:read"], **more}
    return who.send(who.get("/keys"), "/keys", **given)


def prefix(secret):
    return secret.split("_")[1]


def test_a_focal_point_makes_a_key_for_its_own_organisation_and_sees_the_secret_once(world, ada):
    assert ada.get("/").find("a", href="/keys")
    secret = made(make(ada))
    assert asks(world, secret).json()["organisation"] == "north"
    assert set(asks(world, secret).json()["scopes"]) == {"reports:read", "reports:write"}
    again = ada.get("/keys")
    assert not SECRET.findall(str(again))
    assert f"ewn_{prefix(secret)}_" in again.text
    assert not again.find("select", {"name": "organisation"})


def test_no_form_makes_more_than_is_ones_own_to_give(world, ada):
    assert not ada.get("/keys").find("input", {"value": "network:admin"})
    for forged in ({"scopes": "network:admin"}, {"organisation": "south"}):
        body = {"name": "more", "organisation": "north", "kind": "live", "scopes": "reports:read"} | forged
        answer = ada.client.post("/keys", data=body)
        assert answer.status_code in (403, 422)
        assert not SECRET.findall(answer.text)


def test_a_key_is_replaced_and_the_old_one_works_on_for_the_overlap(world, ada):
    old = made(make(ada))
    new = made(ada.send(ada.get("/keys"), f"/keys/{prefix(old)}/rotation", overlap_hours="168"))
    assert asks(world, old).status_code == asks(world, new).status_code == 200
    assert not ada.get("/keys").find("form", {"action": f"/keys/{prefix(old)}/rotation"})
    newest = made(ada.send(ada.get("/keys"), f"/keys/{prefix(new)}/rotation", overlap_hours="0"))
    assert (asks(world, new).status_code, asks(world, newest).status_code) == (401, 200)


def test_a_revoked_key_is_refused_and_stands_among_the_ended(world, ada):
    secret = made(make(ada))
    answer = ada.send(ada.get("/keys"), f"/keys/{prefix(secret)}/revocation")
    assert answer.url.path == "/keys"
    assert asks(world, secret).status_code == 401
    assert "revoked" in BeautifulSoup(answer.text, "lxml").find("details").find_parent("div").text


def test_what_is_wrong_stands_beside_its_field(ada):
    answer = make(ada, networks="192.0.2.0/24\nnowhere", expires_at="2039-01-01")
    assert (answer.status_code, BeautifulSoup(answer.text, "lxml").find(id="networks-fault") is not None) == (
        422, True,
    )  # fmt: skip
    answer = make(ada, expires_at="2039-01-01")
    assert "400 days" in BeautifulSoup(answer.text, "lxml").find(id="expires_at-fault").text
    answer = make(ada, kind="test", scopes=["digests:read"])
    assert BeautifulSoup(answer.text, "lxml").find(id="scopes-fault")


def test_the_keys_of_others_are_neither_shown_nor_changed(world, ada, browser):
    secret = made(make(ada))
    ben = browser("ben")
    assert prefix(secret) not in ben.get("/keys").text
    for what in ("rotation", "revocation"):
        assert ben.client.post(f"/keys/{prefix(secret)}/{what}", data={"overlap_hours": "0"}).status_code in (404, 422)
    assert asks(world, secret).status_code == 200
    assert browser("eva").raw("/keys").status_code == 403


def test_an_administrator_keeps_the_keys_of_all_and_makes_none_that_reads(world, browser):
    keeper = browser("max")
    assert not keeper.get("/keys").find("input", value="reports:read")
    secret = made(make(keeper, organisation="south", scopes=["reports:write"]))
    assert asks(world, secret).json()["organisation"] == "south"
    assert keeper.send(keeper.get("/keys"), f"/keys/{prefix(secret)}/revocation").status_code == 200
    assert asks(world, secret).status_code == 401
