"""Analysts say which reports tell one event: for whoever sees both, whatever tagging finds, and in the counts."""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from services import tagging
from services.kernel import clock, db
from services.kernel.errors import Stale
from services.kernel.model import table
from services.reports import Report
from services.reports.keeping.emptying import _empty
from services.reports.keeping.rules import Rule
from services.tagging import pairs
from services.tagging.pairs import Decided
from tests.tagging.test_reports import CACHE, RETOLD
from tests.weighing.parties import Weighers
from tests.world import World, amber

REPORT = table(Report)
DAYS = {"from": "2026-10-01", "to": "2026-10-31"}


class Desk(Weighers):
    """Three organisations and a secretariat, each with an analyst, who say what tells the same."""

    def pair(self, who: str, one: str, other: str, decided: str = "same", *, status: int = 201) -> dict[str, Any]:
        body = {"report": other, "decided": decided, "reason": "Both name the bridge."}
        answer = self.world.client.post(f"/v1/reports/{one}/links", json=body, headers=self.people[who])
        assert answer.status_code == status, answer.text
        self.world.settle()
        found: dict[str, Any] = answer.json()
        return found

    def pairs(self, who: str, one: str) -> dict[str, tuple[bool, bool, list[str]]]:
        answer = self.world.client.get(f"/v1/reports/{one}/links", headers=self.people[who])
        assert answer.status_code == 200, answer.text
        return {
            pair["report"]: (pair["joined"], pair["alike"] > 0, [act["decided"] for act in pair["decisions"]])
            for pair in answer.json()["pairs"]
        }

    def told(self, slug: str, one: str) -> set[str]:
        return set(self.world.get(slug, f"/v1/reports/{one}/incident")["reports"])

    def count(self, slug: str, **more: str) -> int:
        query = DAYS | {"place": "KG-B", "grain": "month"} | more
        points = self.world.get(slug, "/v1/indicators/armed-violence-incidents/series", **query)["points"]
        return int(sum(point["value"] for point in points))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_a_pair_is_joined_and_parted_by_an_analyst_and_counted_so_at_once(desk: Desk) -> None:
    one, other = desk.world.submit("north"), desk.world.submit("far")
    desk.world.settle()
    assert desk.count("south") == 2
    desk.pair("office", one, other)
    assert desk.told("south", one) == {one, other}
    assert desk.count("south") == 1
    desk.pair("office", other, one, "undecided")
    assert desk.told("south", one) == {one}
    assert desk.count("south") == 2
    assert desk.pairs("south", one) == {other: (False, False, ["same", "undecided"])}


@pytest.mark.one_kind
def test_a_decided_pair_outlives_tagging_anew_and_what_words_say(desk: Desk) -> None:
    one, other = (desk.world.submit(slug, text=CACHE) for slug in ("north", "far"))
    desk.world.settle()
    assert desk.told("south", one) == {one, other}
    desk.pair("office", one, other, "apart")
    third = desk.world.submit("south")
    desk.world.settle()
    desk.pair("office", one, third)
    for slug, reference, text in (("north", one, RETOLD), ("south", third, "Other words.")):
        body = desk.world.get(slug, f"/v1/reports/{reference}")
        edit = {name: body[name] for name in ("title", "kind", "occurred_from", "occurred_to", "place", "themes")}
        edit |= {"text": text, "marking": {"tlp": "GREEN", "attribution": "named"}}
        desk.world.client.put(f"/v1/reports/{reference}", json=edit, headers=desk.world.auth(slug)).raise_for_status()
        desk.world.settle()
    assert (desk.told("far", one), desk.told("far", other)) == ({one, third}, {other})
    desk.pair("office", one, other, "undecided")
    assert desk.told("far", one) == {one, other, third}


def test_of_three_that_tell_the_same_one_can_be_parted_from_the_others(desk: Desk) -> None:
    told = [desk.world.submit(slug, text=CACHE) for slug in ("north", "north", "far")]
    desk.world.settle()
    desk.pair("office", told[0], told[1], "apart")
    assert desk.told("south", told[0]) == set(told)  # both tell the same as the third
    desk.pair("office", told[0], told[2], "apart")
    assert (desk.told("south", told[0]), desk.told("south", told[1])) == ({told[0]}, set(told[1:]))


def test_whoever_sees_one_end_only_is_told_nothing_and_counts_as_before(desk: Desk) -> None:
    shown = desk.world.submit("north")
    middle = desk.world.submit("north", marking=amber("office", "north"))
    last = desk.world.submit("far")
    desk.world.settle()
    desk.pair("office", shown, middle)
    desk.pair("office", middle, last)
    assert (desk.count("south"), desk.count("north")) == (2, 1)
    assert desk.told("south", shown) == {shown}
    assert desk.pairs("south", shown) == {}
    assert desk.pairs("north", shown) == {middle: (True, False, ["same"]), last: (True, False, [])}


