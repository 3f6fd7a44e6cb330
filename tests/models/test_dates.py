"""Dates of markings: never early, each once, whatever the clocks do (ADR 0011)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .dates import CLOSED, Report, act, due, hand_in, mark, planned, withdraw

soon = st.integers(1, 9)
maybe = st.none() | soon
names = st.sampled_from(("GREEN", "AMBER"))


class Clocks(RuleBasedStateMachine):
    """Two clocks look when they like and act when they like; owners mark and withdraw in between."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.reports: list[Report] = []
        self.found: dict[int, list] = {0: [], 1: []}
        self.ends: dict[int, int] = {}

    def _dates(self, embargo: int | None, review: int | None, to: str | None) -> dict:
        embargo = None if embargo is None else self.now + embargo
        review = None if review is None else (embargo or self.now) + review
        return {"embargo": embargo, "review": review, "to": to}

    @rule(marking=names, embargo=maybe, review=maybe, to=st.none() | names)
    def hand_in(self, marking, embargo, review, to) -> None:
        self.reports.append(hand_in(marking, self.now, **self._dates(embargo, review, to)))

    @precondition(lambda self: self.reports)
    @rule(which=st.integers(0, 99), marking=names, embargo=maybe, review=maybe, to=st.none() | names)
    def mark(self, which, marking, embargo, review, to) -> None:
        report = self.reports[which % len(self.reports)]
        if not report.withdrawn:
            mark(report, marking, self.now, **self._dates(embargo, review, to))

    @precondition(lambda self: self.reports)
    @rule(which=st.integers(0, 99))
    def withdraw(self, which) -> None:
        withdraw(self.reports[which % len(self.reports)])

    @rule(steps=st.integers(1, 12))
    def time_passes(self, steps) -> None:
        self.now += steps

    @rule(clock=st.sampled_from((0, 1)))
    def a_clock_looks(self, clock) -> None:
        self.found[clock] = due(self.reports, self.now)

    @rule(clock=st.sampled_from((0, 1)))
    def a_clock_acts(self, clock) -> None:
        act(self.found[clock], self.now)

    @invariant()
    def nothing_is_early_or_done_twice(self) -> None:
        for report in self.reports:
            assert all(at >= dated.due for at, dated in report.done)
            assert len({dated.due for _, dated in report.done}) == len(report.done), "each (report, instant) once"

    @invariant()
    def under_embargo_it_stays_closed_and_received_as_before(self) -> None:
        for report in self.reports:
            if any(one.why == "embargo" for one in report.waiting):
                assert report.marking == CLOSED
            elif not report.withdrawn:
                assert report.marking != CLOSED

    @invariant()
    def what_is_withdrawn_waits_for_nothing(self) -> None:
        assert not any(report.waiting for report in self.reports if report.withdrawn)

    def teardown(self) -> None:
        """Once the clocks go on, all that is due is done."""
        self.now += 100
        act(due(self.reports, self.now), self.now)
        assert not any(report.waiting for report in self.reports)


TestClocks = Clocks.TestCase


@given(st.integers(1, 5), st.integers(0, 9))
@settings(max_examples=30)
def test_an_embargoed_report_is_received_when_the_embargo_ends_however_late(embargo, late):
    report = hand_in("GREEN", 0, embargo=embargo)
    act(due([report], embargo - 1), embargo - 1)
    assert (report.marking, report.received) == (CLOSED, 0)
    act(due([report], embargo + late), embargo + late)
    assert (report.marking, report.received, report.handed_in) == ("GREEN", embargo + late, 0)


def test_marking_by_hand_replaces_what_waited():
    report = hand_in("GREEN", 0, embargo=5, review=9, to="AMBER")
    mark(report, "GREEN", 1)
    act(due([report], 99), 99)
    assert (report.marking, report.received, report.done) == ("GREEN", 0, [])


@pytest.mark.parametrize("dates", [{"embargo": 3}, {"review": 2}, {"embargo": 7, "review": 7}])
def test_a_date_that_lies_behind_is_refused(dates):
    with pytest.raises(ValueError, match=r"future|after"):
        planned("GREEN", 3, **dates)
