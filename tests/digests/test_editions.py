"""Editions over the real service: each period once, frozen at its cut-off, and each reader's own rights within it."""

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from services import digests, reports
from services.digests import service
from services.digests.freezing import Gathered, store
from services.digests.models import Block, Edition
from services.kernel import clock, db, ids
from tests.texts.test_abroad import THERE
from tests.world import World, amber, report
from workers import schedule

pytestmark = pytest.mark.one_kind

BEGAN = datetime(2026, 7, 10, tzinfo=UTC)
NOVEMBER = datetime(2026, 12, 5, 4, tzinfo=UTC)  # due at 09:00 in the schedule's zone, UTC+5
BODY = {"occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}


def build(at: datetime, since: datetime = BEGAN) -> list[str]:
    """What the clock builds at an instant: the first days of the periods."""
    with db.reading() as session:
        due = digests.due(session, at=at, since=since)
    built = []
    for which, period in due:
        row = digests.build_once(schedule=which, period=period)
        built += [row.start.isoformat()] if row else []
    return built


def november(world: World) -> str:
    """The edition of November, built by the clock."""
    build(NOVEMBER, NOVEMBER - timedelta(days=1))
    return world.get("north", "/v1/digests")[0]["reference"]


def read(world: World, slug: str, edition: str) -> dict[str, Any]:
    return world.get(slug, f"/v1/digests/{edition}/document.json")


def items(document: dict[str, Any]) -> set[str]:
    """The references of all reports that a rendering retells."""
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    return {one for block in blocks if block["kind"] == "entries" for e in block["entries"] for one in e["reports"]}


def overview(document: dict[str, Any]) -> dict[str, int]:
    """The counts at the top of a rendering, by their label."""
    section = next(one for one in document["sections"] if one["key"] == "overview")
    table = next(block for block in section["blocks"] if block["kind"] == "table")
    return {row[0]["text"]: row[1]["value"] for row in table["rows"]}


def send(world: World, slug: str, path: str, body: dict[str, Any], method: str = "POST") -> int:
    return world.client.request(method, path, json=body, headers=world.auth(slug)).status_code


@pytest.fixture
def parties(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


@pytest.mark.both_kinds
def test_each_period_is_built_once_by_two_clocks_at_once(parties: World) -> None:
    ready, built, failed = threading.Barrier(2), [], []

    def tick() -> None:
        ready.wait(timeout=10)
        try:
            built.extend(build(NOVEMBER))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test must say so
            failed.append(error)

    clocks = [threading.Thread(target=tick) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join(timeout=60)
    assert failed == []
    assert sorted(built) == [f"2026-{month:02}-01" for month in (7, 8, 9, 10, 11)]
    assert len(parties.get("north", "/v1/digests")) == len(built)


def test_missed_periods_are_caught_up_in_order_and_not_built_again(world: World) -> None:
    assert build(datetime(2026, 8, 4, tzinfo=UTC)) == []
    assert build(NOVEMBER) == ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
    assert build(NOVEMBER + timedelta(days=1)) == []


def test_an_edition_is_built_at_its_due_instant_and_not_before(world: World) -> None:
    just_before = NOVEMBER - timedelta(days=2)
    assert build(NOVEMBER - timedelta(microseconds=1), just_before) == []
    assert build(NOVEMBER, just_before) == ["2026-11-01"]


def test_an_edition_that_fails_is_not_taken_and_holds_up_no_other(
    parties: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(session: Session, given: Gathered) -> Edition:
        edition = store(session, given)
        if given.period.start.month == 9:  # with its rows written already
            raise LookupError
        return edition

    (job,) = (one for one in schedule.JOBS if one.name == "digests")
    with monkeypatch.context() as broken:
        broken.setattr(service, "store", breaking)
        schedule.do(job, NOVEMBER, BEGAN)
    months = [one["start"][5:7] for one in parties.get("north", "/v1/digests")]
    assert months == ["11", "10", "08", "07"]
    schedule.do(job, NOVEMBER, BEGAN)
    assert len(parties.get("north", "/v1/digests")) == len(months) + 1


def test_what_is_received_after_the_cut_off_is_in_neither_items_nor_counts(parties: World) -> None:
    told = parties.submit("north", **BODY)
    late = parties.submit("north", **BODY)
    parties.settle()
    with db.transaction() as session:  # it came a second after the cut-off, and before the edition was built
        row = session.exec(select(reports.Report).where(reports.Report.reference == late)).one()
        row.received_at = NOVEMBER + timedelta(seconds=1)
        session.add(row)
    document = read(parties, "south", november(parties))
    assert items(document) == {told}
    top = overview(document)
    assert (top["Reports received in the period"], top["Incidents of the period"]) == (1, 1)


def test_what_is_received_at_the_very_cut_off_is_in_items_and_counts(parties: World) -> None:
    told = parties.submit("north", **BODY)
    parties.settle()
    body = {"schedule": "monthly-bulletin", "day": "2026-11-01"}  # all by one clock that stands still
    edition = parties.client.post("/v1/digests", json=body, headers=parties.auth("north")).json()["reference"]
    document = read(parties, "north", edition)
    assert items(document) == {told}
    top = overview(document)
    assert (top["Reports received in the period"], top["Incidents of the period"]) == (1, 1)


@pytest.mark.both_kinds
def test_an_incident_known_by_country_only_is_told_by_country(parties: World) -> None:
    """One in a unit, one somewhere in the same country, and one nobody knows where."""
    for number, place in enumerate(("KG-B", "KG", None)):
        words = {"title": f"Note {number}", "text": f"Something was seen {number * 7} times by {number} people."}
        parties.submit("north", **BODY, **words, place=place)
    parties.settle()
    section = next(one for one in read(parties, "south", november(parties))["sections"] if one["key"] == "map")
    table = next(block for block in section["blocks"] if block["kind"] == "figure")["table"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Batken Region, Kyrgyzstan", "1"],
        ["Central Asia, country not known", "1"],
        ["Kyrgyzstan, unit not known", "1"],
    ]


def test_what_is_counted_after_the_freeze_changes_no_byte(parties: World) -> None:
    parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    before = parties.raw("south", f"/v1/digests/{edition}/document.json").content
    parties.submit("north", **BODY)
    parties.settle()
    assert parties.raw("south", f"/v1/digests/{edition}/document.json").content == before


@pytest.mark.both_kinds
def test_an_edition_with_nothing_to_tell_is_still_told(parties: World) -> None:
    document = read(parties, "south", november(parties))
    assert items(document) == set()
    assert overview(document)["Reports received in the period"] == 0


def test_a_withdrawn_report_leaves_the_items_of_an_edition_already_frozen(parties: World) -> None:
    told = parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    assert items(read(parties, "south", edition)) == {told}
    assert send(parties, "north", f"/v1/reports/{told}/withdrawal", {"reason": "mistaken"}) == 204
    parties.settle()
    assert items(read(parties, "south", edition)) == set()


def test_a_narrowed_report_leaves_the_items_of_whoever_lost_it_only(parties: World) -> None:
    parties.enrol("far")
    told = parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    assert send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"marking": amber("far")}, "PUT") == 200
    parties.settle()
    assert [items(read(parties, slug, edition)) for slug in ("north", "south", "far")] == [{told}, set(), {told}]


def test_a_widened_report_stays_hidden_in_an_edition_frozen_before(parties: World) -> None:
    told = parties.submit("north", **BODY, marking=amber())
    parties.settle()
    edition = november(parties)
    widened = report() | BODY | {"marking": {"tlp": "GREEN", "attribution": "named"}}
    assert send(parties, "north", f"/v1/reports/{told}", widened, "PUT") == 200
    parties.settle()
    assert [items(read(parties, slug, edition)) for slug in ("north", "south")] == [{told}, set()]


def test_readers_of_one_edition_get_the_counts_of_what_each_may_see(parties: World) -> None:
    parties.enrol("far")
    for marking in ({"tlp": "GREEN", "attribution": "named"}, amber("south"), amber("south", "far")):
        parties.submit("north", **BODY, marking=marking)
    parties.settle()
    edition = november(parties)
    counts = [overview(read(parties, slug, edition)) for slug in ("north", "south", "far")]
    assert [one["Reports received in the period"] for one in counts] == [3, 3, 2]
    assert [one["Incidents of the period"] for one in counts] == [3, 3, 2]


def test_an_edition_on_demand_is_for_the_own_organisation_alone(parties: World) -> None:
    answer = parties.client.post(
        "/v1/digests", json={"schedule": "weekly-highlights", "day": "2026-11-01"}, headers=parties.auth("north")
    )
    edition = answer.json()["reference"]
    assert (answer.status_code, answer.json()["on_demand"]) == (201, True)
    assert [one["reference"] for one in parties.get("north", "/v1/digests")] == [edition]
    assert parties.get("south", "/v1/digests") == []
    hidden, missing = (
        parties.raw("south", f"/v1/digests/{one}/document.json") for one in (edition, "EWN-0000-0000-0000")
    )
    assert (hidden.status_code, hidden.content) == (404, missing.content)


@pytest.mark.both_kinds
def test_the_manifest_names_each_block_by_the_hash_of_its_salted_content(parties: World) -> None:
    parties.submit("north", **BODY)
    parties.settle()
    november(parties)
    with db.reading() as session:
        edition = session.exec(select(Edition)).one()
        blocks = session.exec(select(Block)).all()
    assert {tuple(line) for line in edition.manifest} == {(one.hash, one.kind) for one in blocks}
    assert [kind for _, kind in edition.manifest] == [
        "about",
        "counts",
        "received",
        "arrived",
        "report",
        "expected",
        "links",
    ]
    assert [one.hash for one in blocks] == [salted(edition.salt, [one.kind, one.body]) for one in blocks]
    assert edition.digest == salted(edition.salt, edition.manifest)


def salted(salt: str, body: Any) -> str:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def test_equal_editions_have_different_salts(parties: World) -> None:
    ids.seed(1)
    build(NOVEMBER)
    with db.reading() as session:
        rows = session.exec(select(Edition)).all()
    assert len({row.salt for row in rows}) == len({row.digest for row in rows}) == len(rows)


def test_what_was_frozen_is_rendered_the_same_at_any_later_time(parties: World) -> None:
    parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    before = read(parties, "south", edition)
    with clock.at(clock.now() + timedelta(days=365)):
        assert read(parties, "south", edition) == before


def test_where_attribution_is_withheld_a_rendering_gives_neither_name_nor_reliability(parties: World) -> None:
    parties.enrol("far", reliability="B")
    parties.submit("far", **BODY, marking={"tlp": "GREEN", "attribution": "withheld"})
    parties.settle()
    edition = november(parties)
    for slug, reliability, name in (("south", None, None), ("far", "B", "Far")):
        blocks = [block for section in read(parties, slug, edition)["sections"] for block in section["blocks"]]
        (entry,) = [entry for block in blocks if block["kind"] == "entries" for entry in block["entries"]]
        assert (entry["reliability"], entry["originator"]) == (reliability, name)


@pytest.mark.parametrize("how", ["withdrawn", "narrowed"])
def test_what_was_taken_back_since_leaves_the_counts_too(parties: World, how: str) -> None:
    told = parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    assert overview(read(parties, "south", edition))["Reports received in the period"] == 1
    if how == "withdrawn":
        send(parties, "north", f"/v1/reports/{told}/withdrawal", {"reason": "mistaken"})
    else:
        send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"marking": amber()}, "PUT")
    parties.settle()
    left = overview(read(parties, "south", edition))
    assert (left["Reports received in the period"], left["Incidents of the period"]) == (0, 0)


