"""Making forms on pages: written as YAML, mended line by line, looked at as its submitter would, put in force."""

import re

import pytest
import yaml

from services import forms
from tests.console.conftest import Browser
from tests.console.test_forms import open_form, send
from tests.console.test_pages import _readable, _sealed
from tests.console.test_submission import soup

INCIDENT = next(one for one in forms.packed() if one.code == "incident")
NEW = """\
code: border-week
kind: situation
title: {en: Week at the border, ru: Неделя на границе}
help: {en: What was seen at the posts., ru: Что замечено на постах.}
purpose: {en: Tells of the posts., ru: Рассказывает о постах.}
cannot_tell: {en: What lies between them., ru: Что между ними.}
harm: {en: Posts are known by it., ru: Посты становятся известны.}
review_on: "2027-06-30"
period: week
core: {place: required}
questions:
- code: queues
  text: {en: "How long are the queues?", ru: "Какова длина очередей?"}
  scale: 0-4
  required: true
"""


def keep(visitor: Browser, path: str, body: str, act: str = "save"):
    page = visitor.get(path)
    form = page.find("form", {"action": path})
    form.append(page.new_tag("input", attrs={"type": "hidden", "name": "act", "value": act}))
    return visitor.send(page, path, body=body)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_of_the_making_of_forms_can_be_read_by_everybody(browser, language):
    visitor = browser("eva", language)
    keep(visitor, "/new-form", NEW)
    paths = ("/forms", "/new-form", "/forms/incident", "/forms/incident/edit", "/forms/border-week",
             "/forms/border-week/edit", "/forms/border-week/preview", "/forms/incident/preview?version=1")  # fmt: skip
    for path in paths:
        answer = visitor.raw(path)
        assert answer.status_code == 200, path
        _readable(soup(answer), language, path)
        _sealed(answer, path)


def test_a_form_goes_from_its_draft_through_its_preview_into_force_and_out_again(world, browser):
    maker, writer = browser("eva"), browser("ada", "ru")
    assert keep(maker, "/new-form", NEW).url.path == "/forms/border-week"
    assert writer.raw("/submit/border-week").status_code == 404
    assert "Неделя на границе" not in writer.get("/submit").text
    shown = maker.get("/forms/border-week/preview?language=ru")
    assert shown.html["lang"] == "ru"
    assert "Какова длина очередей?" in shown.find("main").text
    assert not shown.find("main").find("button")
    shown = maker.get("/forms/border-week/preview?language=en")
    assert "How long are the queues?" in shown.find("main").text
    maker.send(maker.get("/forms/border-week"), "/forms/border-week/publication")
    assert "Неделя на границе" in writer.get("/submit").text
    page = open_form(writer, "border-week")
    answer = send(writer, open_form(writer, "border-week"), "border-week", **{"q.queues": "2"})
    first = answer.url.path.split("/")[2]
    stored = world.get("north", f"/v1/reports/{first}")
    assert (stored["form"], stored["form_version"], stored["answers"]["queues"]["value"]) == ("border-week", 1, 2)
    keep(maker, "/forms/border-week/edit", NEW.replace("queues", "crowds"))
    maker.send(maker.get("/forms/border-week"), "/forms/border-week/publication")
    opened = open_form(writer, "border-week")
    both = maker.get("/forms/border-week")
    retirement = both.find_all("form", action="/forms/border-week/retirement")
    assert [one.find("input")["value"] for one in retirement] == ["2", "1"]
    maker.client.post("/forms/border-week/retirement", data={"version": 1})
    late = send(writer, page, "border-week", **{"q.queues": "3"}, title="Опоздавшая сводка")
    assert late.status_code == 409
    again = soup(late)
    assert "Эта форма изменилась" in again.find(class_="summary").text
    assert again.find(id="title")["value"] == "Опоздавшая сводка"
    assert again.find("input", {"name": "version"})["value"] == "2"
    answer = writer.send(again, "/submit/border-week", **{"q.crowds": "1"})
    assert answer.url.path.endswith("/receipt"), soup(answer).find(class_="summary")
    maker.client.post("/forms/border-week/retirement", data={"version": 2})
    assert writer.raw("/submit/border-week").status_code == 404
    assert send(writer, opened, "border-week", **{"q.crowds": "1"}).status_code == 404
    reader = writer.get(f"/reports/{first}").find("main").get_text(" ", strip=True)
    assert "Какова длина очередей? 2" in reader


