"""Markings by date: an embargo shuts, its end opens; a review re-marks or asks; each once, whatever the clocks do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import select

from services import network, reports
from services.kernel import db, ids
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.reports.models import Remarking
from tests.e2e.two_worlds import DEEP, Stage, Step, alike
from tests.world import EVERYTHING, World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
LIFT = datetime(2026, 11, 3, 9, tzinfo=UTC)
EMBARGO = {"embargo_until": LIFT.isoformat()}
MONTH = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31"}


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "east"):
        world.enrol(slug)
    return world


class Clock:
    """The service's clock, put forward by the test."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def go(self, at: datetime) -> int:
        """It is `at` now, and one clock does what is due: how much that was."""
        self.patch.setenv("EWN_CLOCK", at.isoformat())
        settings.cache_clear()
        return due(at)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def due(at: datetime) -> int:
    with db.transaction() as session:
        return reports.remarkings_due(session, at)


def mark(world: World, slug: str, reference: str, marking: dict[str, Any], **query: Any) -> Response:
    path = f"/v1/reports/{reference}/marking"
    return world.client.put(path, json={"marking": marking}, params=query, headers=world.auth(slug))


def sees(world: World, slug: str, reference: str) -> bool:
    status = world.raw(slug, f"/v1/reports/{reference}").status_code
    assert status in (200, 404)
    return status == 200


def count(world: World, slug: str) -> float:
    value: float = world.get(slug, "/v1/indicators/armed-violence-incidents/series", **MONTH)["points"][0]["value"]
    return value


@pytest.mark.one_kind
def test_under_embargo_only_its_owner_sees_it_and_then_all_of_its_marking(three: World, clock: Clock) -> None:
    receipt = three.post("north", report(marking=amber("south") | EMBARGO)).json()
    reference = receipt["reference"]
    three.settle()
    assert [sees(three, slug, reference) for slug in ("north", "south", "east")] == [True, False, False]
    own = three.get("north", f"/v1/reports/{reference}")
    assert (own["marking"]["organisations"], own["marking"]["embargo_until"]) == (["south"], "2026-11-03T09:00:00Z")
    assert [count(three, slug) for slug in ("north", "south")] == [1, 0]
    assert clock.go(LIFT - timedelta(seconds=1)) == 0
    assert not sees(three, "south", reference)
    late = LIFT + timedelta(seconds=40)
    assert clock.go(late) == 1
    three.settle()
    assert [sees(three, slug, reference) for slug in ("north", "south", "east")] == [True, True, False]
    seen = three.get("south", f"/v1/reports/{reference}")
    assert (seen["received_at"], seen["revision"], seen["tlp"]) == ("2026-11-03T09:00:40Z", 1, "AMBER")
    assert three.get("north", f"/v1/reports/{reference}/receipt").items() >= receipt.items()
    assert [count(three, slug) for slug in ("north", "south", "east")] == [1, 1, 0]


@pytest.mark.one_kind
def test_what_the_embargo_ends_for_stands_at_the_head_of_the_list(three: World, clock: Clock) -> None:
    held = three.submit("north", marking=GREEN | EMBARGO)
    other = three.submit("north")
    cursor = three.get("south", "/v1/reports", size=1)
    assert [one["reference"] for one in cursor["reports"]] == [other]
    clock.go(LIFT)
    assert [one["reference"] for one in three.get("south", "/v1/reports")["reports"]] == [held, other]


def test_what_is_lifted_by_hand_stands_at_the_head_of_the_list_too(three: World, clock: Clock) -> None:
    held = three.submit("north", marking=GREEN | EMBARGO)
    other = three.submit("north")
    clock.go(LIFT - timedelta(hours=1))
    answer = three.client.put(f"/v1/reports/{held}/marking", json={"marking": GREEN}, headers=three.auth("north"))
    assert answer.status_code == 200, answer.text
    seen = three.get("south", "/v1/reports")["reports"]
    assert [one["reference"] for one in seen] == [held, other]
    assert seen[0]["received_at"] == "2026-11-03T08:00:00Z"


