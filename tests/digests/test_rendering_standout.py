"""What stands out, judged on counts of deaths by month as they were (UCDP, CC BY 4.0), and on made-up ones."""

import pytest

from services.digests.standout import standout

# Uppsala Conflict Data Program (UCDP), ucdp.uu.se, CC BY 4.0, aggregated by third parties: 24 months, then the month.
KG_APRIL_2021 = [0] * 24 + [39]
KG_SEPTEMBER_2022 = [0, 0, 0, 0, 0, 0, 0, 39, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 67]
TJ_APRIL_2021 = [None] * 9 + [0] * 15 + [16]
TJ_SEPTEMBER_2022 = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 83]


@pytest.mark.parametrize("values", [KG_APRIL_2021, KG_SEPTEMBER_2022, TJ_APRIL_2021, TJ_SEPTEMBER_2022])
def test_the_months_of_violence_at_the_border_stand_out(values):
    found = standout(values)
    assert found
    assert found.value == values[-1]
    assert found.low == 0
    assert found.high < 4
    assert found.months == 12


def test_the_range_and_the_score_are_those_of_ears_c1():
    found = standout([3, 5, 4, 6, 2, 5, 4, 3, 6, 5, 4, 5, 12])
    assert found.mean == pytest.approx(4.3333, abs=1e-4)
    assert found.high == pytest.approx(4.3333 + 3.0902 * 1.2309, abs=1e-3)  # the sample's own deviation, above 1
    assert found.score == pytest.approx((12 - 4.3333) / 1.2309, abs=1e-3)


def test_a_country_without_events_never_stands_out():
    zeros = [0] * 180
    assert not any(standout(zeros[: end + 1]) for end in range(180))


def test_the_quiet_month_after_does_not_stand_out():
    assert standout([*KG_APRIL_2021, 0]) is None


def test_two_events_are_too_few():
    assert standout([0] * 24 + [2]) is None


def test_without_data_in_the_month_there_is_no_judgement():
    assert standout([0] * 24 + [None]) is None
    assert standout([]) is None


def test_no_data_is_not_read_as_zero():
    assert standout([None] * 13 + [0] * 11 + [50]) is None  # eleven months known: one too few
    assert standout([None] * 12 + [0] * 12 + [50])


def test_only_the_last_two_years_are_looked_at():
    assert standout([0] * 12 + [None] * 24 + [50]) is None
