"""The page of retention: rules tried out, made and ended, and holds; and erasing a person."""

from tests.console.conftest import filled


def test_a_rule_is_tried_out_made_and_ended(world, browser):
    keeper = browser("max")
    reference = world.submit("north")
    page = keeper.get("/retention")
    assert "There is no rule: nothing is deleted." in page.text
    tried = keeper.get("/retention?months=1&tlp=GREEN")
    assert reference in tried.text
    assert "tried out" in tried.text
    made = keeper.send(tried, "/retention/rule")
    assert made.url.path == "/retention"
    after = keeper.get("/retention")
    assert "TLP:GREEN" in after.find("table").text
    assert "Armed clash" not in after.text
    keeper.send(after, "/retention/end")
    assert "There is no rule: nothing is deleted." in keeper.get("/retention").text


def test_what_is_wrong_stands_beside_its_field(browser):
    keeper = browser("max")
    answer = keeper.client.get("/retention?months=0")
    assert answer.status_code == 422
    page = keeper.get("/retention")
    refused = keeper.send(page, "/retention/hold", what="report", name="EWN-0000", reason="A court has asked.")
    assert refused.status_code == 422
    assert "Nothing has this name." in refused.text


def test_a_hold_is_set_and_lifted(world, browser):
    keeper = browser("max")
    reference = world.submit("north")
    page = keeper.get("/retention")
    keeper.send(page, "/retention/hold", what="report", name=reference, reason="A court has asked.")
    held = keeper.get("/retention")
    assert "A court has asked." in held.text
    keeper.send(held, "/retention/lift")
    assert "No hold stands." in keeper.get("/retention").text


def test_an_auditor_reads_and_makes_no_rule_and_others_see_nothing(world, browser):
    world.member("zora", "office", "auditor")
    auditor = browser("zora")
    page = auditor.get("/retention?months=1")
    assert page.find("a", href="/retention")
    assert not page.find("form", {"action": "/retention/rule"})
    assert auditor.client.post("/retention/rule", data={"months": "3"}).status_code == 403
    reader = browser("ada")
    assert not reader.get("/").find("a", href="/retention")
    assert reader.raw("/retention").status_code == 403
    assert reader.client.post("/retention/hold", data={"what": "report"}).status_code == 403


def test_a_person_is_erased_on_the_organisations_page_with_the_name_typed_again(world, browser):
    keeper = browser("max")
    world.member("ada", "north", "focal_point")
    keeper.client.post("/organisations/north/deactivate", data={"login": "ada"})
    page = keeper.get("/organisations/north")
    assert page.find("a", href="/v1/members/ada/export")
    form = page.find("form", {"action": "/organisations/north/erase"})
    wrong = keeper.client.post("/organisations/north/erase", data=filled(form) | {"typed": ["eda"]})
    assert wrong.status_code == 422
    assert "This is not the sign-in name of the person." in wrong.text
    keeper.client.post("/organisations/north/erase", data=filled(form) | {"typed": ["ada"]})
    after = keeper.get("/organisations/north")
    assert "erased-" in after.text
    assert "Ada" not in after.find("section", {"aria-labelledby": "people-title"}).text


def test_everybody_finds_what_is_held_on_them(browser):
    reader = browser("ada")
    link = reader.get("/profile").find("a", href="/v1/me/export")
    assert link.has_attr("download")
    assert reader.client.get("/v1/me/export").json()["profile"]["login"] == "ada"
