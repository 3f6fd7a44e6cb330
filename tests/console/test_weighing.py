"""Weighing in the browser: the panel of a report, its grade's history, the letters of organisations and sources."""

import pytest

from tests.weighing.parties import GREEN, WORDS


def told(world, slug, **more):
    reference = world.submit(slug, **{"title": "A note", "text": WORDS, "marking": GREEN} | more)
    world.settle()
    return reference


def panel(browser, who, reference, language="en"):
    page = browser(who, language).get(f"/reports/{reference}")
    return page.find("section", {"aria-labelledby": "grade-title"}).get_text(" ", strip=True)


def test_the_panel_says_what_each_axis_is_and_what_1_is_derived_from(world, browser):
    first = told(world, "north", credibility=3)
    alone = panel(browser, "eva", first)
    assert "3: possibly true" in alone
    assert "not confirmed by independent origins" in alone
    assert "it may be anything from A to E" in alone
    second = told(world, "south")
    text = panel(browser, "eva", first)
    assert "1: confirmed by independent sources" in text
    assert second in text
    assert "F1 (source cannot be judged: A to E, confirmed by independent sources)" in (
        browser("eva").get(f"/reports/{first}").find("aside").text
    )


def test_an_analyst_says_what_came_of_a_report_and_others_see_it_as_it_was_shared(world, browser):
    reference = told(world, "north")
    eva = browser("eva")
    page = eva.get(f"/reports/{reference}")
    answer = eva.send(page, f"/reports/{reference}/verification", reason="Two patrols saw it.", outcome="verified")
    assert answer.status_code == 200
    assert "verified" in panel(browser, "eva", reference)
    assert "Two patrols saw it." not in panel(browser, "ada", reference)
    eva.send(
        eva.get(f"/reports/{reference}/grade"), f"/reports/{reference}/verification",
        reason="It was a drill.", outcome="refuted", shared="yes",
    )  # fmt: skip
    assert "It was a drill." in panel(browser, "ada", reference)
    history = eva.get(f"/reports/{reference}/grade").find("section", {"aria-labelledby": "assessed-title"}).text
    assert "replaced since" in history
    assert "Say what came of it" not in panel(browser, "ada", reference)


@pytest.mark.parametrize(("language", "said"), [("en", "Write at least 3"), ("ru", "Напишите не меньше 3")])
def test_a_reason_that_will_not_do_is_asked_for_again_beside_its_field(world, browser, language, said):
    reference = told(world, "north")
    eva = browser("eva", language)
    page = eva.get(f"/reports/{reference}/grade")
    answer = eva.send(page, f"/reports/{reference}/credibility", reason="no", credibility="4")
    assert answer.status_code == 422
    assert said in answer.text
    assert '<option value="4" selected>' in answer.text


def test_credibility_is_graded_by_analysts_alone(world, browser):
    reference = told(world, "north")
    eva = browser("eva")
    eva.send(
        eva.get(f"/reports/{reference}/grade"), f"/reports/{reference}/credibility", reason="It fits.", credibility="5"
    )
    assert "5: improbable" in panel(browser, "eva", reference)
    ada = browser("ada")
    assert ada.get(f"/reports/{reference}/grade").find("form", {"action": f"/reports/{reference}/credibility"}) is None
    assert ada.raw("/reliability").status_code == 403


def test_the_secretariat_decides_a_letter_beside_the_one_that_is_proposed(world, browser):
    reference = told(world, "north")
    eva = browser("eva")
    eva.send(
        eva.get(f"/reports/{reference}"), f"/reports/{reference}/verification", reason="Seen by us.", outcome="verified"
    )
    page = eva.get("/reliability")
    row = page.find("tr", id="north").get_text(" ", strip=True)
    assert "F: source cannot be judged" in row
    assert "1 verified, 0 refuted; 16 to 99 % of its reports hold" in row
    eva.send(page, "/reliability", organisation="north", reliability="B", reason="Long known to us.")
    row = eva.get("/reliability").find("tr", id="north").get_text(" ", strip=True)
    assert "B: usually reliable source" in row
    assert "F became B" in row
    assert "Long known to us." in row
    theirs = browser("abe").get("/reliability")
    assert "Long known to us." not in theirs.text
    assert theirs.find("form", {"action": "/reliability"}) is None


def test_a_source_is_rated_on_the_page_of_a_report_that_names_it(world, browser):
    source = {"kind": "relayed", "chain": [{"organisation": "south"}, {"document": "A leaflet"}]}
    reference = told(world, "north", source=source)
    abe = browser("abe")
    page = abe.get(f"/reports/{reference}/grade")
    abe.send(page, f"/reports/{reference}/source-reliability", reliability="E", reason="Forged before.")
    assert "A leaflet" in abe.get("/reliability").text
    assert "E: unreliable source" in panel(browser, "abe", reference)
    assert "E: unreliable source" not in panel(browser, "eva", reference)
    facts = abe.get(f"/reports/{reference}").find("aside").get_text(" ", strip=True)
    assert "South , who had it from A leaflet" in facts


def test_a_judgement_stands_with_its_interval_and_confidence_apart(world, browser):
    judgement = {
        "statement": "It is highly likely that the crossing closes.", "scale": "phia", "word": "highly-likely",
        "confidence": "low",
    }  # fmt: skip
    reference = told(world, "north", kind="research", judgement=judgement)
    english = browser("ada").get(f"/reports/{reference}").find("section", {"aria-labelledby": "judgement-title"}).text
    assert "highly likely (80–90 %; PHIA probability yardstick)" in english
    russian = browser("ada", "ru").get(f"/reports/{reference}").find("section", {"aria-labelledby": "judgement-title"})
    assert "весьма вероятно (80–90 %" in russian.text
    assert "низкая" in russian.text
