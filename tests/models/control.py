"""Taking back: who had a report's words finds a notice once they are lost, whenever that is looked at (ADR 0012)."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Notice(NamedTuple):
    """`state`: the version with which began what the reader lost; one per (state, reader, what)."""

    state: int
    reader: str
    what: str


@dataclass
class Report:
    """One report. `states`: each version with which a marking began, and who saw it. Other work makes versions too."""

    owner: str
    states: list[tuple[int, frozenset[str]]]
    version: int = 1
    withdrawn: bool = False
    had: dict[str, int] = field(default_factory=dict)
    notices: set[Notice] = field(default_factory=set)

    @property
    def seen_by(self) -> frozenset[str]:
        return frozenset() if self.withdrawn else self.states[-1][1]


def hand_in(owner: str, readers: frozenset[str]) -> Report:
    return Report(owner, [(1, readers | {owner})])


def touch(report: Report) -> None:
    """Tagged or counted again: a version of which no reader is told."""
    report.version += 1


def mark(report: Report, readers: frozenset[str]) -> None:
    """By hand, by a revision or by a date."""
    report.version += 1
    report.states.append((report.version, readers | {report.owner}))


def withdraw(report: Report) -> None:
    report.version += 1
    report.withdrawn = True


def read(report: Report, reader: str) -> int | None:
    """What a reader's transaction gives: the version, or None where there is nothing for this reader."""
    return report.version if reader in report.seen_by else None


def give(report: Report, reader: str, version: int) -> bool:
    """Before the answer leaves: on record once, owners excepted. Whether the report changed since it was read, and is
    to be looked at again."""
    if reader == report.owner:
        return False
    report.had[reader] = min(version, report.had.get(reader, version))
    return report.withdrawn or report.states[-1][0] > version


def look(report: Report) -> set[Notice]:
    """What a reaction finds to tell, from what is there alone: so any order and any repetition of it is the same."""
    told = {
        Notice(began, reader, "narrowed")
        for (began, before), (ended, after) in zip(report.states, report.states[1:], strict=False)
        for reader, version in report.had.items()
        if version < ended and reader in before and reader not in after
    }
    if report.withdrawn:
        told |= {Notice(report.states[-1][0], reader, "withdrawn") for reader in report.had}
    return told


def tell(report: Report, found: set[Notice]) -> None:
    report.notices |= found
