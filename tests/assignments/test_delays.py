"""How long reports take from step to step, over what the reader sees; and the table for a spreadsheet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kernel import cells
from tests.persons import signed_in
from tests.world import World, amber, build_due, expect

BEGIN = datetime(2026, 11, 2, 6, tzinfo=UTC)
GREEN = {"tlp": "GREEN", "attribution": "named"}


def delays(world: World, slug: str) -> dict[str, tuple[int, Any, Any]]:
    found = world.get(slug, "/v1/reporting", **{"from": "2026-11-01", "to": "2026-12-31"})["delays"]
    return {one["step"]: (one["n"], one["median"], one["p90"]) for one in found}


def test_delays_are_quantiles_from_the_event_to_handing_in_tagging_weighing_and_the_digest(
    three: World, turn: Callable[[datetime], None]
) -> None:
    sent = []
    for number in range(10):
        turn(BEGIN + timedelta(hours=number))
        day = "2026-11-01" if number else "2026-11-02"
        sent.append(three.submit("north", occurred_from=day, occurred_to=day))
    turn(BEGIN + timedelta(hours=12))
    three.settle()
    eva = signed_in("eva", "office", "analyst")
    body = {"credibility": 3, "reason": "It fits.", "marking": GREEN}
    assert three.client.post(f"/v1/reports/{sent[9]}/credibility", json=body, headers=eva).status_code == 201
    assert delays(three, "office") == {
        "handed_in": (10, 24.0, 24.0), "tagged": (10, 7.0, 11.0), "triaged": (1, 3.0, 3.0), "digest": (0, None, None),
    }  # fmt: skip
    turn(datetime(2026, 12, 6, 6, tzinfo=UTC))
    build_due(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 6, 6, tzinfo=UTC))
    found = delays(three, "office")
    assert found["digest"][0] == 10
    assert found["digest"][1] > 24 * 30


def test_delays_are_of_the_reports_that_the_reader_sees(three: World, turn: Callable[[datetime], None]) -> None:
    turn(BEGIN)
    three.submit("north", occurred_from="2026-11-02", occurred_to="2026-11-02")
    three.submit("north", marking=amber(), occurred_from="2026-10-20", occurred_to="2026-10-20")
    three.submit("north", status="exercise")
    three.settle()
    assert delays(three, "south")["handed_in"] == (1, 0.0, 0.0)
    assert delays(three, "north")["handed_in"] == (2, 0.0, 13 * 24.0)


@pytest.mark.one_kind
def test_the_table_for_a_spreadsheet_has_a_line_for_each_period_and_no_formula(three: World) -> None:
    three.enrol("east", aliases=["=HYPERLINK(0)"])
    expect(three, "north")
    expect(three, "south", period="week", marking=amber())
    answer = three.raw("office", "/v1/reporting.csv", **{"from": "2026-09-01", "to": "2026-10-31"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("organisation,organisation_name,form,")
    days = [line.split(",")[7:9] for line in lines[1:-1]]
    assert days == [["2026-09-01", "2026-09-30"], ["2026-10-01", "2026-10-31"]]
    assert {line.rpartition(",")[2] for line in lines[1:-1]} == {"missing", "open"}


def test_no_cell_begins_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "|cmd"):
        assert cells.safe(text) == f"'{text}"
    assert [cells.safe(one) for one in ("plain", "1-2", None, -3, 2.5)] == ["plain", "1-2", "", -3, 2.5]
    assert cells.table(["a"], [['say "so", they'], ["=1"]]) == '\ufeffa\r\n"say ""so"", they"\r\n\'=1\r\n'
