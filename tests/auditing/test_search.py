"""What an auditor finds, by time, action, organisation, person and reference; of RED only the reference."""

import json
from typing import Any

import pytest

from services.auditing.faces import face
from services.kernel import checkpoints, db, sealing, sequencer
from services.kernel.gathering import gathered
from tests.persons import signed_in
from tests.world import World, amber

RED = {"tlp": "RED", "attribution": "named", "persons": ["ada"]}
Who = dict[str, str]


def placed() -> None:
    gathered.flush()
    with db.transaction() as session:
        sequencer.place(session)


@pytest.fixture
def auditor(world: World) -> Who:
    for slug in ("north", "south", "office"):
        world.enrol(slug)
    return signed_in("olga", "office", "auditor")


def found(world: World, auditor: Who, **query: Any) -> list[dict[str, Any]]:
    placed()
    answer = world.client.get("/v1/audit", params=query, headers=auditor)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


@pytest.mark.one_kind
def test_only_auditors_may_look_and_looking_is_recorded(world: World, auditor: Who) -> None:
    ada = signed_in("ada", "north", "focal_point", "analyst", "administrator")
    for path in ("/v1/audit", "/v1/audit/seal", "/audit"):
        assert world.client.get(path, headers=ada | {"Accept": "application/json"}).status_code == 403
    found(world, auditor)
    (one,) = found(world, auditor, action="audit.searched")
    assert (one["person"], one["subject"], one["organisation"]) == ("olga", "GET /v1/audit", "office")


def test_acts_and_answers_are_found_by_each_filter(world: World, auditor: Who) -> None:
    reference, other = world.submit("north", marking=amber("south")), world.submit("north")
    ben = signed_in("ben", "south", "analyst")
    world.client.get(f"/v1/reports/{reference}", headers=ben)
    world.get("south", f"/v1/reports/{other}")
    about = found(world, auditor, reference=reference)
    assert [(one["action"], one["organisation"], one["person"]) for one in about] == [
        ("answer.given", "south", "ben"), ("report.submitted", "north", None),
    ]  # fmt: skip
    assert about[0]["label"] == "AMBER"
    assert about[0]["references"] == [reference]
    assert [one["action"] for one in found(world, auditor, person="BEN")] == ["answer.given"]
    assert {one["organisation"] for one in found(world, auditor, organisation="south")} == {"south"}
    assert found(world, auditor, organisation="nobody") == found(world, auditor, person="nobody") == []
    assert len(found(world, auditor, action="report.submitted")) == 2
    at = "2026-11-01T12:00:00Z"  # where the clock stands
    assert found(world, auditor, to=at) == []
    assert found(world, auditor, **{"from": at, "action": "report.submitted"})


@pytest.mark.one_kind
def test_persons_are_named_when_shown(world: World, auditor: Who) -> None:
    world.member("zoe", "north", "analyst")
    (one,) = found(world, auditor, person="zoe")
    assert (one["action"], one["subject"], one["detail"]) == ("member.invited", "person:zoe", {"roles": ["analyst"]})


def test_pages_go_on_by_a_cursor_that_is_the_auditors_own(world: World, auditor: Who) -> None:
    for _ in range(7):
        world.submit("north")
    placed()
    every, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        query = {"action": "report.submitted", "size": 3} | ({"cursor": cursor} if cursor else {})
        page = world.client.get("/v1/audit", params=query, headers=auditor).json()
        every += [one["subject"] for one in page["entries"]]
        cursor, pages = page["next"], pages + 1
    assert (len(every), len(set(every)), pages) == (7, 7, 3)
    first = world.client.get("/v1/audit", params={"size": 1}, headers=auditor).json()["next"]
    stranger = signed_in("oleg", "office", "auditor")
    assert world.client.get("/v1/audit", params={"cursor": first}, headers=stranger).status_code == 400


def test_of_red_the_reference_alone_is_shown(world: World, auditor: Who) -> None:
    ada = signed_in("ada", "south", "analyst")
    red, green = world.submit("north", marking=RED), world.submit("north")
    world.client.get(f"/v1/reports/{red}", headers=ada)
    world.client.get("/v1/reports", headers=ada)  # gives both
    about = found(world, auditor, reference=red)
    assert [one["action"] for one in about] == ["answer.given", "report.submitted"]
    for one in about:
        assert one["references"] == [red]
        assert (one["organisation"], one["person"], one["key"], one["address"]) == (None,) * 4
        assert one["detail"] == {}
    for entries in (found(world, auditor, person="ada"), found(world, auditor, organisation="south")):
        assert red not in json.dumps(entries)
        assert "RED" not in json.dumps(entries)
    (both,) = found(world, auditor, reference=green, action="answer.given")
    assert (both["person"], both["references"], both["label"]) == ("ada", [green], None)
    headers = auditor | {"Accept": "text/html"}
    page = world.client.get("/audit", params={"reference": red}, headers=headers).text
    assert red in page
    assert "ada, " not in page
    assert red not in world.client.get("/audit", params={"person": "ada"}, headers=headers).text


def test_the_seal_is_told(world: World, auditor: Who) -> None:
    world.submit("north")
    (one, *_) = found(world, auditor)
    assert one["sealed"] is False
    before = world.client.get("/v1/audit/seal", headers=auditor).json()
    assert (before["blocks"], before["checkpoint"]) == (0, None)
    assert before["waiting"] > 0
    sealing.seal_all()
    made = checkpoints.sign_latest()
    after = world.client.get("/v1/audit/seal", headers=auditor).json()
    assert (after["blocks"], after["checkpoint"]) == (1, made)
    assert found(world, auditor)[-1]["sealed"] is True
    page = world.client.get("/audit", headers=auditor | {"Accept": "text/html"})
    assert page.status_code == 200
    assert made is not None
    assert made["hash"] in page.text


def test_a_face_of_mixed_references_shows_no_trace_of_red() -> None:
    detail = {"label": "RED", "references": ["EWN-AAAA-AAAA-AAAA", "EWN-BBBB-BBBB-BBBB"], "query": "x"}
    shown = face("GET /v1/reports", detail, {"EWN-AAAA-AAAA-AAAA"})
    assert (shown.bare, shown.references, shown.label) == (False, ("EWN-BBBB-BBBB-BBBB",), None)
    alone = face("REQ-1", {"report": "EWN-AAAA-AAAA-AAAA", "kind": "release"}, {"EWN-AAAA-AAAA-AAAA"})
    assert (alone.bare, alone.references, alone.detail) == (True, ("EWN-AAAA-AAAA-AAAA",), {})
