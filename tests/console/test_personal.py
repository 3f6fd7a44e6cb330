"""Pages about what is personal: told before a report is handed in, decided on a page, and the original on another."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.console.conftest import filled
from tests.world import World, amber

PHONE = "+996 700 123 456"
TEXT = f"A guard was held at the crossing; call {PHONE}."
GOOD = {
    "title": "A guard held at a crossing", "text": TEXT, "place": "KG-B", "occurred_from": "2026-10-30",
    "attribution": "named",
}  # fmt: skip
DIRTY = "<p>Вооружённые люди в Бишкeкe<sup>1</sup>, тел. 0700 123 456.</p>"


@pytest.fixture
def told(world: World) -> str:
    reference = world.submit("north", title="Нападение", text=DIRTY, marking=amber("south", "office"))
    world.settle()
    return reference


def typed(page: BeautifulSoup, form: dict[str, str]) -> dict[str, object]:
    """What the form would send with these fields typed into it."""
    return {
        name: value for name, value in filled(page.find("form", {"action": "/submit/incident"})).items() if value
    } | form


def main(answer) -> str:
    return " ".join(BeautifulSoup(answer.text, "lxml").find("main").get_text(" ", strip=True).split())


@pytest.mark.parametrize(("choice", "masked"), [("mask", True), ("needed", False)])
def test_a_form_that_is_checked_shows_what_was_found_and_takes_a_decision_along(
    world: World, browser, choice: str, masked: bool
) -> None:
    ada = browser("ada")
    checked = ada.client.post("/submit/incident", data=typed(ada.get("/submit/incident"), GOOD) | {"act": "check"})
    assert f"Telephone number (Text): A guard was held at the crossing; call {PHONE}" in main(checked)
    sent = ada.send(BeautifulSoup(checked.text, "lxml"), "/submit/incident", personal=choice)
    assert re.fullmatch(r"/reports/EWN-[0-9A-Z-]+/receipt", sent.url.path)
    assert "1 piece of personal data was found" in main(sent)
    reference = sent.url.path.split("/")[2]
    own = world.get("north", f"/v1/reports/{reference}")
    assert (own["masked"], own["personal"]) == (masked, {"found": 1, "decision": choice})


def test_a_form_in_which_nothing_was_found_says_no_more_than_that(browser) -> None:
    ada = browser("ada")
    plain = GOOD | {"text": "A guard was held at the crossing."}
    checked = ada.client.post("/submit/incident", data=typed(ada.get("/submit/incident"), plain) | {"act": "check"})
    assert "Nothing of these kinds was found" in main(checked)
    assert "Names of persons are not looked for" in main(checked)
    assert BeautifulSoup(checked.text, "lxml").find("input", {"name": "personal"}) is None


def test_a_reader_is_told_that_it_was_cleaned_and_how_and_that_something_is_covered(browser, told: str) -> None:
    ben = browser("ben")
    text = main(ben.raw(f"/reports/{told}"))
    assert "тел. ████████████" in text
    assert "Бишкеке" in text
    assert "0700" not in text
    assert "Personal data in it is covered" in text
    assert "Cleaned for reading: markup and footnote marks were taken out; letters of another script" in text
    page = ben.get(f"/reports/{told}")
    assert page.find("a", href=f"/reports/{told}/original") is None
    assert page.find("a", href=f"/reports/{told}/personal") is None
    assert ben.raw(f"/reports/{told}/original").status_code == 403
    assert ben.raw(f"/reports/{told}/personal").status_code == 403


def test_the_owner_decides_on_a_page_and_opens_the_original(world: World, browser, told: str) -> None:
    ada, path = browser("ada"), f"/reports/{told}/personal"
    page = ada.get(f"/reports/{told}")
    assert page.find("a", href=path)
    assert page.find("a", href=f"/reports/{told}/original")
    assert "0700 123 456" in main(ada.raw(path))
    wrong = ada.client.post(path, data={"decision": ""})
    assert wrong.status_code == 422
    assert "Choose one of the two" in main(wrong)
    ada.send(ada.get(path), path, decision="mask")
    assert "████████████" in main(ada.raw(f"/reports/{told}"))
    decided = main(ada.raw(path))
    assert "Decided: it is covered for your organisation too. Ada" in decided
    original = ada.raw(f"/reports/{told}/original")
    assert "<p>" in main(original)
    assert "0700 123 456" in main(original)
    assert re.search(r"\b[0-9a-f]{64}\b", main(original))
    ada.speak("ru")
    for address in (path, f"/reports/{told}/original"):
        assert re.search(r"[а-я]", ada.get(address).find("h1").text)
        assert not re.search(r"\b(?:the|of|is)\b", ada.get(address).find("main").get_text())


def test_an_analyst_asks_for_the_original_and_reads_it_when_it_is_granted(world: World, browser, told: str) -> None:
    ada, eva, path = browser("ada"), browser("eva"), f"/reports/{told}/requests"
    asked = eva.send(eva.get(path), path, kind="original", wanted="The number.", reason="Our own case.")
    assert "The original" in main(asked)
    (link,) = [one["href"] for one in ada.get("/requests").select("ol.reports h2 a")]
    page = ada.get(link)
    assert "Eva" in page.find("main").get_text()
    assert page.find("input", {"name": "tlp"}) is None
    granted = ada.client.post(link, data={"act": "grant", "answer": "For your case alone."})
    assert "Granted" in main(granted)
    assert eva.get(f"/reports/{told}").find("a", href=f"/reports/{told}/original")
    assert "0700 123 456" in main(eva.raw(f"/reports/{told}/original"))
    assert "0700" not in main(eva.raw(f"/reports/{told}"))


def test_the_original_is_not_offered_where_there_is_nothing_more_to_read(world: World, browser) -> None:
    plain = world.submit("north", marking=amber("office"))
    eva = browser("eva")
    page = eva.get(f"/reports/{plain}/requests")
    assert page.find("input", {"value": "original"}) is None
