"""Failed tries make a name wait: never less than the rule says, never for good, and the same with four numbers kept."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.network.access.throttling import NAME, QUIET, Tries, failed, waiting

from . import throttling
from .throttling import FIRST, LONGEST, MOST, WITHIN, Try, answers

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
steps = st.one_of(st.floats(0, 3), st.floats(0, 40), st.sampled_from([0.0, 1.0, 15.0, 60.0, 1440.0, 1500.0]))
stories = st.lists(st.tuples(steps, st.booleans()), max_size=60).map(
    lambda story: [Try(sum(step for step, _ in story[: n + 1]), right) for n, (_, right) in enumerate(story)]
)
attacks = st.lists(steps, max_size=80).map(
    lambda given: [Try(sum(given[: n + 1]), right=False) for n in range(len(given))]
)


def kept(tries: list[Try], *, at_once: bool) -> list[bool]:
    """What the service answers. `at_once`: each try is counted as failed before it is judged, as the service does it,
    so that any number of tries at the same moment cannot all be judged."""
    state, said = Tries(), []
    for one in tries:
        at = BEGAN + timedelta(minutes=one.at)
        held = waiting(state, at)
        if at_once or held or not one.right:
            state = failed(NAME, state, at)
        said.append(one.right and not held)
        if said[-1]:
            state = Tries()
    return said


def test_the_rule_of_the_service_is_that_of_the_model() -> None:
    minute = timedelta(minutes=1)
    rule = NAME.most, NAME.within / minute, NAME.first / minute, NAME.longest / minute, QUIET / minute
    assert rule == (MOST, WITHIN, FIRST, LONGEST, throttling.QUIET)


@given(stories)
def test_four_numbers_answer_as_the_whole_history_does(story: list[Try]) -> None:
    whole = [Try(round(one.at, 3), one.right) for one in story]
    assert kept(whole, at_once=False) == answers(whole)
    assert kept(whole, at_once=True) == answers(whole)


@given(attacks)
def test_no_more_than_five_wrong_tries_are_judged_in_any_quarter_of_an_hour_before_a_wait(attack: list[Try]) -> None:
    """Judged is a try whose twin with the right password would have been let in."""
    judged = [one.at for n, one in enumerate(attack) if answers([*attack[:n], Try(one.at, right=True)])[-1]]
    for n, at in enumerate(judged[MOST:], MOST):
        between = at - judged[n - 1]
        assert at - judged[n - MOST] >= WITHIN or between >= FIRST or _waited(judged[n - MOST : n + 1])


def _waited(instants: list[float]) -> bool:
    return any(after - before >= FIRST for before, after in pairwise(instants))


@given(attacks)
def test_nobody_is_locked_out_for_good(attack: list[Try]) -> None:
    last = attack[-1].at if attack else 0.0
    assert answers([*attack, Try(last + LONGEST, right=True)])[-1]


def test_waits_grow_to_an_hour_and_a_success_or_a_quiet_day_makes_them_short_again() -> None:
    state, at, waits = Tries(), BEGAN, []
    for _ in range(9):
        for _ in range(MOST):
            state = failed(NAME, state, at)
        assert state.until is not None
        waits.append((state.until - at) / timedelta(minutes=1))
        at = state.until
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    for _ in range(MOST):
        state = failed(NAME, state, at + QUIET)
    assert state.until == at + QUIET + NAME.first
