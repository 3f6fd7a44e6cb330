"""Personal data in a form: it is shown where it stands, and nothing is sent before its writer has decided about it."""

import pytest
from sqlmodel import select

from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.console.test_forms import open_form, send
from tests.console.test_submission import soup

TEXT = "Свидетель просит звонить по +996 312 66 12 34 или писать на witness@example.org."


def stored(world, visitor=None):
    return world.get("north", "/v1/reports")["reports"]


@pytest.mark.parametrize("act", ["submit", "check"])
def test_what_was_found_is_shown_with_its_spans_marked_and_asked_about(world, browser, act):
    visitor = browser("ada", "ru")
    asked = {"text": TEXT, "q.response": "Ответ: chief@example.org", "act": act}
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", **asked))
    group = page.find(id="personal")
    assert [one.text for one in group.find_all("mark")] == [
        "+996 312 66 12 34",
        "witness@example.org",
        "chief@example.org",
    ]
    assert "Свидетель просит звонить по" in group.find("q").text
    assert "Какие меры приняты?" in group.find_all("li")[2].text
    assert [one["value"] for one in group.find_all("input")] == ["mask", "needed"]
    assert not group.find("input", checked=True)
    assert (page.find("a", href="#personal") is not None) == (act == "submit")
    assert page.find(id="text").text == TEXT
    assert stored(world) == []


@pytest.mark.parametrize("decision", ["mask", "needed"])
def test_the_decision_goes_in_with_the_report_and_is_on_record(world, browser, decision):
    visitor = browser("ada", "ru")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", text=TEXT))
    answer = visitor.send(page, "/submit/incident", personal=decision)
    reference = answer.url.path.split("/")[2]
    given = world.get("north", f"/v1/reports/{reference}/personal")
    assert (given["decision"], given["decided_by"]) == (decision, "Ada")
    assert "witness@example.org" not in world.get("office", f"/v1/reports/{reference}")["text"]
    own = world.get("north", f"/v1/reports/{reference}")["text"]
    assert ("witness@example.org" in own) == (decision == "needed")


def test_a_decision_is_about_what_was_shown_and_not_about_what_came_later(world, browser):
    visitor = browser("ada", "ru")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", text=TEXT))
    more = {"text": f"{TEXT} И на second@example.org.", "personal": "needed"}
    page = soup(visitor.send(page, "/submit/incident", **more))
    assert "second@example.org" in [one.text for one in page.find(id="personal").find_all("mark")]
    assert not page.find(id="personal").find("input", checked=True)
    assert stored(world) == []
    assert visitor.send(page, "/submit/incident", personal="needed").url.path.endswith("/receipt")


def test_what_was_taken_out_is_not_asked_about(world, browser):
    visitor = browser("ada", "ru")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", text=TEXT))
    form = page.find("form", {"action": "/submit/incident"})
    assert form.find(attrs={"name": "personal"})
    answer = visitor.send(page, "/submit/incident", text="Свидетель просит о встрече.")
    assert world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}/personal")["decision"] is None


def test_a_form_in_which_nothing_was_found_is_never_called_clean(browser):
    visitor = browser("ada")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", act="check"))
    assert not page.find(id="personal")
    assert "not everything is found: read it yourself" in page.find("main").text


def test_a_hidden_note_and_a_tear_line_are_looked_through_too(browser):
    visitor = browser("ada")
    more = {"handling": "H3", "handling_note": "Ask desk@example.org", "line": "Call +996 312 66 12 34", "tlp": "AMBER"}
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", **more))
    marked = {one.text for one in page.find(id="personal").find_all("mark")}
    assert marked == {"desk@example.org", "+996 312 66 12 34"}


ABROAD = {"translation_language": "en", "translation_title": "A witness at the pass",
          "translation_summary": "Call +996 312 66 12 34."}  # fmt: skip


@pytest.mark.parametrize("decision", ["mask", "needed"])
def test_what_comes_along_in_another_language_is_asked_about_as_the_text_is(world, browser, decision):
    visitor = browser("ada")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", **ABROAD))
    assert stored(world) == []
    group = page.find(id="personal")
    assert [one.text for one in group.find_all("mark")] == ["+996 312 66 12 34"]
    assert "What it says in brief, in another language" in group.find("li").text
    assert "stored covered" in group.text
    assert "The original stays" not in group.text
    answer = visitor.send(page, "/submit/incident", personal=decision)
    reference = answer.url.path.split("/")[2]
    told = [world.get(slug, f"/v1/reports/{reference}")["translations"][0]["summary"] for slug in ("north", "office")]
    assert ["66 12" in one for one in told] == [decision == "needed", False]
    assert world.get("north", f"/v1/reports/{reference}/personal")["decision"] is None  # of the text nothing was asked
    with db.reading() as session:
        (act,) = session.exec(select(AuditEntry).where(AuditEntry.action == "report.translated")).all()
    assert act.detail["personal"] == decision


def test_the_page_of_translations_asks_before_it_stores_and_forgets_a_decision_about_other_words(world, browser):
    told = world.submit("north", language="ru")
    eva, path = browser("eva"), f"/reports/{told}/translations"
    typed = {"language": "en", "title": "A witness", "summary": "Ask witness@example.org."}
    page = soup(eva.send(eva.get(path), path, **typed))
    assert page.find("a", href="#personal")
    assert [one.text for one in page.find(id="personal").find_all("mark")] == ["witness@example.org"]
    assert page.find(id="summary").text == typed["summary"]
    more = soup(eva.send(page, path, personal="needed", summary="Ask second@example.org."))
    assert not more.find(id="personal").find("input", checked=True)
    assert world.get("office", f"/v1/reports/{told}")["translations"] == []
    assert eva.send(more, path, personal="mask").status_code == 200
    (found,) = world.get("office", f"/v1/reports/{told}")["translations"]
    assert (found["mine"], found["title"]) == (True, "A witness")
    assert "second@" not in found["summary"]
