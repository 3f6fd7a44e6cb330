"""A report that a maker of definitions may not see leaves no trace in what a definition is tried on, or in a run."""

from typing import Any

import pytest

from services import definitions
from services.kernel import clock, db, ids
from tests.definitions.making import CODE, FIRST, WORD, changed, retag
from tests.e2e.two_worlds import Stage, Step, alike
from tests.emptying import empty
from tests.persons import signed_in
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
SHUT = amber("far", strict=True)
PATHS = (
    f"/v1/definitions/{CODE}/trial",
    f"/v1/definitions/{CODE}/trial?version={FIRST}",
    f"/v1/definitions/{CODE}/trial?status=exercise",
    "/v1/definitions/retagging",
    "/v1/indicators/cyber-incidents/series?place=KG&from=2026-10-01&to=2026-10-31",
    "/v1/definitions",
    f"/v1/definitions/{CODE}/versions",
)
PAGES = (f"/definitions/{CODE}/trial", f"/definitions/{CODE}", "/definitions", "/")


def told(number: int, **more: Any) -> dict[str, Any]:
    """A report that the changed definition tags and the pack's does not."""
    return report(number) | {"text": f"Officials told of a {WORD} at the ministry {number}.", "themes": []} | more


def tell(stage: Stage, story: list[Step], *, hidden: bool) -> None:
    """Play the steps in an empty world."""
    empty()
    for number, step in enumerate(story):
        if hidden or not step.hidden:
            ids.seed(number)
            sent = stage.world.client.post("/v1/reports", json=step.body, headers=stage.headers[step.sender])
            assert sent.status_code == 202, sent.text
    stage.world.settle()
    ids.seed(1000)


@pytest.mark.one_kind
def test_what_a_maker_may_not_see_leaves_no_trace_in_a_trial_or_a_run(world: World) -> None:
    stage = Stage(world, pages=False)
    for login in ("olga", "oleg"):
        stage.headers[login] = signed_in(login, "office", "analyst")
    story = [
        Step("south", told(1, marking=GREEN)),
        Step("north", told(2, marking=SHUT), hidden=True),
        Step("far", told(3, marking=GREEN, language="ru", title="Записка")),
        Step("north", told(4, marking=SHUT, title="Hackers broke into servers by phishing"), hidden=True),
        Step("far", report(5) | {"marking": GREEN}),
    ]
    worlds = []
    for there in (True, False):
        tell(stage, story, hidden=there)
        stage.answers = {}

        def act(path: str, who: str, **more: Any) -> None:
            answer = world.client.request(more.pop("method", "POST"), f"/v1/definitions/{CODE}{path}",
                                          headers=stage.headers[who], **more)  # fmt: skip
            assert answer.status_code == 200, answer.text

        def look(when: str) -> None:
            for path in (*PATHS, *PAGES):
                stage.ask("olga", "GET", path, headers={} if path.startswith("/v1") else {"Accept": "text/html"})
            worlds[-1] |= {f"{when} {name}": answer for name, answer in stage.answers.items()}
            stage.answers = {}

        worlds.append({})
        act("/draft", "olga", method="PUT", json=changed())
        look("draft")
        seen = world.client.get(f"/v1/definitions/{CODE}/draft", headers=stage.headers["oleg"]).json()["digest"]
        act("/draft/review", "oleg", json={"digest": seen})
        act("/draft/publication", "olga")
        definitions.retag_once(at=clock.now())
        look("handed on")
        retag(world)
    alike(*worlds)
    first = next(answer for name, answer in worlds[0].items() if name.startswith("draft") and "/trial " in name)
    found = stage.world.client.get(PATHS[1], headers=stage.headers["olga"]).json()
    assert b'"gained":2' in first.body
    assert (found["reports"], found["read"], found["gained"], found["lost"], found["kept"]) == (3, 3, 0, 2, 0)
    without = {name for name, answer in worlds[0].items() if answer.status != 200}
    assert all("/trial" in name and not name.startswith("draft") for name in without), "only where there is no draft"


@pytest.mark.one_kind("postgresql")
def test_a_trial_of_very_many_reads_an_even_part_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.tagging import trying
    from tests.definitions.making import Office

    office = Office(world)
    monkeypatch.setattr(trying, "MOST", 3)
    for number in range(7):
        world.submit("north", **told(number, marking=GREEN, occurred_from=f"2026-10-0{number + 1}",
                                     occurred_to=f"2026-10-0{number + 1}"))  # fmt: skip
    world.settle()
    office.done("PUT", f"/{CODE}/draft", json=changed())
    found = office.done("GET", f"/{CODE}/trial")
    assert (found["reports"], found["read"], found["gained"]) == (7, 3, 3)
    assert found["months"] == [{"month": "2026-10", "language": "en", "gained": 3, "lost": 0, "kept": 0}]
    assert len(found["gained_reports"]) == 3
    # of very long ones the fewer, with all that is read of them
    world.attach("north", world.submit("north", **told(8, marking=GREEN)), b"A long note. " * 99)
    world.settle()
    monkeypatch.setattr(trying, "MOST", 8)
    monkeypatch.setattr(trying, "MOST_CHARACTERS", 1_000)
    few = office.done("GET", f"/{CODE}/trial")
    assert (few["reports"], few["read"]) == (8, 1)
    monkeypatch.undo()
    # whoever rejected it is not asked again
    body = {"scheme": "theme", "value": CODE, "decided": "added", "reason": "It was missed."}
    reference = found["gained_reports"][0]
    added = world.client.post(f"/v1/reports/{reference}/tags", json=body, headers=office.ann)
    assert added.status_code == 201, added.text
    world.settle()
    assert office.done("GET", f"/{CODE}/trial")["kept"] == 1
    with db.reading() as session:
        assert definitions.open_run(session) is None
