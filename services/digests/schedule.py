"""When editions are due, pure: periods, and the instants at which they are to be built."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from services import vocabulary
from services.kernel import yaml_files
from services.vocabulary import Catalogue

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
QUARTER = 3


class Due(BaseModel):
    """When an edition is due after its period: on a weekday, on a day of the month after, or on a fixed day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: str
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = None
    day: int | None = None
    month: int | None = None
    months_after: int = 1


class Schedule(BaseModel):
    """A kind of edition that the clock builds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: dict[str, str]
    period: Literal["week", "month", "quarter", "year"]
    due: Due
    time_zone: str
    overview: str
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a schedule, and the instant its edition is due: also its cut-off."""

    start: date
    end: date
    due: datetime


def schedules() -> Catalogue[Schedule]:
    """The schedules of the pack."""
    return _read(vocabulary.file("schedules.yaml"))


@lru_cache(maxsize=4)
def _read(path: Path) -> Catalogue[Schedule]:
    return Catalogue("schedule", [Schedule.model_validate(one) for one in yaml_files.read(path)])


def period(schedule: Schedule, day: date) -> Period:
    """The period that holds a day."""
    match schedule.period:
        case "week":
            start = day - timedelta(days=day.weekday())
            after = start + timedelta(days=7)
        case "month":
            start = day.replace(day=1)
            after = _months(start, 1)
        case "quarter":
            start = date(day.year, (day.month - 1) // QUARTER * QUARTER + 1, 1)
            after = _months(start, QUARTER)
        case _:
            start = date(day.year, 1, 1)
            after = date(day.year + 1, 1, 1)
    return Period(start, after - timedelta(days=1), _due(schedule, after))


def series_grain(period: str) -> str:
    """The buckets of an edition's series: those of its period, but months where that is a quarter or a year."""
    return "week" if period == "week" else "month"


def due_between(schedule: Schedule, since: datetime, at: datetime) -> Iterator[Period]:
    """The periods whose due instant lies after `since` and not after `at`, oldest first."""
    one = period(schedule, (since - timedelta(days=400)).date())
    while one.due <= at:
        if one.due > since:
            yield one
        one = period(schedule, one.end + timedelta(days=1))


def _due(schedule: Schedule, after: date) -> datetime:
    due = schedule.due
    day = after
    if due.weekday is not None:
        day = after + timedelta(days=(WEEKDAYS.index(due.weekday) - after.weekday()) % 7)
    elif due.month is not None:
        day = date(after.year, due.month, due.day or 1)
    elif due.day is not None:
        day = _months(after, due.months_after - 1).replace(day=due.day)
    hour, minute = due.time.split(":")
    local = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(schedule.time_zone))
    return local.astimezone(UTC)


def _months(start: date, count: int) -> date:
    months = start.year * 12 + start.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
