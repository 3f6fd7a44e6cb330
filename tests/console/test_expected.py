"""The pages of what is expected, of who reported, and of who does what; without JavaScript, in both languages."""

from tests.console.conftest import Browser
from tests.world import amber, expect

OCTOBER = {"occurred_from": "2026-10-01", "occurred_to": "2026-10-31"}


def rows(page, title):
    """The rows of the first table under a heading."""
    heading = next(one for one in page.find_all(["h1", "h2"]) if one.text.startswith(title))
    table = heading.find_next("tbody")
    return [[cell.get_text(" ", strip=True) for cell in one.find_all(["th", "td"])] for one in table.find_all("tr")]


def test_a_focal_point_sees_what_is_expected_and_a_link_to_fill_it_in(world, browser):
    expect(world, "north", form="situation", place="KG")
    expect(world, "north", form="measures", starts_on="2026-10-01", ends_on="2026-10-31", marking=amber())
    world.submit("north", kind="measures", **OCTOBER)
    page = browser("ada").get("/expected")
    overdue, upcoming, received = (rows(page, title) for title in ("Overdue", "Due next", "Received"))
    assert [row[1] for row in overdue] == ["1–31 Aug 2026", "1–30 Sept 2026"]
    assert [row[0].partition(",")[0].strip() for row in upcoming] == ["Fill in: Situation report"] * 2
    assert [row[3] for row in received] == ["on time"]
    link = page.find("a", string="Fill in: Situation report")
    assert link["href"] == "/submit/situation?period=2026-08&place=KG"
    whole = browser("eva").get("/expected")
    assert {row[1] for row in rows(whole, "Overdue")} == {"North"}
    assert not whole.find("a", string="Fill in: Situation report")


def test_where_nothing_is_expected_the_pages_say_so(browser):
    page = browser("ada").get("/expected")
    for said in ("Nothing is overdue.", "Nothing is due within a month.", "Nothing was received."):
        assert page.find("p", class_="empty", string=said)
    reporting = browser("ada").get("/reporting")
    assert "No deadline of these days is past" in reporting.text
    doing = browser("ada").get("/who-does-what")
    assert "Nothing of this is shared with you" in doing.text


def test_a_keeper_expects_a_report_ends_it_and_strikes_it_out(world, browser):
    keeper = browser("max")
    page = keeper.get("/assignments")
    assert "Nothing is expected of anybody" in page.text
    sent = {"organisation": "north", "form": "measures", "period": "week", "due_days": 2, "due_hour": 9}
    made = keeper.send(page, "/assignments", **sent)
    assert made.status_code == 200, made.text[:500]
    page = keeper.get("/assignments")
    (row,) = rows(page, "Assignments")
    assert row[:3] == ["National measures, every week", "North", "2 days after the period, 09:00, UTC"]
    assert "office" in row[4]
    twice = keeper.send(page, "/assignments", **sent)
    assert "The same report is expected for some of these days already" in twice.text
    end = next(form["action"] for form in page.find_all("form") if form["action"].endswith("/end"))
    assert keeper.send(page, end, ends_on="2026-12-31").status_code == 200
    page = keeper.get("/assignments")
    assert "31 Dec" in rows(page, "Assignments")[0][3]
    assert keeper.send(page, end.replace("/end", "/strike")).status_code == 200
    assert "Nothing is expected of anybody" in keeper.get("/assignments").text


def test_what_is_wrong_with_an_assignment_stands_beside_its_field(world, browser):
    keeper = browser("eva")
    page = keeper.get("/assignments")
    wrong = keeper.send(page, "/assignments", organisation="north", form="measures", starts_on="1990-01-01")
    assert wrong.status_code == 422
    assert "fault" in wrong.text
    assert browser("ada").raw("/assignments").status_code == 403
    refused = browser("abe").client.post("/assignments", data={"organisation": "north"})
    assert refused.status_code in (403, 422)


