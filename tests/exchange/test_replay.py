"""Whatever happens, and whenever it is read: who replays the feed has exactly what the list gives."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import network, reports
from services.kernel import clock, db, sequencer
from services.kernel.errors import Problem
from tests.emptying import empty
from tests.exchange.reader import Reader
from tests.persons import signed_in
from tests.world import World, amber, report

PARTIES = ("north", "south", "far", "office")
GREEN = {"tlp": "GREEN", "attribution": "named"}
MARKINGS: tuple[dict[str, Any], ...] = (
    GREEN,
    {"tlp": "CLEAR", "attribution": "withheld"},
    amber(),
    amber("south"),
    amber("office", attribution="withheld"),
    amber(groups=("ring",)),
    amber("far", groups=("ring",), strict=True),
    GREEN | {"embargo_until": "2026-11-02T00:00:00Z"},
    {"tlp": "RED", "attribution": "named", "persons": ["ada"]},
)
markings = st.sampled_from(MARKINGS)
parties = st.sampled_from(PARTIES)
acts = st.one_of(
    st.tuples(st.just("submit"), parties, markings),
    st.tuples(st.just("submit"), st.just("ada"), markings),
    st.tuples(st.sampled_from(("mark", "revise")), st.integers(0, 9), markings),
    st.tuples(st.sampled_from(("withdraw", "recall")), st.integers(0, 9), st.none()),
    st.tuples(st.sampled_from(("join", "leave", "suspend", "link", "unlink")), parties, st.booleans()),
    st.tuples(st.just("midnight"), st.none(), st.none()),
    st.tuples(st.just("read"), st.integers(0, 4), st.integers(1, 3)),
)


@pytest.fixture
def stage(world: World) -> World:
    for slug in PARTIES:
        world.enrol(slug, "secretariat" if slug == "office" else "state")
    world.group("ring", "north", "far")
    return world


@pytest.fixture
def ada(stage: World) -> dict[str, str]:
    return signed_in("ada", "north", "focal_point")


class Story:
    """A network in which anything may happen, and those who follow it through the feed."""

    def __init__(self, world: World, ada: dict[str, str]) -> None:
        empty()
        with db.transaction() as session:
            sequencer.prepare(session)
        self.world = world
        self.headers = {slug: world.auth(slug) for slug in PARTIES} | {"ada": ada}
        self.readers = [Reader(world, self.headers[one]) for one in (*PARTIES, "ada")]
        self.written: list[tuple[str, str]] = []
        for slug in PARTIES:  # as every story begins
            self._network("unlink", slug, past=True)
            self._network("join" if slug in ("north", "far") else "leave", slug, past=True)

    def act(self, what: str, which: Any, how: Any) -> None:
        """One act; what the network refuses has no effect."""
        if what == "submit":
            sent = self.world.client.post(
                "/v1/reports", json=report(number=len(self.written), marking=how), headers=self.headers[which]
            )
            if sent.status_code == 202:
                self.written.append((which, sent.json()["reference"]))
        elif what == "read":
            self.readers[which].read(size=how, pages=how)
        elif what == "midnight":
            with db.transaction() as session, clock.at(clock.read("2026-11-02T00:00:01+00:00")):
                reports.remarkings_due(session, clock.now())
        elif what in ("join", "leave", "suspend", "link", "unlink"):
            self._network(what, which, past=how)
        elif self.written:
            self._report(what, *self.written[which % len(self.written)], how)

    def _report(self, what: str, owner: str, reference: str, how: Any) -> None:
        path, headers, client = f"/v1/reports/{reference}", self.headers[owner], self.world.client
        match what:
            case "mark":
                client.put(f"{path}/marking", json={"marking": how}, headers=headers)
            case "revise":
                client.put(path, json=report(title=f"Revised {len(self.written)}", marking=how), headers=headers)
            case "withdraw":
                client.post(f"{path}/withdrawal", json={"reason": "mistaken"}, headers=headers)
            case "recall":
                client.post(f"{path}/recall", json={"reason": "danger", "reference": reference}, headers=headers)

    def _network(self, what: str, slug: str, *, past: bool) -> None:
        does: dict[str, Callable[[Any], object]] = {
            "join": lambda session: network.join(session, "ring", slug, by=None),
            "leave": lambda session: network.leave(session, "ring", slug, by=None),
            "link": lambda session: network.link(session, slug, "south", past=past, by=None),
            "unlink": lambda session: network.unlink(session, slug, by=None),
        }
        try:
            if what == "suspend":
                with db.transaction() as session:
                    network.suspend(session, slug, by=None)
                with db.transaction() as session:
                    network.resume(session, slug, past=past, by=None)
            else:
                with db.transaction() as session:
                    does[what](session)
        except Problem:
            return


@settings(max_examples=max(8, settings().max_examples // 5))
@given(steps=st.lists(acts, min_size=4, max_size=14), size=st.integers(1, 5))
def test_a_client_that_replays_the_feed_has_exactly_what_the_list_gives(
    stage: World, ada: dict[str, str], steps: list[tuple[str, Any, Any]], size: int
) -> None:
    story = Story(stage, ada)
    for step in steps:
        story.act(*step)
    for reader in story.readers:
        reader.read(size=size)
        assert reader.agrees()
        fresh = Reader(stage, reader.headers)
        fresh.ever = reader.ever  # what this caller had by another cursor, it may hear that it lost
        fresh.read(size=size)
        assert fresh.agrees()
