"""Hostile requests made from the OpenAPI document: wrong methods, paths, queries and bodies for every operation."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.world import report

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}

MARKING = {"tlp": "GREEN", "attribution": "named"}
ORGANISATION = {"slug": "new-one", "name_en": "New one", "name_ru": "Новая", "kind": "state", "timezone": "UTC"}
BOTH = {"en": "In both languages", "ru": "На обоих языках"}
FORM = {
    "code": "ucdp-fatalities", "kind": "incident", "title": BOTH, "help": BOTH, "purpose": BOTH, "cannot_tell": BOTH,
    "harm": BOTH, "review_on": "2027-06-30",
}  # fmt: skip
QUESTION = {"code": "how_many", "text": BOTH, "scale": "count", "unit": BOTH, "feeds": ["weapons-seized"]}
PASSAGE = {"language": "en", "text": "Hackers broke into the servers."}
QUIET = {"language": "en", "text": "The bridge was opened for traffic."}
DEFINITION: dict[str, Any] = {
    "code": "cyber", "purpose": "See attacks on systems.", "cannot_tell": "Who is behind them.",
    "harm": "Faults could be read as attacks.", "review_on": "2027-06-30", "threshold": 2, "any": [],
    "hints": [], "hint_weight": 1, "together": [], "terms": {"en": ["hack*"]}, "weak": {}, "beside": [],
    "setting": {}, "unless": [], "not": [], "yields_to": [], "judged": True,
    "examples": {"positive": [PASSAGE, PASSAGE], "negative": [QUIET, QUIET]},
}  # fmt: skip
VALID: dict[str, dict[str, Any]] = {
    "POST /v1/reports": report(),
    "PUT /v1/reports/{reference}": report(),
    "POST /v1/reports/{reference}/withdrawal": {"reason": "mistaken"},
    "POST /v1/reports/{reference}/recall": {"reference": "EWN-1111-1111-1111", "reason": "mistaken"},
    "PUT /v1/reports/{reference}/attachments/{attachment}/personal": {"decision": "words"},
    "PUT /v1/reports/{reference}/marking": {"marking": MARKING},
    "PUT /v1/reports/{reference}/personal": {"decision": "mask"},
    "POST /v1/markings/readers": {"marking": MARKING},
    "PUT /v1/reports/{reference}/tear-line": {"text": "In brief.", "marking": MARKING},
    "POST /v1/reports/{reference}/requests": {"kind": "release", "wanted": "For others.", "reason": "They need it."},
    "POST /v1/reports/{reference}/outcomes": {"outcome": "verified", "text": "It was so."},
    "PUT /v1/reports/{reference}/translations/{language}": {"title": "Clash at the pass", "summary": "Men left."},
    "POST /v1/reports/{reference}/thread": {"text": "Have others seen it?"},
    "PUT /v1/reports/{reference}/thread": {"closed": True},
    "POST /v1/inquiries": {
        "countries": ["KG"], "themes": ["armed-attack"], "question": "What was seen?", "why": "It is not clear.",
        "marking": MARKING, "due_on": "2026-11-20",
    },
    "POST /v1/inquiries/{reference}/answers": {"text": "Nothing was seen.", "marking": MARKING},
    "PUT /v1/inquiries/{reference}/due": {"due_on": "2026-12-20"},
    "POST /v1/inquiries/{reference}/closing": {"note": "Answered."},
    "POST /v1/inquiries/{reference}/withdrawal": {"note": "Mistaken."},
    "POST /v1/requests/{reference}/decision": {"granted": False, "answer": "Not yet."},
    "POST /v1/assignments": {
        "organisation": "north", "form": "measures", "period": "month", "marking": MARKING, "due_days": 5,
        "due_hour": 18, "place": "KG", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
    },
    "PATCH /v1/assignments/{reference}": {"ends_on": "2027-12-31", "marking": MARKING},
    "PUT /v1/forms/{code}/draft": FORM | {"period": "none", "core": {"place": "required"}, "questions": [QUESTION]},
    "PUT /v1/definitions/{code}/draft": DEFINITION,
    "POST /v1/definitions/{code}/draft/review": {"digest": "0" * 64},
    "POST /v1/reports/{reference}/tags": {
        "scheme": "theme", "value": "cyber", "decided": "added", "reason": "It fits.", "words": "a server",
    },
    "PUT /v1/desk/{reference}/done": {"revision": 1},
    "POST /v1/reports/{reference}/links": {"report": "EWN-2222-2222-2222", "decided": "same", "reason": "It fits."},
    "POST /v1/reports/{reference}/credibility": {"credibility": 3, "reason": "It fits.", "marking": MARKING},
    "POST /v1/reports/{reference}/verification": {"outcome": "verified", "reason": "It was seen.", "marking": MARKING},
    "POST /v1/judgements/check": {"text": "It may be likely.", "scale": "phia", "language": "ru"},
    "POST /v1/lists/{source}/approval": {"approved": True, "reason": "It was looked into."},
    "POST /v1/reliability/organisations/{slug}": {"reliability": "B", "reason": "Its reports held."},
    "POST /v1/reports/{reference}/source-reliability": {"reliability": "E", "reason": "Its reports did not hold."},
    "POST /v1/organisations": ORGANISATION | {"countries": ["KG"], "parent": None, "past": True, "reliability": "B"},
    "POST /v1/members": {
        "login": "someone", "name": "Some One", "organisation": "north", "roles": ["analyst"],
        "language": "en", "timezone": "UTC",
    },
    "POST /v1/members/{login}/erase": {"login": "nobody"},
    "POST /v1/retention/rules": {"kind": "research", "tlp": "RED", "months": 1200, "counted_from": "receipt"},
    "POST /v1/holds": {"what": "organisation", "name": "north", "reason": "A court has asked."},
    "POST /v1/members/{login}/invitation": {"second_factor": True},
    "PATCH /v1/me": {"language": "ru", "timezone": "Asia/Bishkek"},
    "PUT /v1/me/password": {"password": "correct horse battery", "current": "none of these words"},
    "PUT /v1/members/{login}/roles": {"roles": ["analyst", "approver"]},
    "POST /v1/keys": {
        "name": "a key", "organisation": "north", "scopes": ["reports:read"], "expires_at": "2027-01-01T00:00:00Z",
        "kind": "live", "networks": ["192.0.2.0/24"],
    },
    "POST /v1/keys/{prefix}/rotation": {"overlap_hours": 24},
    "POST /v1/groups": {"slug": "a-group", "name_en": "A group", "name_ru": "Группа", "members": ["north"]},
    "PATCH /v1/groups/{slug}": {"name_en": "A group", "owner": None, "past": True, "rule": {"kinds": ["state"]}},
    "PUT /v1/groups/{slug}/rule": {"kinds": ["state"], "countries": ["KG"]},
    "PUT /v1/groups/{slug}/members/{organisation}": {"begins_on": "2027-01-01", "ends_on": "2027-02-01"},
    "PATCH /v1/organisations/{slug}": {"name_en": "New one", "aliases": ["N1"], "countries": ["KG"], "hidden": True},
    "POST /v1/organisations/{slug}/activation": {"past": True},
    "PUT /v1/organisations/{slug}/parent": {"parent": "north", "past": True},
    "POST /v1/members/{login}/offices": {"title_en": "Head", "title_ru": "Глава", "held_from": "2026-01-01"},
    "POST /v1/digests": {"schedule": "monthly-bulletin", "day": "2026-10-01"},
    "POST /v1/indicators/{code}/observations": {
        "marking": MARKING, "observations": [{"place": "KG", "start": "2026-10-01", "value": 1}],
    },
}  # fmt: skip

SEGMENTS = (
    "%00", "%FF", "%2e%2e%2f%2e%2e%2fetc", "EWN-0000-0000-0000", "%F0%9F%92%A3", "a" * 3000, "%27%20OR%201%3D1--",
    "%ED%A0%80", "%0d%0aX-Evil:1", "-1", "NaN", "%7B%7B7*7%7D%7D", "%25", "99999999999999999999",
)  # fmt: skip
OBSERVED: tuple[dict[str, Any], ...] = (
    {"value": float("nan")}, {"value": float("inf")}, {"value": 1e308}, {"value": 10**40}, {"value": "1"},
    {"place": "\x00"}, {"start": "9999-12-31"}, {"start": "0001-01-01"}, {"released_at": "x"},
    {"released_at": "0001-01-01T00:00:00+14:00"},
)  # fmt: skip
QUERIES = (
    "", "%00", "%FF", "-1", "NaN", "1e400", "99999999999999999999999", "a" * 5000, "0001-01-01", "9999-12-31",
    "%ED%A0%80", "2026-13-45", "%27%3B--", "true", "[]", "%F0%9F%92%A3",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, "", " ", "\x00", "a\x00b", "\ud800", "x" * 60_000, [], {}, [[]], [None],
    {"a": {"b": []}}, "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "2026-10-10T00:00:00", ["\x00"],
    {"\ud800": 1}, {"\x00": "\x00"},
)  # fmt: skip
BODIES: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"1", b'"text"', b"{", b"}", b"{]", b"\xff\xfe\x00", b'{"\xc3\x28": 1}',
    b"[" * 100_000, b'{"a":' * 50_000, b"NaN", b'{"title": NaN}', b'{"title": Infinity}',
    b'{"figures": {"killed": 1e400}}',
    b'{"title": ' + b"9" * 6000 + b"}", b'{"\\ud800": "\\udfff"}', b'{"title": "\\u0000"}', b"{'title': 'x'}",
    "﻿{}".encode(), '{"title": "текст"}'.encode("utf-16"), '{"title": "текст"}'.encode("cp1251"),
    b"title=x&text=y", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00", b'{"__proto__": {"x": 1}}', b"\x00" * 100,
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One request. `refused`: no reading of it is acceptable."""

    method: str
    path: str
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    refused: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.path[:120]} {self.content[:80]!r} {self.headers}"


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation under /v1."""
    return [
        (method.upper(), path, operation)
        for path, item in sorted(document["paths"].items())
        for method, operation in sorted(item.items())
        if path.startswith("/v1")
    ]


def filled(path: str) -> str:
    """A path with its parameters filled in by things that are not there, except for what the tests lay."""
    known = {
        "code": "ucdp-fatalities",
        "slug": "elsewhere",
        "organisation": "elsewhere",
        "login": "nobody",
        "reference": "EWN-1111-1111-1111",
        "message": "MSG-1111-1111-1111",
        "language": "en",
        "revision": "1",
    }
    for name, value in (known | {"prefix": "nothing"}).items():
        path = path.replace(f"{{{name}}}", value)
    return path


def requests(document: dict[str, Any]) -> Iterator[Hostile]:
    """Every hostile request, in a fixed order."""
    for method, path, operation in operations(document):
        yield from _paths(method, path)
        yield from _queries(method, path, operation)
        if f"{method} {path}" in VALID:
            yield from _bodies(method, path)
    for content in BODIES:
        yield Hostile("POST", "/v1/reports/bulk", content, NDJSON, refused=False)


def _paths(method: str, path: str) -> Iterator[Hostile]:
    names = [part for part in path.split("/") if part.startswith("{")]
    body = json.dumps(VALID.get(f"{method} {path}", {})).encode() if method in ("POST", "PUT", "PATCH") else b""
    for name in names:
        for segment in SEGMENTS:
            hit = filled(path.replace(name, segment))
            yield Hostile(method, hit, body, JSON if body else {}, refused=False)


def _queries(method: str, path: str, operation: dict[str, Any]) -> Iterator[Hostile]:
    given = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    needed = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "start": "2026-10-01"}
    body = json.dumps(VALID.get(f"{method} {path}", {})).encode() if method in ("POST", "PUT", "PATCH") else b""
    for name in [*given, "unknown"]:
        for value in QUERIES:
            rest = "&".join(f"{key}={needed[key]}" for key in given if key != name and key in needed)
            query = f"?{quote(name)}={value}" + (f"&{rest}" if rest else "")
            yield Hostile(method, filled(path) + query, body, JSON if body else {}, refused=False)


def _bodies(method: str, path: str) -> Iterator[Hostile]:
    valid = VALID[f"{method} {path}"]
    at = filled(path)
    for content in BODIES:
        yield Hostile(method, at, content, JSON)
    good = json.dumps(valid).encode()
    yield Hostile(method, at, json.dumps(valid | {"no_such_field": 1}).encode(), JSON)
    yield Hostile(method, at, good, {"Content-Type": "text/plain"})
    yield Hostile(method, at, good, JSON | {"Content-Encoding": "gzip"}, refused=path == "/v1/reports")
    yield Hostile(method, at, good + b" " * 300_000, JSON)
    for name in valid:
        for value in VALUES:
            changed = deepcopy(valid) | {name: value}
            yield Hostile(method, at, json.dumps(changed).encode(), JSON, refused=False)
    if "observations" in valid:
        for more in OBSERVED:
            changed = valid | {"observations": [valid["observations"][0] | more]}
            yield Hostile(method, at, json.dumps(changed).encode(), JSON, refused=False)
