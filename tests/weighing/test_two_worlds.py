"""A world in which others weigh what they see reads, for whoever may not know it, as one in which nobody did."""

import pytest

from tests.e2e.two_worlds import Stage, Step, alike
from tests.persons import signed_in
from tests.weighing.parties import GREEN, WITHHELD, WORDS
from tests.world import World, amber

pytestmark = pytest.mark.one_kind
VIEWERS = ("south", "ben")
LEAFLET = {"kind": "relayed", "document": "A leaflet"}
ALL = {"tlp": "GREEN", "attribution": "named"}


def acted(stage: Stage, who: str, path: str, **body: object) -> None:
    answer = stage.world.client.post(path, json={"reason": "It was looked into."} | body, headers=stage.headers[who])
    assert answer.status_code == 201, (path, answer.text)


def weighed(stage: Stage, told: list[str], hidden: list[str]) -> None:
    """Analysts weigh what they see, all of it out of sight of the viewers: by their marking, or the report's."""
    for reference in told:
        for who in ("olga", "fay"):
            acted(stage, who, f"/v1/reports/{reference}/credibility", credibility=5)
            acted(stage, who, f"/v1/reports/{reference}/verification", outcome="refuted")
    for reference in hidden:
        for who in ("olga", "fay"):
            acted(stage, who, f"/v1/reports/{reference}/credibility", credibility=2, marking=ALL)
            acted(stage, who, f"/v1/reports/{reference}/verification", outcome="verified", marking=ALL)
    acted(stage, "olga", f"/v1/reports/{hidden[0]}/source-reliability", reliability="D")


def test_what_others_weigh_among_themselves_leaves_no_trace(world: World) -> None:
    stage = Stage(world)
    stage.headers |= {"olga": signed_in("olga", "office", "analyst"), "fay": signed_in("fay", "far", "analyst")}
    story = [
        Step("north", {"title": "A note", "text": WORDS, "marking": GREEN, "source": LEAFLET}),
        Step("far", {"title": "A note", "text": f"{WORDS} again", "marking": WITHHELD}),
        Step("north", {"text": WORDS, "marking": amber("office", "far", strict=True), "source": LEAFLET}),
    ]
    worlds = []
    for there in (True, False):
        told, _ = stage.tell(story, hidden=True)
        if there:
            weighed(stage, told[:2], told[2:])
        worlds.append([stage.look(viewer, told[:2], told[2:]) for viewer in VIEWERS])
    for one, other in zip(*worlds, strict=True):
        alike(one, other, counted=True)


def test_its_own_teller_does_not_learn_that_others_weighed_its_report(world: World) -> None:
    stage = Stage(world, pages=False)
    stage.headers |= {"olga": signed_in("olga", "office", "analyst"), "fay": signed_in("fay", "far", "analyst")}
    story = [
        Step("north", {"text": WORDS, "marking": amber("office", "far"), "source": LEAFLET}),
        Step("north", {"marking": amber("office", "far", attribution="withheld"), "source": LEAFLET}),
    ]
    worlds = []
    for there in (True, False):
        told, _ = stage.tell(story, hidden=True)
        if there:
            for reference in told:
                for who in ("olga", "fay"):
                    acted(stage, who, f"/v1/reports/{reference}/verification", outcome="refuted")
            acted(stage, "olga", f"/v1/reports/{told[0]}/source-reliability", reliability="D")
        worlds.append([stage.look(viewer, told, []) for viewer in ("abe", "north")])
    for one, other in zip(*worlds, strict=True):
        alike(one, other, counted=True)
