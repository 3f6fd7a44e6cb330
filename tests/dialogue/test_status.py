"""Whoever reported can follow what became of it, and learns nothing of what is hidden."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from services import reports
from services.kernel import db
from tests.persons import signed_in
from tests.world import World, amber, build_due, report

pytestmark = pytest.mark.one_kind

NOVEMBER = {"occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
SAME = {"text": "Men with rifles attacked the post at the northern pass and left before dawn with two vehicles."}
TOLD = {"outcome": "verified", "text": "Two others saw it too."}


def status(world: World, slug: str, reference: str) -> dict[str, Any]:
    return dict(world.get(slug, f"/v1/reports/{reference}/status"))


def steps(world: World, slug: str, reference: str) -> list[str]:
    return [one["step"] for one in status(world, slug, reference)["steps"]]


def enrolled(world: World) -> None:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")


@pytest.mark.both_kinds
def test_a_report_is_received_tagged_joined_used_and_its_outcome_told(world: World) -> None:
    enrolled(world)
    reference = world.submit("north", **SAME)
    assert status(world, "north", reference)["state"] == "received"
    world.settle()
    assert status(world, "north", reference)["state"] == "tagged"
    world.submit("south", **SAME)
    world.settle()
    joined = status(world, "north", reference)
    assert joined["state"] == "in_incident"
    assert (joined["steps"][-1]["reports"], joined["steps"][-1]["origins"]) == (2, 2)
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    used = status(world, "north", reference)
    assert used["state"] == "used"
    edition = next(one["edition"] for one in used["steps"] if one["step"] == "used")
    assert edition["reference"] in {one["reference"] for one in world.get("north", "/v1/digests")}
    assert set(edition) == {"reference", "name", "grain", "start", "end"}
    told = world.client.post(f"/v1/reports/{reference}/outcomes", json=TOLD, headers=world.auth("office"))
    assert told.status_code == 201, told.text
    last = status(world, "north", reference)
    assert last["state"] == "outcome_told"
    step = next(one for one in last["steps"] if one["step"] == "outcome_told")
    assert (step["outcome"], step["text"], step["told_by"]) == ("verified", TOLD["text"], "Office")
    assert [one["at"] for one in last["steps"]] == sorted(one["at"] for one in last["steps"])


@pytest.mark.both_kinds
def test_an_incident_is_what_the_sender_sees_of_it(world: World) -> None:
    enrolled(world)
    reference = world.submit("north", **SAME)
    world.submit("south", marking=amber("far"), **SAME)
    world.settle()
    assert world.get("far", f"/v1/reports/{reference}/incident")["origins"] == 2
    assert "in_incident" not in steps(world, "north", reference)


def test_an_edition_takes_up_words_of_its_days_and_counts_what_came_in_them(world: World) -> None:
    enrolled(world)
    told = {"words": world.submit("north", **NOVEMBER), "counted": world.submit("north")}
    world.settle()
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    for name, reference in told.items():
        used = [one for one in status(world, "north", reference)["steps"] if one["step"] == "used"]
        assert used
        assert {one["by_words"] for one in used} == {name == "words"}


def test_an_edition_that_the_sender_may_not_open_is_not_told(world: World) -> None:
    enrolled(world)
    reference = world.submit("north")
    world.settle()
    body = {"schedule": "monthly-bulletin", "day": "2026-10-15"}
    assert world.client.post("/v1/digests", json=body, headers=world.auth("far")).status_code == 201
    assert "used" not in steps(world, "north", reference)
    eva = signed_in("eva", "north", "analyst")
    assert world.client.post("/v1/digests", json=body, headers=eva).status_code == 201
    assert "used" not in steps(world, "north", reference), "a draft is not released"


def test_a_status_is_its_owners_alone(world: World) -> None:
    enrolled(world)
    reference = world.submit("north")
    hidden = world.submit("north", marking=amber())
    assert world.raw("south", f"/v1/reports/{reference}/status").status_code == 403
    assert world.raw("south", f"/v1/reports/{hidden}/status").status_code == 404


def test_a_key_learns_of_the_red_it_sent_that_it_came_in_and_no_more(world: World) -> None:
    enrolled(world)
    ben = signed_in("ben", "office", "analyst")
    reference = world.submit("north", marking={"tlp": "RED", "attribution": "named", "persons": ["ben"]})
    world.settle()
    told = world.client.post(f"/v1/reports/{reference}/outcomes", json=TOLD, headers=ben)
    assert told.status_code == 201, told.text
    assert steps(world, "north", reference) == ["received"]


@pytest.mark.both_kinds
def test_what_was_taken_back_says_so_and_keeps_what_it_had_come_to(world: World) -> None:
    enrolled(world)
    reference = world.submit("north")
    world.settle()
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    path, headers = f"/v1/reports/{reference}", world.auth("north")
    world.client.post(f"{path}/withdrawal", json={"reason": "mistaken"}, headers=headers)
    world.settle()
    withdrawn = status(world, "north", reference)
    assert withdrawn["state"] == "withdrawn"
    assert {one["step"] for one in withdrawn["steps"]} == {"received", "withdrawn", "used"}
    world.client.post(f"{path}/recall", json={"reason": "mistaken", "reference": reference}, headers=headers)
    world.settle()
    assert status(world, "north", reference)["state"] == "recalled"
    assert set(steps(world, "north", reference)) <= {"received", "withdrawn", "recalled"}


def test_an_outcome_is_told_by_whoever_reads_the_report_and_to_its_owner_alone(world: World) -> None:
    enrolled(world)
    ada = signed_in("ada", "north", "focal_point")
    sent = world.client.post("/v1/reports", json=report(), headers=ada).json()["reference"]
    hidden = world.submit("north", marking=amber("office"))
    path = f"/v1/reports/{sent}/outcomes"
    assert world.client.post(f"/v1/reports/{hidden}/outcomes", json=TOLD, headers=world.auth("far")).status_code == 404
    assert world.client.post(path, json=TOLD, headers=signed_in("fay", "far", "focal_point")).status_code == 403
    assert world.client.post(path, json=TOLD, headers=world.auth("office")).status_code == 201
    notices = world.client.get("/v1/notices", headers=ada).json()["notices"]
    assert [(one["what"], one["report"]) for one in notices] == [("outcome_told", sent)]
    assert TOLD["text"] not in world.raw("south", f"/v1/reports/{sent}").text


def test_the_first_act_of_an_analyst_of_another_organisation_is_the_triage_of_a_report(world: World) -> None:
    enrolled(world)
    reference = world.submit("north", **NOVEMBER)
    for slug in ("north", "office", "far"):
        world.client.post(f"/v1/reports/{reference}/outcomes", json=TOLD, headers=world.auth(slug))
        with db.reading() as session:
            row = session.exec(select(reports.Report)).one()
            found = reports.steps_of(session, [row.key]).get(row.key, {})
        assert (reports.TRIAGED in found) == (slug != "north")
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    with db.reading() as session:
        found = reports.steps_of(session, [row.key])[row.key]
    assert set(found) == {reports.TRIAGED, reports.FROZEN}
