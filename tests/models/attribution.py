"""Attribution is a field under policy: who may know who told, and what a breakdown by originator may say (ADR 0013)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
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


def breakdown(told: Iterable[Told]) -> Breakdown:
    told = list(told)
    unnamed = [one.originator for one in told if not one.known]
    named = Counter(one.originator for one in told if one.known)
    return Breakdown(dict(named), len(unnamed) if len(set(unnamed)) >= FEWEST else None)
