"""Learning from what analysts said of a theme: a logistic regression, judged on incidents it has not seen. Pure.

Nothing is random: what is held out is told by a hash of the incident, so the same decisions give the same figures.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from operator import mul

from services.search.vectors import SCALE
from services.texts import wilson

LEAST_OF_EACH = 10  # confirmed or added, and rejected, that it learns from
LEAST_HELD_OUT = 10
SHARE = 3  # one incident of three is held out
ROUNDS, STEP, PENALTY = 200, 4.0, 0.002
SURE = 0.5

TOO_LITTLE, NOT_BETTER, BETTER = "too little", "not better", "better"


@dataclass(frozen=True, slots=True)
class Judged:
    """A report of which analysts said whether it has the theme. `found`: whether tagging had found it; `incident`: what
    names all reports that tell the same."""

    vector: bytes
    holds: bool
    found: bool
    incident: str

    @property
    def held_out(self) -> bool:
        """Whether it is kept for judging: with all of its incident, or none."""
        return hashlib.sha256(self.incident.encode()).digest()[0] % SHARE == 0


@dataclass(frozen=True, slots=True)
class Weights:
    """How each part of a vector speaks for a theme."""

    parts: Sequence[float]
    bias: float

    def chance(self, vector: bytes) -> float:
        """How likely a report has the theme, 0 to 1, as far as was learned."""
        told = self.bias + sum(map(mul, self.parts, memoryview(vector).cast("b"))) / SCALE
        return 1 / (1 + exp(-max(-30.0, min(30.0, told))))

    def packed(self) -> bytes:
        """As it is kept: 32-bit fractions, the bias first."""
        return struct.pack(f"<{len(self.parts) + 1}f", self.bias, *self.parts)


def unpacked(raw: bytes) -> Weights:
    """What `Weights.packed` gave."""
    bias, *parts = struct.unpack(f"<{len(raw) // 4}f", raw)
    return Weights(parts, bias)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning one theme: how much there was, and on what was held out how often tagging by words was
    right where it found the theme, and how often the classifier where it says so."""

    holds: int
    holds_not: int
    words: tuple[int, int]
    learned: tuple[int, int]
    verdict: str
    weights: Weights | None

    @property
    def between(self) -> tuple[float, float] | None:
        """The interval of 95 % of the classifier's precision (Wilson)."""
        return wilson(*self.learned)


def learn(judged: Sequence[Judged]) -> Lesson:
    """Learn one theme. It is better only where the whole interval of its precision lies above the precision of the
    words, on the same reports held out."""
    kept, shown = [one for one in judged if one.held_out], [one for one in judged if not one.held_out]
    holds = sum(one.holds for one in shown)
    found = [one for one in kept if one.found]
    words = (sum(one.holds for one in found), len(found))
    if min(holds, len(shown) - holds) < LEAST_OF_EACH or len(kept) < LEAST_HELD_OUT or not found:
        return Lesson(holds, len(shown) - holds, words, (0, 0), TOO_LITTLE, None)
    weights = fit(shown)
    said = [one for one in kept if weights.chance(one.vector) >= SURE]
    learned = (sum(one.holds for one in said), len(said))
    between = wilson(*learned)
    better = between is not None and between[0] > words[0] / words[1]
    return Lesson(holds, len(shown) - holds, words, learned, BETTER if better else NOT_BETTER, weights)


def fit(shown: Sequence[Judged]) -> Weights:
    """Weights by gradient descent with a penalty, both answers weighing the same however many there are of each."""
    many = {answer: sum(one.holds == answer for one in shown) for answer in (True, False)}
    rows = [
        ([part / SCALE for part in memoryview(one.vector).cast("b")], float(one.holds), 1 / (2 * many[one.holds]))
        for one in shown
    ]
    parts, bias = [0.0] * len(rows[0][0]), 0.0
    for _ in range(ROUNDS):
        slope, level = [PENALTY * one for one in parts], 0.0
        for vector, holds, weight in rows:
            told = bias + sum(map(mul, parts, vector))
            off = weight * (1 / (1 + exp(-max(-30.0, min(30.0, told)))) - holds)
            slope = [one + off * part for one, part in zip(slope, vector, strict=True)]
            level += off
        parts = [one - STEP * down for one, down in zip(parts, slope, strict=True)]
        bias -= STEP * level
    return Weights(parts, bias)


def incidents(keys: Sequence[int], links: Sequence[tuple[int, int]], named: Mapping[int, str]) -> dict[int, str]:
    """What names the incident of each report: the first of the names of all that are linked, through whichever."""
    above = {key: key for pair in [*links, *((key, key) for key in keys)] for key in pair}

    def top(key: int) -> int:
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for one, other in links:
        above[top(one)] = top(other)
    first: dict[int, str] = {}
    for key in keys:
        first[top(key)] = min(first.get(top(key), named[key]), named[key])
    return {key: first[top(key)] for key in keys}
