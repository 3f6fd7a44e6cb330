"""Reminders by the clock: before and after a deadline, once each, however many clocks run and however long none did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.persons import signed_in
from tests.world import World, amber, expect
from workers import schedule

OCTOBER = {"occurred_from": "2026-10-01", "occurred_to": "2026-10-31"}
DUE = datetime(2026, 11, 5, 7, 30, tzinfo=UTC)  # the 5th at noon in Kabul
JOB = next(job for job in schedule.JOBS if job.name == "expected")


def tick(at: datetime) -> None:
    schedule.do(JOB, at)


def told(world: World, who: dict[str, str]) -> list[tuple[str, str, str]]:
    found: list[dict[str, Any]] = world.client.get("/v1/notices", headers=who).json()["notices"]
    return [(one["what"], one["report"], one["on_day"]) for one in reversed(found)]


@pytest.mark.one_kind
def test_a_focal_point_is_reminded_before_the_deadline_and_after_it_once_each(three: World) -> None:
    ada, abe = signed_in("ada", "north", "focal_point"), signed_in("abe", "north", "analyst")
    sam = signed_in("sam", "south", "focal_point")
    reference = expect(three, "north")
    tick(DUE - timedelta(days=3, seconds=1))
    assert told(three, ada) == []
    for hours in (72, 71, 1, 0):
        tick(DUE - timedelta(hours=hours))
    assert told(three, ada) == [("report_due", reference, "2026-11-05")]
    for seconds in (1, 2, 86_400):
        tick(DUE + timedelta(seconds=seconds))
    before, after = ("report_due", reference, "2026-11-05"), ("report_overdue", reference, "2026-11-05")
    assert told(three, ada) == [before, after]
    assert told(three, abe) == told(three, sam) == []


def test_of_what_came_nobody_is_reminded_and_of_what_was_taken_back_somebody_is(three: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    expect(three, "north", marking=amber())
    sent = three.submit("north", marking=amber(), **OCTOBER)
    tick(DUE - timedelta(days=1))
    assert told(three, ada) == []
    three.client.post(f"/v1/reports/{sent}/withdrawal", json={"reason": "mistaken"}, headers=three.auth("north"))
    tick(DUE + timedelta(days=1))
    assert [what for what, *_ in told(three, ada)] == ["report_overdue"]


def test_two_clocks_that_found_the_same_due_remind_once(three: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    expect(three, "north")
    from services import assignments
    from services.kernel import db

    at = DUE - timedelta(days=1)
    with db.reading() as session:
        both = [assignments.reminders_due(session, at) for _ in range(2)]
    assert [assignments.remind(found, at=at) for found in both] == [1, 0]
    assert len(told(three, ada)) == 1


@pytest.mark.one_kind
def test_a_clock_that_stood_still_for_months_sends_no_flood(three: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    expect(three, "north", period="week", due_days=1)
    tick(datetime(2026, 11, 9, 8, tzinfo=UTC))  # forty-four weeks are overdue, one of them since this morning
    assert told(three, ada) == [("report_overdue", told(three, ada)[0][1], "2026-11-09")]


def test_what_ended_was_struck_out_or_is_of_who_is_suspended_reminds_nobody(three: World) -> None:
    ada, sam = signed_in("ada", "north", "focal_point"), signed_in("sam", "south", "focal_point")
    max_ = signed_in("max", "office", "administrator")
    expect(three, "north", ends_on="2026-10-30")
    struck = expect(three, "north", form="situation")
    expect(three, "south")
    three.client.delete(f"/v1/assignments/{struck}", headers=max_)
    suspended = three.client.post("/v1/organisations/south/suspension", headers=max_)
    assert suspended.status_code == 200, suspended.text
    tick(DUE - timedelta(days=1))
    resumed = three.client.delete("/v1/organisations/south/suspension", params={"past": True}, headers=max_)
    assert resumed.status_code == 200, resumed.text
    assert told(three, ada) == told(three, sam) == []
