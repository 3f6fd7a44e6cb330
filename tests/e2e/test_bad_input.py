"""What bad input gets: a problem document that names the field and the rule; nothing stored, nothing secret logged."""

import gzip
import json
import logging
from collections import Counter
from typing import Any

import pytest
from httpx2 import Response

from services.kernel import db
from services.kernel.config import settings
from services.network import COOKIE, KEY_SCOPES
from tests.e2e.hostile import METHODS, filled, operations, requests
from tests.reports.rows import rows
from tests.world import World, report

EVERY_SCOPE = sorted(KEY_SCOPES)
MARKER = "Zarafshan-marker"  # a word that must never come back, nor be logged


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    return world


def raw(world: World, content: bytes, **headers: str) -> Response:
    """Hand in bytes as a report."""
    given = {"Content-Type": "application/json", **world.auth("north"), **headers}
    return world.client.post("/v1/reports", content=content, headers=given)


def problem(answer: Response, status: int, field: str | None = None) -> dict[str, Any]:
    """The problem document of a refusal, checked for what all of them hold."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("/docs/problems#")
    assert body["title"]
    assert body.get("field") == field, body
    return body


def changed(**overrides: Any) -> bytes:
    """A valid body but for these fields; `...` leaves a field out."""
    return json.dumps({name: value for name, value in (report() | overrides).items() if value is not ...}).encode()


def planted(name: str, value: bytes) -> bytes:
    """A valid body but for the raw text of one field."""
    field = f'"{name}": '.encode()
    return changed(**{name: 0}).replace(field + b"0", field + value)


DEEP = b"[" * 100_000
TWICE = b'{"title": "First title", ' + json.dumps(report()).encode()[1:]
INNER_TWICE = planted("figures", b'{"killed": 1, "killed": 2}')
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Invalid JSON"),
    "half an object": (changed()[:80], "Invalid JSON"),
    "no JSON": (b"title=x", "Invalid JSON"),
    "single quotes": (b"{'title': 'x'}", "Invalid JSON"),
    "another encoding": ('{"title": "Ош"}'.encode("cp1251"), "UTF-8"),
    "UTF-16": ('{"title": "Ош"}'.encode("utf-16"), "UTF-8"),
    "half a pair": (changed(title="\ud800"), "Invalid JSON"),
    "a number of 6000 digits": (
        planted("credibility", b"9" * 6000),
        "Invalid JSON",
    ),
    "too deep": (b'{"figures": ' + DEEP, "nests more than"),
    "compressed without saying so": (gzip.compress(changed()), "UTF-8"),
}
BROKEN: dict[str, tuple[bytes, str, str]] = {
    "no object": (b"[]", "", "object"),
    "no marking": (changed(marking=...), "marking", "required"),
    "no title": (changed(title=...), "title", "required"),
    "an unknown field": (changed(priority="high"), "priority", "not permitted"),
    "an unknown field further in": (changed(marking=report()["marking"] | {"to": []}), "marking.to", "not permitted"),
    "a number for a text": (changed(title=7), "title", "string"),
    "a text for a number": (changed(figures={"killed": "7"}), "figures.killed", "number"),
    "a text for a list": (changed(themes="armed-attack"), "themes", "array"),
    "a list for an object": (changed(marking=[]), "marking", "object"),
    "null for a text": (changed(text=None), "text", "string"),
    "a date that is none": (changed(occurred_from="2026-02-30"), "occurred_from", "date"),
    "a date of the future": (changed(occurred_from="2027-01-01", occurred_to="2027-01-01"), "occurred_from", "future"),
    "an end before the beginning": (changed(occurred_to="2026-10-09"), "", "before occurred_from"),
    "more than a year": (changed(occurred_from="2024-01-01"), "", "more than a year"),
    "U+0000": (changed(title="a\x00b"), "title", "control character"),
    "too long a title": (changed(title="x" * 201), "title", "200"),
    "too long a text": (changed(text="x" * 50_001), "text", "50000"),
    "spaces for a text": (changed(text="   "), "text", "at least 1"),
    "a huge number": (changed(figures={"killed": 10**13}), "figures", "10^9"),
    "the region as a place": (changed(place="CA"), "place", "whole region"),
    "a code of three letters for a language of two": (changed(language="rus"), "language", "pack"),
    "a number of 1000 digits": (planted("credibility", b"9" * 1000), "credibility", "less than"),
    "not a number": (planted("figures", b'{"killed": NaN}'), "figures", "between"),
    "beyond all numbers": (planted("figures", b'{"killed": 1e400}'), "figures", "between"),
    "a negative number": (changed(figures={"killed": -1}), "figures", "between"),
    "a name twice": (TWICE, "title", "given twice"),
    "a name twice further in": (INNER_TWICE, "killed", "given twice"),
    "a place of nowhere": (changed(place="XX-1"), "place", "GET /v1/places"),
    "a theme of nobody": (changed(themes=["gossip"]), "themes", "GET /v1/themes"),
    "an unknown kind": (changed(kind="gossip"), "kind", "incident"),
    "an unknown status": (changed(status="real"), "status", "actual"),
}  # fmt: skip


def test_what_cannot_be_read_is_refused_and_not_stored(north: World) -> None:
    before = rows()
    for name, (content, rule) in UNREADABLE.items():
        assert rule in problem(raw(north, content), 400)["detail"], name
    assert rows() == before


def test_what_breaks_a_rule_is_refused_by_field_and_rule_and_not_stored(north: World) -> None:
    before = rows()
    for name, (content, field, rule) in BROKEN.items():
        body = problem(raw(north, content), 422, field or None)
        assert rule in body["detail"], name
        assert body["errors"][0]["field"] == field, name
        assert rule in body["errors"][0]["rule"], name
    assert rows() == before


def test_all_faults_are_told_at_once_without_the_values(north: World) -> None:
    answer = raw(north, changed(title=MARKER * 30, text=7, kind=MARKER, odd=MARKER))
    body = problem(answer, 422, "title")
    assert {one["field"] for one in body["errors"]} == {"title", "text", "kind", "odd"}
    assert MARKER not in answer.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(north: World) -> None:
    before = rows()
    limit = settings().body_limit
    for path in ("/v1/reports", "/v1/digests"):
        headers = {"Content-Type": "application/json", **north.auth("north")}
        answer = north.client.post(path, content=changed() + b" " * limit, headers=headers)
        assert str(limit) in problem(answer, 413)["detail"]
    assert rows() == before


def test_only_plain_json_is_taken(north: World) -> None:
    before = rows()
    for given in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""):
        problem(raw(north, changed(), **{"Content-Type": given}), 415, "Content-Type")
    for given in ("gzip", "br", "deflate"):
        problem(raw(north, gzip.compress(changed()), **{"Content-Encoding": given}), 415, "Content-Encoding")
    assert rows() == before
    assert raw(north, changed(), **{"Content-Type": "Application/JSON; charset=utf-8"}).status_code == 202


def test_nobody_gets_in_without_a_valid_key(north: World) -> None:
    before = rows()
    good = north.keys["north"]
    wrong = (
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer ewn_x_y"},
        {"Authorization": f"Bearer {good[:-1]}"}, {"Authorization": f"Bearer {good}x"}, {"Cookie": "ewn_session=x"},
        {"Authorization": f"Basic {good}"},
        {"Authorization": "Bearer " + "k" * 5000}, {"Authorization": b"Bearer ewn_\xff\xfe_x"}, {"X-Api-Key": good},
    )  # fmt: skip
    for headers in wrong:
        answer = north.client.post(
            "/v1/reports", content=changed(), headers={"Content-Type": "application/json", **headers}
        )
        assert good not in answer.text
        assert problem(answer, 401)["type"] == "/docs/problems#unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert rows() == before


def test_a_key_without_the_scope_is_told_which_it_lacks(north: World) -> None:
    north.keys["reader"] = north.key("north", ["indicators:read"])
    before = rows()
    sent: dict[str, Any] = {
        "content": changed(),
        "headers": {"Content-Type": "application/json", **north.auth("reader")},
    }
    lines = {"content": changed(), "headers": {"Content-Type": "application/x-ndjson", **north.auth("reader")}}
    refused = {
        "reports:write": [
            north.client.post("/v1/reports", **sent),
            north.client.post("/v1/reports/bulk", **lines),
            north.client.put("/v1/reports/EWN-0000-0000-0000", **sent),
        ],
        "reports:read": [north.raw("reader", "/v1/reports"), north.raw("reader", "/v1/reports/EWN-0000-0000-0000")],
        "digests:read": [north.raw("reader", "/v1/digests")],
        "network:admin": [north.raw("reader", "/v1/keys"), north.raw("reader", "/v1/organisation-templates")],
        "members:read": [north.raw("reader", "/v1/members")],
    }
    for scope, answers in refused.items():
        for answer in answers:
            assert problem(answer, 403)["scope"] == scope
    assert rows() == before


def test_a_write_from_another_sites_page_is_refused(north: World) -> None:
    north.member("anna", "north", "focal_point")
    signed = north.client.post(
        "/sign-in", data={"login": "anna", "password": "a long password"}, follow_redirects=False
    )
    assert signed.status_code == 303
    before = rows()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = north.client.post(
            "/v1/reports", content=changed(), headers={"Content-Type": "application/json", **headers}
        )
        assert problem(answer, 403)["type"] == "/docs/problems#cross-site"
    assert rows() == before


def test_every_path_refuses_the_methods_that_it_does_not_know(north: World) -> None:
    document = north.get("north", "/v1/openapi.json")
    known: dict[str, set[str]] = {}
    for method, path, _ in operations(document):
        known.setdefault(path, set()).add(method)
    known["/v1/reports/{reference}"] -= {"POST"}
    before = rows()
    for path, methods in known.items():
        for method in set(METHODS) - methods:
            if path in ("/v1/reports/bulk", "/v1/reports/facets", "/v1/reports/sheet") and method in ("GET", "PUT"):
                continue  # read as the reference of a report
            answer = north.client.request(method, filled(path), headers=north.auth("north"))
            problem(answer, 405)
            assert answer.headers["allow"]
    problem(north.client.get("/v1/nothing-here"), 404)
    problem(north.client.get("/v1/reports/x/y/z"), 404)
    assert rows() == before


def test_u_0000_in_an_address_is_refused_on_every_route(north: World) -> None:
    for path in (
        "/v1/reports/%00",
        "/v1/reports?q=a%00b",
        "/v1/keys/%00",
        "/v1/places?within=%00",
        "/v1/digests/%00/document.pdf",
    ):
        answer = north.client.get(path, headers=north.auth("north"))
        assert problem(answer, 400, "address")["type"] == "/docs/problems#malformed"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.one_kind
@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.deep)])
def test_hostile_requests_never_find_a_fault_and_a_refusal_never_stores_anything(
    north: World, caplog: pytest.LogCaptureFixture, every: int
) -> None:
    key = north.keys["admin"] = north.key("north", EVERY_SCOPE)
    first = 0 if db.engine().dialect.name == "sqlite" else every // 2  # each database has requests of its own
    chosen = list(requests(north.get("north", "/v1/openapi.json")))[first::every]
    before, seen, faults = rows(), Counter[int](), list[str]()
    for number, one in enumerate(chosen):
        headers = {**one.headers, "Authorization": f"Bearer {key}"}
        answer = north.client.request(one.method, one.path, content=one.content, headers=headers)
        seen[answer.status_code] += 1
        if answer.status_code >= 500:
            faults.append(str(one))
        elif answer.status_code >= 400:
            problem(answer, answer.status_code, answer.json().get("field"))
        else:
            assert not one.refused, f"{one}: {answer.text[:300]}"
            stores = one.method != "GET" or one.path.startswith("/v1/changes")  # the feed notes what it has given
            before = rows() if stores else before
        if number % 25 == 0:
            assert rows() == before, str(one)
    assert not faults, "\n".join(faults)
    assert rows() == before
    assert len(chosen) > 600
    assert min(seen[status] for status in (400, 404, 413, 415, 422)) > 0
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR and one.name.startswith("services")]
    assert key not in caplog.text


def test_nothing_secret_is_logged(north: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    north.member("anna", "north", "focal_point", password=f"{MARKER} password")
    for password in (f"{MARKER} password", f"{MARKER} wrong"):
        north.client.post("/sign-in", data={"login": "anna", "password": password}, follow_redirects=False)
    cookies = list(north.client.cookies.jar)
    north.client.cookies.clear()
    north.keys["admin"] = north.key("north", EVERY_SCOPE)
    assert north.post("north", report(title=MARKER, text=MARKER)).status_code == 202
    for content, *_ in [*UNREADABLE.values(), *BROKEN.values()]:
        raw(north, content.replace(b"Armed clash", MARKER.encode()))
    raw(north, changed(text=MARKER), Authorization=f"Bearer ewn_{MARKER}_x")
    raw(north, changed(text=MARKER), **{"Idempotency-Key": "k" * 300})
    member = {"login": "x", "name": MARKER, "organisation": "nobody", "roles": ["analyst"]}
    north.client.post("/v1/members", json=member, headers=north.auth("admin"))
    bulk = {"Content-Type": "application/x-ndjson", **north.auth("north")}
    north.client.post(
        "/v1/reports/bulk", content=changed(text=MARKER)[:-9] + b"\n" + changed(kind=MARKER), headers=bulk
    )
    assert COOKIE in {one.name for one in cookies}
    for secret in (MARKER, *north.keys.values(), *(one.value for one in cookies if one.name == COOKIE and one.value)):
        assert secret not in caplog.text
        assert not [record for record in caplog.records if secret in repr(record.__dict__)]
