"""The one permitted trace: that an expected report came is known by its assignment's marking; its sender is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kernel import ids
from tests import exits
from tests.e2e.two_worlds import Stage, alike
from tests.emptying import empty
from tests.world import World, amber, expect, report

OCTOBER = {"occurred_from": "2026-10-01", "occurred_to": "2026-10-31"}
DUE = datetime(2026, 11, 5, 7, 30, tzinfo=UTC)


def traced(world: World, **asked: Any) -> list[tuple[str, list[str], str | None]]:
    body = {"marking": amber()} | asked
    answer = world.client.post("/v1/markings/readers", json=body, headers=world.auth("north"))
    assert answer.status_code == 200, answer.text
    return [(one["form"], one["organisations"], one["start"]) for one in answer.json()["trace"]]


def test_the_sender_is_told_beforehand_who_learns_that_it_came(three: World) -> None:
    expect(three, "north", form="situation", marking=amber("south"))
    expect(three, "north", form="measures", marking=amber())
    assert traced(three) == [("measures", [], None), ("situation", ["South"], None)]
    assert traced(three, kind="situation") == [("situation", ["South"], None)]
    assert traced(three, kind="situation", **OCTOBER) == [("situation", ["South"], "2026-10-01")]
    assert traced(three, kind="situation", occurred_from="2026-09-30", occurred_to="2026-10-01") == []
    assert traced(three, kind="incident", **OCTOBER) == []
    assert traced(three, kind="situation", status="test", **OCTOBER) == []
    assert {form for form, *_ in traced(three, kind="zero", **OCTOBER)} == {"measures", "situation"}
    assert traced(three, kind="zero", occurred_from="2026-10-05", occurred_to="2026-10-11") == []


def test_the_owner_of_a_report_sees_its_trace_among_its_readers(three: World) -> None:
    assigned = expect(three, "north", form="situation", marking=amber("south"))
    reference = three.submit("north", kind="situation", marking=amber(), **OCTOBER)
    (trace,) = three.get("north", f"/v1/reports/{reference}/readers")["trace"]
    assert (trace["assignment"], trace["tlp"], trace["organisations"]) == (assigned, "AMBER", ["South"])
    assert (trace["start"], trace["end"], trace["form_name"]) == ("2026-10-01", "2026-10-31", "Situation report")
    other = three.submit("north", marking=amber())
    assert three.get("north", f"/v1/reports/{other}/readers")["trace"] == []


def test_whom_the_sender_may_not_know_of_is_not_named_to_it(three: World) -> None:
    three.enrol("veiled", hidden=True)
    expect(three, "north", form="situation", marking=amber("south", "veiled"))
    assert traced(three) == [("situation", ["South"], None)]


@pytest.mark.one_kind
def test_a_report_that_nobody_may_read_changes_for_others_that_it_came_and_nothing_else(world: World) -> None:
    stage = Stage(world)
    telling = ("/v1/expected", "/v1/reporting")
    worlds: list[dict[str, Any]] = []
    for there in (True, False):
        empty()
        ids.seed(1)
        expect(world, "north", marking=amber("south"))
        ids.seed(2)
        told = world.post("far", report(1))
        ids.seed(3)
        if there:
            world.post("north", report(2, marking=amber()) | OCTOBER)
        world.settle()
        worlds.append(stage.look("ben", [told.json()["reference"]], []))
    one, other = worlds
    changed = {name for name in one if one[name] != other[name]}
    assert changed
    assert {name.split()[3].partition("?")[0] for name in changed} <= {*telling, "/v1/reporting.csv", *PAGES}
    quiet = [{name: said for name, said in each.items() if name not in changed} for each in worlds]
    alike(*quiet, counted=True)
    for name in changed:  # not when, how many, or which: the states alone differ
        assert one[name].statements == other[name].statements, name


PAGES = {"/expected", "/reporting", "/who-does-what", "/who-does-what.csv"}


def test_how_many_came_and_when_is_no_part_of_the_trace(three: World, turn: Callable[[datetime], None]) -> None:
    expect(three, "north", marking=amber("south"))
    seen = {"from": "2026-10-01", "to": "2026-10-31"}
    three.submit("north", marking=amber(), **OCTOBER)
    turn(DUE - timedelta(minutes=30))
    before = [three.raw("south", path, **seen).json() for path in ("/v1/expected", "/v1/reporting.csv")[:1]]
    three.submit("north", marking=amber(), **OCTOBER)
    three.submit("north", marking=amber(), title="Another", **OCTOBER)
    assert [three.raw("south", "/v1/expected", **seen).json()] == before
    assert exits.ROUTES["GET /v1/expected"].by == exits.POLICY
