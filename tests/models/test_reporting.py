"""The rules of what meets an assignment are those of the model, in any order and however often a report is counted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.assignments.meeting import Arrival, Due, met, state
from services.assignments.periods import period_of
from services.assignments.rates import tally
from tests.models.reporting import Sent, Wanted, standing

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
DAYS = [date(2026, 9, 28) + timedelta(days=n) for n in range(36)]
FORMS = ("incident", "measures", "zero")
STATUSES = ("actual", "exercise")
organisations = st.integers(1, 2)


def at(tick: int) -> datetime:
    return BEGIN + timedelta(hours=tick)


spans = st.one_of(
    st.tuples(st.sampled_from(DAYS), st.integers(0, 9)).map(lambda one: (one[0], one[0] + timedelta(days=one[1]))),
    st.builds(period_of, st.sampled_from(("week", "month")), st.sampled_from(DAYS)).map(
        lambda one: (one.start, one.end)
    ),
)
sent = st.builds(
    lambda span, **rest: Sent(first=span[0], last=span[1], **rest),
    span=spans,
    organisation=organisations,
    form=st.sampled_from(FORMS),
    status=st.sampled_from(STATUSES),
    at=st.integers(0, 900),
    withdrawn=st.sampled_from((False, False, True)),
    instead_of=st.sampled_from((None, None, *FORMS)),
)
wanted = st.builds(
    lambda grain, day, **rest: (period_of(grain, day), rest),
    st.sampled_from(("week", "month", "quarter")),
    st.sampled_from(DAYS),
    organisation=organisations,
    form=st.sampled_from(FORMS),
    status=st.sampled_from(STATUSES),
    due=st.integers(0, 900),
)


def told(shuffled: Callable[[list[Arrival]], list[Arrival]], dues: list[Due], reports: list[Sent], now: int) -> object:
    """As the service counts: reports of the same form and days are one row, with the first instant."""
    arrivals = [
        Arrival(
            one.organisation, one.form, one.status, one.first, one.last, at(one.at), one.form == "zero", one.instead_of
        )
        for one in reports
        if not one.withdrawn and one.at <= now
    ]
    came = met(dues, shuffled(arrivals))
    counted = tally(state(one.due_at, came.get(one), at(now)) for one in dues if one.due_at < at(now))
    return counted.expected, counted.received, counted.on_time


@given(st.lists(wanted, max_size=6, unique_by=str), st.lists(sent, max_size=8), st.integers(0, 900), st.randoms())
def test_one_report_is_counted_for_each_that_is_expected_as_the_model_says(
    given_: list, reports: list[Sent], now: int, random: object
) -> None:
    dues = [
        Due(number, rest["organisation"], rest["form"], rest["status"], period, at(rest["due"]))
        for number, (period, rest) in enumerate(given_)
    ]
    asked = [Wanted(first=period.start, last=period.end, **rest) for period, rest in given_]

    def twice(arrivals: list[Arrival]) -> list[Arrival]:
        both = arrivals * 2
        random.shuffle(both)
        return both

    assert told(list, dues, reports, now) == standing(asked, reports, now)
    assert told(twice, dues, reports, now) == standing(asked, reports, now)


@given(st.lists(wanted, max_size=4, unique_by=str), st.lists(sent, max_size=6), sent)
def test_another_report_never_lowers_what_was_received_and_taken_back_it_leaves_nothing(
    given_: list, reports: list[Sent], further: Sent
) -> None:
    asked = [Wanted(first=period.start, last=period.end, **rest) for period, rest in given_]
    before, after = standing(asked, reports, 901), standing(asked, [*reports, further], 901)
    assert after[1] >= before[1]
    assert after[2] >= before[2]
    gone = Sent(**(vars(further) | {"withdrawn": True}))
    assert standing(asked, [*reports, gone], 901) == before
