"""Uploads: packed bodies are taken as they come, and whoever announced one can ask at any time how far it came."""

import gzip
import io
import json
import zlib
from csv import DictReader
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock, db
from services.kernel.config import settings
from services.network import Caller
from services.reports import forget_uploads
from services.reports.unpacking import RATIO
from services.reports.uploads.keeping import QUIET, UPLOAD, begin
from tests.reports.rows import rows
from tests.reports.test_bulk import cut_off, line, stored
from tests.world import World, amber


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


def announce(world: World, slug: str = "north") -> str:
    answer = world.client.post("/v1/uploads", headers=world.auth(slug))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/uploads/{answer.json()['reference']}"
    return str(answer.json()["reference"])


def send(world: World, body: bytes, query: str = "", *, slug: str = "north", packed: bool = False) -> Any:
    headers = {"Content-Type": "application/x-ndjson", **world.auth(slug)}
    return world.client.post(
        f"/v1/reports/bulk{query}", content=body, headers=headers | ({"Content-Encoding": "gzip"} if packed else {})
    )


def answers(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(one) for one in answer.content.splitlines()]


def state(world: World, upload: str, slug: str = "north") -> dict[str, Any]:
    answer = world.client.get(f"/v1/uploads/{upload}", headers=world.auth(slug))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(world: World, upload: str) -> tuple[Any, ...]:
    told = state(world, upload)
    return tuple(told[name] for name in ("state", "lines", "accepted", "replayed", "refused", "problem"))


@pytest.mark.one_kind
def test_a_packed_body_is_taken_as_the_same_body_unpacked(north: World) -> None:
    body = b"\n".join(line(number, own_reference=f"N-{number}") for number in range(1, 701))
    first = answers(send(north, gzip.compress(body), packed=True))
    assert [one["status"] for one in first] == [202] * 700
    again = answers(send(north, body))
    assert [one["reference"] for one in again] == [one["reference"] for one in first]
    assert all(one["replayed"] for one in again)


@pytest.mark.one_kind
def test_several_packed_files_in_one_are_one_body(north: World) -> None:
    half = line(2)
    body = gzip.compress(line(1) + b"\n" + half[:40]) + gzip.compress(b"") + gzip.compress(half[40:])
    assert [one["status"] for one in answers(send(north, body, packed=True))] == [202, 202]


@pytest.mark.one_kind
def test_what_is_not_gzip_from_the_first_byte_is_refused_whole(north: World) -> None:
    before = rows()
    for body in (line(), b"\x1f\x8b", gzip.compress(line())[:12], zlib.compress(line()), b"\x00" * 50):
        answer = send(north, body, packed=True)
        assert (answer.status_code, answer.json()["field"]) == (400, "Content-Encoding"), body[:20]
        assert answer.json()["type"].endswith("#not-gzip")
    assert rows() == before


