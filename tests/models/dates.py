"""Markings with dates: any number of clocks, each standing still at times, re-mark each report once (ADR 0011)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

CLOSED = "closed"


class Dated(NamedTuple):
    """What waits for an instant. `marking` is None where the owner is only asked to look."""

    due: int
    why: str
    marking: str | None


@dataclass
class Report:
    """One report: its marking now, what waits, and what was done with it. `received` is what everybody else sees."""

    marking: str
    handed_in: int
    received: int
    waiting: list[Dated] = field(default_factory=list)
    withdrawn: bool = False
    version: int = 1
    done: list[tuple[int, Dated]] = field(default_factory=list)
    asked: int = 0


def planned(
    marking: str, now: int, *, embargo: int | None = None, review: int | None = None, to: str | None = None
) -> tuple[str, list[Dated]]:
    """The marking for now, and what waits. Dates lie in the future, the review after the embargo."""
    if any(at is not None and at <= now for at in (embargo, review)):
        raise ValueError("a date lies in the future")
    if embargo is not None and review is not None and review <= embargo:
        raise ValueError("the review comes after the embargo")
    waiting = [Dated(embargo, "embargo", marking)] if embargo is not None else []
    waiting += [Dated(review, "review", to)] if review is not None else []
    return (CLOSED if embargo is not None else marking), waiting


def hand_in(marking: str, now: int, **dates: int | str | None) -> Report:
    present, waiting = planned(marking, now, **dates)  # type: ignore[arg-type]
    return Report(present, handed_in=now, received=now, waiting=waiting)


def mark(report: Report, marking: str, now: int, **dates: int | str | None) -> None:
    """By hand: all that waited is replaced."""
    present, waiting = planned(marking, now, **dates)  # type: ignore[arg-type]
    report.marking, report.waiting = present, waiting
    report.version += 1


def withdraw(report: Report) -> None:
    report.withdrawn, report.waiting = True, []
    report.version += 1


def due(reports: Iterable[Report], now: int) -> list[tuple[Report, Dated]]:
    """What one clock finds to do, oldest first. It may act on it later, after another clock did."""
    return sorted(((r, d) for r in reports for d in r.waiting if d.due <= now), key=lambda pair: pair[1].due)


def act(found: Iterable[tuple[Report, Dated]], now: int) -> None:
    """Do what was found, unless it waits no more: it was done, replaced or dropped meanwhile."""
    for report, dated in found:
        if dated not in report.waiting:
            continue
        report.waiting.remove(dated)
        report.done.append((now, dated))
        if dated.marking is None:
            report.asked += 1
            continue
        report.marking = dated.marking
        report.version += 1
        if dated.why == "embargo":
            report.received = now