@pytest.mark.one_kind
def test_two_worlds_with_and_without_an_embargoed_report_read_alike(world: World) -> None:
    stage = Stage(world, pages=False)
    body = {"text": "lorem ipsum dolor", "title": "A note", "occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
    open_ = Step("north", body | {"marking": GREEN})
    hidden = Step("north", body | {"marking": GREEN | EMBARGO, "figures": {"killed": 3}}, hidden=True)
    story = [open_, hidden, Step("far", body | {"marking": GREEN, "place": "KG"})]
    told, references = stage.tell(story, hidden=True)
    viewers = ("south", "far", "office", "ben") if DEEP else ("office", "ben")
    with_it = [stage.look(viewer, told, references) for viewer in viewers]
    assert stage.tell(story, hidden=False) == (told, [])
    without = [stage.look(viewer, told, references) for viewer in viewers]
    for one, other in zip(with_it, without, strict=True):
        alike(one, other)
    ids.seed(None)


def test_a_review_with_a_marking_re_marks_by_itself_and_one_without_asks(three: World, clock: Clock) -> None:
    to = {"review_at": LIFT.isoformat(), "review_to": GREEN}
    widens = three.submit("north", marking=amber("south") | to)
    asks = three.submit("north", marking=amber("south") | {"review_at": LIFT.isoformat()})
    three.settle()
    assert three.get("north", f"/v1/reports/{widens}")["marking"]["review_to"]["tlp"] == "GREEN"
    assert clock.go(LIFT) == 2
    three.settle()
    assert [sees(three, "east", one) for one in (widens, asks)] == [True, False]
    assert three.get("south", f"/v1/reports/{widens}")["received_at"] == "2026-11-01T12:00:00Z"
    assert (count(three, "south"), count(three, "east")) == (2, 1)
    with db.reading() as session:
        acts = session.exec(select(AuditEntry.action).where(AuditEntry.subject == asks)).all()
    assert sorted(acts) == ["report.review_due", "report.submitted"]


def test_clocks_in_parallel_re_mark_each_report_once(three: World) -> None:
    for _ in range(5):
        three.submit("north", marking=GREEN | EMBARGO)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: due(LIFT), range(4)))
    assert sum(done) == 5
    assert due(LIFT + timedelta(days=1)) == 0
    with db.reading() as session:
        kept = session.exec(select(reports.ReportRevision)).all()
        assert [one.done_at for one in session.exec(select(Remarking)).all()] == [LIFT] * 5
    assert len(kept) == 5


def test_a_clock_and_hands_at_once_leave_each_report_as_its_last_marking_says(three: World) -> None:
    sent = [three.submit("north", marking=GREEN | EMBARGO) for _ in range(12)]

    def by_hand(reference: str) -> int:
        return mark(three, "north", reference, amber("south")).status_code

    with ThreadPoolExecutor(6) as pool:
        clocks = [pool.submit(due, LIFT) for _ in range(4)]
        assert list(pool.map(by_hand, sent)) == [200] * 12
        assert all(one.result() >= 0 for one in clocks)
    due(LIFT)
    assert [sees(three, "south", one) for one in sent] == [True] * 12
    assert [sees(three, "east", one) for one in sent] == [False] * 12


def test_marking_by_hand_replaces_what_waited_and_a_withdrawal_drops_it(three: World, clock: Clock) -> None:
    marked = three.submit("north", marking=GREEN | EMBARGO)
    gone = three.submit("north", marking=GREEN | EMBARGO)
    assert mark(three, "north", marked, amber("south")).status_code == 200
    assert sees(three, "south", marked)
    path = f"/v1/reports/{gone}/withdrawal"
    assert three.client.post(path, json={"reason": "mistaken"}, headers=three.auth("north")).status_code == 204
    assert clock.go(LIFT) == 0
    assert [sees(three, "east", one) for one in (marked, gone)] == [False, False]
    assert three.get("north", f"/v1/reports/{marked}")["marking"]["embargo_until"] is None


