"""What meets what is expected: one report for each period, in time by the organisation's clocks, taken back or not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.world import World, amber, expect, report

pytestmark = pytest.mark.one_kind

SEEN = {"from": "2026-10-01", "to": "2026-10-31", "size": 500}
OCTOBER = {"occurred_from": "2026-10-01", "occurred_to": "2026-10-31"}
DUE = datetime(2026, 11, 5, 7, 30, tzinfo=UTC)  # the 5th at noon in Kabul


def states(world: World, slug: str, **query: Any) -> list[str]:
    return [one["state"] for one in world.get(slug, "/v1/expected", **SEEN | query)["expected"]]


def by_form(world: World) -> dict[str, str]:
    return {one["form"]: one["state"] for one in world.get("office", "/v1/expected", **SEEN)["expected"]}


def total(world: World, slug: str, **query: Any) -> tuple[Any, ...]:
    found = world.get(slug, "/v1/reporting", **{"from": "2026-10-01", "to": "2026-10-31"} | query)["total"]
    return found["expected"], found["received"], found["on_time"]


def test_a_report_is_on_time_until_the_deadline_by_the_clocks_of_its_organisation_and_late_after_it(
    three: World, turn: Callable[[datetime], None]
) -> None:
    expect(three, "north")
    expect(three, "south")
    turn(DUE)
    assert states(three, "office") == ["missing", "open"]  # the 5th at noon came half an hour earlier in Tashkent
    three.submit("north", **OCTOBER)
    three.submit("south", **OCTOBER)
    turn(DUE + timedelta(seconds=1))
    assert states(three, "office") == ["late", "on_time"]
    assert total(three, "office") == (2, 2, 1)


def test_however_many_reports_are_sent_one_is_counted_and_the_first_decides(
    three: World, turn: Callable[[datetime], None]
) -> None:
    expect(three, "north")
    three.submit("north", **OCTOBER)
    turn(DUE + timedelta(days=1))
    for _ in range(3):
        three.submit("north", **OCTOBER)
    assert states(three, "office") == ["on_time"]
    assert total(three, "office") == (1, 1, 1)


@pytest.mark.both_kinds
def test_what_is_withdrawn_was_not_received_and_what_is_revised_is_counted_as_it_stands(three: World) -> None:
    expect(three, "north")
    first, second = (three.submit("north", **OCTOBER) for _ in range(2))
    for reference in (first, second):
        three.client.post(
            f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=three.auth("north")
        )
        assert states(three, "office") == [["on_time"], ["open"]][reference == second]
    third = three.submit("north", occurred_from="2026-09-30", occurred_to="2026-10-01")
    assert states(three, "office") == ["open"]  # it lies in no month
    three.client.put(f"/v1/reports/{third}", json=report() | OCTOBER, headers=three.auth("north"))
    assert states(three, "office") == ["on_time"]


def test_reports_of_another_form_status_or_organisation_meet_nothing(
    three: World, turn: Callable[[datetime], None]
) -> None:
    expect(three, "north", form="measures")
    three.submit("north", **OCTOBER)
    three.submit("north", kind="measures", status="exercise", **OCTOBER)
    three.submit("north", kind="measures", status="test", **OCTOBER)
    three.submit("south", kind="measures", **OCTOBER)
    assert states(three, "office") == ["open"]
    expect(three, "north", form="measures", status="exercise")
    assert sorted(states(three, "office")) == ["on_time", "open"]
    turn(DUE + timedelta(days=9))
    assert total(three, "office") == (1, 0, 0)
    assert total(three, "office", status="exercise") == (1, 1, 1)


def test_nothing_to_report_counts_as_received_for_the_period_whose_days_it_gives(three: World) -> None:
    expect(three, "north", form="incident", period="week", starts_on="2026-10-05", ends_on="2026-10-18")
    expect(three, "north", form="measures", starts_on="2026-10-01")
    three.submit("north", kind="zero", occurred_from="2026-10-12", occurred_to="2026-10-18")
    assert states(three, "office") == ["missing", "late", "open"]  # a quiet week is no quiet month
    three.submit("north", kind="zero", **OCTOBER)
    assert states(three, "office") == ["missing", "late", "on_time"]


@pytest.mark.both_kinds
def test_nothing_to_report_that_names_a_form_stands_for_it_and_for_no_other(three: World) -> None:
    expect(three, "north", form="measures")
    expect(three, "north", form="neighbour-situation", starts_on="2026-10-01")
    answers = {"stands_for": {"value": "neighbour_situation"}}
    three.submit(
        "north", kind="zero", form="zero", answers=answers, occurred_from="2026-10-05", occurred_to="2026-10-30"
    )
    assert by_form(three) == {"measures": "open", "neighbour-situation": "on_time"}


def test_a_report_is_of_the_form_that_it_is_written_with_or_else_of_that_of_its_kind(three: World) -> None:
    expect(three, "north", form="situation")
    expect(three, "north", form="neighbour-situation", starts_on="2026-10-01")
    said = {one: {"state": "no_change"} for one in ("security", "armed_groups")}
    three.submit("north", kind="situation", form="neighbour-situation", answers=said, place="AF", **OCTOBER)
    assert sorted(states(three, "office")) == ["on_time", "open"]
    three.submit("north", kind="situation", **OCTOBER)
    assert states(three, "office") == ["on_time", "on_time"]


@pytest.mark.both_kinds
def test_a_rate_is_of_deadlines_that_are_past(three: World) -> None:
    expect(three, "north")
    three.submit("north", **OCTOBER)
    found = three.get("office", "/v1/reporting", **{"from": "2026-10-01", "to": "2026-10-31"})
    assert found["total"] == {
        "expected": 0, "received": 0, "on_time": 0,
        "completeness": None, "timeliness": None, "timeliness_of_received": None,
    }  # fmt: skip


@pytest.mark.both_kinds
def test_seventeen_of_twenty_and_fourteen_in_time_are_told_as_the_definitions_say(
    three: World, turn: Callable[[datetime], None]
) -> None:
    expect(three, "north", period="week", form="zero", starts_on="2026-05-04", due_days=1)
    weeks = [datetime(2026, 5, 4, tzinfo=UTC) + timedelta(weeks=n) for n in range(20)]
    for number, monday in enumerate(weeks[:17]):
        came = monday + timedelta(days=7 if number < 14 else 9)
        turn(came)
        days = {"occurred_from": f"{monday:%F}", "occurred_to": f"{monday + timedelta(days=6):%F}"}
        three.submit("north", kind="zero", **days)
    turn(DUE)
    found = three.get("south", "/v1/reporting", **{"from": "2026-05-04", "to": "2026-09-20"})
    assert found["total"] == {
        "expected": 20, "received": 17, "on_time": 14,
        "completeness": 85.0, "timeliness": 70.0, "timeliness_of_received": 82.4,
    }  # fmt: skip
    for by in ("organisations", "countries", "forms"):
        assert [(one["expected"], one["received"]) for one in found[by]] == [(20, 17)], by
    assert [one["key"] for one in found["countries"]] == ["AF"]
    assert [one["received"] for one in found["periods"]] == [1] * 17 + [0] * 3


@pytest.mark.both_kinds
def test_of_what_is_expected_each_sees_what_the_marking_lets_it_and_a_rate_is_made_of_no_more(
    three: World, turn: Callable[[datetime], None]
) -> None:
    expect(three, "north", form="incident", marking=amber())
    expect(three, "north", form="situation", marking=amber("south"))
    three.submit("north", kind="situation", marking=amber(), **OCTOBER)  # nobody may read it, and it came
    turn(DUE + timedelta(days=1))
    assert [total(three, slug) for slug in ("north", "south", "office")] == [(2, 1, 1), (1, 1, 1), (0, 0, 0)]


def test_the_list_goes_by_deadline_in_pages_sealed_for_their_reader(three: World) -> None:
    expect(three, "north", period="week")
    expect(three, "south", period="month")
    whole = three.get("office", "/v1/expected", **SEEN)["expected"]
    assert [one["due_at"] for one in whole] == sorted(one["due_at"] for one in whole)
    got, cursor = [], {}
    while True:
        page = three.get("office", "/v1/expected", **SEEN | {"size": 2} | cursor)
        got += page["expected"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert got == whole
    assert three.raw("south", "/v1/expected", **SEEN | cursor).status_code == 400
    assert {one["organisation"] for one in three.get("south", "/v1/expected", mine=True, **SEEN)["expected"]} == {
        "south"
    }
    assert states(three, "office", state="missing") == ["missing"] * 4


@pytest.mark.parametrize(
    "query", [{"from": "2026-10-02", "to": "2026-10-01"}, {"from": "2020-01-01", "to": "2026-01-01"}]
)
def test_a_span_that_is_none_or_too_long_is_refused(three: World, query: dict[str, str]) -> None:
    for path in ("/v1/expected", "/v1/reporting"):
        answer = three.raw("north", path, **query)
        assert (answer.status_code, answer.json()["field"]) == (422, "to")
