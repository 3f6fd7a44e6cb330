"""Model of ADR 0023: who was expected to report, and did. Written the long way: every report is looked at each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Sent:
    """A report as it stands now: whoever revises or withdraws it makes it another."""

    organisation: int
    form: str
    status: str
    first: date
    last: date
    at: int
    withdrawn: bool = False
    instead_of: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A report expected of an organisation for a period."""

    organisation: int
    form: str
    status: str
    first: date
    last: date
    due: int


def meets(sent: Sent, wanted: Wanted) -> bool:
    """Whether this report is what was wanted, in time or late."""
    if sent.withdrawn or sent.organisation != wanted.organisation or sent.status != wanted.status:
        return False
    within = wanted.first <= sent.first and sent.last <= wanted.last
    if sent.form == "zero" and wanted.form != "zero":
        if sent.instead_of is None:
            return (sent.first, sent.last) == (wanted.first, wanted.last)
        return within and sent.instead_of == wanted.form
    return within and sent.form == wanted.form


def standing(wanted: Iterable[Wanted], sent: Iterable[Sent], now: int) -> tuple[int, int, int]:
    """How many were expected by now, came, and came in time: each wanted report once, whatever was sent for it."""
    sent = [one for one in sent if one.at <= now]
    due = [one for one in wanted if one.due < now]
    came = [one for one in due if any(meets(each, one) for each in sent)]
    timely = [one for one in came if any(meets(each, one) and each.at <= one.due for each in sent)]
    return len(due), len(came), len(timely)
