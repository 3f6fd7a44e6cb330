"""Notices on pages: counted beside the page's name, read one by one, and who had a report on its owner's page alone."""

from bs4 import BeautifulSoup

from tests.world import World, amber


def withdrawn(world: World, reference: str) -> None:
    answer = world.client.post(
        f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=world.auth("north")
    )
    assert answer.status_code == 204
    world.settle()


def new(page: BeautifulSoup) -> str:
    return page.find("a", href="/notices").get_text(" ", strip=True)


def test_a_notice_is_counted_shown_and_marked_as_read(world, browser):
    reference = world.submit("north", title="Unheard of")
    visitor = browser("ben")
    assert new(visitor.get(f"/reports/{reference}")) == "Notices"
    withdrawn(world, reference)
    page = visitor.get("/notices")
    assert new(page) == "Notices 1 new"
    said = page.find("main").get_text(" ", strip=True)
    assert reference in said
    assert "Withdrawn by its originator" in said
    assert "Unheard of" not in said
    action = page.find("main").find("form")["action"]
    after = BeautifulSoup(visitor.send(page, action).text, "lxml")
    assert new(after) == "Notices"
    assert reference in after.find("main").text
    assert after.find("main").find("form") is None


def test_whoever_had_nothing_finds_nothing_and_reads_nobodys_notice(world, browser):
    reference = world.submit("north", marking=amber("south"))
    ben, eva = browser("ben"), browser("eva")
    ben.get(f"/reports/{reference}")
    withdrawn(world, reference)
    action = ben.get("/notices").find("main").find("form")["action"]
    page = eva.get("/notices")
    assert new(page) == "Notices"
    assert reference not in page.text
    assert eva.client.post(action).status_code == 404
    assert new(ben.get("/notices")) == "Notices 1 new"


def test_who_had_it_stands_on_its_owners_page_alone(world, browser):
    world.enrol("quiet", "state", hidden=True)
    reference = world.submit("north")
    ada, ben = browser("ada"), browser("ben")
    clause = "Members that do not show their membership are not listed, if there are any."
    before = ada.get(f"/reports/{reference}").find("section", attrs={"aria-labelledby": "had-title"})
    assert clause in before.text
    world.get("quiet", f"/v1/reports/{reference}")
    assert ada.get(f"/reports/{reference}").find("section", attrs={"aria-labelledby": "had-title"}) == before
    page = ben.get(f"/reports/{reference}")
    assert page.find(id="had-title") is None
    world.get("south", f"/v1/reports/{reference}")
    after = ada.get(f"/reports/{reference}").find("section", attrs={"aria-labelledby": "had-title"})
    said = after.get_text(" ", strip=True)
    assert "South" in said
    assert "Ben , since 1 November 2026" in said
    assert "by key , since" in said
    assert "Quiet" not in said
    assert clause in said


def test_notices_are_told_in_russian(world, browser):
    reference = world.submit("north")
    visitor = browser("ben", "ru")
    visitor.get(f"/reports/{reference}")
    withdrawn(world, reference)
    page = visitor.get("/notices")
    assert new(page) == "Извещения 1 новое"
    assert "Отозвано отправителем" in page.find("main").text
