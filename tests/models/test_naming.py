"""Bytes that somebody names are there, in whatever order who attaches, removes and sweeps comes to act."""

from collections.abc import Sequence

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.models.naming import Step, World, attach, destroy

Act = tuple[str, str]
acts = st.lists(st.tuples(st.sampled_from(("attach", "fail", "remove", "sweep")), st.sampled_from("ab")), max_size=6)
turns = st.lists(st.integers(0, 5), max_size=80)


def played(story: Sequence[Act], order: Sequence[int], *, locks: bool) -> World:
    """The world after all acts, whose steps come in this order, then in their own."""
    world = World()
    running = [_begun(world, number, act, locks=locks) for number, act in enumerate(story)]
    for turn in order:
        if running:
            _go(running, turn % len(running))
    while running:  # whoever waits goes on once another is done
        for at in reversed(range(len(running))):
            _go(running, at)
    return world


def _begun(world: World, number: int, act: Act, *, locks: bool) -> Step:
    what, digest = act
    if what in ("attach", "fail"):
        return attach(world, number, digest, fails=what == "fail", locks=locks)
    return destroy(world, number, digest, named=what == "remove", locks=locks)


def _go(running: list[Step], at: int) -> None:
    if next(running[at], running) is running:
        del running[at]


@given(acts, turns)
def test_what_is_named_is_there(story: Sequence[Act], order: Sequence[int]) -> None:
    assert played(story, order, locks=True).lost == set()


@given(acts, turns)
def test_what_nothing_names_is_gone_after_a_sweep(story: Sequence[Act], order: Sequence[int]) -> None:
    world = played(story, order, locks=True)
    for number, digest in enumerate("ab"):
        for _ in destroy(world, 100 + number, digest, named=False):
            pass
    assert world.left == world.lost == set()


def test_without_the_lock_bytes_are_lost_that_somebody_was_just_given() -> None:
    try:
        story, order = find(st.tuples(acts, turns), lambda drawn: bool(played(*drawn, locks=False).lost))
    except NoSuchExample:
        pytest.fail("the model cannot tell")
    assert played(story, order, locks=False).lost
    assert not played(story, order, locks=True).lost
