"""What letter a record of verified and refuted reports proposes: beta-binomial, with its exact interval. Pure.

With v verified and r refuted and nothing known before, Beta(1, 1), the share that holds is Beta(1 + v, 1 + r), and its
expectation (1 + v) / (2 + v + r) is Laplace's rule of succession. For whole numbers a, b the distribution Beta(a, b) is
a binomial sum: P(share <= x) = P(Bin(a + b - 1, x) >= a).
"""

import math
from dataclasses import dataclass
from typing import Final

LEVEL: Final = 0.95
WIDEST: Final = 0.5  # of the interval, two letters wide: beyond that the record tells no letter
# From which share on which letter, in eighths: each letter is the nearest to 1, 3/4, 1/2, 1/4, 0 of it (ours).
EIGHTHS: Final = (("A", 7), ("B", 5), ("C", 3), ("D", 1), ("E", 0))
_HALVINGS: Final = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """A letter, with what it rests on: how many were verified and refuted, and the interval of the share that holds."""

    letter: str
    low: float
    high: float
    verified: int
    refuted: int

    @property
    def decided(self) -> int:
        """How many reports it rests on."""
        return self.verified + self.refuted


def proposal(verified: int, refuted: int) -> Proposal:
    """The letter of the expected share, (1 + v) / (2 + v + r); F while the interval is wider than two letters."""
    low, high = interval(verified, refuted)
    letter = next(letter for letter, eighths in EIGHTHS if 8 * (1 + verified) >= eighths * (2 + verified + refuted))
    return Proposal("F" if high - low > WIDEST else letter, low, high, verified, refuted)


def interval(verified: int, refuted: int) -> tuple[float, float]:
    """The middle 95 % of Beta(1 + v, 1 + r)."""
    tail = (1 - LEVEL) / 2
    return _quantile(tail, verified, refuted), 1 - _quantile(tail, refuted, verified)


def _quantile(share: float, verified: int, refuted: int) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle, verified, refuted) < share else (low, middle)
    return (low + high) / 2


def below(x: float, verified: int, refuted: int) -> float:
    """The probability that the share is at most x, 0 < x < 1."""
    tries, least = verified + refuted + 1, verified + 1
    yes, no, all_orders = math.log(x), math.log1p(-x), math.lgamma(tries + 1)
    return math.fsum(
        math.exp(all_orders - math.lgamma(n + 1) - math.lgamma(tries - n + 1) + n * yes + (tries - n) * no)
        for n in range(least, tries + 1)
    )
