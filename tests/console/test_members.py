"""The members' pages, and drafts on the pages of digests: who is offered what, and what it does."""

import pytest
from bs4 import BeautifulSoup

from services import network
from services.kernel import db


def said(answer):
    return BeautifulSoup(answer.text, "lxml")


def roles(login):
    with db.reading() as session:
        return next(row.roles for row, *_ in network.members(session, ADMIN) if row.login == login)


ADMIN = network.Caller(None, scopes=frozenset({"network:admin"}))
DAY = "2026-11-01"


@pytest.fixture
def keeper(browser):
    browser("ada")
    browser("ben")
    return browser("max")


def test_an_administrator_sees_all_people_and_a_focal_point_its_own(keeper, browser):
    assert {one["href"] for one in keeper.get("/members").find("table").find_all("a")} >= {
        "/members/ada", "/members/ben", "/members/max", "/organisations/north",
    }  # fmt: skip
    ada = browser("ada")
    assert [one["href"] for one in ada.get("/members").find("table").find_all("a")] == ["/members/ada"]
    assert not ada.get("/members/ada").find("form", {"method": "post", "action": "/members/ada/roles"})
    hidden, never = (ada.raw(f"/members/{one}") for one in ("ben", "nobody"))
    assert (hidden.status_code, hidden.text.replace("ben", "nobody")) == (404, never.text)
    assert ada.client.post("/members/ada/roles", data={"roles": ["analyst"]}).status_code == 403
    assert ada.client.post("/members/ben/deactivate").status_code == 403
    assert roles("ada") == ["focal_point"]
    assert not browser("eva").get("/").find("a", href="/members")


def test_roles_are_changed_on_the_page(keeper, browser):
    ada = browser("ada")
    page = keeper.get("/members/ada")
    answer = keeper.send(page, "/members/ada/roles", roles=["editor", "approver"])
    assert answer.url.path == "/members/ada"
    assert roles("ada") == ["approver", "editor"]
    assert ada.raw("/").url.path == "/sign-in"
    assert "Approver, Editor" in said(answer).find("p", class_="facts").text


@pytest.mark.parametrize(("chosen", "text"), [(["administrator", "editor"], "may not meet"), ([], "Choose at least 1")])
def test_what_cannot_be_is_said_beside_the_boxes_which_stay_as_they_were_ticked(keeper, chosen, text):
    answer = keeper.send(keeper.get("/members/ada"), "/members/ada/roles", roles=chosen)
    assert answer.status_code == 422
    page = said(answer)
    assert text in page.find(id="roles-fault").text
    assert [one["value"] for one in page.find_all("input", checked=True)] == sorted(chosen, reverse=True)
    assert roles("ada") == ["focal_point"]


def test_nobody_is_offered_their_own_roles(keeper):
    page = keeper.get("/members/max")
    assert not page.find("form", {"action": "/members/max/roles"})
    assert "Nobody changes their own roles" in page.text
    assert keeper.client.post("/members/max/roles", data={"roles": ["editor"]}).status_code == 403


def test_whoever_administers_alone_is_told_the_command_that_gives_further_roles(world, keeper):
    command = "EWN_SOLO=true .venv/bin/ewn roles max administrator focal_point analyst approver auditor"
    refused = lambda: said(keeper.raw("/desk"))  # noqa: E731
    assert keeper.get("/members/max").find("code", string=command)
    assert refused().find("code", string=command)
    assert not keeper.get("/members/ada").find("code", string=command)
    world.member("moe", "office", "administrator")
    assert not keeper.get("/members/max").find("code", string=command)
    assert not refused().find("code", string=command)


def test_access_is_ended_on_the_page(keeper, browser):
    ada = browser("ada")
    page = said(keeper.send(keeper.get("/members/ada"), "/members/ada/deactivate"))
    assert not page.find("form", {"action": "/members/ada/deactivate"})
    assert ada.raw("/").url.path == "/sign-in"


def test_a_draft_is_made_on_the_page_and_released_by_somebody_else(world, browser):
    world.member("amy", "office", "approver")
    eva, amy = browser("eva"), browser("amy")
    made = eva.send(eva.get("/digests"), "/digests", schedule="monthly-bulletin", day=DAY)
    address = made.url.path
    assert address.startswith("/digests/EWN-")
    assert "DRAFT" in made.text
    assert not said(made).find("form", {"action": f"{address}/release"})
    assert not amy.get("/digests").find("form", {"action": "/digests"})
    page = amy.get(address)
    answer = amy.send(page, f"{address}/release")
    assert answer.url.path == address
    assert "DRAFT" not in answer.text
    assert "released by amy" in amy.get("/digests").text
    assert eva.client.post(f"{address}/release").status_code == 403
    again = eva.send(eva.get("/digests"), "/digests", schedule="monthly-bulletin", day="2030-01-01")
    assert (again.status_code, bool(said(again).find(id="day-fault"))) == (422, True)