def test_the_pack_proposes_assignments_that_fill_the_form(world, browser):
    world.enrol("uzbekistan-foreign-ministry")
    page = browser("eva").get("/assignments")
    link = page.find("a", string=lambda text: text and "every week" in text)
    opened = browser("eva").get(link["href"])
    chosen = [one["value"] for one in opened.select("form[action='/assignments'] option[selected]")]
    assert chosen[:3] == ["uzbekistan-foreign-ministry", "zero", "week"]


def test_who_reported_is_told_with_n_and_the_whole_and_a_picture(world, browser):
    expect(world, "north", starts_on="2026-08-01")
    world.submit("north", occurred_from="2026-08-01", occurred_to="2026-08-31")
    page = browser("eva").get("/reporting?from=2026-08-01&to=2026-11-01")
    assert "Completeness: 1/2 (50 %)" in page.get_text(" ", strip=True)
    assert rows(page, "Organisation") == [["North", "1/2 (50 %)", "0/2 (0 %)", "0/1 (0 %)"]]
    assert page.find("figure").find("svg")
    assert rows(page, "Delays")[0][1] == "1"
    table = browser("eva").raw("/v1/reporting.csv?from=2026-08-01&to=2026-10-31")
    assert table.text.count("north") == 3


def test_measures_and_tasks_stand_side_by_side_with_the_gaps_and_withheld_names_stay_so(world, browser):
    expect(world, "north", form="situation", marking=amber("office"))
    told = {"kind": "measures", "title": "Law adopted", "themes": ["armed-attack"], "place": "KG"}
    world.submit("north", **told)
    world.submit("south", **told | {"title": "Quiet help", "marking": {"tlp": "GREEN", "attribution": "withheld"}})
    world.submit("north", **told | {"title": "Secret", "marking": amber()})
    world.settle()
    asked = {"question": "Who trains the border posts?", "why": "To know who does.", "due_on": "2026-11-20"}
    asked |= {"countries": ["KG"], "themes": ["armed-attack"], "marking": {"tlp": "GREEN", "attribution": "named"}}
    eva = browser("eva")
    made = eva.client.post("/v1/inquiries", json=asked)
    assert made.status_code == 201, made.text
    page = eva.get("/who-does-what")
    assert any(row[0].startswith("Request: Who trains the border posts?") for row in rows(page, "Who does what"))
    text = page.get_text(" ", strip=True)
    assert ("Law adopted" in text, "Quiet help" in text, "Secret" in text) == (True, True, False)
    assert "originator withheld" in text
    assert any(one.startswith("Task: Situation report") for row in rows(page, "Who does what") for one in row)
    assert page.find("a", href=lambda at: at and "country=KG&theme=armed-attack" in at).get_text().endswith("2")
    assert "Quiet help" not in eva.get("/who-does-what?organisation=south").text
    assert "Law adopted" in eva.get("/who-does-what?organisation=north&country=KG&theme=armed-attack").text
    assert "Law adopted" not in eva.get("/who-does-what?country=UZ").text
    table = eva.raw("/who-does-what.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Quiet help" in table.text
    assert "south" not in table.text.lower()
    assert eva.raw("/who-does-what?country=XX").status_code == 422


def test_the_sender_reads_beforehand_who_learns_that_it_came(world, browser):
    expect(world, "north", form="incident", marking=amber("office"))
    ada: Browser = browser("ada")
    reference = world.submit("north", marking=amber(), **OCTOBER)
    page = ada.get(f"/reports/{reference}")
    assert "It is expected of you (Incident, 1–31 Oct 2026)." in page.get_text(" ", strip=True)
    assert "whether in time: Office." in page.get_text(" ", strip=True)


def test_all_of_it_is_there_in_russian(world, browser):
    expect(world, "north", form="situation")
    ada = browser("ada", "ru")
    assert ada.get("/expected").find("h1").text == "Ожидаемые сообщения"
    assert "Полнота" in ada.get("/reporting").text
    assert ada.get("/who-does-what").find("h1").text.startswith("Кто что делает")
    assert browser("eva", "ru").get("/assignments").find("h1").text == "Задания"
