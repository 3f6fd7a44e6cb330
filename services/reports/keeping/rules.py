"""Which retention rule a report falls under, and on which day: by the calendar, pure (docs/adr/0016)."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

NOTICE = timedelta(days=30)  # between the announcement to the owner and the emptying, at least


@dataclass(frozen=True, slots=True)
class Rule:
    """After how many months which reports go. None of kind or label: any. `receipt`: the months begin with the receipt,
    not with the end of the event. `reference` is empty for one that is only tried out."""

    reference: str
    kind: str | None
    tlp: str | None
    months: int
    receipt: bool

    @property
    def rank(self) -> int:
        """Kind and label, then kind, then label, then any."""
        return 2 * (self.kind is not None) + (self.tlp is not None)

    def day(self, *, ended: date, received: date) -> date:
        """The first day on which it takes a report."""
        return later(received if self.receipt else ended, self.months)


def fitting(rules: Iterable[Rule], kind: str, tlp: str) -> list[Rule]:
    """The most particular of the rules for a kind and a label: all of one rank."""
    found = [one for one in rules if one.kind in (None, kind) and one.tlp in (None, tlp)]
    top = max((one.rank for one in found), default=0)
    return [one for one in found if one.rank == top]


def ruled(rules: Iterable[Rule], kind: str, tlp: str, *, ended: date, received: date) -> tuple[date, Rule] | None:
    """The rule that a report falls under, and its day; of equals the one whose day is first."""
    days = [(one.day(ended=ended, received=received), one) for one in fitting(rules, kind, tlp)]
    return min(days, key=lambda pair: (pair[0], pair[1].months, pair[1].reference), default=None)


def going(today: date, day: date, announced: date | None) -> date:
    """The day on which a report goes: not before its rule's, nor before its owner has had a month's notice."""
    if announced is not None and day <= announced:
        return announced
    return max(day, today + NOTICE)


def later(start: date, months: int) -> date:
    """The same day so many months later, or the last of that month; the end of time where that lies beyond it."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def latest(today: date, months: int) -> date:
    """The last day from which `later` leads no further than today."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < date.min.year:
        return date.min
    last = monthrange(year, month + 1)[1]
    if monthrange(today.year, today.month)[1] == today.day:
        return date(year, month + 1, last)  # what is longer than this month ends with it
    return date(year, month + 1, min(today.day, last))


def spans(
    rules: Sequence[Rule], kinds: Iterable[str], labels: Iterable[str], today: date
) -> list[tuple[str, str, Rule, date]]:
    """What falls due by a day, as (kind, label, rule, the last day of the event or of receipt)."""
    labels = tuple(labels)
    return [
        (kind, tlp, one, latest(today, one.months))
        for kind in kinds
        for tlp in labels
        for one in fitting(rules, kind, tlp)
    ]
