"""The form: a report goes in without a script, once, to whom its sender said; faults stand beside their fields."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.world import amber

GOOD = {
    "title": "Two guards shot at a crossing",
    "text": "At dawn armed men attacked the post near Batken.\nTwo guards were killed.",
    "kind": "incident",
    "occurred_from": "2026-10-30",
    "attribution": "named",
}


def send(visitor, **changed):
    """Fill the form in and send it; the page that comes then."""
    return visitor.send(visitor.get("/submit"), "/submit", **(GOOD | changed))


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_the_form_opens_with_the_secretariat_ticked_and_attribution_to_be_chosen(browser):
    page = browser("ada").get("/submit")
    assert [one["value"] for one in page.find_all("input", {"name": "tlp"}) if one.has_attr("checked")] == [
        "AMBER+STRICT"
    ]
    ticked = [one["value"] for one in page.find_all("input", {"name": "organisations"}) if one.has_attr("checked")]
    assert ticked == ["office"]
    choices = page.find_all("input", {"name": "attribution"})
    assert len(choices) == 2
    assert not any(one.has_attr("checked") for one in choices)


def test_a_report_goes_in_and_its_receipt_says_who_may_read_it(world, browser):
    answer = send(browser("ada"), figure_killed="2", place="KG-B")
    page = soup(answer)
    assert re.fullmatch(r"/reports/EWN-[0-9A-Z-]+/receipt", answer.url.path)
    text = page.find("main").get_text(" ", strip=True)
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    assert "Office" in text
    assert "North (your own organisation)" in text
    assert "South" not in text
    reference = answer.url.path.split("/")[2]
    stored = world.get("office", f"/v1/reports/{reference}")
    assert stored["title"] == GOOD["title"]
    assert stored["text"] == GOOD["text"]
    assert stored["figures"] == {"killed": 2}
    assert stored["tlp"] == "AMBER+STRICT"
    assert world.raw("south", f"/v1/reports/{reference}").status_code == 404


def test_the_same_form_sent_twice_stores_once(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit")
    first = visitor.send(page, "/submit", **GOOD)
    second = visitor.send(page, "/submit", **GOOD)
    assert first.url == second.url
    assert len(world.get("north", "/v1/reports")["reports"]) == 1


def test_the_same_form_with_another_text_is_not_taken_for_the_first(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit")
    visitor.send(page, "/submit", **GOOD)
    answer = visitor.send(page, "/submit", **(GOOD | {"title": "Something else"}))
    assert answer.status_code == 422
    assert len(world.get("north", "/v1/reports")["reports"]) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_faults_stand_beside_their_fields_and_in_a_summary_and_nothing_typed_is_lost(browser, language):
    visitor = browser("ada", language)
    bad = {"title": "x", "occurred_from": "2999-01-01", "kind": "", "figure_killed": "many", "persons": "who knows"}
    answer = visitor.send(visitor.get("/submit"), "/submit", **({"text": GOOD["text"]} | bad))
    assert answer.status_code == 422
    page = soup(answer)
    summary = page.find(class_="summary")
    assert summary["role"] == "alert"
    for name in ("title", "occurred_from", "kind", "figure_killed"):
        field = page.find(id=name)
        assert field["aria-invalid"] == "true"
        assert f"{name}-fault" in field["aria-describedby"]
        assert page.find(id=f"{name}-fault").get_text(strip=True)
        assert summary.find("a", href=f"#{name}"), name
    assert page.find(id="attribution-fault")
    assert page.find(id="figure_killed").find_parent("details").has_attr("open")
    assert not page.find(id="occurred_to-fault")
    assert page.find(id="title")["value"] == "x"
    assert page.find(id="text").text == GOOD["text"]
    assert page.find(id="persons")["value"] == "who knows"
    assert page.find("title").text.startswith("Ошибка" if language == "ru" else "Error")
    for link in summary.find_all("a"):
        assert page.find(id=link["href"][1:]), link
        assert not (language == "ru" and re.search(r"[A-Za-z]{4,}", link.text.replace("SHA", ""))), link.text


def test_a_recipient_that_is_not_known_is_refused_beside_its_field(world, browser):
    answer = send(browser("ada"), tlp="RED", persons="ada, nobody-of-ours")
    assert answer.status_code == 422
    page = soup(answer)
    assert "nobody-of-ours" in page.find(id="persons-fault").text
    assert world.get("north", "/v1/reports")["reports"] == []


def test_red_reaches_the_persons_named_and_not_the_ticked_secretariat(world, browser):
    browser("ben")
    answer = send(browser("ada"), tlp="RED", persons="ben")
    reference = answer.url.path.split("/")[2]
    assert browser("ben").raw(f"/reports/{reference}").status_code == 200
    assert browser("eva").raw(f"/reports/{reference}").status_code == 404


def test_a_source_that_is_relayed_needs_a_name(world, browser):
    answer = send(browser("ada"), source="relayed")
    assert soup(answer).find(id="source_document-fault")
    answer = send(browser("ada"), source="relayed", source_document="Bulletin 7", credibility="3")
    reference = answer.url.path.split("/")[2]
    assert world.get("north", f"/v1/reports/{reference}")["source"]["document"] == "Bulletin 7"


def test_checking_shows_who_would_read_it_and_stores_nothing(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit")
    form = page.find("form", {"action": "/submit"})
    form.append(page.new_tag("input", attrs={"type": "hidden", "name": "act", "value": "check"}))
    answer = visitor.send(page, "/submit", **(GOOD | {"tlp": "GREEN"}))
    readers = soup(answer).find(class_="readers").get_text(" ", strip=True)
    assert answer.status_code == 200
    assert "All active members of the network, and members that do not show it." in readers
    assert world.get("north", "/v1/reports")["reports"] == []


def test_own_reports_show_what_became_of_them(world, browser):
    visitor = browser("ada")
    reference = send(visitor).url.path.split("/")[2]
    states = lambda: visitor.get("/mine").find("ol", class_="reports").get_text(" ", strip=True)  # noqa: E731
    assert "Received" in states()
    world.settle()
    assert "Tagged" in states()
    page = visitor.get(f"/reports/{reference}")
    answer = visitor.send(page, f"/reports/{reference}/withdrawal", reason="no")
    assert answer.status_code == 422
    assert soup(answer).find(id="reason-fault")
    answer = visitor.send(page, f"/reports/{reference}/withdrawal", reason="It did not happen.")
    assert "Withdrawn" in soup(answer).find("main").text
    assert "Withdrawn" in states()
    assert browser("eva").raw(f"/reports/{reference}").status_code == 404


def test_only_the_originator_is_offered_and_allowed_to_withdraw(world, browser):
    reference = world.submit("north", marking=amber("office", "south", strict=True))
    visitor = browser("ben")
    assert not visitor.get(f"/reports/{reference}").find("form", action=re.compile("withdrawal"))
    answer = visitor.client.post(f"/reports/{reference}/withdrawal", data={"reason": "It is not ours."})
    assert answer.status_code == 403
    assert world.get("north", f"/v1/reports/{reference}")["withdrawn_at"] is None
