"""The shape of a result, and the arithmetic of measuring two things side by side."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """One goal and what was measured. `value` is a ratio, or a percentile taken in the same run."""

    goal: str
    value: float
    unit: str
    target: float
    better: Literal["higher", "lower"]
    scale: str

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.better == "higher" else self.value <= self.target

    def document(self) -> dict[str, Any]:
        """As `var/bench.json` keeps it."""
        return {**asdict(self), "value": round(self.value, 4), "holds": self.holds}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(round(share * len(ordered), 9)) - 1)]


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_turn(*acts: Callable[[], float], rounds: int) -> list[list[float]]:
    """What each act measures, taken in turn so that what disturbs the machine disturbs all of them."""
    found: list[list[float]] = [[] for _ in acts]
    for number in range(rounds):
        order = list(zip(acts, found, strict=True))
        for act, values in order if number % 2 == 0 else reversed(order):
            values.append(act())
    return found