def test_a_report_of_no_form_is_revised_in_the_form_that_was_opened_or_looked_through_anew(world, browser):
    maker, writer, reference = browser("eva"), browser("ada"), world.submit("north")
    page = f"/reports/{reference}/revise"
    opened = writer.get(page)
    body = yaml.safe_dump(INCIDENT.model_dump(mode="json", exclude={"version", "state"}, exclude_defaults=True))
    assert keep(maker, "/forms/incident/edit", body.replace("opiates_kg", "opium_kg")).url.path == "/forms/incident"
    maker.send(maker.get("/forms/incident"), "/forms/incident/publication")
    late = writer.send(opened, page, **{"q.opiates_kg": "3"}, title="Typed before", act="submit")
    assert late.status_code == 409
    again = soup(late)
    assert "This form has changed" in again.find(class_="summary").text
    assert (again.find(id="title")["value"], again.find("input", {"name": "version"})["value"]) == ("Typed before", "2")
    answer = writer.send(again, page, **{"q.opium_kg": "3"}, act="submit")
    assert answer.url.path.endswith("/revisions/2"), soup(answer).find(class_="summary")
    stored = world.get("north", f"/v1/reports/{reference}")
    assert (stored["form_version"], stored["answers"]["opium_kg"]["value"]) == (2, 3)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("changed", "line", "part"),
    [
        (("scale: 0-4", "scale: 0-9"), 14, "questions.0.scale"),
        (("code: queues", "code: Queues!"), 12, "questions.0.code"),
        ((", ru: Неделя на границе", ""), 3, "title"),
        (("period: week", "period: day"), 9, "period"),
        (("  required: true", "  needed: true"), 15, "questions.0.needed"),
        (("place: required", "shoes: required"), 10, "core"),
        (("harm: ", "harms: "), 7, "harms"),
        (("  scale: 0-4\n  required: true", "  scale: text\n  feeds: [weapons-seized]"), 15, "questions.0.feeds"),
        (("How long are the queues?", "To which religion do they belong?"), None, ""),
        (("review_on: ", "review_on: ["), 9, ""),
        (("code: border-week", "code: border-week\ncode: twice"), None, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_part_and_nothing_written_is_lost(
    world, browser, language, changed, line, part
):
    visitor, body = browser("eva", language), NEW.replace(*changed)
    assert body != NEW
    for act in ("save", "check"):
        answer = keep(visitor, "/new-form", body, act)
        assert answer.status_code in (400, 422)
        page = soup(answer)
        told = page.select(".summary li")
        parts = {(one.find("code", class_=None).text if one.find("code", class_=None) else "") for one in told}
        assert part in parts
        lines = {int(found[1]) for one in told if (found := re.search(r"(?:Line|Строка) (\d+)", one.text))}
        assert line is None or line in lines
        assert page.find(id="body").text.lstrip("\n") == body
        for excerpt in page.select(".summary li code"):
            excerpt.decompose()
        assert not (language == "ru" and re.search(r"\b(is|the|should|be|that)\b", told[0].text.partition("YAML")[0]))
    assert "border-week" not in visitor.get("/forms").text


def test_a_version_is_saved_as_yaml_and_read_back_as_it_was(browser):
    visitor = browser("eva")
    link = visitor.get("/forms/incident").find("a", string="Save as YAML")
    answer = visitor.raw(link["href"])
    assert answer.headers["content-type"].startswith("application/yaml")
    assert forms.from_yaml(answer.content).questions == INCIDENT.questions
    assert yaml.safe_load(visitor.get("/forms/incident/edit").find(id="body").text)["code"] == "incident"


def test_a_draft_whose_day_of_review_is_past_is_not_put_in_force(browser):
    visitor = browser("eva", "ru")
    keep(visitor, "/new-form", NEW.replace("2027-06-30", "2026-01-31"))
    answer = visitor.send(visitor.get("/forms/border-week"), "/forms/border-week/publication")
    assert answer.status_code == 422
    assert "Этот день прошёл" in soup(answer).find(class_="summary").text
    visitor.send(visitor.get("/forms/border-week"), "/forms/border-week/drop")
    assert visitor.raw("/forms/border-week").status_code == 404


def test_a_draft_of_a_known_form_keeps_its_code_and_kind(browser):
    visitor = browser("eva")
    body = visitor.get("/forms/incident/edit").find(id="body").text
    for old, new in (("code: incident", "code: other"), ("kind: incident", "kind: concern")):
        answer = keep(visitor, "/forms/incident/edit", body.replace(old, new, 1))
        assert answer.status_code == 422


def test_making_forms_is_the_secretariats_and_the_administrators(world, browser):
    for login, may in (("eva", True), ("max", True), ("abe", False), ("ada", False)):
        visitor = browser(login)
        assert (visitor.raw("/forms").status_code == 200) is may
        assert (visitor.raw("/forms/incident/edit").status_code == 200) is may
        assert (visitor.client.post("/new-form", data={"body": NEW}).status_code == 200) is may
        links = [one["href"] for one in visitor.get("/profile").find("nav").find_all("a")]
        assert ("/forms" in links) is may
