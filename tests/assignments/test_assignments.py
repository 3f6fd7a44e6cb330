"""Assignments through HTTP: who makes them, who knows of them, and what is refused."""

from typing import Any

import pytest
from sqlmodel import col, select

from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.persons import signed_in
from tests.world import World, amber, expect

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.fixture
def four(world: World) -> World:
    """A secretariat and three states."""
    for slug in ("north", "south", "far"):
        world.enrol(slug, countries=["KG"], timezone="Asia/Bishkek")
    world.enrol("office", "secretariat")
    return world


def body(**overrides: Any) -> dict[str, Any]:
    return {
        "organisation": "north", "form": "measures", "period": "month", "due_days": 5, "due_hour": 18,
        "marking": GREEN, "starts_on": "2026-01-01",
    } | overrides  # fmt: skip


def listed(world: World, slug: str) -> list[str]:
    return [one["reference"] for one in world.get(slug, "/v1/assignments")]


@pytest.mark.both_kinds
def test_an_analyst_of_the_secretariat_and_an_administrator_expect_reports_and_nobody_else(four: World) -> None:
    allowed = [signed_in("eva", "office", "analyst"), signed_in("max", "far", "administrator")]
    refused = [signed_in("abe", "north", "analyst"), signed_in("fay", "office", "focal_point"), four.auth("office")]
    for number, who in enumerate(allowed):
        answer = four.client.post("/v1/assignments", json=body(place=["KG", None][number]), headers=who)
        assert answer.status_code == 201, answer.text
    for who in refused:
        assert four.client.post("/v1/assignments", json=body(form="incident"), headers=who).status_code == 403
    said = four.client.post("/v1/assignments", json=body(form="incident"), headers=refused[0]).json()
    assert said["type"].endswith("#not-of-the-secretariat")


def test_an_assignment_is_known_to_whom_its_marking_reaches_and_always_to_the_organisation(four: World) -> None:
    green = expect(four, "north")
    shared = expect(four, "north", form="situation", marking=amber("south"))
    own = expect(four, "north", form="measures", marking=amber())
    assert sorted(listed(four, "north")) == sorted([green, shared, own])
    assert sorted(listed(four, "south")) == sorted([green, shared])
    assert listed(four, "far") == [green]
    assert listed(four, "office") == [green]  # the secretariat is a recipient like any other
    assert four.raw("far", f"/v1/assignments/{shared}").json() == four.raw("far", "/v1/assignments/ASN-1").json()
    (mine,) = [one for one in four.get("north", "/v1/assignments") if one["reference"] == shared]
    assert (mine["mine"], mine["tlp"], mine["timezone"], mine["marking"]) == (True, "AMBER", "Asia/Bishkek", None)


