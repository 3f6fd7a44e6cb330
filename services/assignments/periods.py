"""Periods that reports are expected for, and when each falls due in an organisation's own time zone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Grain: TypeAlias = Literal["week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One week (from Monday, ISO 8601), month, quarter or year; both days belong to it."""

    start: date
    end: date
    grain: Grain

    @property
    def following(self) -> "Period":
        """The period after this one."""
        return period_of(self.grain, self.end + DAY)


def period_of(grain: Grain, day: date) -> Period:
    """The period in which a day lies."""
    if grain == "week":
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=6), grain)
    length = _MONTHS[grain]
    first = (day.month - 1) // length * length + 1
    start = date(day.year, first, 1)
    after = date(day.year + 1, 1, 1) if first + length > 12 else date(day.year, first + length, 1)
    return Period(start, after - DAY, grain)


def whole(grain: Grain, first: date, last: date) -> Iterator[Period]:
    """The periods that lie wholly between two days, the earliest first: of a part of one nothing is expected."""
    one = period_of(grain, first)
    if one.start < first:
        one = one.following
    while one.end <= last:
        yield one
        one = one.following


def due_at(end: date, *, days: int, hour: int, zone: str) -> datetime:
    """The instant at which the report for a period that ended on `end` falls due: on the day that lies `days` later, at
    this hour by the clocks of the zone.

    Where the clocks show the hour twice, or never, when they are set, it is the later of the two readings: nobody is
    late by a change of the clocks.
    """
    there = datetime.combine(end + timedelta(days=days), time(hour), ZoneInfo(zone))
    return max(there.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
