"""What a focal point keeps by pages: the groups that its organisation owns, and whether it hides its membership."""

import pytest
from bs4 import BeautifulSoup

from services import network
from services.kernel import db
from tests.console.conftest import filled
from tests.console.test_administering import members, party, said


def own(slug: str, group: str = "pair", **more: object) -> None:
    with db.transaction() as session:
        network.edit_group(session, group, network.EditGroup(owner=slug, **more), by=None)


def offered(page: BeautifulSoup) -> set[str]:
    """The organisations that the page names where one is chosen."""
    return {str(one["value"]) for one in page.find_all("option") if one.get("value")}


@pytest.fixture
def owner(browser):
    made = browser("ada")
    assert not made.get("/").find("a", href="/groups")
    own("north")
    return made


def test_the_owners_focal_point_keeps_the_members_of_its_group(world, owner):
    world.enrol("west")
    page = owner.get(owner.get("/").find("a", href="/groups")["href"])
    assert not page.find("form", {"action": "/groups"})
    page = owner.get(page.find("main").find("a", href="/groups/pair")["href"])
    assert not page.find("a", href=lambda given: given and given.startswith("/organisations"))
    answer = owner.send(page, "/groups/pair/join", organisation="west")
    assert (answer.url.path, members("pair")) == ("/groups/pair", {"north", "south", "west"})
    owner.send(said(answer), "/groups/pair/leave", organisation="south")
    assert members("pair") == {"north", "west"}
    answer = owner.send(owner.get("/groups/pair"), "/groups/pair/join", organisation="west")
    assert "in the group already" in said(answer).find(role="alert").text
    answer = owner.send(owner.get("/groups/pair"), "/groups/pair/rule", act="check", kinds=["civil_society"])
    assert "Would join: South" in " ".join(said(answer).text.split())
    owner.send(said(answer), "/groups/pair/rule", act="save", kinds=["civil_society"])
    assert members("pair") == {"north", "south", "west"}
    owner.send(owner.get("/groups/pair"), "/groups/pair/edit", name_en="Neighbours")
    assert owner.get("/groups/pair").h1.text == "Neighbours"


def test_what_is_an_administrators_is_not_offered_to_an_owner_and_refused(world, owner):
    page = owner.get("/groups/pair")
    edit = page.find("form", {"action": "/groups/pair/edit"})
    assert not edit.find(attrs={"name": "owner"})
    assert not edit.find(attrs={"name": "past"})
    assert "north" not in offered(page.find("form", {"action": "/groups/pair/join"}))
    names = {"name_en": "Pair", "name_ru": "Пара"}
    for change in ({"owner": "south"}, {"past": "yes"}):
        assert owner.client.post("/groups/pair/edit", data=names | change).status_code == 403
    owner.send(page, "/groups/pair/leave", organisation="north")
    assert owner.client.post("/groups/pair/join", data={"organisation": "north"}).status_code == 403
    assert members("pair") == {"south"}
    own("north", past=True)
    page = owner.get("/groups/pair")
    assert filled(page.find("form", {"action": "/groups/pair/edit"}))["past"] == ["yes"]
    owner.send(page, "/groups/pair/edit", past=[])
    assert not owner.get("/groups/pair").find(attrs={"name": "past"})


def test_an_owner_is_shown_nobody_whom_it_may_not_know(world, owner):
    world.enrol("veiled", hidden=True)
    world.group("ring", "veiled", "south")
    own("north", "ring")
    assert "Veiled" not in owner.get("/groups").text
    assert "1 organisation" in owner.get("/groups").find("a", href="/groups/ring").parent.text
    page = owner.get("/groups/ring")
    assert "South" in page.find("table").text
    assert "veiled" not in str(page).lower()
    assert "veiled" not in str(owner.get("/groups/pair")).lower()
    hidden, never = (
        owner.client.post("/groups/ring/join", data={"organisation": name}) for name in ("veiled", "zilch0")
    )
    assert hidden.text.replace("veiled", "zilch0") == never.text
    assert "no such organisation" in said(hidden).find(role="alert").text


def test_nobody_else_is_told_whether_a_group_is_there(world, owner, browser):
    world.group("ring", "south")
    for visitor in (browser("ben"), browser("abe")):
        assert not visitor.get("/").find("a", href="/groups")
        assert visitor.raw("/groups").status_code == 403
    for visitor in (owner, browser("ben"), browser("abe")):
        ring, never = visitor.raw("/groups/ring"), visitor.raw("/groups/never")
        assert (ring.status_code, ring.text) == (403, never.text)
        for name in ("ring", "never"):
            for what in ("join", "leave", "edit", "rule"):
                data = {"organisation": "south", "name_en": "Ours", "name_ru": "Ours"}
                assert visitor.client.post(f"/groups/{name}/{what}", data=data).status_code == 403
    assert owner.client.post("/groups", data={"slug": "mine", "name_en": "Mine", "name_ru": "Mine"}).status_code == 403
    assert members("ring") == {"south"}


def test_a_focal_point_says_whether_its_organisation_hides(browser):
    ada = browser("ada")
    page = ada.get(ada.get("/").find("p", class_="who").find_all("a")[1]["href"])
    assert page.h1.text == "North"
    ada.send(page, "/organisation", hidden="yes")
    assert party("north").hidden
    assert "hidden" in ada.get("/organisation").find("p", class_="facts").text
    ada.send(ada.get("/organisation"), "/organisation", hidden=[])
    assert not party("north").hidden


def test_others_of_the_organisation_read_its_profile_and_change_nothing(browser):
    eva = browser("eva")
    page = eva.get("/organisation")
    assert page.h1.text == "Office"
    assert not page.find("form", {"action": "/organisation"})
    assert eva.client.post("/organisation", data={"hidden": "yes"}).status_code == 403
    assert not party("office").hidden
    assert browser("max").get("/organisation").find("a", href="/organisations/office")