def test_whoever_keeps_assignments_finds_all_of_them_and_of_none_whether_it_came(four: World) -> None:
    own = expect(four, "north", marking=amber())
    eva = signed_in("eva", "office", "analyst")
    (found,) = four.client.get("/v1/assignments", headers=eva).json()
    assert (found["reference"], found["marking"]["tlp"]) == (own, "AMBER")
    assert four.client.get("/v1/expected", headers=eva).json() == {"expected": [], "next": None}
    max_ = signed_in("max", "office", "administrator")
    assert len(four.client.get("/v1/assignments", headers=max_).json()) == 1
    assert four.client.get("/v1/expected", headers=max_).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field", "problem"),
    [
        ({"organisation": "nobody"}, "organisation", "invalid"),
        ({"organisation": "people"}, "organisation", "nothing-expected"),
        ({"form": "rumour"}, "form", "invalid"),
        ({"period": "day"}, "period", "not-valid-request"),
        ({"due_days": 0}, "due_days", "not-valid-request"),
        ({"due_hour": 24}, "due_hour", "not-valid-request"),
        ({"place": "XX"}, "place", "not-valid-request"),
        ({"starts_on": "1999-12-31"}, "starts_on", "not-valid-request"),
        ({"ends_on": "2025-12-31"}, "ends_on", "not-valid-request"),
        ({"marking": {"tlp": "RED", "attribution": "named", "persons": ["ada"]}}, "marking.tlp", "invalid"),
        ({"marking": GREEN | {"attribution": "withheld"}}, "marking.attribution", "invalid"),
        ({"marking": amber("nobody")}, "marking.organisations", "invalid"),
        ({"status": "test"}, "status", "not-valid-request"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(four: World, wrong: dict[str, Any], field: str, problem: str) -> None:
    four.enrol("people", "civil_society")
    signed_in("ada", "north", "focal_point")
    eva = signed_in("eva", "office", "analyst")
    answer = four.client.post("/v1/assignments", json=body(**wrong), headers=eva)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(f"#{problem}"), answer.text
    assert field in (answer.json().get("field") or answer.text)


@pytest.mark.both_kinds
def test_one_report_is_expected_once(four: World) -> None:
    eva = signed_in("eva", "office", "analyst")

    def make(**more: Any) -> int:
        return four.client.post("/v1/assignments", json=body(**more), headers=eva).status_code

    assert make(ends_on="2026-06-30") == 201
    assert make(starts_on="2026-06-30") == 409
    assert make(starts_on="2025-01-01", ends_on="2026-01-01") == 409
    assert make(starts_on="2026-07-01") == 201
    assert make(starts_on="2026-07-01", period="week") == 201
    assert make(starts_on="2026-07-01", status="exercise") == 201
    assert make(starts_on="2026-07-01", organisation="south") == 201
    first = four.client.get("/v1/assignments", headers=eva).json()[0]["reference"]
    again = four.client.patch(f"/v1/assignments/{first}", json={"ends_on": None}, headers=eva)
    assert again.json()["type"].endswith("#already-expected")


@pytest.mark.both_kinds
def test_an_assignment_is_ended_marked_anew_and_struck_out_on_the_record(four: World) -> None:
    reference = expect(four, "north", marking=amber("south"))
    eva = signed_in("eva", "office", "analyst")
    path = f"/v1/assignments/{reference}"
    changed = four.client.patch(path, json={"marking": amber("far"), "ends_on": "2026-12-31"}, headers=eva).json()
    assert (changed["ends_on"], changed["marking"]["organisations"]) == ("2026-12-31", ["far"])
    assert (listed(four, "south"), listed(four, "far")) == ([], [reference])
    assert four.client.patch(path, json={"ends_on": "2025-12-31"}, headers=eva).status_code == 422
    assert four.client.delete(path, headers=four.auth("north")).status_code == 403
    assert four.client.delete(path, headers=eva).status_code == 204
    assert listed(four, "north") == []
    assert four.client.delete(path, headers=eva).status_code == 404
    (kept,) = four.client.get("/v1/assignments", headers=eva).json()
    assert kept["active"] is False
    with db.reading() as session:
        told = select(AuditEntry.action).where(AuditEntry.subject == reference).order_by(col(AuditEntry.id))
        acts = session.exec(told).all()
    assert acts == ["assignment.made", "assignment.changed", "assignment.struck"]


def test_of_an_organisation_that_hides_its_membership_only_those_near_it_know_what_is_expected(four: World) -> None:
    four.enrol("veiled", hidden=True)
    four.group("ring", "veiled", "north")
    reference = expect(four, "veiled")
    assert listed(four, "north") == listed(four, "veiled") == [reference]
    assert listed(four, "south") == []


def test_the_pack_proposes_and_expects_nothing(four: World) -> None:
    eva = signed_in("eva", "office", "analyst")
    found = four.client.get("/v1/assignment-templates", headers=eva).json()
    by_form = {(one["form"], one["period"]) for one in found}
    assert by_form == {
        ("zero", "week"),
        ("measures", "month"),
        ("neighbour-situation", "month"),
        ("situation", "quarter"),
    }
    assert {one["organisation"] for one in found if one["period"] == "quarter"} == {"caricc"}
    assert four.client.get("/v1/assignments", headers=eva).json() == []
