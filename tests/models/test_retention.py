"""Retention by property: nothing goes unannounced, early, held, or under another rule than the most particular."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .retention import MONTH, NOTICE, Report, Rule, day_of, ranked, ruled, turn

KINDS, LABELS = ("incident", "concern"), ("GREEN", "RED")
rules = st.builds(
    Rule,
    name=st.sampled_from("abcdefgh"),
    kind=st.sampled_from((None, *KINDS)),
    label=st.sampled_from((None, *LABELS)),
    months=st.integers(1, 4),
    receipt=st.booleans(),
)
reports = st.builds(
    Report,
    kind=st.sampled_from(KINDS),
    label=st.sampled_from(LABELS),
    ended=st.integers(0, 60),
    received=st.integers(0, 60),
)


@given(st.lists(rules, max_size=6), reports)
def test_the_most_particular_rule_wins_and_of_equals_the_first_day(given_, report):
    found = ruled(given_, report)
    fitting = [one for one in given_ if one.kind in (None, report.kind) and one.label in (None, report.label)]
    assert (found is None) == (not fitting)
    if found is not None:
        day, winner = found
        assert winner in fitting
        assert day == day_of(winner, report)
        assert not any(ranked(one) > ranked(winner) for one in fitting)
        assert not any(ranked(one) == ranked(winner) and day_of(one, report) < day for one in fitting)


@given(st.lists(rules, max_size=6), reports, st.randoms())
def test_the_order_of_the_rules_decides_nothing(given_, report, random):
    shuffled = random.sample(given_, len(given_))
    assert ruled(given_, report) == ruled(shuffled, report)


@pytest.mark.parametrize(
    ("kinds", "day"),
    [
        ([(None, None, 4)], 4),
        ([(None, None, 4), (None, "RED", 3)], 3),
        ([(None, None, 1), (None, "RED", 3), ("incident", None, 2)], 2),
        ([(None, None, 1), (None, "RED", 1), ("incident", None, 1), ("incident", "RED", 4)], 4),
    ],
)
def test_kind_and_label_before_kind_before_label_before_any(kinds, day):
    found = ruled([Rule("a", *one) for one in kinds], Report("incident", "RED", 0, 0))
    assert found is not None
    assert found[0] == day * MONTH


class Keeping(RuleBasedStateMachine):
    """Rules come and go, holds are set and lifted, reports are revised and marked anew, the clock looks when it can."""

    def __init__(self) -> None:
        super().__init__()
        self.today = 60
        self.rules: list[Rule] = []
        self.reports: list[Report] = []

    @rule(new=rules)
    def a_rule_is_made(self, new) -> None:
        self.rules.append(new)

    @precondition(lambda self: self.rules)
    @rule(which=st.integers(0, 99))
    def a_rule_ends(self, which) -> None:
        self.rules.pop(which % len(self.rules))

    @rule(new=reports)
    def one_is_handed_in(self, new) -> None:
        self.reports.append(new)

    @precondition(lambda self: self.reports)
    @rule(which=st.integers(0, 99), held=st.booleans())
    def a_hold_is_set_or_lifted(self, which, held) -> None:
        self.reports[which % len(self.reports)].held = held

    @precondition(lambda self: self.reports)
    @rule(which=st.integers(0, 99))
    def one_is_recalled_held_or_not(self, which) -> None:
        self.reports[which % len(self.reports)].recalled = True

    @precondition(lambda self: self.reports)
    @rule(which=st.integers(0, 99), ended=st.integers(0, 400), label=st.sampled_from(LABELS))
    def one_is_revised(self, which, ended, label) -> None:
        report = self.reports[which % len(self.reports)]
        if report.emptied is None and not report.recalled:
            report.ended, report.label = ended, label

    @rule(days=st.integers(1, 200))
    def time_passes(self, days) -> None:
        self.today += days

    @rule()
    def the_clock_looks(self) -> None:
        for report in self.reports:
            found, before = ruled(self.rules, report), report.emptied
            turn(self.rules, report, self.today)
            if before is None and report.emptied is not None:
                assert found is not None
                assert found[0] <= self.today, "not before its day"
                assert not report.held, "not under a hold"
                told, goes = report.told[-1]
                assert told + NOTICE <= goes <= self.today, "announced a month before"
                assert found[0] <= goes, "for no day before the one that its rule now gives"

    @invariant()
    def each_announcement_is_of_a_later_day(self) -> None:
        for report in self.reports:
            days = [goes for _, goes in report.told]
            assert days == sorted(set(days))

    def teardown(self) -> None:
        """When the clock goes on, all that a rule takes goes, but what is held or was recalled."""
        for _ in range(3):
            self.today += 1000
            for report in self.reports:
                turn(self.rules, report, self.today)
        for report in self.reports:
            stays = report.held or report.recalled or ruled(self.rules, report) is None
            assert stays or report.emptied is not None


TestKeeping = Keeping.TestCase
