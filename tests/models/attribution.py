"""Attribution is a field under policy: who may know who told, and what a breakdown by originator may say (ADR 0013)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

FEWEST = 3  # unnamed originators that are told together


class Shown(NamedTuple):
    """What a viewer may learn: who told it, and from whom the teller had it."""

    originator: bool
    source: bool


def shown(attribution: str, *, sees: bool, own: bool, secretariat: bool) -> Shown:
    """What a viewer of a report may learn. `secretariat`: it is one, and a recipient by name, group or person."""
    if not sees:
        return Shown(False, False)
    if own:
        return Shown(True, True)
    told = secretariat and attribution != "chatham"
    return Shown(attribution == "named" or told, told)


class Told(NamedTuple):
    """One report that a viewer sees."""

    originator: str
    known: bool


@dataclass(frozen=True)
class Breakdown:
    """Reports by originator: the named, and the rest as one number or not at all."""

    named: dict[str, int]
    rest: int | None


def breakdown(told: Iterable[Told], *, filtered: bool = False) -> Breakdown:
    """`filtered`: `told` is not all that the viewer sees. Only of all of it the rest is told."""
    told = list(told)
    unnamed = [one.originator for one in told if not one.known]
    named = Counter(one.originator for one in told if one.known)
    return Breakdown(dict(named), len(unnamed) if not filtered and len(set(unnamed)) >= FEWEST else None)


def readings(world: Sequence[Told]) -> list[Breakdown]:
    """Everything that breakdowns can ever tell of a world: of all of it, and of each part that filters can cut out."""
    parts = (part for size in range(len(world)) for part in combinations(world, size))
    return [breakdown(world), *(breakdown(part, filtered=True) for part in parts)]
