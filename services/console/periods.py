"""The period that an address names, as the days that a form opens with."""

import re
from datetime import date, timedelta

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_DAY = timedelta(days=1)


def day(text: str) -> date | None:
    """A day of the address; what is none filters nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def days(text: str, grain: str) -> tuple[date, date] | None:
    """First and last day of a period: written 2026, 2026-Q4, 2026-10 or 2026-W44, or as one of its days where the form
    has periods. None for anything else."""
    if not "1900" <= text[:4] < "2200":
        return None
    try:
        day, grain = _read(text, grain)
    except ValueError:
        return None
    return around(day, grain) if grain != "none" else (day, day)


def _read(text: str, grain: str) -> tuple[date, str]:
    if week := _WEEK.fullmatch(text):
        return date.fromisocalendar(int(week[1]), int(week[2]), 1), "week"
    if quarter := _QUARTER.fullmatch(text):
        return date(int(quarter[1]), int(quarter[2]) * 3, 1), "quarter"
    shorter = {4: ("year", "-01-01"), 7: ("month", "-01")}
    if len(text) in shorter:
        grain, rest = shorter[len(text)]
        text += rest
    return date.fromisoformat(text), grain


def around(day: date, grain: str) -> tuple[date, date]:
    """The period in which a day lies; weeks begin on Monday."""
    if grain == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + 6 * _DAY
    length = _MONTHS[grain]
    month = (day.month - 1) // length * length + 1
    first = date(day.year, month, 1)
    return first, (first.replace(day=28) + timedelta(days=31 * length - 27)).replace(day=1) - _DAY


def last(today: date, grain: str) -> tuple[date, date]:
    """The last period that is over."""
    return around(around(today, grain)[0] - _DAY, grain)
