"""The pages of signing in with a second factor, of invitations, and of one's own profile and sessions."""

import re

import pyotp
import pytest
from bs4 import BeautifulSoup

from services import network
from services.kernel import clock, db
from services.kernel.config import settings
from tests.console.conftest import PASSWORD, Browser
from tests.console.test_pages import _readable, _sealed
from tests.world import SOMEWHERE

CHOSEN = "four words that I chose"


@pytest.fixture
def required(monkeypatch):
    """As a network of one's own is by default."""
    monkeypatch.setenv("EWN_SECOND_FACTOR", "required")
    settings.cache_clear()
    yield
    settings.cache_clear()


def page_of(answer) -> BeautifulSoup:
    soup = BeautifulSoup(answer.text, "lxml")
    _readable(soup, soup.html["lang"], str(answer.url))
    _sealed(answer, str(answer.url))
    return soup


def totp_of(page: BeautifulSoup) -> pyotp.TOTP:
    """What an authenticator app makes of the secret beside the QR code."""
    return pyotp.TOTP(page.find("code", class_="secret").text.replace(" ", ""))


def code(totp: pyotp.TOTP, steps: int = 0) -> str:
    return totp.at(clock.machine(), counter_offset=steps)


def link(world, login: str = "new", **more) -> str:
    new = network.NewMember(login=login, name="New One", organisation="north", roles=["focal_point"], **more)
    with db.transaction() as session:
        return network.invitations.invite(session, new, by=None).link.partition(":8080")[2]


def set_up(visitor: Browser, page: BeautifulSoup) -> tuple[pyotp.TOTP, list[str]]:
    """Go through the set-up of the factor with a code of half a minute ago, so that the present one is not used."""
    totp = totp_of(page)
    answer = visitor.send(page, "/sign-in/set-up", code=code(totp, -1))
    assert answer.status_code == 200, answer.text
    return totp, [one.text for one in page_of(answer).select(".codes code")]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_from_the_link_to_the_overview_and_in_again(world, browser, required, language):
    visitor = browser(language=language)
    address = link(world, language=language)
    page = page_of(visitor.raw(address))
    assert "New One" in page.text
    answer = visitor.send(page, address, password="short", again="short")
    assert answer.status_code == 422
    answer = visitor.send(page_of(answer), address, password=CHOSEN, again=CHOSEN + " or not")
    assert answer.status_code == 422
    assert CHOSEN not in answer.text
    answer = visitor.send(page_of(answer), address, password=CHOSEN, again=CHOSEN)
    assert answer.url.path == "/sign-in/set-up"
    page = page_of(answer)
    wrong = visitor.send(page, "/sign-in/set-up", code="000000")
    assert wrong.status_code == 401
    assert totp_of(page_of(wrong)).secret == totp_of(page).secret  # the app keeps what it has read
    totp, codes = set_up(visitor, page_of(wrong))
    assert len(codes) == 10
    assert visitor.raw("/").url.path == "/"
    for given in (code(totp), codes[0]):
        other = browser(language=language)
        answer = other.send(other.get("/sign-in?next=/mine"), "/sign-in", login="new", password=CHOSEN)
        assert answer.url.path == "/sign-in/code"
        page = page_of(answer)
        assert other.raw("/mine").url.path == "/sign-in"
        assert other.send(page, "/sign-in/code", code="123").status_code == 401
        answer = other.send(page, "/sign-in/code", code=given)
        assert answer.url.path == "/mine"
    replayed = browser()
    page = page_of(replayed.send(replayed.get("/sign-in"), "/sign-in", login="new", password=CHOSEN))
    assert replayed.send(page, "/sign-in/code", code=codes[0]).status_code == 401


def test_a_link_that_was_used_is_a_page_that_says_so(world, browser):
    visitor = browser()
    address = link(world)
    visitor.send(visitor.get(address), address, password=CHOSEN, again=CHOSEN)
    answer = browser().raw(address)
    assert answer.status_code == 404
    page_of(answer)


