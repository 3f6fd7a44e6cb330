"""The original of a report: its owner's, and on a recorded request one named person's, while that person sees it."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select

from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

TEXT = "Задержан на посту, звонить +996 700 123 456."
WANTED = {"kind": "original", "wanted": "The number.", "reason": "To compare it with our own case."}
Who = Mapping[str, str]


@pytest.fixture
def net(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


@pytest.fixture
def people(net: World) -> dict[str, Who]:
    return {
        "ada": signed_in("ada", "north", "focal_point"),
        "ben": signed_in("ben", "south", "analyst"),
        "bea": signed_in("bea", "south", "analyst"),
        "bob": signed_in("bob", "south", "focal_point"),
    }


def told(world: World, **more: Any) -> str:
    return world.submit("north", **report(text=TEXT, marking=amber("south")) | more)


def ask(world: World, who: Who, reference: str) -> Response:
    return world.client.post(f"/v1/reports/{reference}/requests", json=WANTED, headers=dict(who))


def decide(world: World, who: Who, request: str, *, granted: bool = True) -> Response:
    given = {"granted": granted, "answer": "For your case alone."}
    return world.client.post(f"/v1/requests/{request}/decision", json=given, headers=dict(who))


def opened(world: World, who: Who, reference: str) -> int:
    return world.client.get(f"/v1/reports/{reference}/original", headers=dict(who)).status_code


def entries(action: str) -> list[AuditEntry]:
    with db.reading() as session:
        of = select(AuditEntry).where(AuditEntry.action == action).order_by(col(AuditEntry.id))
        return list(session.exec(of).all())


def granted(world: World, people: dict[str, Who], reference: str) -> None:
    made = ask(world, people["ben"], reference)
    assert made.status_code == 201, made.text
    assert decide(world, people["ada"], made.json()["reference"]).status_code == 200


def test_whom_the_owner_let_reads_it_and_no_colleague_and_no_key(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    assert [opened(net, people[one], reference) for one in ("ada", "ben", "bea", "bob")] == [200, 403, 403, 403]
    granted(net, people, reference)
    assert [opened(net, people[one], reference) for one in ("ada", "ben", "bea", "bob")] == [200, 200, 403, 403]
    assert opened(net, net.auth("south"), reference) == 403
    assert opened(net, net.auth("far"), reference) == 404
    given = net.client.get(f"/v1/reports/{reference}/original", headers=dict(people["ben"])).json()
    assert given["text"] == TEXT
    read = net.client.get(f"/v1/reports/{reference}", headers=dict(people["ben"])).json()
    assert (
        read["text"] == "Задержан на посту, звонить ████████████████."
    )  # elsewhere it stays covered for that person too


@pytest.mark.both_kinds
def test_the_owner_is_told_who_asks_and_each_reading_is_on_record_without_words(
    net: World, people: dict[str, Who]
) -> None:
    reference = told(net)
    request = ask(net, people["ben"], reference).json()
    assert (request["kind"], request["person"], request["asked_by"]) == ("original", "Ben", "south")
    (asked,) = net.client.get("/v1/requests", headers=dict(people["ada"])).json()["requests"]
    assert asked["person"] == "Ben"
    decide(net, people["ada"], request["reference"])
    for _ in range(2):
        assert opened(net, people["ben"], reference) == 200
    assert opened(net, people["ada"], reference) == 200
    read = entries("original.read")
    assert [(one.subject, one.detail) for one in read] == [(reference, {"revision": 1})] * 3
    assert len({one.member_id for one in read}) == 2
    assert entries("request.granted")[0].detail == {"report": reference, "kind": "original"}
    holders = net.get("north", f"/v1/reports/{reference}/disclosures")["organisations"]
    assert [holder["name"] for one in holders for holder in one["holders"]] == ["Ben"]


def test_only_an_analyst_asks_as_a_person_and_where_something_is_covered(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    assert ask(net, people["bob"], reference).json()["scope"] == "originals:ask"
    assert ask(net, net.auth("south"), reference).status_code == 403
    plain = told(net, text="Nothing of the kind.", title="A plain note")
    answer = ask(net, people["ben"], plain)
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#nothing-covered")
    assert ask(net, people["ada"], reference).status_code == 403


def test_each_person_asks_for_itself_and_once(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    assert [ask(net, people[one], reference).status_code for one in ("ben", "ben", "bea")] == [201, 409, 201]


@pytest.mark.both_kinds
def test_a_refusal_opens_nothing_and_may_be_asked_again(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    request = ask(net, people["ben"], reference).json()["reference"]
    assert decide(net, people["ada"], request, granted=False).json()["state"] == "refused"
    assert opened(net, people["ben"], reference) == 403
    assert ask(net, people["ben"], reference).status_code == 201


def test_granting_an_original_takes_neither_a_marking_nor_a_tear_line(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    request = ask(net, people["ben"], reference).json()["reference"]
    given = {"granted": True, "marking": {"tlp": "GREEN", "attribution": "named"}}
    path = f"/v1/requests/{request}/decision"
    assert net.client.post(path, json=given, headers=dict(people["ada"])).json()["field"] == "marking"
    assert opened(net, people["ben"], reference) == 403


def test_it_goes_with_the_marking_and_comes_back_with_it(net: World, people: dict[str, Who]) -> None:
    reference = told(net)
    granted(net, people, reference)
    for marking, seen in ((amber("far"), 404), (amber("south"), 200)):
        path = f"/v1/reports/{reference}/marking"
        net.client.put(path, json={"marking": marking}, headers=net.auth("north"))
        assert opened(net, people["ben"], reference) == seen


def test_it_goes_with_a_withdrawal_and_with_the_next_revision(net: World, people: dict[str, Who]) -> None:
    reference, other = told(net), told(net, own_reference="A-2")
    granted(net, people, reference)
    granted(net, people, other)
    revised = report(text=f"{TEXT} Ещё 0700 123 456.", marking=amber("south"))
    net.client.put(f"/v1/reports/{reference}", json=revised, headers=net.auth("north"))
    assert opened(net, people["ben"], reference) == 403
    net.client.post(f"/v1/reports/{other}/withdrawal", json={"reason": "mistaken"}, headers=net.auth("north"))
    assert opened(net, people["ben"], other) == 404


@pytest.mark.both_kinds
def test_what_is_red_is_asked_for_by_whom_it_names_and_a_colleague_learns_nothing(
    net: World, people: dict[str, Who]
) -> None:
    red = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}
    sent = net.client.post("/v1/reports", json=report(text=TEXT, marking=red), headers=dict(people["ada"])).json()
    reference = sent["reference"]
    granted(net, people, reference)
    assert [opened(net, people[one], reference) for one in ("ada", "ben", "bea")] == [200, 200, 404]
    assert opened(net, net.auth("north"), reference) == 404
    assert net.client.get("/v1/requests?box=out", headers=dict(people["bea"])).json()["requests"] == []
