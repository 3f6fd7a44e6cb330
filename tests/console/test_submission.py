"""The form: a report goes in without a script, once, to whom its sender said; faults stand beside their fields."""

import re
from importlib import import_module

import pytest
from bs4 import BeautifulSoup

from services.kernel.config import settings
from tests.console.conftest import filled
from tests.world import amber, report

GOOD = {
    "title": "Two guards shot at a crossing",
    "text": "At dawn armed men attacked the post near Batken.\nTwo guards were killed.",
    "place": "KG-B",
    "occurred_from": "2026-10-30",
    "attribution": "named",
}


def send(visitor, **changed):
    """Fill the form in and send it; the page that comes then."""
    return visitor.send(visitor.get("/submit/incident"), "/submit/incident", **(GOOD | changed))


def soup(answer):
    return BeautifulSoup(answer.text, "lxml")


def test_the_form_opens_with_the_secretariat_ticked_and_attribution_to_be_chosen(browser):
    page = browser("ada").get("/submit/incident")
    assert [one["value"] for one in page.find_all("input", {"name": "tlp"}) if one.has_attr("checked")] == [
        "AMBER+STRICT"
    ]
    ticked = [one["value"] for one in page.find_all("input", {"name": "organisations"}) if one.has_attr("checked")]
    assert ticked == ["office"]
    choices = page.find_all("input", {"name": "attribution"})
    assert [one["value"] for one in choices] == ["named", "withheld", "chatham"]
    assert not any(one.has_attr("checked") for one in choices)


def test_a_report_goes_in_and_its_receipt_says_who_may_read_it(world, browser):
    answer = send(browser("ada"), figure_killed="2")
    page = soup(answer)
    assert re.fullmatch(r"/reports/EWN-[0-9A-Z-]+/receipt", answer.url.path)
    text = page.find("main").get_text(" ", strip=True)
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    assert "Office" in text
    assert "North (your own organisation)" in text
    assert "South" not in " ".join(one.get_text() for one in page.find("main").find_all("li"))
    assert "TLP:GREEN would see it too: South" in text
    assert "TLP:RED would not see it: North, Office" in text
    reference = answer.url.path.split("/")[2]
    stored = world.get("office", f"/v1/reports/{reference}")
    assert stored["title"] == GOOD["title"]
    assert stored["text"] == GOOD["text"]
    assert stored["figures"] == {"killed": 2}
    assert stored["tlp"] == "AMBER+STRICT"
    assert world.raw("south", f"/v1/reports/{reference}").status_code == 404


