"""Completeness, timeliness and delays, exactly by their definitions. Pure.

DHIS2: reporting rate = actual / expected, rate on time = on time / expected. WHO: completeness = received / expected,
timeliness = received by the deadline / expected; some bulletins divide by those received, which is told apart here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from services.assignments.meeting import State


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports were expected, came, and came by their deadlines: of periods whose deadline is past."""

    expected: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def completeness(self) -> float | None:
        """Share of those expected that came."""
        return completeness(self.expected, self.received)

    @property
    def timeliness(self) -> float | None:
        """Share of those expected that came by their deadline."""
        return completeness(self.expected, self.on_time)

    @property
    def timeliness_of_received(self) -> float | None:
        """Share of those that came which came by their deadline."""
        return completeness(self.received, self.on_time)


def completeness(expected: int, received: int) -> float | None:
    """Share of expected reports received, 0 to 1; None where none was expected (WHO, DHIS2 reporting rate)."""
    return received / expected if expected else None


def tally(states: Iterable[State]) -> Tally:
    """Count periods whose deadlines are past. What is not due yet has no part in it, whether it has come or not: else
    those who report early would be weighed against nobody."""
    judged = list(states)
    received = [one for one in judged if one in ("on_time", "late")]
    return Tally(len(judged), len(received), received.count("on_time"))


def percent(share: float | None) -> float | None:
    """A share in per cent, to one decimal place, halves up."""
    if share is None:
        return None
    return float((Decimal(repr(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest of the values that at least this share of them do not exceed (nearest rank); None of none."""
    return sorted(values)[max(ceil(share * len(values)), 1) - 1] if values else None
