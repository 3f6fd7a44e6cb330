"""The service's rules are those of the model, by the calendar; what SQL finds is what the pure rule takes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.reports.keeping.rules import NOTICE, Rule, going, later, latest, ruled, spans
from tests.models import retention as model

KINDS, LABELS = ("incident", "concern"), ("GREEN", "RED")
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
rules = st.builds(
    Rule,
    reference=st.text("ABC", min_size=1, max_size=3),
    kind=st.sampled_from((None, *KINDS)),
    tlp=st.sampled_from((None, *LABELS)),
    months=st.integers(1, 30),
    receipt=st.booleans(),
)


@given(days, days, st.integers(0, 1300))
def test_the_last_day_that_falls_due_is_exact(start: date, today: date, months: int) -> None:
    assert (later(start, months) <= today) == (start <= latest(today, months))


def test_months_end_with_the_month() -> None:
    assert later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert later(date(2023, 12, 15), 12) == date(2024, 12, 15)
    assert later(date(2023, 12, 15), 120_000) == date.max


@given(st.lists(rules, max_size=6), st.sampled_from(KINDS), st.sampled_from(LABELS), days, days)
def test_the_rule_that_wins_is_the_models(every: list[Rule], kind: str, tlp: str, ended: date, received: date) -> None:
    found = ruled(every, kind, tlp, ended=ended, received=received)
    told = [model.Rule(one.reference, one.kind, one.tlp, one.months, one.receipt) for one in every]
    theirs = model.ruled(told, model.Report(kind, tlp, 0, 0))
    assert (found is None) == (theirs is None)
    if found is not None and theirs is not None:
        assert found[1].rank == model.ranked(theirs[1])
        taking = [one for one in every if one.kind in (None, kind) and one.tlp in (None, tlp)]
        same = [one for one in taking if one.rank == found[1].rank]
        assert found[0] == min(one.day(ended=ended, received=received) for one in same)


@given(st.lists(rules, max_size=6), st.sampled_from(KINDS), st.sampled_from(LABELS), days, days, days)
def test_the_spans_that_are_searched_hold_what_falls_due_and_nothing_else(
    every: list[Rule], kind: str, tlp: str, ended: date, received: date, today: date
) -> None:
    found = ruled(every, kind, tlp, ended=ended, received=received)
    searched = any(
        (received if one.receipt else ended) <= last
        for its_kind, its_tlp, one, last in spans(every, KINDS, LABELS, today)
        if (its_kind, its_tlp) == (kind, tlp)
    )
    assert searched == (found is not None and found[0] <= today)


@given(days, days, st.none() | days)
def test_what_goes_was_announced_a_month_before_and_for_no_earlier_day(
    today: date, day: date, announced: date | None
) -> None:
    goes = going(today, day, announced)
    assert goes >= day
    assert goes == announced or goes >= today + NOTICE
    assert goes in (announced, day, today + timedelta(days=30))
