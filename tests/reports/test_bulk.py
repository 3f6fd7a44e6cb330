"""Bulk upload: each line is taken or refused on its own, and the answer says which and why."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.kernel.config import settings
from services.reports.unpacking import Cutter
from tests.reports.rows import rows
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    return world


def send(world: World, body: bytes, query: str = "", slug: str = "north") -> list[dict[str, Any]]:
    """The answers to a bulk upload, one for each line."""
    headers = {"Content-Type": "application/x-ndjson", **world.auth(slug)}
    answer = world.client.post(f"/v1/reports/bulk{query}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


def line(number: int = 1, **overrides: Any) -> bytes:
    """One line without its end."""
    return json.dumps(report(number=number) | overrides).encode()


def stored(world: World) -> int:
    """How many reports the database holds."""
    return rows()["report"]


def test_three_bad_lines_among_ten_thousand_are_named_and_the_others_stored(north: World) -> None:
    body = [line(number, own_reference=f"N-{number}") for number in range(1, 10_001)]
    body[16] = body[16][:100]
    body[5_000] = line(5_001, kind="gossip")
    body[9_999] = line(10_000, marking=amber("nobody"))
    answers = send(north, b"\n".join(body) + b"\n")
    assert [answer["line"] for answer in answers] == list(range(1, 10_001))
    refused = {answer["line"]: answer for answer in answers if answer["status"] != 202}
    assert {number: (one["status"], one.get("field")) for number, one in refused.items()} == {
        17: (400, None), 5_001: (422, "kind"), 10_000: (422, "marking.organisations"),
    }  # fmt: skip
    assert "nobody is not known here" in refused[10_000]["detail"]
    assert refused[5_001]["errors"][0]["field"] == "kind"
    assert stored(north) == 9_997
    assert len({answer["reference"] for answer in answers if answer["status"] == 202}) == 9_997


def test_line_ends_of_any_system_empty_lines_and_a_missing_last_end_are_taken(north: World) -> None:
    answers = send(north, line(1) + b"\r\n\r\n\n  \n" + line(2) + b"\n" + line(3))
    assert [(answer["line"], answer["status"]) for answer in answers] == [(1, 202), (5, 202), (6, 202)]
    assert stored(north) == 3


def test_an_empty_body_has_no_answers(north: World) -> None:
    assert send(north, b"") == send(north, b"\n\n") == []


def test_a_line_that_is_too_long_is_refused_and_the_next_is_taken(north: World) -> None:
    limit = settings().line_limit
    for wide in (limit + 1, limit * 3):
        answers = send(north, line(1) + b"\n" + b"x" * wide + b"\n" + line(2))
        assert [(one["line"], one["status"]) for one in answers] == [(1, 202), (2, 413), (3, 202)]
        assert str(limit) in answers[1]["detail"]


def test_a_line_in_another_encoding_is_refused_alone(north: World) -> None:
    answers = send(north, b"\n".join([line(1), '{"title": "Ош"}'.encode("cp1251"), b'{"title": "\xed\xa0\x80"}']))
    assert [(one["line"], one["status"]) for one in answers] == [(1, 202), (2, 400), (3, 400)]
    assert "UTF-8" in answers[1]["detail"]


def test_hostile_lines_fail_alone_each_with_a_problem(north: World) -> None:
    bad = (
        b"null", b"[]", b"1", b"{", b"[" * 100_000, b'{"title": NaN}', b'{"title": ' + b"9" * 6000 + b"}", b"\x00",
        line(own_reference="a\x00b"), line(no_such_field=1), b'{"title": "a", ' + line()[1:],
        line(figures={"killed": 1e300}), line(title="\ud800"),
        line(as_of="2026-10-01T00:00:00Z"), line(occurred_from="2027-01-01"),
    )  # fmt: skip
    answers = send(north, b"\n".join([line(1), *bad, line(2)]))
    assert [one["status"] for one in answers][:: len(bad) + 1] == [202, 202]
    for one in answers[1:-1]:
        assert one["status"] in (400, 403, 422)
        assert one["type"].startswith("/docs/problems#")
        assert one["title"]
    assert stored(north) == 2


def test_the_same_own_reference_twice_in_one_body_counts_once(north: World) -> None:
    answers = send(
        north,
        b"\n".join([line(own_reference="N-1"), line(own_reference="N-1"), line(title="Other", own_reference="N-1")]),
    )
    assert [one["status"] for one in answers] == [202, 202, 409]
    assert [one.get("replayed") for one in answers] == [False, True, None]
    assert answers[1]["reference"] == answers[0]["reference"] == answers[2]["reference"]
    assert stored(north) == 1


def test_a_file_sent_again_after_a_lost_answer_adds_nothing(north: World) -> None:
    body = b"\n".join(line(number, own_reference=f"N-{number}") for number in range(1, 601))
    first, before = send(north, body), rows()
    again = send(north, body)
    assert [one["reference"] for one in again] == [one["reference"] for one in first]
    assert all(one["replayed"] for one in again)
    assert rows() == before


@pytest.mark.both_kinds
def test_a_checked_file_names_the_same_faults_and_stores_nothing(north: World) -> None:
    own = [line(number, own_reference=f"N-{number}") for number in (1, 4)]
    body = b"\n".join([own[0], line(2, marking=amber("nobody")), line(3, kind="gossip"), own[1]])
    before = rows()
    dry = send(north, body, "?validate=true")
    assert rows() == before
    assert [(one["line"], one["status"]) for one in dry] == [(1, 200), (2, 422), (3, 422), (4, 200)]
    told = send(north, body)
    assert [one for one in told if one["status"] != 202] == dry[1:3]
    assert [one.get("stored") for one in dry] == [None] * 4
    again = send(north, body, "?validate=true")
    assert [one.get("stored") for one in again] == [one.get("reference") for one in told]


def test_lines_beyond_the_limit_are_refused_and_those_before_it_answered_first(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EWN_BULK_LIMIT", "2")
    settings.cache_clear()
    answers = send(north, b"\n".join([line(1), line(2), line(3), line(4)]))
    assert [(one["line"], one["status"]) for one in answers] == [(1, 202), (2, 202), (3, 413)]
    assert stored(north) == 2


def test_a_bulk_body_may_be_larger_than_a_single_one(north: World) -> None:
    body = b"\n".join(line(number, text="x" * 40_000) for number in range(1, 13))
    assert len(body) > settings().body_limit
    assert [one["status"] for one in send(north, body)] == [202] * 12


def test_bulk_asks_for_its_content_type_and_a_body_as_it_is_or_as_gzip(north: World) -> None:
    before = rows()
    for given in (
        {"Content-Type": "application/json"},
        {"Content-Type": "application/x-ndjson", "Content-Encoding": "br"},
        {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip, gzip"},
    ):
        answer = north.client.post("/v1/reports/bulk", content=line(), headers={**north.auth("north"), **given})
        assert answer.status_code == 415
        assert answer.json()["field"] in given
    assert rows() == before


def cut_off(world: World, *chunks: bytes, query: str = "") -> list[dict[str, Any]]:
    """What the application sends when a client leaves in mid-upload."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.disconnect"})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def answer(message: Any) -> None:
        sent.append(message)

    headers = {"content-type": "application/x-ndjson", **world.auth("north")}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/reports/bulk", "raw_path": b"/v1/reports/bulk", "query_string": query.encode(), "root_path": "",
        "server": ("testserver", 80), "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(world.client.app(scope, receive, answer))
    return sent


