"""A form outlives the session in which it was begun: its writer finds it again after signing in, and nobody else."""

import html
from datetime import timedelta

import pytest

from services import network
from services.kernel import clock
from services.kernel.config import settings
from tests.console.conftest import PASSWORD
from tests.console.test_profile import code, totp_of
from tests.console.test_submission import GOOD, soup

ADDRESS = "/submit/incident"


@pytest.fixture
def begun(browser):
    """A form that was opened and filled in while the session ended."""
    visitor = browser("ada", "ru")
    page = visitor.get(ADDRESS)
    visitor.client.cookies.delete(network.COOKIE)
    return visitor, page


def ended(begun, **changed):
    """What comes when it is sent then."""
    visitor, page = begun
    answer = visitor.send(page, ADDRESS, **(GOOD | {"title": "Двое убиты на посту"} | changed))
    assert answer.status_code == 401
    return soup(answer)


def test_a_form_sent_after_the_session_ended_comes_back_filled_in_and_goes_in_once(world, browser, begun):
    visitor, page = begun
    again = ended(begun, organisations=["office", "south"])
    assert again.html["lang"] == "ru"
    answer = visitor.send(again, "/sign-in", login="ada", password=PASSWORD)
    assert answer.status_code == 200
    form = soup(visitor.send(soup(answer), ADDRESS))
    assert form.find(id="title")["value"] == "Двое убиты на посту"
    assert form.find(id="text").text == GOOD["text"]
    ticked = [one["value"] for one in form.find_all("input", {"name": "organisations"}) if one.has_attr("checked")]
    assert ticked == ["office", "south"]
    assert form.find(id="attribution-named").has_attr("checked")
    token = page.find("input", {"name": "key"})["value"]
    assert form.find("input", {"name": "key"})["value"] == token
    assert world.get("north", "/v1/reports")["reports"] == []
    assert visitor.send(form, ADDRESS).url.path.endswith("/receipt")
    assert visitor.send(form, ADDRESS).url.path.endswith("/receipt")
    assert len(world.get("north", "/v1/reports")["reports"]) == 1


def test_a_wrong_password_does_not_lose_the_form(begun):
    visitor, _page = begun
    again = soup(visitor.send(ended(begun), "/sign-in", login="ada", password="wrong wrong wrong"))
    answer = visitor.send(again, "/sign-in", login="ada", password=PASSWORD)
    assert soup(visitor.send(soup(answer), ADDRESS)).find(id="title")["value"] == "Двое убиты на посту"


def test_both_second_steps_hand_the_form_on(begun, monkeypatch):
    visitor, form = begun
    monkeypatch.setenv("EWN_SECOND_FACTOR", "required")
    settings.cache_clear()
    page = soup(visitor.send(ended(begun), "/sign-in", login="ada", password=PASSWORD))
    totp = totp_of(page)
    page = soup(visitor.send(page, "/sign-in/set-up", code="000000"))
    page = soup(visitor.send(page, "/sign-in/set-up", code=code(totp, -1)))
    assert page.find(class_="codes")
    assert soup(visitor.send(page, ADDRESS)).find(id="title")["value"] == "Двое убиты на посту"
    visitor.client.cookies.delete(network.COOKIE)
    page = soup(visitor.send(ended((visitor, form)), "/sign-in", login="ada", password=PASSWORD))
    page = soup(visitor.send(page, "/sign-in/code", code="000000"))
    page = soup(visitor.send(page, "/sign-in/code", code=code(totp)))
    assert soup(visitor.send(page, ADDRESS)).find(id="title")["value"] == "Двое убиты на посту"


def test_the_page_holds_no_word_of_it_in_the_clear(begun):
    page = ended(begun, persons="", title="Тайное слово", text="Никому другому")
    shown = html.unescape(str(page))
    for word in ("Тайное", "Никому", "north"):
        assert word not in shown


def test_another_person_who_signs_in_there_gets_nothing_of_it(browser, begun):
    visitor, _page = begun
    page = ended(begun)
    browser("ben")
    answer = visitor.send(page, "/sign-in", login="ben", password=PASSWORD)
    assert answer.url.path == ADDRESS
    assert not soup(answer).find(id="title")["value"]
    sealed = page.find("input", {"name": "kept"})["value"]
    answer = visitor.client.post(ADDRESS, data={"kept": sealed})
    assert answer.status_code == 200
    assert "посту" not in answer.text


@pytest.mark.parametrize("whose", ["", "x", "AAAA"])
def test_a_form_that_does_not_say_whose_it_is_leads_to_the_sign_in_page_and_back(browser, whose):
    answer = browser().client.post(ADDRESS, data=GOOD | {"whose": whose})
    page = soup(answer)
    assert answer.url.path == "/sign-in"
    assert page.find("form", {"action": "/sign-in"}).find("input", {"name": "next"})["value"] == ADDRESS
    assert not page.find("input", {"name": "kept"})


def test_what_was_kept_is_void_after_a_day(begun, monkeypatch):
    visitor, _page = begun
    sealed = ended(begun).find("input", {"name": "kept"})["value"]
    began = clock.now()
    for hours, held in ((23, True), (25, False)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: began + timedelta(hours=hours))
        visitor.client.cookies.delete(network.COOKIE)
        visitor.sign_in("ada", language="ru")
        assert ("посту" in visitor.client.post(ADDRESS, data={"kept": sealed}).text) is held


def test_another_sites_page_cannot_have_a_form_kept(begun):
    visitor, page = begun
    whose = page.find("input", {"name": "whose"})["value"]
    answer = visitor.client.post(
        ADDRESS, data=GOOD | {"whose": whose}, headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False
    )
    assert answer.status_code == 403


def test_the_keys_of_drafts_are_a_persons_and_a_days_own(browser, monkeypatch):
    def held(login):
        form = browser(login).get(ADDRESS).find("form", {"data-draft": True})
        return form["data-draft"], form["data-keys"].split()

    began = clock.now()
    slot, (today, yesterday) = held("ada")
    assert held("ada") == (slot, [today, yesterday])
    other, others = held("ben")
    assert other != slot
    assert not {today, yesterday} & set(others)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(days=1))
    assert held("ada")[1][1] == today
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(days=2))
    assert today not in held("ada")[1]


def test_signing_out_clears_what_the_browser_keeps_and_no_other_answer_does(browser):
    visitor = browser("ada")
    page = visitor.get("/submit")
    assert "clear-site-data" not in visitor.raw("/submit").headers
    answer = visitor.send(page, "/sign-out", follow=False)
    assert answer.headers["clear-site-data"] == '"storage"'


def test_the_receipt_says_which_form_is_done_with_and_nothing_else_as_its_name(browser):
    visitor = browser("ada")
    page = visitor.get(ADDRESS)
    answer = visitor.send(page, ADDRESS, **GOOD)
    token = page.find("input", {"name": "key"})["value"]
    assert soup(answer).find(attrs={"data-sent": True})["data-sent"] == token
    assert not soup(visitor.raw(answer.url.path)).find(attrs={"data-sent": True})


@pytest.mark.parametrize("attribute", ["data-draft", "data-keys"])
def test_only_the_pages_of_a_session_hold_the_keys_of_drafts(browser, begun, attribute):
    assert not ended(begun).find(attrs={attribute: True})
