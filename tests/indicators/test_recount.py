"""The central property: after anything that may happen, a viewer's series are a recount of what the viewer reads."""

from itertools import count, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from services import indicators, network, tagging
from services.indicators.models import ContributionRow, IncidentRow
from services.kernel import db
from services.kernel.errors import Conflict, NotFound
from services.kernel.events import Outbox, publish_all, reactions
from services.reports import Report
from tests.emptying import empty
from tests.indicators.recount import readable, recount
from tests.persons import signed_in
from tests.world import World, amber, report
from workers.handler import run

EXAMPLES = max(3, settings().max_examples // 12)
EVERY = 1 if settings().max_examples > 100 else 3  # of all series, one in so many is read: by each viewer others
ORGANISATIONS = ("north", "south", "harbour", "far")  # harbour is below south
PERSONS = {"ada": "north", "ben": "south"}
WATCHED = (
    "incidents-reported", "armed-violence-incidents", "armed-violence-deaths", "drugs-seized",
    "recruitment-pressure-high",
)  # fmt: skip
PLACES = ("CA", "KG", "KG-B", "TJ")
GRAINS = ("day", "week", "month")
SPAN = {"from": "2026-09-28", "to": "2026-10-31"}
COMPARED = (
    ("actual", GRAINS, PLACES),
    ("actual", ("quarter", "year"), PLACES[1:3]),
    ("exercise", ("month", "year"), PLACES[:1]),
)
EVERY_SERIES = [
    (code, status, grain, place)
    for status, grains, places in COMPARED
    for code, grain, place in product(WATCHED, grains, places)
]

WORDS = tuple(f"lorem{n * n}dolor" for n in range(16))
TOPICS = [[f"{word}{chr(97 + topic)}{n}" for n in range(2) for word in WORDS] for topic in range(2)]


def text(topic: int, variant: int) -> str:
    """Variant 0 is nearly the same as 1 and as 2, which are not nearly the same: one hidden report may join two."""
    words = list(TOPICS[topic])
    cut = len(words) // 5
    if variant == 1:
        words[:cut] = [f"ante{n}x{topic}" for n in range(cut)]
    if variant == 2:
        words[-cut:] = [f"post{n}y{topic}" for n in range(cut)]
    return " ".join(words)


markings = st.one_of(
    st.just({"tlp": "GREEN", "attribution": "named"}),
    st.just({"tlp": "CLEAR", "attribution": "withheld"}),
    st.builds(
        lambda who, strict, groups: amber(*who, strict=strict, groups=groups),
        st.lists(st.sampled_from(ORGANISATIONS), max_size=2, unique=True),
        st.booleans(),
        st.sampled_from(((), ("ring",))),
    ),
    st.builds(
        lambda who: {"tlp": "RED", "attribution": "named", "persons": who},
        st.lists(st.sampled_from(sorted(PERSONS)), max_size=2, unique=True),
    ),
)
figures = st.sampled_from(({}, {"killed": 2}, {"killed": 5}, {"seized_kg": 0.25}, {"seized_kg": 1.5, "killed": 1}))
seized = {"kind": "incident", "form": "incident", "place": "KG-B"}
judged = {"kind": "questionnaire", "form": "questionnaire", "place": "KG-B", "figures": {}, "selection": False}
forms = st.one_of(
    st.just({}),
    st.just({}),
    st.builds(
        lambda some: seized | {"answers": some},
        st.sampled_from(
            (
                {},
                {"opiates_kg": {"value": 1.5}},
                {"opiates_kg": {"value": 0.25}, "synthetics_kg": {"value": 2}},
                {"opiates_kg": {"state": "no_change"}, "synthetics_kg": {"value": 1}},
                {"opiates_kg": {"state": "not_observable"}},
            )
        ),
    ),
    st.builds(
        lambda level: judged | {"answers": {"recruitment_online": level, "propaganda": {"value": "up"}}},
        st.sampled_from(({"value": 4}, {"value": 2}, {"state": "no_change"})),
    ),
)
spans = st.sampled_from(
    (
        ("2026-10-10", "2026-10-10"),
        ("2026-10-10", "2026-10-10"),
        ("2026-10-10", "2026-10-12"),
        ("2026-09-30", "2026-10-02"),
        ("2026-07-01", "2026-09-30"),
    )
)
bodies = st.builds(
    lambda told, span, form, **rest: rest | {"text": told, "occurred_from": span[0], "occurred_to": span[1]} | form,
    told=st.builds(
        lambda where, *which: f"{where}{text(*which)}",
        st.sampled_from(("", "", "In Khatlon Region. ")),
        st.sampled_from((0, 0, 1)),
        st.sampled_from((0, 0, 1, 2)),
    ),
    span=spans,
    form=forms,
    title=st.just("A note"),
    kind=st.sampled_from(("incident", "incident", "incident", "measures", "zero")),
    place=st.sampled_from(("KG-B", "KG-B", "KG", None, "TJ", "KG-B/batken", "CA")),
    themes=st.sampled_from((["armed-attack"], ["armed-attack"], [], ["drug-trafficking"])),
    figures=figures,
    status=st.sampled_from(("actual", "actual", "actual", "exercise")),
    selection=st.sampled_from((False, False, False, True)),
    marking=markings,
)
crowded = st.builds(  # told of one incident under many markings, or the search would rarely see an overlap
    lambda variant, killed, marking: {
        "text": text(0, variant),
        "title": "A note",
        "figures": {"killed": killed},
        **(seized | {"answers": {"opiates_kg": {"value": killed / 2}}} if killed % 2 else {}),
        "marking": marking,
    },
    st.integers(0, 2),
    st.integers(1, 5),
    markings,
)
numbers = st.integers(0, 9)
senders = st.sampled_from((*ORGANISATIONS, *PERSONS))
steps = st.one_of(
    st.tuples(st.just("submit"), senders, bodies),
    st.tuples(st.just("submit"), senders, bodies),
    st.tuples(st.just("submit"), senders, bodies),
    st.tuples(st.just("revise"), numbers, bodies),
    st.tuples(st.just("withdraw"), numbers),
    st.tuples(st.just("join"), st.sampled_from(ORGANISATIONS), st.booleans()),
    st.tuples(st.just("leave"), st.sampled_from(ORGANISATIONS)),
    st.tuples(st.just("settle"), st.booleans()),
)
beginnings = st.lists(st.tuples(st.just("submit"), senders, crowded), min_size=3, max_size=5)


TURNS = count()


class Stage:
    """A network where things happen; `mine` are the reports that stand, with who may take them back."""

    def __init__(self, world: World) -> None:
        empty(network_too=True)
        self.world = world
        self.mine: list[tuple[str, str]] = []
        self.turn = next(TURNS)
        for slug in ORGANISATIONS:
            world.enrol(slug, parent="south" if slug == "harbour" else None)
        world.group("ring", "north", "south")
        self.viewers = {slug: world.auth(slug) for slug in ORGANISATIONS}
        self.viewers |= {login: signed_in(login, slug, "focal_point") for login, slug in PERSONS.items()}

    def do(self, step: tuple) -> None:
        match step:
            case ("submit", who, body):
                answer = self.world.client.post("/v1/reports", json=report() | body, headers=self.viewers[who])
                assert answer.status_code == 422 or not whole_region(body), answer.text
                if not whole_region(body) and may_withdraw(who, body["marking"]):
                    self.mine.append((who, answer.json()["reference"]))
            case ("revise", number, body) if self.mine:
                who, reference = self.mine[number % len(self.mine)]
                if may_withdraw(who, body["marking"]):
                    answer = self.world.client.put(
                        f"/v1/reports/{reference}", json=report() | body, headers=self.viewers[who]
                    )
                    assert answer.status_code == 422 if whole_region(body) else answer.is_success, answer.text
            case ("withdraw", number) if self.mine:
                self.withdraw(number % len(self.mine))
            case ("settle", forwards):
                if forwards:
                    self.world.settle()
                else:
                    settle_backwards_and_twice()
            case ("join" | "leave" as verb, slug, *past):
                with_group(verb, slug, *past)

    def withdraw(self, number: int) -> None:
        who, reference = self.mine.pop(number)
        path = f"/v1/reports/{reference}/withdrawal"
        self.world.client.post(path, json={"reason": "mistaken"}, headers=self.viewers[who]).raise_for_status()

    def compare(self) -> None:
        """Read series as every viewer, and recount."""
        for number, (name, headers) in enumerate(self.viewers.items(), self.turn):
            asked = EVERY_SERIES[number % EVERY :: EVERY]
            expected = recount(*readable(self.world.client, headers))
            assert self.series(headers, asked) == {
                cell: value for cell, value in expected.items() if (*cell[:3], cell[4]) in asked
            }, name

    def series(self, headers: dict[str, str], asked: list[tuple[str, str, str, str]]) -> dict[tuple, float]:
        found = {}
        for code, status, grain, place in asked:
            query = SPAN | {"place": place, "grain": grain, "status": status}
            answer = self.world.client.get(f"/v1/indicators/{code}/series", params=query, headers=headers)
            for point in answer.json()["points"]:
                if point["value"]:
                    found[code, status, grain, point["start"], place] = point["value"]
        return found


def whole_region(body: dict[str, Any]) -> bool:
    """The region is no place that a sender may give: places in the text would win over it."""
    return body.get("place") == "CA"


def may_withdraw(who: str, marking: dict[str, Any]) -> bool:
    """A key cannot see RED, not even its own: nobody could take it back."""
    return marking["tlp"] != "RED" or who in PERSONS


def with_group(verb: str, slug: str, *past: bool) -> None:
    try:
        with db.transaction() as session:
            if verb == "join":
                network.edit_group(session, "ring", network.EditGroup(past=past[0]), by=None)
                network.join(session, "ring", slug, by=None)
            else:
                network.leave(session, "ring", slug, by=None)
    except (Conflict, NotFound):
        return  # it is in already, or out


def settle_backwards_and_twice() -> None:
    """Deliver what waits in reverse order, each message alone, and each again after it was done."""
    for _ in range(50):
        with db.reading() as session:
            waiting = [(row.reaction, row.key) for row in session.exec(select(Outbox).order_by(Outbox.id)).all()]
        if not waiting:
            return
        for name, key in reversed(waiting):
            run(name, [key])
            run(name, [key])
    raise AssertionError("the work does not settle")


def counted() -> dict[str, list]:
    """What the tables of counting hold, patterns by their text."""
    with db.reading() as session:
        texts = {row.id: row.text for row in session.exec(select(indicators.PatternRow)).all()}
        cells = [tuple(row.model_dump().values()) for row in session.exec(select(indicators.Cell)).all()]
        overlaps = session.exec(select(indicators.Overlap)).all()
        told = session.exec(select(ContributionRow)).all()
        return {
            "cells": sorted(cells, key=str),
            "overlaps": sorted(
                [(*row.model_dump(exclude={"pattern_id"}).values(), texts[row.pattern_id]) for row in overlaps], key=str
            ),
            "contributions": sorted((tuple(row.model_dump().values()) for row in told), key=str),
            "incidents": sorted(row.edges for row in session.exec(select(IncidentRow)).all()),
        }


def by_members(found: dict[str, list]) -> dict[str, list]:
    """The same with incidents by who is in them: which links hold a group together depends on who was read first."""
    return found | {"incidents": sorted(sorted({end for edge in one for end in edge}) for one in found["incidents"])}


@given(story=st.tuples(beginnings, st.lists(steps, min_size=2, max_size=9)).map(lambda parts: parts[0] + parts[1]))
@settings(max_examples=EXAMPLES)
def test_a_viewers_series_are_a_recount_of_what_the_viewer_reads_and_withdrawals_leave_nothing(world, story):
    stage = Stage(world)
    for step in story:
        stage.do(step)
    stage.do(("settle", len(story) % 2 == 0))
    stage.compare()
    with db.transaction() as session:  # those that no key could take back leave with the others
        for row in session.exec(select(Report)).all():
            row.withdrawn_at, row.version = row.withdrawn_at or row.received_at, row.version + 1
            session.add(row)
        publish_all(session, tagging.ReportTagged, [row.key for row in session.exec(select(Report)).all()])
    world.settle()
    assert counted() == {"cells": [], "overlaps": [], "contributions": [], "incidents": []}


@given(story=beginnings, times=st.integers(1, 2))
@settings(max_examples=EXAMPLES)
def test_messages_repeated_and_in_any_order_have_no_second_effect(world, story, times):
    stage = Stage(world)
    for step in story:
        stage.do(step)
    world.settle()
    before = counted()
    for _ in range(times):
        with db.transaction() as session:
            everything = sorted(row.key for row in session.exec(select(Report)).all())
            publish_all(session, tagging.ReportTagged, everything)
        settle_backwards_and_twice()
        assert counted() == before
    with db.transaction() as session:
        publish_all(session, type("Again", (tagging.ReportTagged,), {"name": "report.revised"}), everything[::-1])
    settle_backwards_and_twice()
    assert by_members(counted()) == by_members(before)


def test_messages_of_rows_long_gone_do_nothing(world: World) -> None:
    world.enrol("north")
    world.submit("north")
    world.settle()
    before = counted()
    for name in reactions():
        run(name, [1, 2, 3, 10_000])
        run(name, [10_000])
    assert counted() == before
