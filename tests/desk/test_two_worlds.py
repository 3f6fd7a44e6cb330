"""A hidden report, and what analysts did with it, leaves no trace on another desk: in counts, pages and measures."""

from typing import Any

import pytest

from tests.e2e.two_worlds import MISSING, Stage, Step, alike
from tests.persons import signed_in
from tests.tagging.test_reports import CACHE
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind
GREEN = {"tlp": "GREEN", "attribution": "named"}
SHUT = amber("south", "far", strict=True)
DIFFERS = {"title": "A cache", "text": CACHE, "themes": ["cyber"], "place": "KG-B", "figures": {"killed": 3}}


def worked(stage: Stage, who: str, reference: str, other: str) -> None:
    """An analyst of whoever told the hidden report works on it: each act must go through."""
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"/v1/reports/{reference}/tags", {"scheme": "theme", "value": "small-arms", "decided": "confirmed"}),
        ("POST", f"/v1/reports/{reference}/tags", {"scheme": "actor", "value": "north", "decided": "added"}),
        ("POST", f"/v1/reports/{reference}/tags", {"scheme": "theme", "value": "border-security", "decided": "added"}),
        ("POST", f"/v1/reports/{reference}/links", {"report": other, "decided": "same"}),
        ("PUT", f"/v1/desk/{reference}/done", {"revision": 1}),
    ]
    for method, path, body in acts:
        more = {} if method == "PUT" else {"reason": "It was looked into."}
        answer = stage.world.client.request(method, path, json=body | more, headers=stage.headers[who])
        assert answer.status_code in (200, 201), answer.text
        stage.world.settle()


def test_a_hidden_report_leaves_no_trace_on_the_desk(world: World) -> None:
    stage = Stage(world)
    stage.headers["olga"] = signed_in("olga", "office", "analyst")
    story = [
        Step("north", {**DIFFERS, "marking": GREEN}),
        Step("south", {**DIFFERS, "marking": SHUT}, hidden=True),
        Step("north", report(2) | {"marking": GREEN, "occurred_from": "2026-03-01", "occurred_to": "2026-03-01"}),
        Step("south", {**DIFFERS, "text": "Other words.", "marking": SHUT}, hidden=True),
        Step("south", report(5) | {"marking": SHUT, "occurred_from": "2026-03-01", "occurred_to": "2026-03-01"},
             hidden=True),
    ]  # fmt: skip
    worlds, references = [], [MISSING]
    for there in (True, False):
        told, hidden = stage.tell(story, hidden=there)
        references = hidden or references
        if there:
            worked(stage, "ben", hidden[0], hidden[1])
        stage.answers = {}
        page = stage.ask("olga", "GET", "/v1/desk?size=1")
        states = [f"/v1/desk?state={one}" for one in ("rest", "open", "done", "all")]
        paths = [*states, "/v1/desk?reason=alike", "/v1/desk?status=actual", "/v1/tagging/precision"]
        if page.json()["next"]:
            paths.append(f"/v1/desk?size=1&cursor={page.json()['next']}")
        for path in (
            *paths,
            "/desk",
            "/desk?state=rest",
            "/precision",
            f"/desk/{told[0]}?find=north",
            "/desk?state=done",
            "/desk?state=all",
        ):
            stage.ask("olga", "GET", path, headers={"Accept": "text/html"} if not path.startswith("/v1") else {})
        for one in (*references, MISSING):
            done = stage.ask("olga", "PUT", f"/v1/desk/{one}/done", json={"revision": 1})
            pages = stage.ask("olga", "GET", f"/desk/{one}", headers={"Accept": "text/html"})
            assert done.status_code == pages.status_code == 404
        worlds.append(stage.answers)
        assert all(answer.status in (200, 404) for answer in stage.answers.values())
        assert page.json()["counts"]["waiting"] == 1
    alike(*worlds)
