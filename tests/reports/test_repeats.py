"""The same report sent again has no second effect, whoever lost the answer and however often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services import reports
from services.kernel import clock, db
from tests.reports.rows import rows
from tests.world import World, report

pytestmark = pytest.mark.one_kind


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


@pytest.mark.both_kinds
def test_the_same_body_under_an_own_reference_gives_the_same_receipt_for_ever(north: World) -> None:
    first = north.post("north", report(own_reference="N-1"))
    before = rows()
    with db.transaction() as session:
        assert reports.forget_keys(session, at=clock.now() + timedelta(days=9999)) == 0
    again = north.post("north", report(own_reference="N-1"))
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert rows() == before


def test_another_body_under_an_own_reference_is_pointed_to_revision(north: World) -> None:
    taken = north.post("north", report(own_reference="N-1")).json()["reference"]
    before = rows()
    answer = north.post("north", report(own_reference="N-1", title="Another title"))
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/docs/problems#own-reference-taken")
    assert (problem["reference"], problem["field"]) == (taken, "own_reference")
    assert f"PUT /v1/reports/{taken}" in problem["detail"]
    assert rows() == before


def test_an_own_reference_is_each_organisations_own(north: World) -> None:
    one = north.post("north", report(own_reference="N-1")).json()
    other = north.post("south", report(own_reference="N-1", title="Another title"))
    assert other.status_code == 202
    assert other.json()["reference"] != one["reference"]


def test_a_repeat_under_an_idempotency_key_gives_the_same_answer(north: World) -> None:
    first = north.post("north", report(), **{"Idempotency-Key": "k-1"})
    before = rows()
    again = north.post("north", dict(reversed(report().items())), **{"Idempotency-Key": "k-1"})
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert rows() == before


def test_an_idempotency_key_with_another_body_is_refused(north: World) -> None:
    north.post("north", report(), **{"Idempotency-Key": "k-1"})
    before = rows()
    answer = north.post("north", report(title="Another title"), **{"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert answer.json()["type"] == "/docs/problems#key-reused"
    assert rows() == before


@pytest.mark.both_kinds
def test_an_idempotency_key_is_forgotten_after_its_time(north: World) -> None:
    first = north.post("north", report(), **{"Idempotency-Key": "k-1"}).json()
    with db.transaction() as session:
        assert reports.forget_keys(session, at=clock.now() + timedelta(hours=71)) == 0
        assert reports.forget_keys(session, at=clock.now() + timedelta(hours=72)) == 1
    assert north.post("north", report(), **{"Idempotency-Key": "k-1"}).json()["reference"] != first["reference"]


def test_a_key_that_is_no_key_is_refused(north: World) -> None:
    before = rows()
    for key in (b" ", b"\x07", b"k" * 201, "ключ".encode()):
        headers = [*((name.encode(), value.encode()) for name, value in north.auth("north").items())]
        answer = north.client.post("/v1/reports", json=report(), headers=[*headers, (b"Idempotency-Key", key)])
        assert answer.status_code == 422
        assert answer.json()["field"].lower() == "idempotency-key"
    assert rows() == before


@pytest.mark.both_kinds
def test_fifty_equal_posts_at_once_make_one_report(north: World) -> None:
    body = report(own_reference="N-1")

    def send(_: int) -> tuple[int, str]:
        answer = north.post("north", body, **{"Idempotency-Key": "k-1"})
        return answer.status_code, answer.text

    before = rows()
    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(send, range(50)))
    assert len(answers) == 1
    assert answers.pop()[0] == 202
    after = rows()
    assert (after["report"] - before["report"], after["event"] - before["event"]) == (1, 1)


@pytest.mark.both_kinds
def test_fifty_different_bodies_under_one_reference_make_one_report(north: World) -> None:
    def send(number: int) -> int:
        return north.post("north", report(number=number, own_reference="N-1")).status_code

    before = rows()
    with ThreadPoolExecutor(50) as pool:
        answers = sorted(pool.map(send, range(1, 51)))
    assert answers == [202] + [409] * 49
    assert rows()["report"] == before["report"] + 1


def test_a_report_that_holds_one_of_two_keys_gives_it_back(north: World) -> None:
    north.post("north", report(own_reference="N-1"), **{"Idempotency-Key": "k-1"})
    before = rows()
    refused = north.post("north", report(own_reference="N-1", title="Another"), **{"Idempotency-Key": "k-2"})
    assert refused.status_code == 409
    assert rows() == before
    assert north.post("north", report(own_reference="N-2"), **{"Idempotency-Key": "k-2"}).status_code == 202
