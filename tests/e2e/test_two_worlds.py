"""The test of all tests of sharing: a world with a hidden item reads as one without it, byte for byte."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import reports
from services.kernel import clock, db, ids
from services.kernel.config import settings as settings_of
from tests.e2e.two_worlds import DEEP, Stage, Step, alike
from tests.emptying import empty
from tests.world import World, amber, build_due, report

EXAMPLES = max(2, settings().max_examples // 50)
RED_TO_BEN = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}
GREEN = {"tlp": "GREEN", "attribution": "named"}
DAYS = (("2026-11-01", "2026-11-01"), ("2026-10-31", "2026-11-01"), ("2026-10-10", "2026-10-10"))
SOURCES = (
    {"kind": "own"},
    {"kind": "relayed", "organisation": "far"},
    {"kind": "relayed", "organisation": "north"},
    {"kind": "relayed", "document": "A leaflet"},
)


def words(variant: int) -> str:
    """Variant 0 is nearly the same as 1 and as 2, which are not nearly the same; 3 is like none of them."""
    said = [f"lorem{n}{'dolor' if variant < 3 else 'velit'}{n * n}" for n in range(30)]
    if variant == 1:
        said[:6] = [f"ante{n}" for n in range(6)]
    if variant == 2:
        said[-6:] = [f"post{n}" for n in range(6)]
    return " ".join(said)


def bodies(markings: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda variant, days, **rest: rest | {"text": words(variant), "occurred_from": days[0], "occurred_to": days[1]},
        variant=st.integers(0, 3),
        days=st.sampled_from(DAYS),
        title=st.just("A note"),
        place=st.sampled_from(("KG-B", "KG-B", "KG", None)),
        themes=st.sampled_from((["armed-attack"], [])),
        figures=st.sampled_from(({}, {"killed": 3})),
        status=st.sampled_from(("actual", "actual", "exercise")),
        selection=st.sampled_from((False, False, True)),
        source=st.sampled_from(SOURCES),
        own_reference=st.sampled_from((None, None, "A-1")),
        marking=markings,
    ).map(lambda body: {name: value for name, value in body.items() if value is not None})


def _lined(body: dict[str, Any], line: dict[str, Any] | None) -> dict[str, Any]:
    """With a tear-line where the marking leaves somebody to tell it to."""
    marking = body["marking"]
    reached = marking["tlp"] in ("GREEN", "CLEAR") or "office" in marking.get("organisations", ())
    return body if line is None or reached else body | {"tear_line": line}


open_to_south = st.sampled_from(
    (GREEN, GREEN, GREEN | {"attribution": "withheld"}, amber("south"), amber("south", "far"))
)
shut_to_south = st.sampled_from(
    (
        amber("far"),
        amber("north", "office", strict=True),
        amber(groups=("ring",)),
        amber(groups=("ring",), attribution="withheld"),
        {"tlp": "RED", "attribution": "named", "persons": ["ada"]},
        amber(),
        GREEN | {"embargo_until": "2026-11-02T00:00:00Z"},
        {"tlp": "RED", "attribution": "chatham", "persons": ["ada"], "embargo_until": "2026-11-02T00:00:00Z"},
    )
)
afterwards = st.sampled_from(("", "", "", "withdraw", "revise", "recall", "narrow"))
seen = st.builds(Step, st.sampled_from(("north", "far", "south", "ada")), bodies(open_to_south), then=afterwards)
hidden_lines = st.sampled_from((None, None, {"text": "In brief.", "marking": amber("office", "far", strict=True)}))
hidden_bodies = st.builds(_lined, bodies(shut_to_south), hidden_lines)
hidden_acts = st.one_of(afterwards, st.just("ask"))
unseen = st.builds(Step, st.sampled_from(("north", "far", "ada")), hidden_bodies, st.just(True), hidden_acts)


# Not "narrow": what is strictly for the organisation instead of one person is for her colleagues too.
for_red = st.sampled_from(("", "", "", "withdraw", "revise", "recall"))
by_name = st.builds(Step, st.just("ada"), bodies(st.just(RED_TO_BEN)), st.just(True), for_red)
once_open = st.builds(Step, st.just("ada"), bodies(st.just(GREEN)), st.just(True), st.just("red"))
acts = st.sampled_from(("", "", "blink far", "relink harbour"))


def stories(unseen: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    """Some visible reports with one hidden item somewhere among them; own references are used once by each sender."""
    return st.tuples(st.lists(seen, min_size=1, max_size=4), unseen, st.integers(0, 4), acts).map(_placed).map(_once)


def _placed(drawn: tuple[list[Step], Step, int, str]) -> list[Step]:
    visible, hidden, at, act = drawn
    visible[-1] = replace(visible[-1], act=act)
    return [*visible[:at], hidden, *visible[at:]]


def _once(steps: list[Step]) -> list[Step]:
    used: set[str] = set()
    for step in steps:
        sender = {"ada": "north"}.get(step.sender, step.sender)
        if "own_reference" in step.body and (sender in used or not step.hidden or step.then == "red"):
            step.body.pop("own_reference")
        elif "own_reference" in step.body:
            used.add(sender)
    return steps


def compare(stage: Stage, story: list[Step], *, keys: Sequence[str], person: str, writer: str | None) -> None:
    """Tell a story with and without its hidden items; whoever may not see them can tell no difference. What keys read,
    the person reads too: they look at the first story, and at each in the long runs."""
    hidden = [step for step in story if step.hidden]
    worlds = []
    whole = not stage.looked  # with the first story only
    told, references = stage.tell(story, hidden=True)
    for there in (True, False):
        if not there:
            assert stage.tell(story, hidden=False) == (told, [])
        worlds.append([stage.look(viewer, told, references) for viewer in keys if whole or DEEP])
        worlds[-1].append(stage.look(person, told, references, whole=whole))
        if there:
            stage.refused_alike(person, references)
        if writer is not None:
            worlds[-1].append(stage.write(writer, hidden, references))
    for one, other in zip(*worlds, strict=True):
        alike(one, other)
    assert stage.seen_all()


def _rich(number: int, sender: str, marking: dict[str, Any], **more: Any) -> Step:
    step = {name: more.pop(name) for name in ("hidden", "then", "act") if name in more}
    body = {"title": "A note", "text": words(number), "occurred_from": DAYS[0][0], "occurred_to": DAYS[0][1]}
    return Step(sender, body | {"figures": {"killed": 3}, "place": "KG-B", "marking": marking} | more, **step)


# One story of nearly all that the others are drawn from.
RICH = [
    _rich(1, "north", GREEN, then="revise"),
    _rich(
        0, "far", amber(groups=("ring",), attribution="withheld"), hidden=True, then="ask", own_reference="A-1",
        source=SOURCES[2], tear_line={"text": "In brief.", "marking": amber("office", "far", strict=True)},
    ),
    _rich(2, "ada", amber("south", "far"), source=SOURCES[1], then="narrow"),
    _rich(0, "far", GREEN | {"attribution": "withheld"}, act="relink harbour", then="withdraw", selection=True),
]  # fmt: skip


def searched(
    world: World, unseen: st.SearchStrategy[Step], examples: int, *, pages: bool = True, **viewers: Any
) -> None:
    stage = Stage(world, pages=pages)

    @given(story=stories(unseen))
    @settings(max_examples=examples)
    def search(story: list[Step]) -> None:
        compare(stage, story, **viewers)

    search()


def test_no_hidden_item_leaves_a_trace_for_who_may_not_see_it(world: World) -> None:
    viewers: Any = {"keys": ("south", "harbour"), "person": "ben", "writer": "south"}
    if DEEP or db.engine().dialect.name == "sqlite":
        searched(world, unseen, EXAMPLES if DEEP else EXAMPLES // 2, **viewers)
    else:
        compare(Stage(world), RICH, **viewers)


@pytest.mark.one_kind
def test_no_count_and_no_label_hangs_on_a_hidden_item(world: World) -> None:
    stage = Stage(world, pages=False, counts_only=True)

    @given(story=st.one_of(stories(unseen), stories(once_open)))
    @settings(max_examples=settings().max_examples // 10)
    def search(story: list[Step]) -> None:
        worlds = []
        for hidden in (True, False):
            told, _ = stage.tell(story, hidden=hidden)
            worlds.append([stage.counts(viewer, told) for viewer in ("south", "harbour")])
        for one, other in zip(*worlds, strict=True):
            alike(one, other)

    search()


@pytest.mark.one_kind
def test_red_leaves_no_trace_for_colleagues_of_who_sent_it(world: World) -> None:
    searched(world, by_name, EXAMPLES // 2, keys=("north",), person="abe", writer="north")


@pytest.mark.one_kind
def test_what_becomes_red_leaves_no_trace_for_who_saw_it_before(world: World) -> None:
    searched(world, once_open, EXAMPLES // 2, pages=False, keys=("south",), person="abe", writer=None)


@pytest.mark.one_kind
def test_what_a_group_was_told_leaves_no_trace_for_who_joins_it_later(world: World) -> None:
    stage = Stage(world, pages=False)
    ring = amber(groups=("ring",))
    body = {"title": "A note", "occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
    story = [
        Step("far", body | {"text": words(1), "marking": GREEN}),
        Step("north", body | {"text": words(0), "marking": ring}, hidden=True),
        Step("north", body | {"text": words(2), "marking": ring}, act="join south"),
        Step("far", body | {"text": words(3), "marking": ring}, act="relink harbour"),
    ]
    worlds = []
    for there in (True, False):
        told, hidden = stage.tell(story, hidden=there)
        references = hidden or references  # noqa: F821 -- those of the first world
        worlds.append([stage.look("south", told, references), stage.look("ben", told, references)])
        assert len(stage.world.get("south", "/v1/reports")["reports"]) == 3
        stage.tell([], hidden=False)
        stage.act("leave south")
    for one, other in zip(*worlds, strict=True):
        alike(one, other)


@pytest.mark.one_kind
def test_a_hidden_organisation_leaves_no_trace_for_who_may_not_know_it(world: World) -> None:
    stage = Stage(world, pages=False)
    story = [
        Step("north", {"title": "A note", "text": words(0), "marking": amber(groups=("ring",))}, hidden=True),
        Step("far", {"title": "A note", "text": words(1), "marking": GREEN}),
        Step("veiled", {"title": "A note", "text": words(0), "marking": amber(groups=("ring",))}, hidden=True),
        Step("veiled", {"title": "A note", "text": words(2), "marking": amber("far", "veiled")}, hidden=True),
        Step("north", {"title": "A note", "text": words(2), "marking": GREEN | {"attribution": "withheld"}}),
    ]
    worlds = []
    for there in (False, True):
        if there:
            stage.veil()
        told, _ = stage.tell(story, hidden=there)
        views = [stage.look(viewer, told, [], whole=viewer != "harbour") for viewer in ("south", "harbour", "ben")]
        worlds.append([*views, stage.write("south", [], [])])
    for one, other in zip(*worlds, strict=True):
        alike(one, other, counted=True)
    assert "veiled" in {one["slug"] for one in stage.world.get("far", "/v1/organisations")}


@pytest.mark.one_kind
def test_what_was_under_embargo_reads_as_told_when_it_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(world, pages=False)

    def minute(past: int) -> None:
        monkeypatch.setenv("EWN_CLOCK", f"2026-11-01T12:{past}:00+00:00")
        settings_of.cache_clear()

    def tell(number: int, sender: str, marking: dict[str, Any]) -> str:
        ids.seed(number)
        body = report(title="A note", text=words(number), marking=marking)
        told = world.post(sender, body)
        world.settle()
        assert told.status_code == 202, told.text
        return str(told.json()["reference"])

    worlds = []
    for early in (True, False):
        empty()
        minute(10)
        if early:
            first = tell(1, "north", GREEN | {"embargo_until": "2026-11-01T12:30:00Z"})
        minute(20)
        second = tell(0, "far", GREEN)
        minute(30)
        if early:
            with db.transaction() as session:
                assert reports.remarkings_due(session, clock.now()) == 1
            world.settle()
        else:
            assert tell(1, "north", GREEN) == first
        ids.seed(1000)
        build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
        worlds.append([stage.look(viewer, [first, second], []) for viewer in ("south", "ben")])
        assert [one["reference"] for one in world.get("south", "/v1/reports")["reports"]] == [first, second]
    for one, other in zip(*worlds, strict=True):
        alike(one, other)


@pytest.mark.one_kind
def test_a_crowd_of_hidden_tellings_parts_no_two_that_are_seen(world: World) -> None:
    stage = Stage(world, pages=False)
    crowd = [
        Step("north", {"title": "A note", "text": f"{words(1)} tail{n}", "marking": amber("far")}, hidden=True)
        for n in range(250)
    ]
    ends = [Step("far", {"title": "A note", "text": words(variant), "marking": GREEN}) for variant in (0, 1)]
    story = [ends[0], *crowd, ends[1]]
    told, _ = stage.tell(story, hidden=True)
    one = stage.look("south", told, [])
    assert set(world.get("south", f"/v1/reports/{told[0]}/incident")["reports"]) == set(told)
    stage.tell(story, hidden=False)
    alike(one, stage.look("south", told, []))


@pytest.mark.one_kind
def test_a_tear_line_tells_nothing_of_its_report(world: World) -> None:
    """The same line over two reports that have nothing in common: whoever is told the line can tell no difference."""
    stage = Stage(world, pages=False)
    line = {"text": "In brief.", "marking": GREEN | {"attribution": "chatham"}}
    first = {"title": "A note", "text": words(0), "marking": amber("far"), "tear_line": line}
    second = {
        "title": "Quite another", "text": words(3), "kind": "practice", "place": "TJ", "themes": [],
        "figures": {"killed": 9},
        "occurred_from": "2026-09-01", "occurred_to": "2026-09-02", "source": SOURCES[3], "tear_line": line,
        "marking": {"tlp": "RED", "attribution": "chatham", "persons": ["ada"]},
    }  # fmt: skip
    seen_by_all = Step("far", {"title": "A note", "text": words(1), "marking": GREEN})
    found = []
    for sender, body in (("north", first), ("ada", second)):
        told, hidden = stage.tell([seen_by_all, Step(sender, body, hidden=True)], hidden=True)
        assert [one["text"] for one in world.get("south", "/v1/tear-lines")["tear_lines"]] == ["In brief."]
        found.append([stage.look("south", told, hidden), stage.look("ben", told, hidden)])
    for one, other in zip(*found, strict=True):
        alike(one, other)
