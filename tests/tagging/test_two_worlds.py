"""A hidden report that analysts joined to visible ones leaves no trace for whoever may not see it."""

import pytest

from services.kernel.config import settings
from tests.e2e.two_worlds import MISSING, Stage, Step, alike
from tests.persons import signed_in
from tests.tagging.test_reports import CACHE
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind
GREEN = {"tlp": "GREEN", "attribution": "named"}
SHUT = amber("north", "office", strict=True)
VIEWERS = ("south", "ben")


def minute(monkeypatch: pytest.MonkeyPatch, past: int) -> None:
    monkeypatch.setenv("EWN_CLOCK", f"2026-11-01T12:0{past}:00+00:00")
    settings.cache_clear()


def decided(stage: Stage, told: list[str], hidden: list[str]) -> None:
    """The secretariat joins both visible reports to a hidden one, parts a hidden one from one that is like it, and
    corrects a tag of that."""
    pairs = [(told[0], hidden[0], "same"), (hidden[0], told[1], "same"), (told[0], hidden[1], "apart")]
    for one, other, word in pairs:
        body = {"report": other, "decided": word, "reason": "It was looked into."}
        answer = stage.world.client.post(f"/v1/reports/{one}/links", json=body, headers=stage.headers["olga"])
        assert answer.status_code == 201, answer.text
        stage.world.settle()
    body = {"scheme": "theme", "value": "small-arms", "decided": "rejected", "reason": "It was looked into."}
    answer = stage.world.client.post(f"/v1/reports/{hidden[1]}/tags", json=body, headers=stage.headers["olga"])
    assert answer.status_code == 201, answer.text
    stage.world.settle()


def test_a_decided_link_to_what_is_hidden_leaves_no_trace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(world, pages=False)
    stage.headers["olga"] = signed_in("olga", "office", "analyst")
    story = [
        Step("south", {"text": CACHE, "marking": GREEN}),
        Step("far", report(2) | {"marking": GREEN}),
        Step("north", report(3) | {"marking": SHUT}, hidden=True),
        Step("north", {"text": CACHE, "marking": SHUT}, hidden=True),
    ]
    worlds = []
    references: list[str] = []
    for there in (True, False):
        minute(monkeypatch, 0)
        told, hidden = stage.tell(story, hidden=there)
        references = hidden or references
        minute(monkeypatch, 5)  # when it was decided is told nobody either
        if there:
            decided(stage, told, hidden)
        minute(monkeypatch, 6)
        world_seen = [stage.look(viewer, told, references) for viewer in VIEWERS]
        if there:
            stage.refused_alike("ben", references)
        stage.answers = {}
        for one in (*references, MISSING):
            body = {"report": one, "decided": "same", "reason": "It was looked into."}
            stage.ask("ben", "POST", f"/v1/reports/{told[0]}/links", json=body)
            stage.ask("ben", "POST", f"/v1/reports/{one}/links", json=body | {"report": told[0]})
            tag = {"scheme": "theme", "value": "small-arms", "decided": "confirmed", "reason": "It was looked into."}
            stage.ask("ben", "POST", f"/v1/reports/{one}/tags", json=tag)
        worlds.append([*world_seen, stage.answers])
    for one, other in zip(*worlds, strict=True):
        alike(one, other)
    assert any("/links" in name and answer.status == 200 for name, answer in worlds[0][1].items())