def test_the_steps_without_a_ticket_lead_to_the_first(browser):
    for path in ("/sign-in/code", "/sign-in/set-up"):
        assert browser().raw(path).url.path == "/sign-in"
        form = {"code": "123456", "offer": ""}
        answer = browser().client.post(path, data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_the_language_of_a_step_is_changed_without_losing_the_step(world, browser, required):
    world.member("ada", "north", "focal_point")
    visitor = browser()
    page = page_of(visitor.send(visitor.get("/sign-in?next=/mine"), "/sign-in", login="ada", password=PASSWORD))
    answer = visitor.send(page, "/language", language="ru")
    assert str(answer.url).endswith("/sign-in/set-up?next=%2Fmine")
    assert page_of(answer).html["lang"] == "ru"


def test_the_qr_code_holds_what_the_text_says(world, browser, required):
    world.member("ada", "north", "focal_point")
    visitor = browser()
    page = page_of(visitor.send(visitor.get("/sign-in"), "/sign-in", login="ada", password=PASSWORD))
    drawn = page.find("figure", class_="qr").svg
    assert drawn["aria-label"]
    assert not drawn.find_all(["style", "script", "image", "use"])
    totp = totp_of(page)
    address = totp.provisioning_uri(name="ada", issuer_name=settings().network_name)
    again = BeautifulSoup(network.factors.Offer(totp.secret, address, "").qr(), "lxml")
    assert drawn.find("path", class_="qrline")["d"] == again.find("path", class_="qrline")["d"]


def test_the_profile_tells_of_wrong_tries_since_the_last_sign_in(world, browser):
    visitor = browser("ada")
    assert "No wrong tries" in page_of(visitor.raw("/profile")).text
    for _ in range(2):
        browser().client.post("/sign-in", data={"login": "ada", "password": "not the right one"})
    assert "2 wrong tries to sign in under your name since you signed in" in visitor.get("/profile").text
    again = browser("ada")
    assert "2 wrong tries to sign in under your name before this sign-in" in page_of(again.raw("/profile")).text
    assert "No wrong tries" in browser("ada").get("/profile").text


def test_language_and_time_zone_act_on_every_page(world, browser):
    visitor = browser("ada", language="ru")
    answer = visitor.send(visitor.get("/profile"), "/profile", language="en", timezone="Asia/Bishkek")
    assert page_of(answer).html["lang"] == "en"
    assert "18:00 Asia/Bishkek" in visitor.get("/sessions").text
    assert "12:00 UTC" in browser("eva").get("/sessions").text
    answer = visitor.client.post("/profile", data={"language": "en", "timezone": "Nowhere"})
    assert answer.status_code == 422
    page_of(answer)


def test_the_password_is_changed_and_other_browsers_are_signed_out(world, browser):
    visitor, other = browser("ada"), browser("ada")
    form = {"current": "wrong", "password": CHOSEN, "again": CHOSEN}
    answer = visitor.send(visitor.get("/profile"), "/profile/password", **form)
    assert answer.status_code == 422
    assert "The password is not right." in page_of(answer).text
    assert CHOSEN not in answer.text
    answer = visitor.send(page_of(answer), "/profile/password", **(form | {"current": PASSWORD}))
    assert answer.url.path == "/sessions"
    assert other.raw("/").url.path == "/sign-in"
    assert visitor.raw("/").url.path == "/"
    assert browser().sign_in("ada", CHOSEN)


def test_a_factor_is_set_up_and_its_codes_made_anew_on_the_profile_after_the_password(world, browser):
    visitor = browser("ada")
    assert visitor.send(visitor.get("/profile"), "/profile/second-factor", confirmed="wrong").status_code == 422
    page = page_of(visitor.send(visitor.get("/profile"), "/profile/second-factor", confirmed=PASSWORD))
    path = "/profile/second-factor/set-up"
    assert visitor.send(page, path, code="000000").status_code == 401
    answer = visitor.send(page, path, code=code(totp_of(page)))
    codes = [one.text for one in page_of(answer).select(".codes code")]
    page = visitor.get("/profile")
    assert "10 recovery codes are left" in page.text
    assert visitor.send(page, "/profile/recovery-codes", known="wrong").status_code == 422
    answer = visitor.send(page, "/profile/recovery-codes", known=PASSWORD)
    fresh = [one.text for one in page_of(answer).select(".codes code")]
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert not [one for one in fresh if one in visitor.raw("/profile").text]


def test_sessions_are_listed_and_ended_on_a_page(world, browser):
    visitor, other = browser("ada"), browser("ada")
    page = page_of(visitor.raw("/sessions"))
    assert len(page.select("main li")) == 2
    (reference,) = [one["value"] for one in page.select("main li input[name=reference]")]
    answer = visitor.client.post("/sessions", data={"reference": reference})
    assert len(page_of(answer).select("main li")) == 1
    assert other.raw("/").url.path == "/sign-in"
    third = browser("ada")
    answer = visitor.client.post("/sessions", data={"reference": "others"})
    assert third.raw("/").url.path == "/sign-in"
    assert visitor.client.post("/sessions", data={"reference": "SES-0000-0000-0000"}).status_code == 404


@pytest.mark.parametrize(("login", "roles"), [("max", 7), ("ada", 2)])
def test_people_are_invited_on_a_page(world, browser, login, roles):
    visitor = browser(login)
    page = page_of(visitor.raw("/people"))
    assert len(page.select("input[name=roles]")) == roles
    form = {"login": "new", "name": "New One", "organisation": "north", "roles": ["focal_point"], "timezone": "UTC"}
    answer = visitor.send(page, "/people", **(form | {"login": "NOT A NAME"}))
    assert answer.status_code == 422
    answer = visitor.send(page_of(answer), "/people", **form)
    assert answer.status_code == 201
    shown = page_of(answer).find("textarea").text.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/invitation/[\w-]{43}", shown)
    page = page_of(visitor.raw("/people"))
    assert shown.rpartition("/")[2] not in page.text
    answer = visitor.send(page, "/people/reset", who="new")
    assert answer.status_code == 201
    page = page_of(visitor.raw("/people"))
    assert len(page.select("tbody tr")) == 1
    assert browser().raw(shown.partition(":8080")[2]).status_code == 404
    answer = visitor.send(page, "/people/withdrawal")
    assert not page_of(answer).select("tbody tr")


def test_who_invites_nobody_is_not_offered_it(world, browser):
    visitor = browser("eva")
    assert not visitor.get("/").find("a", href="/people")
    assert visitor.raw("/people").status_code == 403
    assert visitor.client.post("/people/reset", data={"who": "ada"}).status_code == 403


def test_the_steps_and_the_profile_take_no_forms_of_other_sites(world, browser, required):
    cross = {"Sec-Fetch-Site": "cross-site"}
    address = link(world)
    form = {"password": CHOSEN, "again": CHOSEN, "code": "123456", "language": "ru"}
    paths = [
        "/sign-in", "/sign-in/code", "/sign-in/set-up", address, "/profile", "/profile/password", "/sessions",
        "/profile/second-factor", "/profile/second-factor/set-up", "/profile/recovery-codes", "/people",
        "/people/reset", "/people/withdrawal",
    ]  # fmt: skip
    visitor = browser()
    for path in paths:
        assert visitor.client.post(path, data=form, headers=cross).status_code == 403, path
    older = {"Origin": "http://elsewhere.example"}
    del visitor.client.headers["Sec-Fetch-Site"]
    for path in paths:
        assert visitor.client.post(path, data=form, headers=older).status_code == 403, path


def test_too_many_tries_from_one_address_are_a_page_too(world, browser):
    from services.network.access import tries

    for number in range(50):
        tries.wrong(tries.begin(tries.by_name(f"nobody{number}"), SOMEWHERE[0]))
    answer = browser().client.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    assert answer.status_code == 429
    page_of(answer)
