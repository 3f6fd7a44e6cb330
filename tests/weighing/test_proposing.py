"""The beta-binomial against vectors worked out by hand, and against what any such interval must be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.weighing.proposing import below, interval, proposal

numbers = st.integers(0, 60)


@pytest.mark.parametrize(
    ("verified", "refuted", "low", "high", "letter"),
    [
        (0, 0, 0.025, 0.975, "F"),  # the uniform: nothing is known
        (1, 0, math.sqrt(0.025), math.sqrt(0.975), "F"),  # Beta(2, 1): x^2
        (0, 1, 1 - math.sqrt(0.975), 1 - math.sqrt(0.025), "F"),
        (1, 1, 0.0943, 0.9057, "F"),  # Beta(2, 2): 3x^2 - 2x^3
        (4, 0, 0.4782, 0.9949, "F"),  # 0.025^(1/5) = e^(-3.688879 / 5); half a percent too wide
        (5, 0, 0.5407, 0.9958, "B"),  # 0.025^(1/6) = e^(-0.614813); expected 6/7
        (10, 0, 0.7151, 0.9977, "A"),  # 0.025^(1/11) = e^(-0.335353); expected 11/12
        (0, 10, 0.0023, 0.2849, "E"),
        (0, 5, 0.0042, 0.4593, "D"),  # expected 1/7
    ],
)
def test_the_interval_and_the_letter_are_those_worked_out_by_hand(
    verified: int, refuted: int, low: float, high: float, letter: str
) -> None:
    found = proposal(verified, refuted)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert (found.letter, found.decided) == (letter, verified + refuted)


@pytest.mark.parametrize(
    ("verified", "refuted", "cdf"),
    [
        (2, 1, lambda x: 4 * x**3 - 3 * x**4),
        (1, 2, lambda x: 6 * x**2 - 8 * x**3 + 3 * x**4),
        (2, 2, lambda x: 10 * x**3 - 15 * x**4 + 6 * x**5),
        (3, 0, lambda x: x**4),
    ],
)
def test_the_binomial_sum_is_the_polynomial_of_the_beta_distribution(verified, refuted, cdf) -> None:
    for x in (0.01, 0.2, 0.5, 0.77, 0.99):
        assert below(x, verified, refuted) == pytest.approx(cdf(x), abs=1e-12)
    low, high = interval(verified, refuted)
    assert (cdf(low), cdf(high)) == pytest.approx((0.025, 0.975), abs=1e-9)


@given(numbers, numbers)
def test_an_interval_holds_the_expected_share_and_mirrors_its_opposite(verified: int, refuted: int) -> None:
    low, high = interval(verified, refuted)
    assert 0 < low < (1 + verified) / (2 + verified + refuted) < high < 1
    assert interval(refuted, verified) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(numbers, numbers)
def test_one_more_verified_never_makes_a_known_letter_worse(verified: int, refuted: int) -> None:
    now, then = proposal(verified, refuted).letter, proposal(verified + 1, refuted).letter
    assert "F" in (now, then) or then <= now


def test_a_long_record_is_read_without_overflow() -> None:
    found = proposal(4000, 1000)
    assert (found.letter, round(found.low, 3), round(found.high, 3)) == ("B", 0.789, 0.811)
