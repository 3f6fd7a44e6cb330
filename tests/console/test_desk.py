"""The analysts' desk without a script: reasons, coloured words, tags judged and added, links, and being done."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from services.console import desk_words
from services.console.evidence import Piece, Told
from services.console.tag_rows import drawn, rows
from services.kernel import clock
from services.tagging import TagDecisionView, TaggedReport, TagView
from tests.console.conftest import Browser, filled
from tests.world import World, amber, report

ROOT = Path(__file__).parents[2]
CACHE = "Police found a cache of rifles near Herat. A fake passport was found with it."


def tell(world: World, **more: object) -> str:
    body = {"title": "A cache", "text": CACHE, "themes": ["cyber"], "place": None}
    reference = world.submit("north", **body | more)
    world.settle()
    return reference


def row(page: BeautifulSoup, name: str) -> BeautifulSoup:
    return next(one for one in page.find_all("li", attrs={"data-row": True}) if name in one.p.text)


def judge(world: World, analyst: Browser, page: BeautifulSoup, name: str, decided: str) -> BeautifulSoup:
    """Press a button beside a tag."""
    form = row(page, name).form
    assert form.find("button", attrs={"name": "decided", "value": decided}), f"{name} cannot be {decided}"
    sent = {one["name"]: one.get("value", "") for one in form.find_all("input")} | {"decided": decided}
    answer = analyst.client.post(form["action"], data=sent)
    assert answer.status_code == 200, answer.text
    world.settle()
    return analyst.get(form["action"].removesuffix("/tags"))


def test_a_report_is_judged_added_to_linked_and_done_with(world, browser):
    reference, other = tell(world), tell(world, text="Nothing of this.", title="Another")
    analyst = browser("eva")
    queue = analyst.get("/desk")
    assert "The themes that its sender gave and those of its text differ." in queue.find("main").text
    page = analyst.get(queue.find("a", string="A cache")["href"])
    assert analyst.get(f"/desk/{reference}?language=en").find("form", action="/language")
    words = page.find("div", class_="text")
    assert {one["class"][0] for one in words.find_all("mark")} == {"theme", "place"}
    assert "".join(one for one in words.find_all(string=True) if not one.find_parent("sup")) == CACHE
    small = row(page, "Small arms")
    assert "lexicon" in small.text
    assert "small-arms-" in small.text
    assert not row(page, "Cyber").form  # the sender's own word
    page = judge(world, analyst, page, "Small arms", "confirmed")
    assert "Confirmed Eva" in " ".join(row(page, "Small arms").text.split())
    before = [one.p.strong.text for one in page.find_all("li", attrs={"data-row": True})]
    page = judge(world, analyst, page, "travel", "rejected")
    assert [one.p.strong.text for one in page.find_all("li", attrs={"data-row": True})] == before
    assert "not a tag of this report now" in row(page, "travel").text
    assert "fake passport" not in [one.text for one in page.find("div", class_="text").find_all("mark")]

    path = f"/desk/{reference}"
    form = page.find("h2", id="add").find_next("form")
    sent = {"scheme": "theme", "decided": "added", "value": "border-security", "words": "no such words"}
    refused = analyst.client.post(form["action"], data=sent)
    assert (refused.status_code, "do not hold these words" in refused.text) == (422, True)
    assert 'value="no such words"' in refused.text
    added = analyst.client.post(form["action"], data=sent | {"words": "near  Herat"})
    assert "will be a tag in a moment" in added.text
    found = analyst.get(f"{path}?find=office").find("div", id="found")
    actor = {"decided": "added", "value": found.find("button", attrs={"name": "value"})["value"], "words": ""}
    assert actor["value"] == "actor:office"
    analyst.client.post(found.form["action"], data=actor).raise_for_status()
    place = analyst.get(f"{path}?find=batken").find("div", id="found").find("button")["value"]
    assert place.startswith("place:KG")
    abroad = analyst.get(f"{path}?find=türk").find("div", id="found").find_all("button")
    assert [(one["value"], one.text.strip()) for one in abroad][-1] == ("place:TR", "Add: Türkiye")
    analyst.client.post(f"{path}/tags", data=actor | {"value": place}).raise_for_status()
    world.settle()
    page = analyst.get(path)
    assert row(page, "Border").q.text == "near Herat"
    for form in page.select("form:has([value=confirmed], [value=same])"):
        first = form.find("button")
        assert first.has_attr("disabled") or not form.select("input:not([type=hidden])"), (
            "Enter presses the first button"
        )
    assert "said by an analyst" in row(page, "Office").text

    linked = analyst.client.post(f"{path}/links", data={"report": other.lower(), "decided": "same"})
    assert linked.status_code == 200
    world.settle()
    near = analyst.get(path).find("h2", id="links").find_next("ul").text
    assert "Another" in near
    assert "The same event" in near
    wrong = analyst.client.post(f"{path}/links", data={"report": "EWN-AAAA-AAAA-AAAA", "decided": "same"})
    assert (wrong.status_code, "There is no such report to join" in wrong.text) == (422, True)
    assert page.find("a", attrs={"data-key": "q"})["href"] == f"/inquiries/new?report={reference}"

    queue = BeautifulSoup(analyst.send(page, f"{path}/done", revision="1").text, "lxml")
    assert reference in queue.find("p", class_="done").text
    assert not queue.find("a", string="A cache")
    assert analyst.get("/desk?state=done").find("a", string="A cache")
    measured = " ".join(analyst.get("/precision").find("table").text.split())
    assert "100 % (21–100 %; n = 1)" in measured


def listed(page: BeautifulSoup) -> list[str]:
    return [one.a.text for one in page.find("main").select("ol.reports h2")]


def test_the_queue_leads_with_what_happened_and_is_filtered_by_status_and_by_what_stands_there(world, browser):
    analyst = browser("eva")
    empty = analyst.get("/desk").find("p", class_="empty")
    assert "No report lies on your desk yet." in empty.text
    first = tell(world, title="The first")
    tell(world, title="A drill", status="exercise")
    tell(world, title="The latest")
    page = analyst.get("/desk")
    assert [set(listed(page)[:2]), listed(page)[2:]] == [{"The first", "The latest"}, ["A drill"]]
    line = page.find("p", class_="banner")
    assert "nothing below happened" in line.text
    assert [one.a.text for one in line.find_next("ol").find_all("h2")] == ["A drill"]
    assert "Your desk is done with no report yet" in analyst.get("/desk?state=done").find("p", class_="empty").text

    kept = "status=exercise&theme=cyber"
    page = analyst.get(f"/desk?{kept}")
    assert listed(page) == ["A drill"]
    form = filled(page.find("form", class_="filter"))
    assert {name: value for name, (value,) in form.items() if value} == {"status": "exercise", "theme": "cyber"}
    assert filled(analyst.get("/desk?state=open").find("form", class_="filter"))["state"] == ["open"]
    tabs = {one.text.rpartition(" ")[0]: one["href"] for one in page.select(".tabs a")}
    assert tabs == {
        "Needs a look": f"/desk?{kept}", "Others": f"/desk?state=rest&{kept}",
        "Not done with": f"/desk?state=open&{kept}", "Done with": f"/desk?state=done&{kept}",
        "All": f"/desk?state=all&{kept}",
    }  # fmt: skip
    drill = analyst.get(page.find("a", string="A drill")["href"])
    assert drill.find("a", string="Back to the queue")["href"] == f"/desk?{kept}"
    action = next(one["action"] for one in drill.find_all("form") if "/done" in one["action"])
    queue = BeautifulSoup(analyst.send(drill, action).text, "lxml")
    assert queue.find("a", string="Clear the filters")["href"] == "/desk"
    empty = queue.find("p", class_="empty")
    assert "Nothing here matches." in empty.text
    everything = analyst.get(empty.find("a", string="Look among all, done with or not")["href"])
    assert listed(everything) == ["A drill"]
    assert "done with" in everything.find("ol", class_="reports").text
    assert listed(analyst.get("/desk?state=done")) == ["A drill"]
    for one in analyst.get("/desk").select("a[data-row]"):
        there = analyst.get(one["href"])
        analyst.send(there, f"{one['href']}/done")
    empty = analyst.get("/desk?state=open").find("p", class_="empty")
    assert "Your desk is done with all that lies on it." in empty.text
    assert first in str(analyst.get(empty.a["href"]))


def test_what_was_revised_since_the_page_was_opened_is_read_again_before_it_is_judged(world, browser):
    reference, other = tell(world), tell(world, text="Nothing of this.", title="Another")
    analyst = browser("eva")
    page = analyst.get(f"/desk/{reference}")
    forms = [row(page, "Small arms").form, page.find("input", id="other").find_parent("form")]
    edit = report(9) | {"title": "A cache", "text": f"In a film: {CACHE}", "themes": ["cyber"], "place": None}
    world.client.put(f"/v1/reports/{reference}", json=edit, headers=world.auth("north")).raise_for_status()
    world.settle()
    for form, said in zip(forms, ({"decided": "confirmed"}, {"decided": "same", "report": other}), strict=True):
        sent = {one["name"]: one.get("value", "") for one in form.find_all("input")} | said
        answer = analyst.client.post(form["action"], data=sent)
        assert (answer.status_code, "It was revised since you opened it" in answer.text) == (422, True)
        assert "In a film" in answer.text, "with what it says now"
    page = analyst.get(f"/desk/{reference}")
    assert "Confirmed" not in page.find("main").text
    form = page.find("select", id="theme").find_parent("form")
    sent = {one["name"]: one.get("value", "") for one in form.find_all("input")} | {"value": "border-security"}
    assert analyst.client.post(form["action"], data=sent).status_code == 200


def test_keys_are_turned_off_on_a_browser_and_the_page_is_whole_without_them(world, browser):
    reference = tell(world)
    analyst = browser("eva")
    page = analyst.get(f"/desk/{reference}")
    script = (ROOT / "services/console/static/desk.js").read_text(encoding="utf-8")
    moving = set(re.findall(r'key === "([a-z])"(?= \|\| key|\) return go)', script))
    # Of the tag that one stands on, and where there is none of the page: what the script looks for.
    tag = [one["data-key"] for one in page.select("[data-row]:has(form)")[0].select("[data-key]")]
    rest = [one["data-key"] for one in page.select(":not([data-row] *)[data-key]")]
    assert (moving, sorted(tag), sorted(rest)) == ({"j", "k"}, ["n", "y"], sorted("alqd?"))
    assert all(one.name in ("button", "a", "summary", "input", "select") for one in page.select("[data-key]"))
    told = {one.text for one in page.select("dt kbd")}
    written = set(re.findall(r"`([a-z?])`", (ROOT / "docs/desk.md").read_text(encoding="utf-8")))
    assert told == written == moving | set(tag) | set(rest)
    assert any("desk.js" in one["src"] for one in page.find_all("script"))
    queue = analyst.get("/desk")
    assert [one["href"] for one in queue.select("a[data-row]")] == [f"/desk/{reference}"]
    assert [one.text for one in queue.select("kbd")] == ["j", "k", "Enter"]
    analyst.client.post("/desk-keys", data={"keys": "off", "next": f"/desk/{reference}"})
    assert not analyst.get("/desk").find("kbd")
    page = analyst.get(f"/desk/{reference}")
    assert not any("desk.js" in one["src"] for one in page.find_all("script"))
    assert not page.find("kbd")
    assert page.find("button", attrs={"name": "keys", "value": "on"})


def test_the_desk_is_for_analysts_and_holds_what_they_may_decide_on(world, browser):
    mine, theirs = tell(world), world.submit("south", title="Theirs", themes=["cyber"], text=CACHE)
    hidden = world.submit("south", title="Hidden", themes=["cyber"], text=CACHE, marking=amber("south"))
    world.settle()
    for path in ("/desk", f"/desk/{mine}", "/precision"):
        assert browser("ada").raw(path).status_code == 403
    analyst = browser("abe")
    assert [one.a.text for one in analyst.get("/desk").find("ol", class_="reports").find_all("h2")] == ["A cache"]
    assert analyst.raw(f"/desk/{theirs}").status_code == 403
    first, second = (analyst.raw(f"/desk/{one}") for one in (hidden, "EWN-AAAA-AAAA-AAAA"))
    assert first.status_code == second.status_code == 404
    assert first.text == second.text
    refused = analyst.client.post(f"/desk/{mine}/links", data={"report": theirs, "decided": "same"})
    assert (refused.status_code, "That is the secretariat" in refused.text) == (422, True)
    assert "No other report waits." in analyst.get("/desk?state=rest").find("p", class_="empty").text
    assert "Judgements" not in analyst.get("/precision").text
    assert "No analyst has judged a tag" in analyst.get("/precision").find("p", class_="empty").text


@pytest.mark.parametrize("find", ["<b>", "%", "a" * 80, "ГЕРАТ", "  "])
def test_whatever_is_looked_for_is_looked_for_as_it_stands(world, browser, find):
    reference = tell(world)
    answer = browser("eva").client.get(f"/desk/{reference}", params={"find": find})
    assert answer.status_code == 200
    found = BeautifulSoup(answer.text, "lxml").find("div", id="found")
    assert ("Герат" in find.title()) == bool(found and found.form and "Herat" in found.text)


def test_a_tag_keeps_its_number_when_it_is_judged():
    def tag(scheme: str, value: str, *methods: str) -> Told:
        return Told(0, scheme, value, methods, 0.9, (), (), (), (), "", None, ("1",))

    said = TagDecisionView(
        scheme="theme", value="cyber", decided="rejected", reason="No.", version="1", language="en", revision=1,
        made_at=clock.now(), mine=True, person="Eva", stands=True, holds=True,
    )  # fmt: skip
    tags = [tag("country", "KG", "gazetteer"), tag("language", "en", "model"), tag("theme", "small-arms", "lexicon")]
    before = rows([*tags, tag("theme", "cyber", "lexicon")], [])
    after = rows(tags, [said])
    order = [("theme", "cyber"), ("theme", "small-arms"), ("country", "KG"), ("language", "en")]
    for some in (before, after):
        assert [(one.told.scheme, one.told.value) for one in some] == order
        assert [one.told.number for one in some] == [1, 2, 3, 4]
    piece = [drawn(Piece("x", numbers, ()), before) for numbers in ((1,), (3,), (1, 2), (2, 3))]
    assert piece == ["theme", "place", "theme many", "theme many"]
    assert (before[0].found, after[0].found, after[0].said) == (True, False, said)
    assert (before[3].kind, before[3].found) == ("", False)
    assert rows(tags, [said.model_copy(update={"holds": False})]) == rows(tags, [])


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/desk?state=all&status=bogus&theme=cyber", {"Actual", "Exercise", "Test"}),
        ("/desk?state=bogus", {"Needs a look", "Others", "Not done with", "Done with", "All"}),
        ("/desk?country=XX", {"Kyrgyzstan"}),
        ("/desk?theme=bogus", {"Cyber attacks and misuse of technologies"}),
        ("/desk?language=xx", {"Dari or Persian", "Undetermined"}),
        ("/desk?reason=bogus", {"Low confidence"}),
        ("/precision?status=bogus", {"Actual", "Exercise", "Test"}),
        ("/inquiries?box=all&state=bogus", {"Open", "Overdue", "Answered", "Closed", "Withdrawn"}),
        ("/?status=bogus", {"Actual", "Exercise", "Test"}),
        ("/who-does-what?country=XX", {"Kyrgyzstan"}),
        ("/who-does-what?theme=bogus", {"Cyber attacks and misuse of technologies"}),
    ],
)
def test_a_filter_of_no_such_value_lists_nothing_and_says_what_there_is(world, browser, path, there):
    tell(world)
    analyst = browser("eva")
    answer = analyst.client.get(path)
    page = BeautifulSoup(answer.text, "lxml").find("main")
    assert (answer.status_code, page.h1.text) == (422, "There is no such choice")
    assert ("“bogus”" in page.text or "“xx”" in page.text.lower(), "A cache" in page.text) == (True, False)
    links = {one.text: one["href"] for one in page.find("ul").find_all("a")}
    assert there <= links.keys()
    kept = {one for one in path.partition("?")[2].split("&") if not one.lower().endswith(("bogus", "xx"))}
    for one in (*links.values(), page.find("a", string="Without this filter")["href"]):
        assert kept <= set(one.partition("?")[2].split("&"))
        assert analyst.client.get(one).status_code == 200


def test_an_act_under_a_filter_of_no_such_value_is_not_done(world, browser):
    reference = tell(world)
    analyst = browser("eva")
    answer = analyst.client.post(f"/desk/{reference}/done?status=bogus", data={"revision": "1"})
    page = BeautifulSoup(answer.text, "lxml").find("main")
    assert (answer.status_code, page.find("a"), "Exercise" in page.text) == (422, None, True)
    assert listed(analyst.get("/desk?state=done")) == []


def test_done_leads_to_the_next_report_of_the_same_list_and_from_the_last_to_the_queue(world, browser):
    for title in ("The one", "The other", "The third"):
        tell(world, title=title)
    tell(world, title="Drill", status="exercise")
    tell(world, title="Elsewhere", themes=["small-arms"])
    analyst = browser("eva")
    order = listed(analyst.get("/desk?theme=cyber"))
    assert (sorted(order[:3]), order[3]) == (["The one", "The other", "The third"], "Drill")
    page = analyst.get(analyst.get("/desk?theme=cyber").find("a", string=order[1])["href"])
    for title, following in zip(order[1:], [*order[2:], None], strict=True):
        assert page.h1.text == title
        form = next(one for one in page.find_all("form") if "/done" in one["action"])
        answer = analyst.client.post(form["action"], data={one["name"]: one["value"] for one in form.select("input")})
        page = BeautifulSoup(answer.text, "lxml")
        again = page.find("a", string="Open it again")["href"]
        assert analyst.get(again).h1.text == title
        assert again.endswith("?theme=cyber")
        if following:
            assert page.h1.text == following
    assert listed(page) == order[:1]
    assert (page.h1.text, listed(analyst.get("/desk?state=all&theme=cyber"))) == ("Desk", order)


def test_the_list_says_of_which_tags_tagging_is_not_sure(world, browser):
    low = "A forged document was seen."
    one = tell(world, title="One", text=low, themes=[])
    tell(world, title="Given", text=low, themes=["terrorist-travel"])
    analyst = browser("eva")
    reason = "Of low confidence, and not given by the sender: Terrorist travel."
    rows = analyst.get("/desk?reason=unsure").find("main").select("ol.reports > li")
    assert [(row.h2.text, row.ul.li.text) for row in rows] == [("One", reason)]
    assert analyst.get(f"/desk/{one}").find("main").ul.li.text == reason
    page = judge(world, analyst, analyst.get(f"/desk/{one}"), "Terrorist travel", "confirmed")
    assert "Of low confidence" not in page.find("main").text


def test_of_many_tags_that_are_not_sure_two_are_named_and_none_that_the_reader_may_not_know():
    def tag(scheme: str, value: str, name: str = "") -> TagView:
        return TagView(scheme=scheme, value=value, confidence=0.5, method="x", spans=[], version="1", name=name)

    def said(*tags: TagView, low: set[tuple[str, str]], language: str = "en") -> str:
        told = TaggedReport.model_construct(reference="EWN-1", tags=[*tags])
        return desk_words.because(language, {"EWN-1": low})("unsure", told)

    theme, place, actor = tag("theme", "small-arms"), tag("country", "KG"), tag("actor", "office", "Office")
    low = {(one.scheme, one.value) for one in (theme, place, actor)}
    start = "Of low confidence, and not given by the sender:"
    assert said(theme, theme, place, actor, low=low) == f"{start} Small arms and explosives, Kyrgyzstan and others."
    assert said(theme, theme, place, low=low) == f"{start} Small arms and explosives, Kyrgyzstan."
    assert said(theme, actor, low=low - {("theme", "small-arms")}) == f"{start} Office."
    assert said(theme, low={("actor", "office")}) == "A tag is of low confidence, and its sender did not give it."
    assert said(theme, place, actor, low=low, language="ru").endswith(", Кыргызстан и другие.")


def test_why_two_are_not_joined_is_one_sentence_whichever_is_the_exercise_and_whether_there_is_another(world, browser):
    real, drill = tell(world, title="Real"), tell(world, title="Drill", status="exercise")
    hidden = world.submit("south", title="Hidden", marking=amber("south"))
    analyst = browser("eva")

    def refused(one: str, other: str) -> str:
        answer = analyst.client.post(f"/desk/{one}/links", data={"report": other, "decided": "same"})
        assert answer.status_code == 422
        return BeautifulSoup(answer.text, "lxml").find("p", role="alert").text

    pairs = [(one, other) for one in (real, drill) for other in ("EWN-AAAA-AAAA-AAAA", hidden)]
    assert {refused(*pair) for pair in [*pairs, (real, drill), (drill, real)]} == {
        "There is no such report to join, or its status (actual, exercise, test) is not the same as this one's."
    }
