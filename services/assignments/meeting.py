"""What meets an assignment: one report for each period, the first that came, however many were sent. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from services.assignments.periods import GRAINS, Period, period_of

State: TypeAlias = Literal["open", "on_time", "late", "missing"]
NOTHING = "zero"  # the kind of report, and its form, that says that there is nothing to report


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is expected of an organisation for one period."""

    assignment: int
    organisation: int
    form: str
    status: str
    period: Period
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """That a report of these days came, and when it was handed in. `nothing`: that there is nothing to report;
    `instead_of`: the form that this stands for, if it names one."""

    organisation: int
    form: str
    status: str
    first: date
    last: date
    at: datetime
    nothing: bool = False
    instead_of: str | None = None


def met(dues: Sequence[Due], arrivals: Iterable[Arrival]) -> dict[Due, datetime]:
    """When what is expected first came; what has not come is left out.

    A report meets what is expected of its organisation, by its form and status, for the period in which all its days
    lie. That there is nothing to report meets what asks for just that; and the form that it names; or, if it names
    none, every form of the period whose first and last day it gives. So it comes to the same whatever the order in
    which reports came, and however often.
    """
    named: dict[tuple[int, str, str, Period], list[Due]] = defaultdict(list)
    unnamed: dict[tuple[int, str, date, date], list[Due]] = defaultdict(list)
    for one in dues:
        named[one.organisation, one.status, one.form, one.period].append(one)
        unnamed[one.organisation, one.status, one.period.start, one.period.end].append(one)
    found: dict[Due, datetime] = {}
    for came in arrivals:
        for due in (*_named(came, named), *_unnamed(came, unnamed)):
            found[due] = min(came.at, found.get(due, came.at))
    return found


def _named(came: Arrival, dues: Mapping[tuple[int, str, str, Period], list[Due]]) -> list[Due]:
    forms = {came.form} | ({NOTHING} if came.nothing else set())
    if came.nothing and came.instead_of:
        forms.add(came.instead_of)
    periods = [one for one in (period_of(grain, came.last) for grain in GRAINS) if one.start <= came.first]
    keys = ((came.organisation, came.status, form, period) for form in forms for period in periods)
    return [due for key in keys for due in dues.get(key, ())]


def _unnamed(came: Arrival, dues: Mapping[tuple[int, str, date, date], list[Due]]) -> list[Due]:
    if not came.nothing or came.instead_of:
        return []
    return dues.get((came.organisation, came.status, came.first, came.last), [])


def state(due_at: datetime, came_at: datetime | None, now: datetime) -> State:
    """How it stands with one period: late is what came after the deadline, and what came at it is on time."""
    if came_at is None:
        return "open" if now <= due_at else "missing"
    return "on_time" if came_at <= due_at else "late"