def test_an_upload_that_is_cut_off_stores_whole_lines_only_and_can_be_sent_again(
    north: World, caplog: pytest.LogCaptureFixture
) -> None:
    whole = [line(number, own_reference=f"N-{number}") for number in range(1, 1_001)]
    body = b"\n".join(whole)
    sent = cut_off(north, body[: len(body) // 2], body[len(body) // 2 : -50])
    assert sent[0]["status"] == 400
    said = [one for one in caplog.records if one.name != "services.kernel.rates"]  # there is no Redis here
    assert not said, "a client that leaves is no fault of ours"
    kept = stored(north)
    assert kept in (500, 999)
    answers = send(north, body)
    assert [one["status"] for one in answers] == [202] * 1_000
    assert sum(one["replayed"] for one in answers) == kept
    assert stored(north) == 1_000


def test_lines_are_the_same_however_the_body_is_cut_into_chunks(configured: Path) -> None:
    body = b"one\n\ntwo\r\n" + b"x" * 40 + b"\nthree\n" + b"y" * 10

    def read(size: int) -> list[bytes]:
        cutter = Cutter()
        found = [line for at in range(0, len(body), size) for line in cutter.feed(body[at : at + size])]
        return found + cutter.end()

    whole = read(len(body))
    assert whole == [b"one", b"", b"two\r", b"x" * 40, b"three", b"y" * 10]
    assert all(read(size) == whole for size in range(1, len(body)))
