"""Reading: what is hidden does not exist, what is hostile stays text, and every tag shows its words."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from services import network, screening
from services.console import files
from services.kernel import db
from tests.world import amber

HOSTILE = [
    "<script>alert(1)</script> at the post",
    '"><img src=x onerror=alert(1)> at the post',
    "{{ 7 * 7 }} {% raw %} at the post",
    "</title></textarea><svg onload=alert(1)> at the post",
    "&lt;b&gt; %(name)s %s {0} at the post",
    "\u202etxt.exe at the post \u2066",
    "javascript:alert(1) at the post",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_stay_words_on_every_page(world, browser, title):
    reference = world.submit(
        "north", title=title, text=f"Armed men attacked a post. {title}", source={"kind": "relayed", "name": title}
    )
    world.settle()
    visitor = browser("ada")
    read = screening.clean(title).text
    said = {
        "/": read,
        "/reports": read,
        f"/reports/{reference}": read,
        f"/reports/{reference}/receipt": read,
        f"/reports/{reference}/original": title,
        "/mine": read,
        f"/reports?{urlencode({'q': read[:9]})}": read,
    }
    for path, words in said.items():
        page = visitor.get(path)
        assert " ".join(words[:9].split()) in " ".join(page.find("main").get_text(" ").split()), path
        assert not page.find_all(["img", "iframe"]), path
        assert {one.get("src") for one in page.find_all("script")} <= {files.address("drafts.js")}, path
        assert not any(one.text for one in page.find_all("script")), path
        assert not [name for one in page.find_all(True) for name in one.attrs if name.startswith("on")], path
        assert not page.find_all("a", href=lambda given: given and given.startswith("javascript")), path
    assert visitor.get(f"/reports/{reference}").h1.text == read


def test_a_hidden_report_and_a_missing_one_give_the_same_page(world, browser):
    hidden = world.submit("south", marking=amber(strict=True))
    missing = "EWN-" + "A" * 4 + "-" + "A" * (len(hidden) - 9)
    assert len(missing) == len(hidden)
    visitor = browser("ada")
    for tail in ("", "/receipt"):
        first, second = (visitor.raw(f"/reports/{one}{tail}") for one in (hidden, missing))
        assert first.status_code == second.status_code == 404
        assert first.text == second.text
        drop = {"date"}
        assert {k: v for k, v in first.headers.items() if k not in drop} == {
            k: v for k, v in second.headers.items() if k not in drop
        }
    for one in (hidden, missing):
        answer = visitor.client.post(f"/reports/{one}/withdrawal", data={"reason": "It is not there."})
        assert answer.status_code == 404


def test_the_receipt_is_for_the_originator_alone(world, browser):
    reference = world.submit("north", marking=amber("south", strict=True))
    assert browser("ben").raw(f"/reports/{reference}").status_code == 200
    assert browser("ben").raw(f"/reports/{reference}/receipt").status_code == 404


def test_a_withheld_originator_is_on_no_page(world, browser):
    reference = world.submit("south", marking={"tlp": "GREEN", "attribution": "withheld"})
    world.settle()
    visitor = browser("ada")
    for path in ("/reports", f"/reports/{reference}", "/"):
        main = visitor.get(path).find("main")
        assert "South" not in main.text, path
        assert "originator withheld" in main.text, path


def test_every_tag_shows_the_words_that_led_to_it(world, browser):
    reference = world.submit("north", title="Нападение", text="Вооружённые люди напали на пост.", themes=[], place=None)
    world.settle()
    page = browser("ada").get(f"/reports/{reference}")
    words = page.find("div", class_="text")
    assert words.text.replace("\n", "").startswith("Вооружённые")
    assert words["lang"] == "ru"
    marks = [mark.text for mark in words.find_all("mark")]
    assert marks
    assert all(mark in "Вооружённые люди напали на пост." for mark in marks)
    quoted = {one.text for one in page.find("table").find_all("q")}
    assert set(marks) & quoted


def test_every_figure_is_named_in_the_readers_language(world, browser):
    reference = world.submit("north", figures={"weapons_seized": 5, "families": 2, "killed": 1, "own_count": 3})
    names = lambda page: {one.text for one in page.find("aside").find_all("dt")}  # noqa: E731
    assert {"Изъятое оружие", "Семьи", "Убитые"} <= names(browser("ada", "ru").get(f"/reports/{reference}"))
    assert {"Weapons seized", "Families", "Killed", "Own count"} <= names(browser("eva").get(f"/reports/{reference}"))


def test_what_sender_and_text_both_say_is_listed_once(world, browser):
    reference = world.submit(
        "north", text="Armed men attacked a post near Batken.", themes=["armed-attack"], place="KG-B"
    )
    world.settle()
    page = browser("ada").get(f"/reports/{reference}")
    names = [row.th.get_text(" ", strip=True) for row in page.find("table").find("tbody").find_all("tr")]
    assert len(names) == len(set(names))
    row = next(row for row in page.find("table").find_all("tr") if "armed-attack" in str(row.th))
    assert row.find("q")
    assert "given by the sender" in row.text


@pytest.mark.parametrize(("language", "name"), [("en", "River Panel"), ("ru", "Речной совет")])
def test_the_organisation_that_something_was_heard_from_is_named_as_its_readers_know_it(world, browser, language, name):
    new = network.NewOrganisation(
        slug="river-panel", name_en="River Panel", name_ru="Речной совет", kind="civil_society"
    )
    with db.transaction() as session:
        network.enrol(session, new, by=None)
    reference = world.submit("north", source={"kind": "relayed", "organisation": "river-panel"})
    text = browser("ada", language).get(f"/reports/{reference}").find("aside").text
    assert name in text
    assert "river-panel" not in text


def test_an_incident_says_how_many_tell_it_and_from_how_many_origins(world, browser):
    text = "At night armed men attacked the post on the upper road, one guard was killed and two were injured."
    one, *_others = [
        world.submit(who, title="Attack on the upper road", text=text, source={"kind": "relayed", "name": "radio"})
        for who in ("north", "south", "office")
    ]
    world.settle()
    text = browser("ada").get(f"/reports/{one}").find("section", {"aria-labelledby": "incident-title"}).get_text(" ")
    assert "Told by 3 reports" in text
    assert "from 1 independent origin" in text


def test_filters_and_pages_of_the_list_stand_in_the_address(world, browser):
    for n in range(30):
        world.submit("north", title=f"Clash at mark{n}", status="exercise" if n % 2 else "actual")
    world.settle()
    visitor = browser("ada")
    page = visitor.get("/reports")
    seen = [one["href"] for one in page.select("ol.reports h2 a")]
    following = page.find("a", rel="next")["href"]
    seen += [one["href"] for one in visitor.get(following).select("ol.reports h2 a")]
    assert len(seen) == len(set(seen)) == 30
    page = visitor.get("/reports?status=exercise&kind=incident")
    assert len(page.select("ol.reports li")) == 15
    assert page.find(id="status").find("option", selected=True)["value"] == "exercise"
    assert len(visitor.get("/reports?q=clash+mark29").select("ol.reports li")) == 1
    assert visitor.get("/reports?theme=nonsense").find(class_="empty")
    assert visitor.raw("/reports?cursor=forged").status_code == 400


def test_the_overview_opens_on_the_latest_month_with_data_and_says_so(world, browser):
    world.submit("north", occurred_from="2026-03-05", occurred_to="2026-03-05")
    world.submit("north", occurred_from="2026-09-05", occurred_to="2026-09-05", status="exercise")
    world.settle()
    visitor = browser("ada")
    assert "Latest data: March 2026" in visitor.get("/").find(class_="latest").text
    exercise = visitor.get("/?status=exercise")
    assert "Latest data: September 2026" in exercise.find(class_="latest").text
    assert exercise.find(class_="banner")
    earlier = visitor.get("/?month=2026-02")
    assert "February 2026" in earlier.h1.text
    assert "March 2026" in earlier.find("a", rel="next").text
    assert not visitor.get("/?month=2026-03").find("a", rel="next")
    assert "March 2026" in earlier.find(class_="latest").text
    assert visitor.raw("/?month=nonsense").status_code == 422


def test_the_overview_bears_the_strictest_label_of_what_it_shows_of_each_series_and_of_all(world, browser):
    def labels(login, **filters):
        page = browser(login).get(f"/?{urlencode(filters)}")
        leading = page.find("section", {"aria-labelledby": "leading"})
        rows = {row.th.text.split(" (")[0].strip(): row.find(class_="tlp") for row in leading.tbody.find_all("tr")}
        both = [page.find("figcaption").find(class_="facts"), leading.find("p", class_="facts")]
        said = [(one.find(class_="tlp").text, one.find(class_="state")) for one in both]
        return {name: one.text for name, one in rows.items()}, said

    world.submit("north", place="KG-B")
    seen = {"title": "A crossing at night", "text": "Goods were carried over.", "themes": ["border-security"]}
    world.submit("south", place="KG-B", marking=amber("north", strict=True), **seen)
    world.submit("north", status="exercise")
    world.settle()
    rows, said = labels("ada")
    assert rows["Incidents of armed violence"] == "TLP:GREEN"
    assert "TLP:AMBER+STRICT" in rows.values()
    assert said[1] == ("TLP:AMBER+STRICT", None)
    rows, said = labels("eva")
    assert set(rows.values()) == {"TLP:GREEN"}
    assert said == [("TLP:GREEN", None)] * 2, "what is hidden leaves no trace in a label"
    _, said = labels("ada", status="exercise")
    assert [(tlp, state.text) for tlp, state in said] == [("TLP:GREEN", "Exercise")] * 2


def test_a_number_of_the_overview_leads_to_the_reports_behind_it(world, browser):
    for _ in range(3):
        world.submit("north")
    world.submit("north", status="exercise")
    world.settle()
    visitor = browser("ada")
    number = next(
        one for row in visitor.get("/").find("section", {"aria-labelledby": "leading"}).find_all("tr")
        if "Incidents of armed violence" in row.text for one in row.find_all("a")
    )  # fmt: skip
    assert number.text.endswith("3")
    assert len(visitor.get(number["href"]).select("ol.reports li")) == 3


def test_a_number_leads_to_the_reports_that_it_counts_and_to_no_others(world, browser):
    within = {"occurred_from": "2026-10-05", "occurred_to": "2026-10-05"}
    counted = {
        world.submit("north", figures={"plots_prevented": 2}, **within),
        world.submit(
            "north", kind="measures", themes=["external-operations"], figures={"plots_prevented": 1}, **within
        ),
    }
    world.submit("north", figures={"plots_prevented": 4}, selection=True, **within)
    world.submit("north", figures={"plots_prevented": 4}, occurred_from="2026-09-25", occurred_to="2026-10-05")
    world.submit("north", figures={"killed": 1}, **within)
    world.submit("north", kind="zero", figures={"plots_prevented": 4}, **within)
    world.submit(
        "north", themes=["drug-trafficking"], title="Seized", text="Drugs.", figures={"plots_prevented": 4}, **within
    )
    world.settle()
    visitor = browser("ada")
    page = visitor.get("/?month=2026-10")
    row = next(row for row in page.select("table.leading tr") if "Plots prevented" in row.text)
    number = row.find("a")
    assert number.text.endswith("3")
    listed = visitor.get(number["href"])
    assert {one["href"].split("/")[2] for one in listed.select("ol.reports h2 a")} == counted
    chosen = lambda name: {one["value"] for one in listed.find(id=name).find_all("option", selected=True)}  # noqa: E731
    assert chosen("theme") == {"external-operations", "armed-attack"}
    assert chosen("kind") == {"incident", "measures"}
    assert all(listed.find(id=name).has_attr("multiple") for name in ("theme", "kind"))


def test_what_is_told_of_a_whole_country_is_on_the_map_and_what_has_no_place_is_not_denied(world, browser):
    within = {"occurred_from": "2026-10-05", "occurred_to": "2026-10-05"}
    world.submit("north", place="KG", **within)
    world.submit("north", place=None, title="A raid", text="Twelve kilograms.", themes=["drug-trafficking"], **within)
    world.settle()
    visitor = browser("ada")
    where = lambda path: visitor.get(path).find("section", {"aria-labelledby": "where"})  # noqa: E731
    assert where("/?month=2026-10").find("tbody").get_text(" ", strip=True).startswith("Kyrgyzstan")
    assert "Dotted: known of the country, not of its provinces: Kyrgyzstan 1." in where("/?month=2026-10").text
    assert "country known, province not" in [one.text for one in where("/?month=2026-10").select("svg text")]
    chosen = where("/?month=2026-10&indicator=drugs-seized")
    assert chosen.find(class_="empty").text == "This series has nothing to map for this month."
    assert where("/?month=2026-09").find(class_="empty").text.startswith("Nothing is counted for this month")


def test_what_is_told_of_a_country_alone_stands_on_the_map_beside_what_is_told_of_provinces(world, browser):
    within = {"occurred_from": "2026-10-05", "occurred_to": "2026-10-05"}
    world.submit("north", place="KG-O", **within)
    world.submit("north", place="KG", title="Another", text="Two armed men attacked a shop.", **within)
    world.settle()
    where = browser("ada").get("/?month=2026-10").find("section", {"aria-labelledby": "where"})
    rows = {one.th.text: one.td.a for one in where.select("tbody tr")}
    assert [(name.split(",")[0], bool(link)) for name, link in rows.items() if "unit not known" in name] == [
        ("Kyrgyzstan", False)
    ]
    assert len(rows) == 2
    assert "not of its provinces: Kyrgyzstan 1." in where.text
    assert {"country known, province not", "1"} <= {one.text for one in where.select("svg text")}


def test_two_readers_see_different_numbers_and_a_stranger_nothing(world, browser):
    world.submit("north", marking=amber("office", strict=True))
    world.settle()
    told = browser("eva").get("/").find("section", {"aria-labelledby": "leading"})
    assert "Incidents of armed violence" in told.text
    page = browser("ben").get("/")
    assert page.find(class_="empty")
    assert "Incidents of armed violence" not in " ".join(one.text for one in page.find_all("table"))


def test_an_edition_is_read_in_the_language_of_the_page(world, browser):
    world.submit("north")
    world.settle()
    made = world.client.post(
        "/v1/digests", json={"schedule": "monthly-bulletin", "day": "2026-11-01"}, headers=world.auth("office")
    )
    reference = made.json()["reference"]
    visitor = browser("eva", "ru")
    assert visitor.get("/digests").find("a", href=f"/digests/{reference}")
    page = visitor.get(f"/digests/{reference}")
    assert page.find("article")["lang"] == "ru"
    links = [one["href"] for one in page.find(class_="exports").find_all("a")]
    assert f"/v1/digests/{reference}/document.pdf?language=ru" in links
    assert browser("ada").raw(f"/digests/{reference}").status_code == 404


def test_editions_stand_in_the_order_in_which_the_service_gives_them(world, browser):
    for schedule, day in (
        ("monthly-bulletin", "2026-09-01"),
        ("annual-review", "2026-09-01"),
        ("monthly-bulletin", "2026-10-01"),
    ):
        new = {"schedule": schedule, "day": day}
        assert world.client.post("/v1/digests", json=new, headers=world.auth("office")).status_code == 201
    given = [one["reference"] for one in world.get("office", "/v1/digests")]
    page = browser("eva").get("/digests")
    assert [one["href"].split("/")[2] for one in page.select("ol.reports h2 a")] == given


def test_a_page_of_the_exercise_says_so(world, browser):
    reference = world.submit("north", status="exercise")
    page = BeautifulSoup(browser("ada").raw(f"/reports/{reference}").text, "lxml")
    assert "EXERCISE" in page.find(class_="banner").text
