"""A dry run tells numbers and references to whoever keeps or audits the network, and changes nothing."""

import pytest
from sqlmodel import select

from services.kernel import db
from services.reports import Announcement, Report
from services.reports.keeping.models import RetentionRule
from tests.digests.test_editions import BODY, november
from tests.keeping.clockwork import NOTICED, keeper, made_rule, turn
from tests.persons import signed_in
from tests.world import World, amber


@pytest.fixture
def kept(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def test_it_tells_what_would_go_by_when_and_who_would_miss_it(kept: World) -> None:
    headers = keeper()
    told = kept.submit("north", **BODY)
    hidden = kept.submit("far", marking=amber(), title="Hidden words")
    kept.submit("north", kind="situation", figures={})
    kept.settle()
    for slug in ("south", "far"):
        kept.get(slug, f"/v1/reports/{told}")
    edition = november(kept)
    asked = {"kind": "release", "wanted": "For others.", "reason": "They need it."}
    kept.client.post(f"/v1/reports/{told}/requests", json=asked, headers=kept.auth("far"))
    body = {"what": "report", "name": hidden, "reason": "A court has asked."}
    assert kept.client.post("/v1/holds", json=body, headers=headers).status_code == 201
    rule = made_rule(kept, headers, kind="incident")
    for who in (headers, keeper("zora", "auditor")):
        answer = kept.client.get("/v1/retention/dry-run", headers=who)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        (one,) = found["rules"]
        assert one["rule"]["reference"] == rule
        assert (one["reports"], one["held"], one["organisations"], one["requests"]) == (2, 1, 2, 1)
        assert one["editions"] == [edition]
        assert sorted(one["references"]) == sorted([told, hidden])
        assert (one["first"], one["last"]) == ("2027-01-10", "2027-02-01")
        assert "words" not in answer.text
    early = kept.client.get("/v1/retention/dry-run?until=2027-01-31", headers=headers).json()
    assert [(one["reports"], one["references"]) for one in early["rules"]] == [(1, [hidden])]


def test_a_rule_is_tried_out_before_it_is_made(kept: World) -> None:
    headers = keeper()
    kept.submit("north")
    tried = kept.client.get("/v1/retention/dry-run?months=1&tlp=GREEN&counted_from=receipt", headers=headers)
    (one,) = tried.json()["rules"]
    assert (one["rule"], one["reports"], one["first"]) == (None, 1, "2026-12-01")
    assert kept.client.get("/v1/retention/rules", headers=headers).json() == []
    assert kept.client.get("/v1/retention/dry-run?kind=incident", headers=headers).status_code == 422
    assert kept.client.get("/v1/retention/dry-run", headers=headers).json()["rules"] == []
    with db.reading() as session:
        assert session.exec(select(Announcement)).all() == []
        assert session.exec(select(RetentionRule)).all() == []


def test_the_day_that_was_announced_is_the_one_that_is_told(kept: World) -> None:
    headers = keeper()
    kept.submit("north")
    made_rule(kept, headers)
    turn(kept, NOTICED)
    (one,) = kept.client.get("/v1/retention/dry-run", headers=headers).json()["rules"]
    assert (one["first"], one["last"]) == ("2027-02-14", "2027-02-14")
    with db.reading() as session:
        assert session.exec(select(Report.emptied_at)).all() == [None]


@pytest.mark.one_kind
@pytest.mark.parametrize("role", ["focal_point", "analyst", "editor", "approver", "integrator"])
def test_nobody_else_sees_rules_holds_or_dry_runs(kept: World, role: str) -> None:
    headers = signed_in("ada", "north", role)
    for path in ("/v1/retention/rules", "/v1/retention/dry-run", "/v1/holds"):
        assert kept.client.get(path, headers=headers).status_code == 403
        assert kept.raw("north", path).status_code == 403


@pytest.mark.one_kind
def test_an_auditor_reads_rules_and_makes_none(kept: World) -> None:
    headers = keeper("zora", "auditor")
    assert kept.client.get("/v1/retention/rules", headers=headers).json() == []
    assert kept.client.post("/v1/retention/rules", json={"months": 3}, headers=headers).status_code == 403
    assert kept.client.delete("/v1/retention/rules/RET-1", headers=headers).status_code == 403


@pytest.mark.one_kind
@pytest.mark.parametrize(
    "body", [{"months": 0}, {"months": 1201}, {}, {"months": 3, "kind": "rumour"}, {"months": 3, "tlp": "PINK"}]
)
def test_a_rule_that_makes_no_sense_is_refused(kept: World, body: dict[str, object]) -> None:
    assert kept.client.post("/v1/retention/rules", json=body, headers=keeper()).status_code == 422


@pytest.mark.one_kind
@pytest.mark.parametrize(
    ("what", "name"), [("report", "EWN-0000-0000-0000"), ("person", "nobody"), ("organisation", "nowhere")]
)
def test_a_hold_on_nothing_is_refused(kept: World, what: str, name: str) -> None:
    body = {"what": what, "name": name, "reason": "A court has asked."}
    assert kept.client.post("/v1/holds", json=body, headers=keeper()).status_code == 422
    assert kept.client.delete("/v1/holds/HLD-0", headers=keeper("zora", "auditor")).status_code == 404
