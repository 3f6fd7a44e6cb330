"""How often tagging was right, and how much it found, by what analysts said of it. Pure (docs/adr/0028)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Protocol, TypeAlias

from services.tagging import ADDED, CONFIRMED, REJECTED
from services.texts import wilson

Key: TypeAlias = tuple[str, str, str]
"""Scheme, value and language."""


class Said(Protocol):
    """A decision on a tag that stands, as it is stored."""

    @property
    def scheme(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def decided(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def missed(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """What analysts said of a definition: `found` and `missed` are of the reports that they were done with."""

    confirmed: int = 0
    rejected: int = 0
    added: int = 0
    found: int = 0
    missed: int = 0

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def precision(self) -> float | None:
        """The share of what was judged that was confirmed; None: nothing was."""
        return _share(self.confirmed, self.rejected)

    @property
    def between(self) -> tuple[float, float]:
        """The interval of 95 % of the precision (Wilson)."""
        return wilson(self.confirmed, self.confirmed + self.rejected) or (0.0, 1.0)

    @property
    def recall(self) -> float | None:
        """The share that was found of what analysts say is there, in what they were done with; None: nothing."""
        return _share(self.found, self.missed)

    @property
    def recall_between(self) -> tuple[float, float]:
        """The interval of 95 % of the recall (Wilson)."""
        return wilson(self.found, self.found + self.missed) or (0.0, 1.0)


def _share(right: int, others: int) -> float | None:
    return right / (right + others) if right + others else None


def measured(decisions: Iterable[tuple[Said, bool]]) -> dict[Key, dict[str, Measured]]:
    """Of each definition and language, by the version that found or missed it, what stands of what analysts said.
    With each decision: whether it is of a reading that they were done with. A rejection without a version is of what a
    model suggested, and says nothing of a definition."""
    made: dict[Key, dict[str, Measured]] = defaultdict(lambda: defaultdict(Measured))
    for one, done in decisions:
        word = one.decided
        if word in (CONFIRMED, ADDED) or (word == REJECTED and one.version):
            of = made[one.scheme, one.value, one.language]
            of[one.missed if word == ADDED else one.version] += Measured(
                confirmed=int(word == CONFIRMED),
                rejected=int(word == REJECTED),
                added=int(word == ADDED),
                found=int(done and word == CONFIRMED),
                missed=int(done and word == ADDED),
            )
    return {key: dict(sorted(made[key].items())) for key in sorted(made)}


def together(some: Iterable[Measured]) -> Measured:
    """All of these as one."""
    return sum(some, start=Measured())
