"""Tagging stored reports: tags with their words, near duplicates linked and let go, under policy."""

import unicodedata
from datetime import date

import pytest
from sqlalchemy import select

from services import network, reports, tagging
from services.kernel import db
from services.kernel.errors import Stale
from services.kernel.model import table
from services.tagging.models import Link
from tests.world import World, amber
from tests.world import report as body

pytestmark = pytest.mark.one_kind

CACHE = (
    "On Tuesday evening police near the bridge found a cache with twelve rifles, grenades and two thousand cartridges. "
    "The finds were taken to the regional centre; an inquiry has begun and residents were asked to report others."
)
RETOLD = CACHE.replace("Tuesday", "Wednesday").replace("twelve", "12")


@pytest.fixture
def partners(world: World) -> World:
    world.enrol("north", countries=["KG"])
    world.enrol("south", countries=["AF"])
    return world


def tags(world, slug, reference, scheme):
    found = world.get(slug, f"/v1/reports/{reference}")["tags"]
    return {(tag["value"], tag["method"]) for tag in found if tag["scheme"] == scheme}


def incident(world, slug, reference):
    return world.get(slug, f"/v1/reports/{reference}/incident")


def test_a_report_is_tagged_with_the_words_that_led_to_it(partners):
    title, text = "Тайник", "В Баткенской области обнаружены патроны и гранаты."
    sent = partners.submit("north", title=title, text=text, place=None, themes=[])
    assert partners.get("north", f"/v1/reports/{sent}")["tagged"] is False
    partners.settle()
    report = partners.get("north", f"/v1/reports/{sent}")
    words = {
        (tag["scheme"], tag["value"]): [f"{title}\n{text}"[start:end] for start, end in tag["spans"]]
        for tag in report["tags"]
    }
    assert words["unit", "KG-B"] == ["Баткенской области"]
    assert "патроны" in words["theme", "small-arms"]
    assert words["language", "ru"] == [f"{title}\n{text}"]


def test_the_senders_place_and_themes_stand_beside_what_was_found(partners):
    sent = partners.submit("north", title="A cache", text=CACHE, place="KG-B", themes=["cyber"])
    partners.settle()
    assert tags(partners, "north", sent, "theme") == {("cyber", "sender"), ("small-arms", "lexicon")}
    assert tags(partners, "north", sent, "unit") == {("KG-B", "sender")}


def test_the_senders_country_tells_places_of_one_name_apart(partners):
    there, here = (
        partners.submit(slug, title="A meeting", text="Elders met in Jalalabad today.", place=None, themes=[])
        for slug in ("south", "north")
    )
    partners.settle()
    assert tags(partners, "north", there, "unit") == {("AF-NAN", "gazetteer")}
    assert tags(partners, "north", here, "unit") == {("KG-J", "gazetteer")}


def test_near_duplicates_are_one_incident_and_settle_whatever_the_order(partners):
    first = partners.submit("north", title="A cache", text=CACHE)
    partners.settle()
    second = partners.submit("south", title="A cache", text=RETOLD)
    other = partners.submit("south")
    partners.settle()
    assert incident(partners, "north", first)["reports"] == sorted([first, second])
    assert incident(partners, "north", other)["reports"] == [other]


def test_reports_of_one_batch_find_each_other(partners):
    sent = [partners.submit(slug, title="A cache", text=CACHE) for slug in ("north", "south")]
    partners.settle()
    assert incident(partners, "south", sent[0])["reports"] == sorted(sent)


@pytest.mark.both_kinds
def test_a_link_to_a_hidden_report_leaves_no_trace(partners):
    shown = partners.submit("north", title="A cache", text=CACHE)
    partners.submit("north", title="A cache", text=RETOLD, marking=amber("north"))
    partners.settle()
    alone = {"reports": [shown], "origins": 1, "confirmed": False, "circular": False}
    assert incident(partners, "south", shown) == alone


def test_an_exercise_never_joins_what_is_real(partners):
    real = partners.submit("north", title="A cache", text=CACHE)
    partners.submit("north", title="A cache", text=CACHE, status="exercise")
    partners.settle()
    assert incident(partners, "north", real)["reports"] == [real]


@pytest.mark.both_kinds
def test_a_list_can_hold_just_what_a_count_of_its_days_holds(partners):
    days = {"occurred_from": "2026-10-05", "occurred_to": "2026-10-06"}
    one = partners.submit("north", figures={"killed": 2}, **days)
    two = partners.submit("north", kind="measures", themes=["cyber"], figures={"killed": 1}, **days)
    partners.submit("north", figures={"killed": 2}, selection=True, **days)
    partners.submit("north", figures={"killed": 2}, occurred_from="2026-09-30", occurred_to="2026-10-05")
    partners.submit("north", figures={"killed": 0}, **days)
    partners.submit("north", figures={"detained": 2}, **days)
    partners.settle()
    wanted = tagging.Wanted(
        themes=("armed-attack", "cyber"),
        kinds=("incident", "measures"),
        figure="killed",
        counted=True,
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
    )
    with db.reading() as session:
        found = tagging.search(session, network.by_key(session, partners.keys["north"]), wanted)
    assert {report.reference for report in found.reports} == {one, two}