@pytest.mark.one_kind
def test_a_packed_body_that_is_cut_short_or_trailed_by_rubbish_keeps_the_lines_before(north: World) -> None:
    body = gzip.compress(b"".join(line(number, own_reference=f"N-{number}") + b"\n" for number in range(1, 1_001)))
    for sent in (body[:-9], body[: len(body) // 2], body + b"rubbish", body + b"\x00" * 20):
        found = answers(send(north, sent, packed=True))
        *taken, last = found
        assert [one["status"] for one in taken] == [202] * len(taken)
        assert last["type"].endswith("#not-gzip")
        assert last["line"] == len(taken) + 1
        assert len(taken) == 1_000 or not sent.startswith(body)
    assert stored(north) == 1_000


@pytest.mark.one_kind
def test_a_body_that_unpacks_to_far_more_than_reports_do_is_refused_early(north: World) -> None:
    bomb = gzip.compress(b"\n" * (8 << 20))
    assert len(bomb) * RATIO < 8 << 20
    endless = answers(send(north, gzip.compress(b"x" * (8 << 20)), packed=True))
    assert [one["type"] for one in endless] == ["/docs/problems#too-large", "/docs/problems#packed-too-tightly"]
    found = answers(send(north, gzip.compress(line() + b"\n") + bomb, packed=True))
    assert [one["status"] for one in found] == [202, 413]
    assert stored(north) == 1


@pytest.mark.one_kind
def test_a_body_of_more_bytes_than_a_bulk_upload_may_have_ends_there(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reports.unpacking.PIECE", 1_000)
    monkeypatch.setenv("EWN_BULK_BYTES", "20000")
    settings.cache_clear()
    body = b"\n".join(line(number, own_reference=f"N-{number}") for number in range(1, 101))
    *taken, last = answers(send(north, gzip.compress(body), packed=True))
    assert (last["status"], last["line"]) == (413, len(taken) + 1)
    assert 0 < len(taken) == stored(north) < 100


def test_an_announced_upload_tells_what_was_read_stored_repeated_and_refused(north: World) -> None:
    upload = announce(north)
    assert counts(north, upload) == ("waiting", 0, 0, 0, 0, None)
    one, two = line(1, own_reference="N-1"), line(2, own_reference="N-2")
    body = [one, b"", two, line(3, kind="gossip"), b"{", one]
    found = answers(send(north, b"\n".join(body), f"?upload={upload}"))
    assert len(found) == 5
    assert counts(north, upload) == ("done", 6, 2, 1, 2, None)
    answers(send(north, b"\n".join(body[:3]), f"?upload={upload}"))
    assert counts(north, upload) == ("done", 3, 0, 2, 0, None), "sent again, it counts anew"


def test_a_checked_upload_counts_what_would_be_stored(north: World) -> None:
    upload = announce(north)
    before = rows()
    send(north, b"\n".join([line(1), line(2, marking=amber("nobody"))]), f"?upload={upload}&validate=true")
    assert counts(north, upload) == ("done", 2, 1, 0, 1, None)
    assert state(north, upload)["checked"] is True
    after = rows()
    assert {name for name in after if after[name] != before[name]} == {"upload_fault", "audit"}


def test_the_file_of_errors_names_line_field_and_rule_and_no_value(north: World) -> None:
    upload = announce(north)
    secret = "zebra-9317"
    bad = (
        {"kind": secret}, {"title": secret, "themes": [secret]}, {"figures": {secret: 1}}, {"place": secret},
        {"marking": amber(secret)}, {"language": secret}, {"source": {"kind": "relayed", "organisation": secret}},
        {"occurred_from": secret}, {"form": secret, "answers": {"x": {"value": secret}}},
    )  # fmt: skip
    send(north, b"\n".join([line(1), *(line(2 + n, **one) for n, one in enumerate(bad))]), f"?upload={upload}")
    answer = north.client.get(f"/v1/uploads/{upload}/errors", headers=north.auth("north"))
    faults = [json.loads(one) for one in answer.content.splitlines()]
    assert {one["line"] for one in faults} == set(range(2, 2 + len(bad)))
    assert [one["line"] for one in faults] == sorted(one["line"] for one in faults)
    assert all(one["rule"] and secret not in one["rule"] for one in faults)
    assert secret not in answer.text.replace(f"figures.{secret}", "")
    assert (faults[0]["field"], faults[0]["problem"], faults[0]["status"]) == ("kind", "not-valid", 422)
    assert state(north, upload)["faults"] == len(faults)


def test_the_file_of_errors_opens_in_a_spreadsheet_without_a_formula(north: World) -> None:
    upload = announce(north)
    send(north, line(1, **{"=cmd|' /C calc'!A0": 1, "@x,y": 2}), f"?upload={upload}")
    answer = north.client.get(f"/v1/uploads/{upload}/errors?format=csv", headers=north.auth("north"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{upload}-errors.csv"'
    found = list(DictReader(io.StringIO(answer.text)))
    assert {one["field"] for one in found} == {"'=cmd|' /C calc'!A0", "'@x,y"}
    assert {one["rule"] for one in found} == {"Extra inputs are not permitted"}


@pytest.mark.one_kind
def test_an_upload_is_the_callers_alone_and_another_one_and_none_are_one(north: World) -> None:
    upload = announce(north)
    asked = (f"/v1/uploads/{upload}", f"/v1/uploads/{upload}/errors")
    for address in asked:
        theirs = north.client.get(address, headers=north.auth("south"))
        none = north.client.get(address.replace(upload, "U-0000-0000-0000"), headers=north.auth("south"))
        assert theirs.status_code == none.status_code == 404
        assert theirs.json() == none.json()
    assert send(north, line(), f"?upload={upload}", slug="south").status_code == 404
    assert stored(north) == 0


def test_an_upload_that_is_cut_off_says_so_and_can_be_sent_again(north: World) -> None:
    upload = announce(north)
    body = b"\n".join(line(number, own_reference=f"N-{number}") for number in range(1, 1_001))
    cut_off(north, body[: len(body) // 2], body[len(body) // 2 : -50], query=f"upload={upload}")
    told = state(north, upload)
    assert told["state"] == "cut"
    assert told["accepted"] == stored(north) == told["lines"] >= 500
    answers(send(north, gzip.compress(body), f"?upload={upload}", packed=True))
    assert counts(north, upload) == ("done", 1_000, 1_000 - told["accepted"], told["accepted"], 0, None)
    assert stored(north) == 1_000


def test_what_ends_an_upload_early_is_named(north: World) -> None:
    upload = announce(north)
    send(north, line(), f"?upload={upload}", packed=True)
    assert counts(north, upload) == ("refused", 0, 0, 0, 0, "not-gzip")
    send(north, gzip.compress(line() + b"\n") + b"rubbish", f"?upload={upload}", packed=True)
    assert counts(north, upload) == ("refused", 1, 1, 0, 0, "not-gzip")


def test_two_bodies_of_one_upload_at_once_are_refused_until_the_first_is_silent(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = announce(north)
    with db.transaction() as session:
        mine = Caller(None, key_id=int(_viewer(session, upload)[1:]))
        earlier = begin(session, mine, upload, checked=False)
    refused = send(north, line(), f"?upload={upload}")
    assert (refused.status_code, refused.headers["retry-after"]) == (409, "60")
    later = clock.machine() + QUIET
    monkeypatch.setattr(clock, "machine", lambda: later)
    assert send(north, line(), f"?upload={upload}").status_code == 200
    earlier.end(None, cut=True)
    assert counts(north, upload)[0] == "done", "an attempt that was given up writes no more"


def _viewer(session: Any, upload: str) -> str:
    return str(session.execute(UPLOAD.select().where(UPLOAD.c.reference == upload)).one().viewer)


def test_an_upload_is_forgotten_after_three_days_and_what_was_stored_stays(north: World) -> None:
    upload = announce(north)
    send(north, b"\n".join([line(1), b"{"]), f"?upload={upload}")
    for hours, left in ((71, 1), (73, 0)):
        with db.transaction() as session:
            forget_uploads(session, at=clock.now() + timedelta(hours=hours))
        assert (rows()["upload"], rows()["upload_fault"], stored(north)) == (left, left, 1)
    assert north.client.get(f"/v1/uploads/{upload}", headers=north.auth("north")).status_code == 404
