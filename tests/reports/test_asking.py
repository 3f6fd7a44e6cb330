"""Requests for more sight: who may ask, who decides, and what silence means (docs/adr/0012)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlmodel import select

from services import network, reports
from services.kernel import clock, db
from services.kernel.audit import AuditEntry
from services.kernel.errors import Conflict
from services.network import Caller
from services.reports.asking_schemas import Decision
from tests.persons import signed_in
from tests.world import World, amber, report

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FOR_FAR = {"kind": "release", "wanted": "For the far ministry.", "reason": "They guard the road."}
BRIEF = {"kind": "tear_line", "wanted": "That the road is closed.", "reason": "Drivers ask."}
LINE = {"text": "The road is closed.", "marking": {"tlp": "GREEN", "attribution": "chatham"}}
REFUSAL = {"granted": False, "answer": "Not yet."}
NOWHERE = "EWN-AAAA-AAAA-AAAA"


@pytest.fixture
def net(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


@pytest.fixture
def told(net: World) -> str:
    return net.submit("north", marking=amber("south", attribution="chatham"))


def post(world: World, who: str | dict[str, str], path: str, body: object) -> Response:
    return world.client.post(path, json=body, headers=world.auth(who) if isinstance(who, str) else who)


def ask(world: World, who: str | dict[str, str], reference: str, body: object = FOR_FAR) -> Response:
    return post(world, who, f"/v1/reports/{reference}/requests", body)


def asked(world: World, slug: str, reference: str, body: object = FOR_FAR) -> str:
    answer = ask(world, slug, reference, body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def decide(world: World, who: str | dict[str, str], request: str, body: object = REFUSAL) -> Response:
    return post(world, who, f"/v1/requests/{request}/decision", body)


def box(world: World, slug: str, which: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = world.get(slug, "/v1/requests", box=which)["requests"]
    return found


def states(world: World) -> list[object]:
    return [one["state"] for one in box(world, "north", "in") + box(world, "south", "out")]


def test_granting_a_release_marks_the_report_in_the_same_act(net: World, told: str) -> None:
    request = asked(net, "south", told)
    assert net.raw("far", f"/v1/reports/{told}").status_code == 404
    wider = {"granted": True, "answer": "Go on.", "marking": amber("south", "far")}
    answer = decide(net, "north", request, wider)
    assert (answer.status_code, answer.json()["state"], answer.json()["answer"]) == (200, "granted", "Go on.")
    assert net.get("far", f"/v1/reports/{told}")["reference"] == told
    assert states(net) == ["granted", "granted"]
    with db.reading() as session:
        acts = [(one.action, one.subject) for one in session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()]
    assert [one for one in acts if one[1] == request] == [("request.made", request), ("request.granted", request)]
    assert ("report.remarked", told) in acts


@pytest.mark.one_kind
def test_granting_a_tear_line_writes_it_in_the_same_act(net: World, told: str) -> None:
    request = asked(net, "south", told, BRIEF)
    assert decide(net, "north", request, {"granted": True, "tear_line": LINE}).status_code == 200
    assert [one["text"] for one in net.get("far", "/v1/tear-lines")["tear_lines"]] == [LINE["text"]]


@pytest.mark.one_kind
def test_the_owner_learns_who_asks_and_whoever_asks_never_learns_the_owner(net: World, told: str) -> None:
    request = asked(net, "south", told)
    assert [one["asked_by"] for one in box(net, "north", "in")] == ["south"]
    assert "north" not in net.raw("south", "/v1/requests", box="out").text.lower()
    decide(net, "north", request)
    assert "north" not in net.raw("south", "/v1/requests", box="out").text.lower()


@pytest.mark.one_kind
def test_who_hides_its_membership_and_asks_is_named_to_the_owner(net: World) -> None:
    net.enrol("veiled", hidden=True)
    told = net.submit("north", marking={"tlp": "GREEN", "attribution": "named"})
    asked(net, "veiled", told)
    assert box(net, "north", "in")[0]["asked_by"] == "veiled"
    assert "veiled" not in net.raw("south", "/v1/requests", box="out").text


@pytest.mark.one_kind
def test_an_analyst_alone_may_ask_for_a_tear_line(net: World, told: str) -> None:
    focal = signed_in("ben", "south", "focal_point")
    assert ask(net, focal, told, BRIEF).status_code == 403
    assert ask(net, signed_in("eva", "south", "analyst"), told, BRIEF).status_code == 201
    assert ask(net, focal, told).status_code == 201
    assert ask(net, signed_in("ned", "south", "editor"), told).status_code == 403


@pytest.mark.one_kind
def test_who_does_not_see_it_owns_it_or_it_is_withdrawn_gets_one_and_the_same_404(net: World, told: str) -> None:
    withdrawn = net.submit("north", marking=amber("south"))
    post(net, "north", f"/v1/reports/{withdrawn}/withdrawal", {"reason": "mistaken"})
    answers = [ask(net, "far", NOWHERE), ask(net, "far", told), ask(net, "north", told), ask(net, "south", withdrawn)]
    answers.append(ask(net, "north", withdrawn))
    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1


@pytest.mark.one_kind
def test_an_equal_open_request_of_the_same_organisation_is_in_conflict(net: World, told: str) -> None:
    request = asked(net, "south", told)
    again = ask(net, signed_in("ben", "south", "analyst"), told)
    assert (again.status_code, again.json()["type"]) == (409, "/docs/problems#asked-already")
    asked(net, "south", told, BRIEF)
    decide(net, "north", request)
    asked(net, "south", told)


@pytest.mark.one_kind
@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (FOR_FAR, {"granted": True}, "marking"),
        (FOR_FAR, {"granted": True, "tear_line": LINE}, "marking"),
        (FOR_FAR, {"granted": False, "marking": amber("far")}, "marking"),
        (BRIEF, {"granted": True}, "tear_line"),
        (BRIEF, {"granted": True, "tear_line": LINE, "marking": amber("far")}, "marking"),
        (BRIEF, {"granted": True, "tear_line": LINE | {"marking": amber("south")}}, "tear_line.marking"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_changes_nothing(
    net: World, told: str, kind: object, body: object, field: str
) -> None:
    request = asked(net, "south", told, kind)
    answer = decide(net, "north", request, body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert states(net) == ["open", "open"]


@pytest.mark.one_kind
def test_only_the_owner_decides_and_once(net: World, told: str) -> None:
    request = asked(net, "south", told)
    others = [decide(net, who, one) for who in ("south", "far") for one in (request, "REQ-AAAA-AAAA-AAAA")]
    assert {(one.status_code, one.text) for one in others} == {(404, others[0].text)}
    assert decide(net, "north", request).status_code == 200
    again = decide(net, "north", request, {"granted": True, "marking": amber("south", "far")})
    assert (again.status_code, again.json()["type"]) == (409, "/docs/problems#already-decided")
    assert net.raw("far", f"/v1/reports/{told}").status_code == 404


def test_of_two_who_decide_at_once_one_does(net: World, told: str) -> None:
    request = asked(net, "south", told)
    with db.reading() as session:
        owner = Caller(network.directory(session).slugs["north"], scopes=frozenset({"reports:write"}))
    found: list[str] = []
    begin = threading.Barrier(2)

    def one(granted: bool) -> None:
        marking = network.MarkingIn.model_validate(amber("south", "far")) if granted else None
        begin.wait()
        try:
            with clock.at(NOW), db.transaction() as session:
                found.append(reports.decide(session, owner, request, Decision(granted=granted, marking=marking)).state)
        except Conflict:
            found.append("conflict")

    threads = [threading.Thread(target=one, args=(granted,)) for granted in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("conflict") == 1
    assert states(net) == [one for one in found if one != "conflict"] * 2
    assert (net.raw("far", f"/v1/reports/{told}").status_code == 200) == ("granted" in found)


def test_silence_for_fourteen_days_is_refusal_on_both_records(net: World, told: str) -> None:
    request = asked(net, "south", told)
    with db.transaction() as session:
        assert reports.requests_due(session, NOW + timedelta(days=14) - timedelta(seconds=1)) == 0
        assert reports.requests_due(session, NOW + timedelta(days=14)) == 1
        assert reports.requests_due(session, NOW + timedelta(days=15)) == 0
    for one in box(net, "north", "in") + box(net, "south", "out"):
        assert (one["state"], one["answer"]) == ("refused", "")
        assert one["decided_at"] == one["due_at"]
    assert decide(net, "north", request).status_code == 409


def test_before_the_clock_comes_by_silence_is_refusal_already(
    net: World, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(net, "south", told)
    with clock.at(NOW + timedelta(days=14)), db.transaction() as session:
        owner = Caller(network.directory(session).slugs["north"], scopes=frozenset({"reports:write"}))
        assert [one.state for one in reports.asked(session, owner, "in").requests] == ["refused"]
        with pytest.raises(Conflict):
            reports.decide(session, owner, request, Decision(granted=False))


def test_it_lapses_when_the_report_is_withdrawn(net: World, told: str) -> None:
    request = asked(net, "south", told)
    post(net, "north", f"/v1/reports/{told}/withdrawal", {"reason": "mistaken"})
    assert states(net) == ["lapsed", "lapsed"]
    assert decide(net, "north", request).status_code == 409
    with db.transaction() as session:
        assert reports.requests_due(session, NOW) == 1
    assert states(net) == ["lapsed", "lapsed"]


def test_it_lapses_when_whoever_asked_leaves_the_network(net: World, told: str) -> None:
    request = asked(net, "south", told)
    with db.transaction() as session:
        network.depart(session, "south", by=None)
    assert [one["state"] for one in box(net, "north", "in")] == ["lapsed"]
    assert decide(net, "north", request).status_code == 409


def test_of_red_a_colleague_who_is_not_named_learns_of_no_request(net: World) -> None:
    ada, ben, bea = (
        signed_in(login, slug, "focal_point") for login, slug in (("ada", "north"), ("ben", "south"), ("bea", "south"))
    )
    marking = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}
    told = net.client.post("/v1/reports", json=report(marking=marking), headers=ada).json()["reference"]
    request = ask(net, ben, told).json()["reference"]
    assert ask(net, bea, told).status_code == 404

    def seen(who: dict[str, str], which: str) -> list[str]:
        found = net.client.get("/v1/requests", params={"box": which}, headers=who).json()["requests"]
        return [one["reference"] for one in found]

    assert (seen(ben, "out"), seen(bea, "out"), seen(net.auth("south"), "out")) == ([request], [], [])
    assert (seen(ada, "in"), seen(net.auth("north"), "in")) == ([request], [])
    assert decide(net, "north", request).status_code == 404
    assert decide(net, ada, request).status_code == 200


def test_nobody_else_can_tell_that_anything_was_asked_or_answered(net: World, told: str) -> None:
    """Two worlds: before and after a request, its refusal, and a tear-line for others than this viewer."""
    paths = ("/v1/tear-lines", "/v1/reports", "/v1/reports/facets", "/v1/requests", f"/v1/reports/{told}")

    def looks() -> list[tuple[int, str]]:
        found = [net.raw("far", path) for path in paths] + [net.raw("far", "/v1/requests", box="out")]
        return [(one.status_code, one.text) for one in found]

    before = looks()
    request = asked(net, "south", told)
    assert looks() == before
    decide(net, "north", request)
    net.enrol("other")
    brief = asked(net, "south", told, BRIEF)
    decide(net, "north", brief, {"granted": True, "tear_line": LINE | {"marking": amber("other")}})
    net.settle()
    assert [one["text"] for one in net.get("other", "/v1/tear-lines")["tear_lines"]] == [LINE["text"]]
    assert looks() == before
