"""Keeping and forgetting: which rule a report falls under, when it is announced and emptied, what a hold stops (0016).

Days are whole numbers here, and a month has 30 of them; the service counts by the calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MONTH = 30
NOTICE = 30  # days between the announcement and the emptying, at least


class Rule(NamedTuple):
    """None of kind or label: any. `receipt`: the months begin with the receipt, not with the end of the event."""

    name: str
    kind: str | None
    label: str | None
    months: int
    receipt: bool = False


@dataclass
class Report:
    """One report. `goes`: the last day announced to its owner; `told`: each announcement, as (when, for which day)."""

    kind: str
    label: str
    ended: int
    received: int
    held: bool = False
    recalled: bool = False
    goes: int | None = None
    told: list[tuple[int, int]] = field(default_factory=list)
    emptied: int | None = None


def ranked(rule: Rule) -> int:
    """Kind and label, then kind, then label, then any."""
    return 2 * (rule.kind is not None) + (rule.label is not None)


def day_of(rule: Rule, report: Report) -> int:
    """The first day on which a rule takes a report."""
    return (report.received if rule.receipt else report.ended) + rule.months * MONTH


def ruled(rules: Iterable[Rule], report: Report) -> tuple[int, Rule] | None:
    """The rule that a report falls under, and its day: the most particular; of equals the one whose day is first."""
    fitting = [one for one in rules if one.kind in (None, report.kind) and one.label in (None, report.label)]
    top = max((ranked(one) for one in fitting), default=0)
    return min(((day_of(one, report), one) for one in fitting if ranked(one) == top), default=None)


def turn(rules: Iterable[Rule], report: Report, today: int) -> None:
    """What the clock does about one report: announce it, announce it anew if its day was put off, or empty it."""
    found = ruled(rules, report)
    if report.recalled or report.emptied is not None or found is None:
        return
    day, _ = found
    if day > today + NOTICE or (report.goes is not None and report.goes > today):
        return
    if report.goes is None or day > report.goes:
        report.goes = max(day, today + NOTICE)
        report.told.append((today, report.goes))
    elif not report.held:
        report.emptied = today