def test_a_withdrawn_report_leaves_the_incident(partners):
    first = partners.submit("north", title="A cache", text=CACHE)
    second = partners.submit("south", title="A cache", text=RETOLD)
    partners.settle()
    assert len(incident(partners, "north", first)["reports"]) == 2
    answer = partners.client.post(
        f"/v1/reports/{second}/withdrawal", json={"reason": "sent in error"}, headers=partners.auth("south")
    )
    assert answer.is_success, answer.text
    partners.settle()
    assert incident(partners, "north", first)["reports"] == [first]


@pytest.mark.both_kinds
def test_two_that_tell_the_same_and_are_tagged_at_once_find_each_other(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    one, other = (world.submit(slug, text=CACHE) for slug in ("north", "south"))
    with db.reading() as session:
        ids = [row.id for row in session.execute(select(table(reports.Report).c.id)).all()]
        plans = [tagging.plan(session, [key]) for key in ids]  # neither sees the other: nothing is written yet
    with db.transaction() as session:
        tagging.write(session, plans[0])
    with db.transaction() as session:
        tagging.write(session, plans[1])
    with db.reading() as session:
        assert session.execute(select(Link.low, Link.high)).all() == [tuple(sorted(ids))]
    world.settle()
    assert world.get("north", f"/v1/reports/{one}/incident")["reports"] == sorted([one, other])


def test_a_report_revised_while_it_was_tagged_is_tagged_again(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    first, second = (world.submit(slug, text=CACHE) for slug in ("north", "south"))
    with db.reading() as session:
        ids = [row.id for row in session.execute(select(table(reports.Report).c.id)).all()]
        plans = [tagging.plan(session, [key]) for key in ids]
    with db.transaction() as session:
        tagging.write(session, plans[0])
    with db.transaction() as session:
        reports.touch(session, ids)
    with pytest.raises(Stale), db.transaction() as session:
        tagging.write(session, plans[1])  # what tells the same came, and the report itself is another
    world.settle()
    assert world.get("north", f"/v1/reports/{first}/incident")["reports"] == sorted([first, second])


def listed(world: World, **query: str) -> list[str]:
    return [one["reference"] for one in world.get("north", "/v1/reports", **query)["reports"]]


@pytest.mark.parametrize("asked", ["ТАЙНИК", "тайник", "ЙОД", "йод", unicodedata.normalize("NFD", "йод")])
def test_words_are_found_in_any_case_and_composition(partners: World, asked: str) -> None:
    sent = partners.submit("north", title="Тайник", text="В подвале найден Йод.")
    partners.settle()
    assert listed(partners, q=asked) == [sent]


def test_lists_of_a_place_hold_what_its_numbers_count(partners: World) -> None:
    text = "Elders met in Batken Region, and others in Khatlon."
    given = partners.submit("north", title="A meeting", text=text, place="TJ")
    silent = partners.submit("north", title="A meeting", text="Nothing was said of where.", place=None)
    told = partners.submit("north", title="A meeting", text=text, place=None, occurred_from="2026-09-01")
    partners.settle()
    assert set(listed(partners, place="KG-B")) == {told}
    assert set(listed(partners, place="TJ")) == {given, told}
    assert set(listed(partners, place="CA")) == {given, silent, told}


def test_a_report_that_says_nothing_of_note_is_tagged_all_the_same(partners: World) -> None:
    sent = partners.submit("north", title="...", text="12 / 14", place=None, themes=[])
    partners.settle()
    report = partners.get("north", f"/v1/reports/{sent}")
    assert (report["tagged"], report["tags"]) == (True, [])


def test_between_a_revision_and_its_tagging_no_tag_of_other_words_is_shown(partners: World) -> None:
    sent = partners.submit("north", title="A cache", text=CACHE)
    partners.settle()
    partners.client.put(
        f"/v1/reports/{sent}", json=body() | {"text": "Other words."}, headers=partners.auth("north")
    ).raise_for_status()
    report = partners.get("north", f"/v1/reports/{sent}")
    assert (report["tagged"], report["tags"]) == (False, [])
    partners.settle()
    assert partners.get("north", f"/v1/reports/{sent}")["tagged"]


def test_undetermined_is_not_a_declared_language(partners: World) -> None:
    sent = partners.submit("north", title="A cache", text=CACHE, language="und", place=None, themes=[])
    partners.settle()
    assert tags(partners, "north", sent, "language") == {("en", "model")}
    assert tags(partners, "north", sent, "theme") == {("small-arms", "lexicon")}