@pytest.mark.one_kind
def test_marking_anew_widens_and_narrows_for_exactly_those(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.settle()
    assert [count(three, slug) for slug in ("north", "south", "east")] == [1, 1, 0]
    tried = mark(three, "north", reference, amber("east"), dry_run=True).json()
    names = [[one["slug"] for one in tried[when]["organisations"]] for when in ("before", "after")]
    assert (names, tried["done"]) == ([["north", "south"], ["east", "north"]], False)
    assert sees(three, "south", reference)
    assert mark(three, "north", reference, amber("east")).json()["done"] is True
    three.settle()
    assert [count(three, slug) for slug in ("north", "south", "east")] == [1, 0, 1]
    assert [sees(three, slug, reference) for slug in ("north", "south", "east")] == [True, False, True]
    assert three.get("east", f"/v1/reports/{reference}")["revision"] == 1
    assert mark(three, "north", reference, GREEN).status_code == 200
    three.settle()
    assert [count(three, slug) for slug in ("north", "south", "east")] == [1, 1, 1]


def step(verb: str, slug: str = "north") -> None:
    with db.transaction() as session:
        if verb in ("resume", "activate"):
            getattr(network, verb)(session, slug, past=verb == "resume", by=None)
        else:
            getattr(network, verb)(session, slug, by=None)


def test_a_widening_is_held_while_its_owner_is_suspended_and_goes_on_after(three: World, clock: Clock) -> None:
    lifts = three.submit("north", marking=amber("south") | EMBARGO)
    to = {"review_at": LIFT.isoformat()}
    widens = three.submit("north", marking=amber("south") | to | {"review_to": GREEN})
    named = amber("south", attribution="withheld")
    tells = three.submit("north", marking=named | to | {"review_to": amber("south")})
    narrows = three.submit("north", marking=GREEN | to | {"review_to": amber("south")})
    sent = (lifts, widens, tells, narrows)
    three.settle()
    step("suspend")
    for later in (0, 1):
        assert clock.go(LIFT + timedelta(minutes=later)) == 1 - later, "the narrowing, once"
    assert [sees(three, "east", one) for one in sent] == [False] * 4
    assert not sees(three, "south", lifts)
    assert three.get("south", f"/v1/reports/{tells}")["originator"] is None
    with db.reading() as session:
        held = session.exec(select(AuditEntry.subject).where(AuditEntry.action == "report.remarking_held")).all()
    assert sorted(held) == sorted([lifts, widens, tells])
    step("resume")
    back = LIFT + timedelta(minutes=2)
    assert clock.go(back) == 3
    assert clock.go(back) == 0
    assert [sees(three, "east", one) for one in sent] == [False, True, False, False]
    assert three.get("south", f"/v1/reports/{lifts}")["received_at"] == "2026-11-03T09:02:00Z"
    assert three.get("south", f"/v1/reports/{tells}")["originator"] == "north"


@pytest.mark.parametrize("back", ["before it is due", "after it was due", "never"])
def test_who_has_left_since_agrees_to_no_widening_and_marks_by_hand_when_back(
    three: World, clock: Clock, back: str
) -> None:
    line = {"text": "Avoid the pass.", "marking": {"tlp": "CLEAR", "attribution": "chatham"}}
    reference = three.submit("north", marking=GREEN | EMBARGO, tear_line=line)
    clock.go(LIFT - timedelta(hours=1))
    step("depart")
    if back == "before it is due":
        step("apply")
        step("activate")
    assert clock.go(LIFT) == 0
    if back == "after it was due":
        step("apply")
        step("activate")
    assert clock.go(LIFT + timedelta(days=1)) == 0
    assert not sees(three, "south", reference)
    assert three.get("south", "/v1/tear-lines")["tear_lines"] == []
    if back != "never":
        three.keys["north"] = three.key("north", EVERYTHING)
        assert mark(three, "north", reference, GREEN).status_code == 200
        assert sees(three, "south", reference)
