"""The administrators' pages: organisations step by step, groups by day and by rule, each refusal beside its field."""

import pytest

from services import network
from services.kernel import db
from tests.console.conftest import filled
from tests.persons import signed_in


@pytest.fixture
def keeper(browser):
    return browser("max")


def said(answer):
    from bs4 import BeautifulSoup

    return BeautifulSoup(answer.text, "lxml")


def members(slug):
    with db.reading() as session:
        known = network.directory(session)
    group = known.groups[slug]
    return {known.parties[one].slug for one, joined in known.memberships.items() if group in joined}


def party(slug):
    with db.reading() as session:
        known = network.directory(session)
    return known.parties[known.slugs[slug]]


def step(keeper, slug, name, **more):
    page = keeper.get(f"/organisations/{slug}")
    forms = [one for one in page.find_all("form") if one.find("input", {"name": "step", "value": name})]
    assert forms, f"{name} is not offered"
    data = filled(forms[0]) | {key: [value] for key, value in more.items()}
    return keeper.client.post(f"/organisations/{slug}/step", data=data)


def test_only_administrators_are_offered_the_pages(browser):
    reader = browser("ada")
    assert not reader.get("/").find("a", href="/organisations")
    for path in ("/organisations", "/organisations/north", "/groups", "/groups/pair"):
        assert reader.raw(path).status_code == 403
    assert reader.client.post("/organisations/south/step", data={"step": "depart"}).status_code == 403
    assert party("south").active


def test_an_organisation_is_enrolled_and_goes_through_its_life(keeper):
    page = keeper.get("/organisations")
    new = {"slug": "harbour", "name_en": "Harbour", "name_ru": "Гавань", "kind": "state", "state": "applied"}
    answer = keeper.send(page, "/organisations", **new, countries=["KG"], aliases="The Docks\nДоки")
    assert answer.url.path == "/organisations/harbour"
    assert filled(said(answer).find("form", {"action": "/organisations/harbour/edit"}))["aliases"] == [
        "The Docks\nДоки"
    ]
    for name, state in (("activate", "active"), ("suspend", "suspended"), ("resume", "active"), ("depart", "left")):
        assert step(keeper, "harbour", name).status_code == 200
        assert party("harbour").state == state
    step(keeper, "harbour", "apply")
    assert not keeper.get("/organisations/harbour").find("input", {"name": "past", "id": "past-activate"})


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(keeper):
    page = keeper.get("/organisations")
    new = {"slug": "North", "name_en": "Harbour", "name_ru": "Гавань", "kind": "state", "timezone": "UTC"}
    answer = keeper.send(page, "/organisations", **new)
    assert (answer.status_code, said(answer).find(id="slug-fault") is not None) == (422, True)
    answer = keeper.send(said(answer), "/organisations", slug="harbour", timezone="Nowhere/Here")
    assert "time zone" in said(answer).find(id="timezone-fault").text
    answer = keeper.send(said(answer), "/organisations", slug="north", timezone="UTC")
    assert said(answer).find(id="slug-fault").text.endswith("Another one has this name.")
    assert filled(said(answer).find("form", {"action": "/organisations"}))["name_ru"] == ["Гавань"]
    answer = keeper.send(said(answer), "/organisations", slug="harbour", name_en="SOUTH")
    assert said(answer).find(id="name_en-fault")


def test_a_step_that_no_longer_leads_on_is_explained(keeper):
    step(keeper, "north", "suspend")
    answer = keeper.client.post("/organisations/north/step", data={"step": "suspend"})
    assert (answer.status_code, "another state" in said(answer).find(role="alert").text) == (422, True)


def test_the_last_administrators_organisation_stays(keeper):
    answer = step(keeper, "office", "depart")
    assert "Nobody would be left" in said(answer).find(role="alert").text
    assert party("office").active


def test_a_parent_names_and_hiding_are_edited(keeper):
    keeper.send(keeper.get("/organisations/north"), "/organisations/north/parent", parent="office")
    assert party("north").parent_id == party("office").id
    answer = keeper.send(keeper.get("/organisations/office"), "/organisations/office/parent", parent="north")
    assert said(answer).find(id="parent-fault")
    keeper.send(keeper.get("/organisations/north"), "/organisations/north/parent", parent="")
    assert party("north").parent_id is None
    page = keeper.get("/organisations/north")
    keeper.send(page, "/organisations/north/edit", name_en="Far North", countries=["KG", "UZ"], hidden="yes")
    assert (party("north").name_en, party("north").hidden) == ("Far North", True)
    assert set(party("north").countries) == {"KG", "UZ"}


def test_people_get_offices_and_lose_access(keeper, world):
    cookie = signed_in("ada", "north", "focal_point")
    page = keeper.get("/organisations/north")
    keeper.send(page, "/organisations/north/office", title_en="Head", title_ru="Глава", held_from="2026-10-01")
    page = keeper.get("/organisations/north")
    assert "Head, since 1 October 2026" in page.text
    keeper.send(page, "/organisations/north/end-office")
    assert "to 1 November 2026" in keeper.get("/organisations/north").text
    keeper.send(keeper.get("/organisations/north"), "/organisations/north/deactivate")
    assert world.client.get("/v1/me", headers=cookie | {"Accept": "application/json"}).status_code == 401


def test_a_group_is_made_joined_and_left_by_day(keeper):
    page = keeper.get("/groups")
    new = {"slug": "ring", "name_en": "Ring", "name_ru": "Круг", "members": ["north"]}
    answer = keeper.send(page, "/groups", **new)
    assert (answer.url.path, members("ring")) == ("/groups/ring", {"north"})
    keeper.send(said(answer), "/groups/ring/join", organisation="south", begins_on="2026-12-01", ends_on="2026-12-31")
    page = keeper.get("/groups/ring")
    assert "planned" in page.find("table").text
    assert members("ring") == {"north"}
    answer = keeper.send(page, "/groups/ring/join", organisation="north")
    assert "in the group already" in said(answer).text
    keeper.send(page, "/groups/ring/leave", organisation="north")
    assert members("ring") == set()
    answer = keeper.send(page, "/groups/ring/leave", organisation="south", on="2026-10-01")
    assert said(answer).find(id="on-fault")


def test_a_rule_is_tried_before_it_is_set(keeper):
    page = keeper.get("/groups/pair")
    answer = keeper.send(page, "/groups/pair/rule", act="check", kinds=["secretariat"])
    assert "Would join: Office" in " ".join(said(answer).text.split())
    assert members("pair") == {"north", "south"}
    keeper.send(said(answer), "/groups/pair/rule", act="save", kinds=["secretariat"])
    assert members("pair") == {"north", "south", "office"}
    keeper.send(keeper.get("/groups/pair"), "/groups/pair/edit", owner="north", past="yes", name_en="The pair")
    page = keeper.get("/groups/pair")
    kept = filled(page.find("form", {"action": "/groups/pair/edit"}))
    assert (kept["owner"], kept["past"], kept["name_en"]) == (["north"], ["yes"], ["The pair"])