def test_the_same_form_sent_twice_stores_once(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit/incident")
    first = visitor.send(page, "/submit/incident", **GOOD)
    second = visitor.send(page, "/submit/incident", **GOOD)
    assert first.url == second.url
    assert len(world.get("north", "/v1/reports")["reports"]) == 1


def test_the_same_form_with_another_text_is_not_taken_for_the_first(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit/incident")
    visitor.send(page, "/submit/incident", **GOOD)
    answer = visitor.send(page, "/submit/incident", **(GOOD | {"title": "Something else"}))
    assert answer.status_code == 422
    stored = world.get("north", "/v1/reports")["reports"]
    assert len(stored) == 1
    again = soup(answer)
    assert stored[0]["reference"] in again.find(class_="summary").text
    assert again.find(id="title")["value"] == "Something else"
    assert again.find(id="text").text == GOOD["text"]
    assert visitor.send(again, "/submit/incident").url.path.endswith("/receipt")
    titles = {one["title"] for one in world.get("north", "/v1/reports")["reports"]}
    assert titles == {GOOD["title"], "Something else"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_service_that_is_too_busy_keeps_the_form_as_it_was_typed(world, browser, monkeypatch, language):
    visitor = browser("ada", language)
    page = visitor.get("/submit/incident")
    for _ in range(2):
        world.submit("south")
    monkeypatch.setenv("EWN_OUTBOX_LIMIT", "1")
    settings.cache_clear()
    intake = import_module("services.reports.intake")
    monkeypatch.setattr(intake, "_looked_at", 0.0)  # it looks at most every two seconds
    monkeypatch.setattr(intake, "_backlog", 0)
    answer = visitor.send(page, "/submit/incident", **GOOD)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    again = soup(answer)
    assert again.find(class_="summary").h2.text == ("Повторите чуть позже" if language == "ru" else "Try again shortly")
    assert again.find(id="title")["value"] == GOOD["title"]
    assert again.find("input", {"name": "key"})["value"] == page.find("input", {"name": "key"})["value"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_faults_stand_beside_their_fields_and_in_a_summary_and_nothing_typed_is_lost(browser, language):
    visitor = browser("ada", language)
    bad = {"title": "x", "occurred_from": "2999-01-01", "place": "", "figure_killed": "many", "persons": "who knows"}
    answer = visitor.send(visitor.get("/submit/incident"), "/submit/incident", **({"text": GOOD["text"]} | bad))
    assert answer.status_code == 422
    page = soup(answer)
    summary = page.find(class_="summary")
    assert summary["role"] == "alert"
    for name in ("title", "occurred_from", "place", "figure_killed"):
        field = page.find(id=name)
        assert field["aria-invalid"] == "true"
        assert f"{name}-fault" in field["aria-describedby"]
        assert page.find(id=f"{name}-fault").get_text(strip=True)
        assert summary.find("a", href=f"#{name}"), name
    assert page.find(id="attribution-fault")
    assert page.find(id="persons-fault")
    group = page.find(id="attribution-named").find_parent("fieldset")
    assert (group["role"], group["aria-invalid"], group["aria-describedby"]) == (
        "radiogroup", "true", "attribution-fault",
    )  # fmt: skip
    assert page.find(id="figure_killed").find_parent("details").has_attr("open")
    assert not page.find(id="occurred_to-fault")
    assert page.find(id="title")["value"] == "x"
    assert page.find(id="text").text == GOOD["text"]
    assert page.find(id="persons")["value"] == "who knows"
    assert page.find("title").text.startswith("Ошибка" if language == "ru" else "Error")
    for link in summary.find_all("a"):
        assert page.find(id=link["href"][1:]), link
        assert not (language == "ru" and re.search("[A-Za-z]{3,}", link.text.replace("TLP:RED", ""))), link.text


@pytest.mark.parametrize("written", ["1200", "1 200", "1\u00a0200", "1\u202f200", "1200.0", "1200,00"])
def test_a_figure_is_read_as_it_is_written_in_either_language(world, browser, written):
    reference = send(browser("ada"), figure_displaced=written).url.path.split("/")[2]
    assert world.get("north", f"/v1/reports/{reference}")["figures"] == {"displaced": 1200}


@pytest.mark.parametrize("written", ["1,200", "1.200", "1_000", "1e3", "nan", "-3", "٣", "1,2,3", "0x10"])
def test_a_figure_that_two_people_would_read_differently_is_asked_about(world, browser, written):
    answer = send(browser("ada"), figure_displaced=written)
    assert answer.status_code == 422
    page = soup(answer)
    assert "Write a number, such as 1200 or 2.5." in page.find(id="figure_displaced-fault").text
    assert page.find(id="figure_displaced")["value"] == written
    assert world.get("north", "/v1/reports")["reports"] == []


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


def test_a_group_of_boxes_with_a_fault_is_told_to_whoever_cannot_see_it(browser):
    visitor = browser("ada")
    form = visitor.get("/submit/incident").find("form", {"action": "/submit/incident"})
    data = filled(form) | {name: [value] for name, value in GOOD.items()}
    wrong = {"organisations": ["nobody-here"], "groups": ["no-group"], "tlp": ["PINK"], "themes": ["no-theme"]}
    for name, value in wrong.items():
        page = soup(visitor.client.post("/submit/incident", data=data | {name: value}))
        group = page.find(id=f"{name}-fault").find_parent("fieldset")
        assert group["aria-describedby"] == f"{name}-fault"
        assert (group if group.get("role") == "radiogroup" else group.find("input"))["aria-invalid"] == "true"


@pytest.mark.parametrize("tlp", ["AMBER", "AMBER+STRICT", "GREEN", "CLEAR"])
def test_persons_typed_under_a_label_that_takes_none_are_not_dropped_without_a_word(world, browser, tlp):
    page = soup(send(browser("ada"), tlp=tlp, persons="ben"))
    assert "TLP:RED" in page.find(id="persons-fault").text
    assert page.find(id="persons")["value"] == "ben"
    assert world.get("north", "/v1/reports")["reports"] == []


@pytest.mark.parametrize("tlp", ["AMBER", "AMBER+STRICT", "GREEN"])
def test_what_the_form_says_of_a_withheld_originator_is_what_the_secretariat_sees(world, browser, tlp):
    visitor = browser("ada")
    note = visitor.get("/submit/incident").find(id="attribution-withheld-note").text
    assert "A secretariat that you ticked (with TLP:AMBER or TLP:AMBER+STRICT) is told." in note
    reference = send(visitor, tlp=tlp, attribution="withheld").url.path.split("/")[2]
    told = world.get("office", f"/v1/reports/{reference}")["originator"]
    assert told == (None if tlp == "GREEN" else "north")


def test_a_source_that_is_relayed_needs_a_name(world, browser):
    answer = send(browser("ada"), source="relayed")
    assert soup(answer).find(id="source_document-fault")
    answer = send(browser("ada"), source="relayed", source_document="Bulletin 7", credibility="3")
    reference = answer.url.path.split("/")[2]
    assert world.get("north", f"/v1/reports/{reference}")["source"]["document"] == "Bulletin 7"


def check(visitor, **changed):
    """Fill the form in and press the button that only checks it."""
    page = visitor.get("/submit/incident")
    form = page.find("form", {"action": "/submit/incident"})
    form.append(page.new_tag("input", attrs={"type": "hidden", "name": "act", "value": "check"}))
    return visitor.send(page, "/submit/incident", **(GOOD | changed))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_checking_refuses_what_submitting_would_refuse(world, browser, language):
    visitor = browser("ada", language)
    world.post("north", report(own_reference="N-7"))
    faults = {"persons": {"tlp": "RED", "persons": "nobody-of-ours"}, "own_reference": {"own_reference": "N-7"}}
    for name, bad in faults.items():
        for answer in (check(visitor, **bad), send(visitor, **bad)):
            page = soup(answer)
            assert answer.status_code in (409, 422)
            assert not page.find(class_="done")
            said = page.find(id=f"{name}-fault").text
            assert "nobody-of-ours" in said or "EWN-" in said
            words = re.sub("nobody-of-ours|EWN-[0-9A-Z-]+", "", said)
            assert not (language == "ru" and re.search("[A-Za-z]{3,}", words)), said
            assert page.find(id="title")["value"] == GOOD["title"]
    assert len(world.get("north", "/v1/reports")["reports"]) == 1


def test_checking_what_was_sent_before_says_so_and_leads_to_it(world, browser):
    ada = browser("ada")
    reference = send(ada, own_reference="N-7").url.path.split("/")[2]
    answer = check(ada, own_reference="N-7")
    assert answer.status_code == 200
    said = soup(answer).find(class_="done")
    assert "there already" in said.text
    assert said.a["href"] == f"/reports/{reference}"
    assert len(world.get("north", "/v1/reports")["reports"]) == 1
    assert "in order" in soup(check(browser("ben"), own_reference="N-7")).find(class_="done").text


def test_checking_shows_who_would_read_it_and_stores_nothing(world, browser):
    answer = check(browser("ada"), tlp="GREEN")
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
    for reason in ("no", "too long " * 300):
        answer = visitor.send(page, f"/reports/{reference}/withdrawal", reason=reason)
        assert answer.status_code == 422
        assert soup(answer).find(id="reason-fault")
        assert soup(answer).find(id="reason").text == reason
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
