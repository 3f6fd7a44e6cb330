"""Signing in and out, where one is led afterwards, and the language of the pages."""

import pytest
from bs4 import BeautifulSoup

from services import network
from services.kernel import db
from tests.console.conftest import PASSWORD


@pytest.fixture
def ada(world):
    """Somebody who can sign in."""
    world.member("ada", "north", "focal_point")


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(ada, browser):
    visitor = browser()
    page = visitor.get("/reports?status=exercise")
    answer = visitor.send(page, "/sign-in", follow=False, login="ada", password=PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/reports?status=exercise"


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/v1/me",
        "/\t/elsewhere.example", "\\\\elsewhere.example", "/sign-out", "/é",
    ],
)  # fmt: skip
def test_nobody_is_led_off_the_service(ada, browser, onward):
    visitor = browser()
    form = {"login": "ada", "password": PASSWORD, "next": onward}
    answer = visitor.client.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_wrong_name_and_a_wrong_password_get_the_same_page(ada, browser):
    pages = []
    for login, password in (("ada", "wrong wrong wrong"), ("nobody", PASSWORD)):
        visitor = browser()
        answer = visitor.send(visitor.get("/sign-in"), "/sign-in", login=login, password=password)
        assert answer.status_code == 401
        assert password not in answer.text
        pages.append(answer.text.replace(f'value="{login}"', ""))
    assert pages[0] == pages[1]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(ada, browser):
    visitor = browser()
    form = {"login": "ada", "password": PASSWORD}
    answer = visitor.client.post("/sign-in", data=form, follow_redirects=False)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(network.COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_forms_from_other_sites_are_refused(browser):
    visitor = browser("ada")
    cross = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/sign-in", "/sign-out", "/submit/incident", "/language", "/reports/EWN-AAAA-AAAA/withdrawal"):
        answer = visitor.client.post(path, data={"login": "ada", "password": PASSWORD, "reason": "long"}, headers=cross)
        assert answer.status_code == 403, path


def test_signing_out_ends_the_session_in_the_database_too(browser):
    visitor = browser("ada")
    token = visitor.client.cookies[network.COOKIE]
    visitor.send(visitor.get("/"), "/sign-out")
    visitor.client.cookies.set(network.COOKIE, token)
    assert visitor.raw("/").url.path == "/sign-in"


def test_a_suspended_organisation_is_signed_out_everywhere(browser):
    visitor = browser("ben")
    visitor.get("/reports")
    with db.transaction() as session:
        network.suspend(session, "south", by=None)
    assert visitor.raw("/reports").url.path == "/sign-in"


def test_pages_speak_the_members_own_language_at_first_and_the_chosen_one_afterwards(world, browser):
    new = network.NewMember(login="olga", name="Olga", organisation="north", roles=["focal_point"], language="ru")
    hashed = network.hash_password(PASSWORD)
    with db.transaction() as session:
        network.add_member(session, new, password_hash=hashed, by=None)
    visitor = browser()
    answer = visitor.send(visitor.get("/sign-in"), "/sign-in", login="olga", password=PASSWORD)
    assert BeautifulSoup(answer.text, "lxml").html["lang"] == "ru"
    answer = visitor.send(visitor.get("/reports?status=exercise"), "/language", language="en")
    assert BeautifulSoup(answer.text, "lxml").html["lang"] == "en"
    assert str(answer.url).endswith("/reports?status=exercise")
    assert visitor.get("/submit").html["lang"] == "en"


def test_a_language_chosen_before_signing_in_stays_and_so_does_where_one_wanted_to_go(ada, browser):
    visitor = browser()
    wanted = "/reports?status=exercise&kind=incident"
    answer = visitor.send(visitor.get(wanted), "/language", language="ru")
    page = BeautifulSoup(answer.text, "lxml")
    assert page.html["lang"] == "ru"
    answer = visitor.send(page, "/sign-in", login="ada", password="wrong wrong wrong")
    answer = visitor.send(BeautifulSoup(answer.text, "lxml"), "/language", language="en")
    answer = visitor.send(BeautifulSoup(answer.text, "lxml"), "/language", language="ru")
    answer = visitor.send(BeautifulSoup(answer.text, "lxml"), "/sign-in", login="ada", password=PASSWORD)
    assert str(answer.url).endswith(wanted)
    assert BeautifulSoup(answer.text, "lxml").html["lang"] == "ru"


@pytest.mark.parametrize(
    "onward", ["/sign-in?next=//elsewhere.example", "/sign-in?next=/v1/me", "/sign-in?next=/sign-in"]
)
def test_the_language_button_of_the_sign_in_page_leads_nobody_off_the_service(browser, onward):
    form = {"language": "ru", "next": onward}
    answer = browser().client.post("/language", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"


def test_the_sign_in_page_speaks_the_browsers_language(browser):
    assert browser(language="ru-RU,ru;q=0.9").get("/sign-in").html["lang"] == "ru"


def test_what_a_role_does_not_include_is_not_offered_and_refused(world, browser):
    own = world.submit("office", title="Not for those who keep the accounts")
    keeper = browser("max")
    page = keeper.get("/")
    assert not page.find("a", href="/submit")
    for path in (
        "/reports",
        f"/reports/{own}",
        f"/reports/{own}/receipt",
        "/submit",
        "/submit/zero",
        "/mine",
        "/digests",
    ):
        answer = keeper.raw(path)
        assert answer.status_code == 403, path
        assert "keep the accounts" not in answer.text, path