@pytest.mark.one_kind
def test_others_reports_are_the_secretariats_to_judge(desk: Desk) -> None:
    """Else a partner joins what it made up to what another saw, and has it confirmed; or makes two attacks one."""
    mine, again = desk.world.submit("north"), desk.world.submit("north")
    theirs = desk.world.submit("far")
    withheld = desk.world.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    hidden = desk.world.submit("far", marking=amber("far"))
    practice = desk.world.submit("north", status="exercise")
    desk.world.settle()
    for other in (theirs, withheld):
        assert "secretariat" in desk.pair("north", mine, other, status=403)["detail"]
    desk.pair("north", mine, again)
    for other in (hidden, "EWN-1111-1111-1111"):
        assert desk.pair("office", mine, other, status=404) == desk.pair("office", other, mine, status=404)
    for other in (mine, practice):
        desk.pair("office", mine, other, status=422)
    key = desk.world.client.post(f"/v1/reports/{mine}/links", json={}, headers=desk.world.auth("office"))
    assert key.status_code == 403


@pytest.mark.one_kind
def test_a_reason_goes_with_the_words_it_was_about(desk: Desk) -> None:
    one, other = desk.world.submit("north"), desk.world.submit("far")
    desk.world.settle()
    said = desk.pair("office", one, other)["pairs"][0]["decisions"][0]
    assert (said["reason"], said["person"], said["mine"], said["revised"]) == (
        "Both name the bridge.", "Office-Analyst", True, False,
    )  # fmt: skip
    desk.world.client.post(
        f"/v1/reports/{other}/recall", json={"reason": "sent in error", "reference": other},
        headers=desk.world.auth("far"),
    ).raise_for_status()  # fmt: skip
    desk.world.settle()
    assert desk.pairs("office", one) == {}
    assert desk.told("north", one) == {one}


def test_what_was_emptied_after_a_plan_was_made_keeps_its_link(desk: Desk) -> None:
    emptied, other = desk.world.submit("north", text=CACHE), desk.world.submit("far", text=CACHE)
    desk.world.settle()
    with db.reading() as session:
        kept, told = sorted(session.execute(select(REPORT.c.id)).scalars())
        plan = tagging.plan(session, [told])
    with db.transaction() as session:
        row = session.execute(select(Report).where(REPORT.c.id == kept)).scalar_one()
        _empty(session, row, Rule("RUL-1", None, None, 1, receipt=False), clock.now())
    desk.world.settle()
    with suppress(Stale), db.transaction() as session:
        tagging.write(session, plan)
    desk.world.settle()
    assert desk.told("south", other) == {emptied, other}
    assert desk.count("south") == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_an_analyst_parts_while_links_are_made_again_stays_apart(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reports that are parted hung together through one that now tells another thing."""
    one, other, changed = (desk.world.submit("north", text=CACHE) for _ in range(3))
    desk.world.settle()
    body = desk.world.get("north", f"/v1/reports/{changed}")
    edit = {name: body[name] for name in ("title", "kind", "occurred_from", "occurred_to", "place", "themes")}
    edit |= {"text": "A quiet afternoon by the lake.", "marking": {"tlp": "GREEN", "attribution": "named"}}
    desk.world.client.put(f"/v1/reports/{changed}", json=edit, headers=desk.world.auth("north")).raise_for_status()
    with db.reading() as session:
        first = session.execute(select(REPORT.c.id).where(REPORT.c.reference == changed)).scalar_one()
        plan = tagging.plan(session, [first])
    desk.world.submit("north", text=CACHE, status="exercise")
    with db.reading() as session:
        last = session.execute(select(func.max(REPORT.c.id))).scalar_one()
        exercise = tagging.plan(session, [last])
    with db.transaction() as session:
        tagging.write(session, exercise)  # it is looked at with the others, and joins none
    parted: list[tagging.Plan] = []

    def decided(session: Session, keys: Collection[int]) -> Decided:
        found = real(session, keys)
        if not parted:
            given = {"report": other, "decided": "apart", "reason": "Two bridges."}
            answer = desk.world.client.post(f"/v1/reports/{one}/links", json=given, headers=desk.people["office"])
            answer.raise_for_status()
            with db.reading() as reading:
                ends = session.execute(select(REPORT.c.id).where(REPORT.c.reference.in_([one, other]))).scalars().all()
                parted.append(tagging.plan_links(reading, [min(ends)]))
        return found

    real = pairs.decided
    monkeypatch.setattr("services.tagging.joining.decided", decided)
    with suppress(Stale), db.transaction() as session:
        tagging.write(session, plan)
    with suppress(Stale), db.transaction() as session:
        tagging.write(session, parted[0])
    desk.world.settle()
    assert desk.told("north", one) == {one}
