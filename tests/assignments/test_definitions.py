"""The definitions by their numbers: periods, deadlines in every zone, completeness, timeliness, quantiles."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assignments.meeting import state
from services.assignments.periods import GRAINS, due_at, period_of, whole
from services.assignments.rates import Tally, completeness, percent, quantile, tally

ZONES = ("UTC", "Asia/Kabul", "Asia/Tashkent", "Asia/Bishkek", "America/New_York", "Europe/Vienna",
         "Pacific/Kiritimati", "Pacific/Pago_Pago")  # fmt: skip
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_seventeen_of_twenty_are_85_per_cent_and_fourteen_in_time_70_of_those_expected_and_82_4_of_those_received() -> (
    None
):
    counted = tally(["on_time"] * 14 + ["late"] * 3 + ["missing"] * 3)
    assert counted == Tally(expected=20, received=17, on_time=14)
    rates = (counted.completeness, counted.timeliness, counted.timeliness_of_received)
    assert [percent(one) for one in rates] == [85.0, 70.0, 82.4]


def test_where_none_was_expected_there_is_no_rate_and_no_zero() -> None:
    assert completeness(0, 0) is None
    assert percent(tally([]).completeness) is None
    assert Tally(expected=3).timeliness_of_received is None
    assert Tally(expected=3).completeness == 0


@pytest.mark.parametrize(("expected", "received", "shown"), [(3, 1, 33.3), (3, 2, 66.7), (8, 1, 12.5), (2000, 1, 0.1)])
def test_a_rate_is_shown_to_one_decimal_place(expected: int, received: int, shown: float) -> None:
    assert percent(completeness(expected, received)) == shown


def test_quantiles_are_values_that_were_there() -> None:
    assert quantile([], 0.5) is None
    assert quantile([7], 0.9) == 7
    assert (quantile(range(1, 11), 0.5), quantile(range(1, 11), 0.9)) == (5, 9)


@given(values=st.lists(st.floats(0, 1e6), min_size=1), share=st.sampled_from((0.5, 0.9)))
def test_a_quantile_is_the_least_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(one <= found for one in values) >= share * len(values)
    assert sum(one < found for one in values) < share * len(values)


@given(grain=st.sampled_from(GRAINS), day=days)
def test_periods_hold_every_day_once_and_follow_each_other(grain: str, day: date) -> None:
    one = period_of(grain, day)
    assert one.start <= day <= one.end
    assert period_of(grain, one.start) == one == period_of(grain, one.end)
    assert one.following == period_of(grain, one.end + timedelta(days=1))
    assert one.following.start == one.end + timedelta(days=1)


@given(grain=st.sampled_from(GRAINS), first=days, length=st.integers(0, 800))
def test_only_whole_periods_are_expected(grain: str, first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2099, 12, 31))
    found = list(whole(grain, first, last))
    assert all(first <= one.start and one.end <= last for one in found)
    every = {period_of(grain, first + timedelta(days=n)) for n in range((last - first).days + 1)}
    assert found == sorted(one for one in every if first <= one.start and one.end <= last)


@pytest.mark.parametrize(
    ("zone", "end", "days", "hour", "instant"),
    [
        ("Asia/Kabul", date(2026, 10, 31), 1, 12, "2026-11-01T07:30:00+00:00"),  # +04:30
        ("Asia/Bishkek", date(2026, 10, 31), 1, 0, "2026-10-31T18:00:00+00:00"),  # midnight: as the period ends there
        ("Asia/Tashkent", date(2026, 12, 31), 1, 0, "2026-12-31T19:00:00+00:00"),  # and the year
        ("America/New_York", date(2026, 3, 1), 6, 9, "2026-03-07T14:00:00+00:00"),  # the day before the clocks change
        ("America/New_York", date(2026, 3, 1), 7, 9, "2026-03-08T13:00:00+00:00"),
        ("America/New_York", date(2026, 3, 1), 7, 2, "2026-03-08T07:00:00+00:00"),  # 02:00 is not: 03:00 is
        ("America/New_York", date(2026, 10, 31), 1, 1, "2026-11-01T06:00:00+00:00"),  # 01:00 is twice: the later
        ("Europe/Vienna", date(2026, 10, 24), 1, 2, "2026-10-25T01:00:00+00:00"),
    ],
)
def test_a_deadline_is_by_the_clocks_of_the_organisation(
    zone: str, end: date, days: int, hour: int, instant: str
) -> None:
    assert due_at(end, days=days, hour=hour, zone=zone) == datetime.fromisoformat(instant)


@given(end=days, after=st.integers(1, 120), hour=st.integers(0, 23), zone=st.sampled_from(ZONES))
def test_until_the_deadline_the_clocks_there_show_no_later_hour_than_it_names(
    end: date, after: int, hour: int, zone: str
) -> None:
    due = due_at(end, days=after, hour=hour, zone=zone)
    named = datetime(end.year, end.month, end.day, hour) + timedelta(days=after)  # noqa: DTZ001 -- as the clocks show it
    shown = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert named <= shown <= named + timedelta(hours=1)  # later only where the clocks leap over that hour
    assert due >= datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=1, hours=-14)


def test_what_comes_at_the_deadline_is_on_time_and_what_comes_after_it_late() -> None:
    due, tick = datetime(2026, 11, 1, 12, tzinfo=UTC), timedelta(microseconds=1)
    assert state(due, due, due) == "on_time"
    assert state(due, due + tick, due + tick) == "late"
    assert (state(due, None, due), state(due, None, due + tick)) == ("open", "missing")
