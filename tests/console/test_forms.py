"""The forms of the network on pages: a focal point's path through each, in Russian and without a script."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from services import forms, reports, vocabulary
from services.kernel.errors import TooBusy
from tests.console.conftest import PASSWORD, filled
from tests.console.test_submission import soup
from tests.world import amber

PACK = {one.code: one for one in forms.packed()}
CORE = {
    "title": "Сводка о положении на границе",
    "text": "За период проверено 12 постов. Нападений не было.",
    "occurred_from": "2026-10-30",
    "occurred_to": "2026-10-30",
    "place": "KG-B",
    "attribution": "named",
}


def written(form: Tag) -> dict[str, str]:
    """Something in every question, as a person who goes down the page would put it there."""
    found: dict[str, str] = {}
    for one in form.find_all(["input", "select", "textarea"], attrs={"name": re.compile(r"^q\.")}):
        name, kind = str(one["name"]), str(one.get("type", ""))
        if kind == "radio":
            found.setdefault(name, str(one["value"]))
        elif one.name == "textarea":
            found[name] = "Установлено проверкой."
        elif one.name == "select":
            found[name] = "up" if name.endswith(".trend") else ""
        else:
            found[name] = {"date": "2026-10-29"}.get(kind, "1,5" if one.get("inputmode") == "decimal" else "3")
    themes = form.find(id="themes")
    if themes and not themes.legend.find(class_="quiet"):  # nothing says that they may be left out
        found["themes"] = str(themes.find("input")["value"])
    return found


def open_form(visitor, code: str, query: str = "") -> BeautifulSoup:
    return visitor.get(f"/submit/{code}{query}")


def send(visitor, page, code: str, **changed):
    form = page.find("form", {"action": f"/submit/{code}"})
    core = {name: value for name, value in CORE.items() if form.find(attrs={"name": name})}
    if "act" in changed:  # a button is pressed
        form.append(page.new_tag("input", attrs={"type": "hidden", "name": "act"}))
    return visitor.send(page, f"/submit/{code}", **(core | changed))


@pytest.mark.parametrize("code", PACK)
def test_a_focal_point_goes_from_sign_in_to_a_sent_report_in_russian_without_a_script(world, browser, code):
    told = world.submit("south", marking=amber("north"))
    world.member("olga", "north", "focal_point")
    visitor = browser(None, "ru")
    page = visitor.get("/submit")
    assert page.find("h1").text == "Войти"
    page = soup(visitor.send(page, "/sign-in", login="olga", password=PASSWORD))
    visitor.speak("ru")
    page = visitor.get("/submit")
    link = page.find("a", href=f"/submit/{code}")
    assert link.text == PACK[code].title["ru"]
    page = visitor.get(link["href"])
    form = page.find("form", {"action": link["href"]})
    for one in PACK[code].questions:
        assert one.text["ru"] in form.text
    typed = written(form) | ({"corrects": told} if code == "correction" else {})
    checked = soup(send(visitor, page, code, **typed, act="check"))
    assert checked.find(class_="readers"), checked.find(class_="summary")
    assert world.get("north", "/v1/reports", mine="true")["reports"] == []
    answer = send(visitor, checked, code)
    assert answer.url.path.endswith("/receipt"), soup(answer).find(class_="summary")
    receipt = soup(answer)
    assert receipt.find("h1").text == "Квитанция"
    assert not re.search(r"\b(Your|report|stored|Submit)\b", receipt.find("main").text)
    stored = world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}")
    assert (stored["form"], stored["form_version"], stored["kind"]) == (code, 1, PACK[code].kind)
    assert set(stored["answers"]) == {one.code for one in PACK[code].questions}
    for one in PACK[code].questions:
        got = stored["answers"][one.code]
        wanted = {
            "yes_no": True, "0-4": 0, "count": 1.5 if one.decimals else 3, "trend": "up", "date": "2026-10-29",
            "text": "Установлено проверкой.", "choice": one.choices[0].code if one.choices else "",
        }[one.scale]  # fmt: skip
        assert (got["state"], got["value"], got["evidence"]) == ("answered", wanted, "Установлено проверкой.")
        standing = PACK[code].period != "none" and one.scale in ("yes_no", "0-4", "count", "choice")
        assert got["trend"] == ("up" if standing else None)


def test_no_change_and_not_observable_are_answers_of_their_own(world, browser):
    visitor = browser("ada")
    page = open_form(visitor, "questionnaire")
    typed = {
        "q.recruitment_online": "~not_observable", "q.propaganda": "~no_change", "q.travel.state": "~no_change",
        "q.laundering": "no", "q.travel.evidence": "The border service was asked.",
    }  # fmt: skip
    answer = send(visitor, page, "questionnaire", **typed)
    stored = world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}")["answers"]
    assert {code: (one["state"], one["value"]) for code, one in stored.items()} == {
        "recruitment_online": ("not_observable", None),
        "propaganda": ("no_change", None),
        "travel": ("no_change", None),
        "laundering": ("answered", False),
    }
    assert stored["travel"]["evidence"] == "The border service was asked."


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_fault_stands_beside_its_question_is_listed_with_a_link_and_the_page_opens_there(world, browser, language):
    visitor = browser("ada", language)
    wrong = {
        "q.travel": "many", "q.propaganda": "up", "q.laundering.evidence": "An audit.", "q.prison_recruitment": "3",
        "q.prison_recruitment.trend": "up",
    }  # fmt: skip
    answer = send(visitor, open_form(visitor, "questionnaire"), "questionnaire", **wrong)
    assert answer.status_code == 422
    page = soup(answer)
    names = ["q.recruitment_online", "q.travel", "q.laundering"]
    assert [one["href"] for one in page.select(".summary a")] == [f"#{name}" for name in names]
    assert [one["id"] for one in page.find_all(autofocus=True)] == names[:1]
    for name in names:
        field = page.find(id=name)
        assert field["aria-invalid"] == "true"
        assert f"{name}-fault" in field["aria-describedby"].split()
    labels = [one.text.split(":")[0] for one in page.select(".summary a")]
    asked = {one.code: one.text[language] for one in PACK["questionnaire"].questions}
    assert labels == [asked[name[2:]] for name in names]
    assert page.find(id="q.travel")["value"] == "many"
    assert page.find(id="q.propaganda-up").has_attr("checked")
    assert page.find(id="q.laundering.evidence").find_parent("details").has_attr("open")
    assert page.find(id="q.prison_recruitment.trend").find("option", selected=True)["value"] == "up"
    assert world.get("north", "/v1/reports")["reports"] == []


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"q.travel": "3", "q.travel.state": "~no_change"}, "q.travel"),
        ({"q.prison_recruitment": "7"}, "q.prison_recruitment"),
        ({"q.trust": "~not_observable", "q.trust.trend": "up"}, "q.trust"),
        ({"q.trust": "~no_change", "q.trust.trend": "up"}, "q.trust"),
        ({"q.trust": "2", "q.trust.evidence": "x" * 2001}, "q.trust.evidence"),
        ({"q.trust": "2", "q.trust.trend": "sideways"}, "q.trust.trend"),
        ({"q.travel": "2.5"}, "q.travel"),
        ({"q.panels_met": "perhaps"}, "q.panels_met"),
    ],
)
def test_an_answer_that_breaks_its_scale_is_refused_in_words_beside_it(world, browser, typed, at):
    visitor = browser("ada", "ru")
    page = open_form(visitor, "questionnaire")
    form = filled(page.find("form", {"action": "/submit/questionnaire"})) | {
        name: [text] for name, text in CORE.items()
    }
    ground = {"q.recruitment_online": "1", "q.propaganda": "same"}
    answer = visitor.client.post("/submit/questionnaire", data=form | ground | typed)
    assert answer.status_code == 422
    (link,) = soup(answer).select(".summary a")
    assert link["href"] == f"#{at}"
    assert not re.search("[A-Za-z]{3,}", link.text)
    assert world.get("north", "/v1/reports")["reports"] == []


def test_a_place_that_the_form_requires_is_asked_for_with_all_other_faults(browser):
    visitor = browser("ada")
    page = soup(send(visitor, open_form(visitor, "incident"), "incident", place="", title="x"))
    assert [one["href"] for one in page.select(".summary a")] == ["#title", "#place"]


def test_a_correction_opens_with_the_report_that_it_is_about_and_is_refused_for_one_that_is_hidden(world, browser):
    told = world.submit("south", marking=amber("north"))
    hidden = world.submit("south", marking=amber("office"))
    visitor = browser("ada")
    link = visitor.get(f"/reports/{told}").find("a", href=f"/submit/correction?corrects={told}")
    page = visitor.get(link["href"])
    assert page.find(id="corrects")["value"] == told
    typed = {"q.wrong": "day", "q.right": "It was the day before."}
    pages = [soup(send(visitor, page, "correction", **typed, corrects=one)) for one in (hidden, "EWN-1111-1111-1111")]
    faults = [one.find(id="corrects-fault").text for one in pages]
    assert faults[0] == faults[1]
    answer = send(visitor, page, "correction", **typed)
    stored = world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}")
    assert stored["corrects"] == told
    assert stored["reference"] in visitor.get(f"/reports/{told}").find("main").text


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("?period=2026-Q3", ("2026-07-01", "2026-09-30")),
        ("?period=2026-10", ("2026-10-01", "2026-10-31")),
        ("?period=2026-W40", ("2026-09-28", "2026-10-04")),
        ("?period=2025", ("2025-01-01", "2025-12-31")),
        ("?period=2026-08-15", ("2026-07-01", "2026-09-30")),
        ("?period=2026-Q4", ("2026-10-01", "2026-11-01")),  # it goes on: no day that is to come
        ("", ("2026-07-01", "2026-09-30")),
        ("?period=2027-Q1", ("", "")),
        ("?period=2026-13", ("2026-07-01", "2026-09-30")),
        ("?period=%27", ("2026-07-01", "2026-09-30")),
    ],
)
def test_a_form_with_periods_opens_with_the_one_that_is_asked_for_or_the_last(browser, query, days):
    page = open_form(browser("ada"), "questionnaire", query)
    assert (page.find(id="occurred_from")["value"], page.find(id="occurred_to")["value"]) == days


def test_an_assignment_leads_to_its_form_with_its_period_and_place(browser):
    answer = browser("ada").raw("/submit?form=situation&period=2026-09&place=KG")
    page = soup(answer)
    assert (answer.url.path, page.find(id="occurred_from")["value"]) == ("/submit/situation", "2026-09-01")
    assert page.find(id="place").find("option", selected=True)["value"] == "KG"


def test_a_form_that_is_not_there_is_not_found(browser):
    visitor = browser("ada")
    for path in ("/submit/nothing", "/submit?form=nothing", "/submit/..%2Freports"):
        assert visitor.raw(path).status_code == 404
    assert visitor.client.post("/submit/nothing", data={"title": "x"}).status_code == 404


def test_a_form_opens_marked_as_its_organisation_usually_marks(world, browser):
    slug = next(one["slug"] for one in vocabulary_organisations() if one["marking"]["attribution"] == "withheld")
    world.enrol(slug)
    world.member("olga", slug, "focal_point")
    page = open_form(browser(None).sign_in("olga"), "zero")
    checked = {one["name"]: one["value"] for one in page.select("input[type=radio][checked]")}
    assert (checked["tlp"], checked["attribution"]) == ("AMBER+STRICT", "withheld")


def vocabulary_organisations():
    return yaml.safe_load(vocabulary.file("organisations.yaml").read_text(encoding="utf-8"))


def test_readers_find_the_answers_under_their_questions(world, browser):
    visitor = browser("ada", "ru")
    page = open_form(visitor, "questionnaire")
    typed = {"q.recruitment_online": "3", "q.recruitment_online.trend": "up", "q.propaganda": "~not_observable"}
    typed |= {"q.travel": "12", "q.travel.evidence": "По данным пограничной службы."}
    reference = send(visitor, page, "questionnaire", **typed).url.path.split("/")[2]
    reader = browser("eva", "ru").get(f"/reports/{reference}").find("main").get_text(" ", strip=True)
    asked = {one.code: one.text["ru"] for one in PACK["questionnaire"].questions}
    assert f"{asked['recruitment_online']} 3" in reader
    assert "Растёт" in reader
    assert "Нет возможности наблюдать" in reader
    assert "12 попыток" in reader
    assert "По данным пограничной службы." in reader
    assert asked["arms"] not in reader


def test_a_judgement_is_one_word_of_one_scale_and_the_page_says_what_to_look_at_again(world, browser):
    visitor = browser("ada", "ru")
    page = open_form(visitor, "situation", "?period=2026-09")
    word = page.find(id="judgement_word").find_all("option")[1]["value"]
    typed = {"judgement_statement": "Возможно, нападения участятся.", "judgement_word": word}
    typed |= {
        one["name"]: one["value"] for one in page.select('input[type=radio][name^="q."]') if one.has_attr("required")
    }
    wrong = soup(send(visitor, page, "situation", **typed))
    assert [one["href"] for one in wrong.select(".summary a")] == ["#judgement_confidence"]
    typed |= {"judgement_confidence": "low"}
    checked = soup(send(visitor, page, "situation", **typed, act="check"))
    assert checked.find("div", class_="banner", role="status").find("li")
    answer = send(visitor, page, "situation", **typed)
    told = world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}")["judgement"]
    assert (f"{told['scale']}:{told['word']}", told["confidence"]) == (word, "low")
    assert not open_form(visitor, "incident").find(id="judgement_word")


def test_a_europol_code_is_kept_and_contradicts_no_other_grade(world, browser):
    visitor = browser("ada", "ru")
    page = open_form(visitor, "incident")
    half = soup(send(visitor, page, "incident", europol_source="B"))
    assert [one["href"] for one in half.select(".summary a")] == ["#europol_information"]
    both = soup(send(visitor, page, "incident", europol_source="B", europol_information="2", credibility="5"))
    assert [one["href"] for one in both.select(".summary a")] == ["#europol_information"]
    answer = send(visitor, page, "incident", europol_source="B", europol_information="2")
    told = world.get("north", f"/v1/reports/{answer.url.path.split('/')[2]}")["evaluation"]
    assert (told["source"], told["information"]) == ("B", 2)


def test_the_language_is_switched_by_the_form_itself_and_nothing_typed_is_lost_or_stored(world, browser):
    visitor = browser("ada")
    page = visitor.get("/submit/incident")
    buttons = page.find("header").find_all("button", attrs={"form": page.find(id="report")["id"]})
    # The first is what Enter in a field presses: it submits, and nobody finds it.
    assert [one["value"] for one in buttons] == ["submit", "speak-en", "speak-ru"]
    assert (buttons[0]["tabindex"], buttons[0]["aria-hidden"]) == ("-1", "true")
    assert all(one.has_attr("formnovalidate") for one in buttons[1:])
    assert not page.find("form", {"action": "/language"})

    typed = {"title": "Half a", "figure_killed": "2", "organisations": ["south"], "q.stage": "found", "tlp": "AMBER"}
    again = soup(send(visitor, page, "incident", **typed, act="speak-ru"))
    form = again.find(id="report")
    assert (again.html["lang"], visitor.get("/mine").html["lang"]) == ("ru", "ru")
    assert again.find("h1").text == PACK["incident"].title["ru"]
    assert again.find("header").find(attrs={"aria-current": "true", "lang": "ru"})
    kept = filled(form)
    assert {name: kept[name] for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
    assert kept["key"] == filled(page.find(id="report"))["key"]
    assert form.has_attr("data-fresh")
    assert not again.find(class_="summary")

    wrong = soup(send(visitor, again, "incident", occurred_from="", act="check"))
    told = soup(send(visitor, wrong, "incident", occurred_from="", act="speak-en"))
    assert "Write the date" in told.find(id="occurred_from-fault").text
    assert not told.find(id="report").has_attr("data-fresh")
    send(visitor, told, "incident", act="speak-xx")
    assert world.get("north", "/v1/reports")["reports"] == []


TRANSLATED = {
    "translation_language": "en", "translation_title": "State of the border", "translation_summary": "All quiet.",
}  # fmt: skip


def test_a_title_and_summary_in_another_language_come_with_the_form_and_stand_beside_the_report(world, browser):
    visitor = browser("ada", "ru")
    page = open_form(visitor, "incident")
    folded = page.find(id="translation_title").find_parent("details")
    assert not folded.has_attr("open")
    assert folded.find("option", selected=True)["value"] == "en"
    wrong = TRANSLATED | {"translation_title": "", "translation_language": "ru", "language": "ru", "title": "x"}
    again = soup(send(visitor, page, "incident", **(wrong)))
    for name in ("title", "translation_title", "translation_language"):
        assert again.find(id=f"{name}-fault"), name
        assert again.find(class_="summary").find("a", href=f"#{name}"), name
    assert again.find(id="translation_title").find_parent("details").has_attr("open")
    assert again.find(id="translation_summary").text == "All quiet."
    assert world.get("north", "/v1/reports")["reports"] == []

    answer = send(visitor, again, "incident", **(TRANSLATED | {"title": CORE["title"]}))
    reference = answer.url.path.split("/")[2]
    (found,) = world.get("office", f"/v1/reports/{reference}")["translations"]
    assert (found["language"], found["title"], found["summary"]) == ("en", "State of the border", "All quiet.")
    assert found["by"] == "originator"
    send(visitor, again, "incident", **(TRANSLATED | {"title": CORE["title"], "translation_title": "Older"}))
    assert world.get("office", f"/v1/reports/{reference}")["translations"] == [found]


def test_a_form_whose_translation_could_not_be_kept_says_so_and_adds_it_when_it_is_sent_again(
    world, browser, monkeypatch
):
    visitor = browser("ada")
    page = open_form(visitor, "incident")
    with monkeypatch.context() as broken:
        broken.setattr(reports, "put_translation", busy)
        answer = send(visitor, page, "incident", **TRANSLATED)
    assert answer.status_code == 503
    (stored,) = world.get("north", "/v1/reports")["reports"]
    again = soup(answer)
    assert stored["reference"] in again.find(class_="summary").text
    assert visitor.send(again, "/submit/incident").url.path == f"/reports/{stored['reference']}/receipt"
    (found,) = world.get("north", f"/v1/reports/{stored['reference']}")["translations"]
    assert found["title"] == TRANSLATED["translation_title"]


def busy(*_args: object) -> None:
    raise TooBusy("The service is busy.")


@pytest.mark.parametrize(("language", "said"), [("en", "No answer"), ("ru", "Без ответа")])
def test_what_stands_preselected_in_every_question_says_that_no_answer_was_given(browser, language, said):
    page = browser("ada", language=language).get("/submit/incident")
    beside = page.select('select[name^="q."][name$=".state"]')
    radios = page.select('input[name^="q."][type=radio][value=""]')
    named = {page.find("label", attrs={"for": one["id"]}).text.strip() for one in radios if one["id"].endswith("-none")}
    assert beside
    assert {one.find("option").text for one in beside} | named == {said}
