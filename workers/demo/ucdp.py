"""UCDP replay: the external monthly series, and real events written out as reports from their facts."""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

from pydantic import Field

from workers.demo.event_text import DATA, Data, best, load, place_of, write

DOCUMENT = "UCDP Georeferenced Event Dataset"
MARKING = {"tlp": "GREEN", "organisations": [], "groups": [], "persons": [], "attribution": "named"}


class _Release(Data):
    day: int
    hour: int


class _Gap(Data):
    country: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    reason: str


class _Series(Data):
    indicator: str
    grain: str
    release: _Release
    countries: dict[str, str]
    gaps: list[_Gap]


@cache
def _series() -> _Series:
    return _Series.model_validate(load("series.yaml"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def observations() -> Iterator[dict[str, object]]:
    """Monthly deaths by country: indicator, place, grain, period (YYYY-MM), value (None: no data), released_at."""
    series = _series()
    for row in _rows("fatalities.csv"):
        place = series.countries[row["isocode"]]
        period = f"{row['period'][:4]}-{row['period'][4:]}"
        missing = any(gap.country == place and gap.start <= period <= gap.end for gap in series.gaps)
        following = date(int(period[:4]), int(period[5:]), 1) + timedelta(days=31)
        yield {
            "indicator": series.indicator,
            "place": place,
            "grain": series.grain,
            "period": period,
            "value": None if missing else int(row["fatalities"]),
            "released_at": datetime(
                following.year, following.month, series.release.day, series.release.hour, tzinfo=UTC
            ).isoformat(),
        }


def reports() -> Iterator[dict[str, object]]:
    """Each event as the body of a new report, in order of receipt; about a third (by event id) in Russian."""
    rows = sorted(_rows("events.csv"), key=lambda row: (_heard_of(row), int(row["id"])))
    for row in rows:
        yield _report(row)


def _report(row: Mapping[str, str]) -> dict[str, object]:
    number = int(row["id"])
    language = "ru" if number % 3 == 0 else "en"
    title, text = write(row, language)
    return {
        "title": title,
        "text": text,
        "occurred_from": row["start_date"],
        "occurred_to": row["end_date"],
        "place": place_of(row),
        "figures": {"killed": best(row)},
        "language": language,
        "kind": "incident",
        "status": "actual",
        "selection": True,
        "source": {"kind": "relayed", "document": DOCUMENT},
        "own_reference": f"ucdp-{number}",
        "marking": dict(MARKING),
        "as_of": _heard_of(row).isoformat(),
    }


def _heard_of(row: Mapping[str, str]) -> datetime:
    """When the network could have heard of it: 1 to 20 days after the event, near the source's date where that fits."""
    ended = date.fromisoformat(row["end_date"])
    delay = (date.fromisoformat(row["source_date"]) - ended).days + 1 + int(row["id"]) % 4
    day = ended + timedelta(days=min(max(delay, 1), 20))
    return datetime(day.year, day.month, day.day, 5 + int(row["id"]) % 9, int(row["id"]) % 60, tzinfo=UTC)