def test_what_was_revised_after_the_cut_off_stands_as_it_was_in_an_edition_caught_up_later(parties: World) -> None:
    told = parties.submit("north", **BODY)
    parties.settle()
    with clock.at(NOVEMBER + timedelta(days=1)):
        send(parties, "north", f"/v1/reports/{told}", report() | BODY | {"title": "Quite another title"}, "PUT")
    parties.settle()
    assert "Quite another title" not in json.dumps(read(parties, "south", november(parties)))


@pytest.mark.both_kinds
def test_what_a_reader_never_saw_is_taken_back_without_a_trace(parties: World) -> None:
    seen = parties.submit("north", **BODY, figures={"killed": 4})
    hidden = parties.submit("north", **BODY, marking=amber())
    parties.settle()
    edition = november(parties)
    before = parties.raw("south", f"/v1/digests/{edition}/document.json").content
    revised = report() | BODY | {"figures": {"killed": 9}}
    assert send(parties, "north", f"/v1/reports/{seen}", revised, "PUT") == 200
    assert send(parties, "north", f"/v1/reports/{hidden}/withdrawal", {"reason": "mistaken"}) == 204
    parties.settle()
    assert parties.raw("south", f"/v1/digests/{edition}/document.json").content == before


@pytest.mark.one_kind
def test_an_item_says_in_which_country_abroad_it_happened(parties: World) -> None:
    parties.submit("north", **BODY, title="Four detained", text=THERE["en"], place=None)
    parties.settle()
    document = read(parties, "south", november(parties))
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    (entry,) = (one for block in blocks if block["kind"] == "entries" for one in block["entries"])
    assert {one["key"]: one["text"] for one in entry["facts"]}["where"] == "Türkiye"
