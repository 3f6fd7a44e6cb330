"""Emptying by rule: announced, on its day, under no hold, and no word is left while every count is."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from services import digests, reports
from services.kernel import clock, db
from services.kernel.audit import AuditEntry
from services.reports import Report
from services.tagging import DuplicateBand, Tagging, TagRow
from tests.keeping.clockwork import GONE, NOTICED, keeper, made_rule, turn
from tests.persons import signed_in
from tests.reports.test_recalling import MARKERS, WORDS, formats, recall, told_in, whole_story
from tests.world import World, report
from workers import recount

DAYS = {"place": "KG", "from": "2026-10-01", "to": "2026-11-30", "grain": "month"}


@pytest.fixture
def kept(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def counts(world: World) -> list[Any]:
    codes = ("incidents-reported", "armed-violence-incidents", "armed-violence-deaths")
    return [world.get("south", f"/v1/indicators/{code}/series", **DAYS)["points"] for code in codes]


@pytest.mark.one_kind
def test_after_emptying_no_word_is_stored_or_rendered_and_every_count_is_as_it_was(
    kept: World, configured: Path
) -> None:
    reference, editions = whole_story(kept)
    asked = {"kind": "release", "wanted": "Wombatcode people", "reason": "Zebrafinch concerns them."}
    path = f"/v1/reports/{reference}"
    assert kept.client.post(f"{path}/requests", json=asked, headers=kept.auth("far")).status_code == 201
    before = counts(kept), kept.get("south", "/v1/reports/facets")
    seen = kept.get("south", path)
    assert {marker for _, marker in told_in(configured)} == set(MARKERS)
    rule = made_rule(kept, keeper())
    turn(kept, NOTICED)
    assert {marker for _, marker in told_in(configured)} == set(MARKERS)
    turn(kept, GONE)
    assert told_in(configured) == set()
    assert (counts(kept), kept.get("south", "/v1/reports/facets")) == before
    for edition in editions:
        assert not [marker for marker in MARKERS if marker in formats(kept, "south", edition)]
        with db.reading() as session:
            assert set(digests.verify(session, edition).values()) == {"whole", "erased"}
    after = kept.get("south", path)
    gone = {"title": "", "text": "", "figures": {}, "source": None, "terms": after["terms"]}
    gone |= {"emptied_at": "2027-02-20T12:00:00Z", "tags": after["tags"], "marking": None}
    assert after == seen | gone
    assert not any(after["terms"].values())
    assert after["tags"] == [tag | {"spans": []} for tag in seen["tags"]]
    with db.reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "report.emptied")).all()
    assert {one.detail["rule"] for one in acts} == {rule}


@pytest.mark.one_kind
def test_nothing_goes_before_its_owner_has_had_a_months_notice(kept: World) -> None:
    reference = kept.submit("north")
    owner = signed_in("ada", "north", "focal_point")
    made_rule(kept, keeper(), months=1)
    turn(kept, GONE)  # long after its day: it is announced, and stays
    assert kept.get("south", f"/v1/reports/{reference}")["title"]
    (notice,) = kept.client.get("/v1/notices", headers=owner).json()["notices"]
    assert (notice["what"], notice["report"], notice["on_day"]) == ("emptying_due", reference, "2027-03-22")
    assert kept.get("south", "/v1/notices")["notices"] == []
    turn(kept, GONE.replace(month=3, day=21))
    assert kept.get("south", f"/v1/reports/{reference}")["title"]
    turn(kept, GONE.replace(month=3, day=22))
    assert kept.get("south", f"/v1/reports/{reference}")["title"] == ""
    assert len(kept.client.get("/v1/notices", headers=owner).json()["notices"]) == 1
    assert kept.get("south", "/v1/notices")["notices"] == []


def test_the_clock_may_do_it_twice_and_a_rule_that_ended_empties_nothing(kept: World) -> None:
    reference = kept.submit("north")
    headers = keeper()
    rule = made_rule(kept, headers)
    turn(kept, NOTICED)
    assert kept.client.delete(f"/v1/retention/rules/{rule}", headers=headers).status_code == 204
    turn(kept, GONE)
    assert kept.get("south", f"/v1/reports/{reference}")["emptied_at"] is None
    assert kept.client.delete(f"/v1/retention/rules/{rule}", headers=headers).status_code == 404
    made_rule(kept, headers)
    turn(kept, GONE)
    first = kept.get("south", f"/v1/reports/{reference}")
    assert first["emptied_at"]
    turn(kept, GONE)
    with db.reading() as session:
        keys = list(session.exec(select(Report.id)).all())
    reports.keep([one for one in keys if one], at=clock.now())
    assert kept.get("south", f"/v1/reports/{reference}") == first


def test_a_report_put_off_by_a_revision_is_announced_anew(kept: World) -> None:
    reference = kept.submit("north")
    owner = signed_in("ada", "north", "focal_point")
    made_rule(kept, keeper())
    turn(kept, NOTICED)
    later = report() | {"occurred_from": "2026-10-31", "occurred_to": "2026-10-31"}
    path = f"/v1/reports/{reference}"
    made_rule(kept, signed_in("otto", "office", "administrator"), kind="situation", months=24)
    sent = kept.client.put(path, json=later | {"kind": "situation"}, headers=kept.auth("north"))
    assert sent.status_code == 200
    kept.settle()
    turn(kept, GONE)
    assert kept.get("south", path)["title"]
    turn(kept, GONE.replace(year=2028, month=10, day=15))
    days = [one["on_day"] for one in kept.client.get("/v1/notices", headers=owner).json()["notices"]]
    assert days == ["2028-11-14", "2027-02-14"]
    turn(kept, GONE.replace(year=2028, month=11, day=14))
    assert kept.get("south", path)["title"] == ""


@pytest.mark.parametrize("what", ["report", "person", "organisation"])
def test_while_a_hold_stands_nothing_of_it_is_emptied(kept: World, what: str) -> None:
    owner = signed_in("ada", "north", "focal_point")
    sent = kept.client.post("/v1/reports", json=report(), headers=owner)
    reference = sent.json()["reference"]
    kept.settle()
    headers = keeper()
    auditor = keeper("zora", "auditor")
    made_rule(kept, headers)
    name = {"report": reference, "person": "ada", "organisation": "north"}[what]
    body = {"what": what, "name": name, "reason": "A court has asked."}
    hold = kept.client.post("/v1/holds", json=body, headers=auditor)
    assert hold.status_code == 201, hold.text
    assert hold.json()["name"] == name
    turn(kept, NOTICED)
    turn(kept, GONE)
    assert kept.get("south", f"/v1/reports/{reference}")["title"]
    kept.client.delete(f"/v1/holds/{hold.json()['reference']}", headers=auditor)
    assert kept.client.get("/v1/holds", headers=headers).json() == []
    turn(kept, GONE)
    assert kept.get("south", f"/v1/reports/{reference}")["title"] == ""


@pytest.mark.one_kind
def test_a_recall_goes_before_a_hold_and_that_one_stood_is_on_the_record(kept: World) -> None:
    held, free = kept.submit("north"), kept.submit("north")
    body = {"what": "report", "name": held, "reason": "A court has asked."}
    kept.client.post("/v1/holds", json=body, headers=keeper())
    assert [recall(kept, "north", one).status_code for one in (held, free)] == [200, 200]
    with db.reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "report.recalled")).all()
    assert {one.subject: one.detail for one in acts} == {held: {"under_hold": True}, free: {"under_hold": False}}


def test_what_was_emptied_takes_no_new_words_and_stays_its_owners(kept: World) -> None:
    reference = kept.submit("north")
    made_rule(kept, keeper())
    for day in (NOTICED, GONE):
        turn(kept, day)
    path = f"/v1/reports/{reference}"
    line = {"text": "In brief.", "marking": {"tlp": "CLEAR", "attribution": "chatham"}}
    asked = {"kind": "release", "wanted": "For others.", "reason": "They need it."}
    refused = [
        kept.client.put(path, json=report(), headers=kept.auth("north")),
        kept.client.put(f"{path}/tear-line", json=line, headers=kept.auth("north")),
        kept.client.post(f"{path}/requests", json=asked, headers=kept.auth("south")),
    ]
    assert {(one.status_code, one.json()["type"]) for one in refused} == {(409, "/docs/problems#already-emptied")}
    before = counts(kept)
    narrow = {"marking": {"tlp": "AMBER", "attribution": "named", "organisations": ["south"]}}
    assert kept.client.put(f"{path}/marking", json=narrow, headers=kept.auth("north")).status_code == 200
    kept.settle()
    assert counts(kept) == before
    assert kept.raw("far", path).status_code == 404
    gone = kept.client.post(f"{path}/withdrawal", json={"reason": "mistaken"}, headers=kept.auth("north"))
    assert gone.status_code == 204
    kept.settle()
    assert counts(kept) != before


def test_an_emptied_report_stands_in_lists_without_words_and_no_word_finds_it(kept: World) -> None:
    reference = kept.submit("north", **WORDS)
    made_rule(kept, keeper())
    for day in (NOTICED, GONE):
        turn(kept, day)
    (line,) = kept.get("south", "/v1/reports")["reports"]
    assert (line["reference"], line["title"], bool(line["emptied_at"])) == (reference, "", True)
    for word in ("zebrafinch", "quokkatail", "armed"):
        assert kept.get("south", "/v1/reports", q=word)["reports"] == []
    had = kept.get("north", f"/v1/reports/{reference}/disclosures")
    assert had["organisations"] == []  # whoever reads it now is given no words


def test_an_incident_told_with_others_stays_one_whatever_becomes_of_the_others(kept: World) -> None:
    same = report()
    old = kept.post("north", same | {"kind": "incident", "figures": {"killed": 5}}).json()["reference"]
    kept.post("far", same | {"kind": "situation", "figures": {"killed": 3}})
    kept.settle()
    before = counts(kept)
    incident = kept.get("south", f"/v1/reports/{old}/incident")
    assert len(incident["reports"]) == 2
    made_rule(kept, keeper(), kind="incident")
    for day in (NOTICED, GONE):
        turn(kept, day)
    assert kept.get("south", f"/v1/reports/{old}")["title"] == ""
    assert (counts(kept), kept.get("south", f"/v1/reports/{old}/incident")) == (before, incident)
    recount.recount(retag=True)
    kept.settle()
    assert (counts(kept), kept.get("south", f"/v1/reports/{old}/incident")) == (before, incident)
    recount.recount(retag=False)
    kept.settle()
    assert counts(kept) == before
    with db.reading() as session:
        key = session.exec(select(Report.id).where(Report.reference == old)).one()
        assert not session.exec(select(DuplicateBand).where(DuplicateBand.report_id == key)).all()
        assert session.exec(select(Tagging.signature).where(Tagging.report_id == key)).all() == [b""]
        assert all(one.spans == [] for one in session.exec(select(TagRow).where(TagRow.report_id == key)).all())


def test_an_edition_built_later_counts_what_was_emptied_and_tells_nothing_of_it(kept: World) -> None:
    kept.submit("north", occurred_from="2026-11-01", occurred_to="2026-11-01", **WORDS)
    kept.settle()
    made_rule(kept, keeper())
    for day in (NOTICED, GONE.replace(month=3)):
        turn(kept, day)
    built = {"schedule": "monthly-bulletin", "day": "2026-11-01"}
    edition = kept.client.post("/v1/digests", json=built, headers=kept.auth("south")).json()["reference"]
    document = kept.get("south", f"/v1/digests/{edition}/document.json")
    assert "Zebrafinch" not in str(document)
    with db.reading() as session:
        assert set(digests.verify(session, edition).values()) == {"whole"}
