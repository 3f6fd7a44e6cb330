"""Vectors of meaning: centred by language, kept as 384 bytes, compared by their angle. Pure, and without a library.

Cosines of one model lie close together whatever they compare, so nothing here is a threshold: only ranks are told.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from operator import mul

Vector = Sequence[float]
SCALE = 400  # of parts of a unit vector of 384, mostly below 0.2, in a signed byte


def unit(vector: Vector) -> list[float]:
    """The vector at length 1; of no length, itself."""
    long = sqrt(sum(map(mul, vector, vector)))
    return [one / long for one in vector] if long else list(vector)


def less(vector: Vector, mean: Vector) -> list[float]:
    """The vector as seen from a mean."""
    return [one - other for one, other in zip(vector, mean, strict=True)]


def mean(vectors: Sequence[Vector]) -> list[float]:
    """The mean of vectors, of which there is at least one."""
    return [sum(parts) / len(vectors) for parts in zip(*vectors, strict=True)]


def packed(vector: Vector) -> bytes:
    """The direction of a vector, a byte for each part."""
    return bytes(max(-127, min(127, round(one * SCALE))) & 0xFF for one in unit(vector))


def likeness(one: bytes, other: bytes) -> int:
    """How near two directions are: for ranking only."""
    return sum(map(mul, memoryview(one).cast("b"), memoryview(other).cast("b")))


def nearest(to: bytes, among: Iterable[tuple[int, bytes]], most: int) -> list[int]:
    """The keys of those nearest to a direction, the nearest first; of equally near ones the one given first."""
    ranked = sorted(((-likeness(to, vector), place, key) for place, (key, vector) in enumerate(among)))
    return [key for _, _, key in ranked[:most]]
