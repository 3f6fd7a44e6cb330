"""The exercise: an invented network, its year of reports up to yesterday, and the texts of the demo's live story."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).parent / "data"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(_Data):
    """A name in the two languages of the screens."""

    en: str
    ru: str


class Organisation(_Data):
    """An invented body. `feed`: it sends by replay only."""

    slug: str
    name: Name
    kind: str
    countries: list[str]
    time_zone: str
    parent: str | None = None
    feed: bool = False


class Group(_Data):
    """A sharing group with its members' slugs."""

    slug: str
    name: Name
    organisations: list[str]


class Member(_Data):
    """A member named by role, never by a person's name."""

    login: str
    name: Name
    organisation: str
    roles: list[str]
    locale: Literal["en", "ru"]


class _Titled(_Data):
    name: Name


class Network(_Data):
    """The exercise network; parents come before their children."""

    network: _Titled
    organisations: list[Organisation]
    groups: list[Group]
    members: list[Member]


class _Laid(_Data):
    """When a report of the exercise happens and is heard of, in days before today and days after the event."""

    days_ago: int
    days: int
    delay: int
    hour: int
    minute: int


class LiveReport(_Data):
    """A report to hand in live; `sees` may read it, `sees_not` may not; it counts in `indicator` within a place."""

    organisation: str
    sees: str
    sees_not: str
    indicator: str
    within: str
    body: dict[str, object]


class Drill(_Data):
    """Many short reports of one body, told apart by a number; they count in `indicator` within a place."""

    organisation: str
    reports: int
    indicator: str
    within: str
    body: dict[str, object]


class StandOut(_Data):
    """Months (their first days) that stand out in the external series, at these places."""

    months: list[str]
    places: list[str]


class Story(_Data):
    """The live story: three readers of one edition, a report, a rumour as (organisation, body) tellings, a drill."""

    readers: list[str]
    report: LiveReport
    rumour: list[tuple[str, dict[str, object]]]
    drill: Drill
    stand_out: StandOut


@cache
def network() -> Network:
    """Organisations, groups and members to enrol."""
    return Network.model_validate(yaml.safe_load((DATA / "network.yaml").read_text(encoding="utf-8")))


def rows() -> Iterator[dict[str, object]]:
    """The exercise as it stands in its file: undated, with what each report is `about` (language, themes, place)."""
    with (DATA / "exercise.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def reports(today: date) -> Iterator[tuple[str, dict[str, object]]]:
    """(organisation slug, new report's body), in order of receipt; everything happens and is received before `today`.

    The same `today` gives the same bodies. Another gives other dates under the same own references.
    """
    zones = {organisation.slug: ZoneInfo(organisation.time_zone) for organisation in network().organisations}
    laid = [_lay(row, today, zones) for row in rows()]
    for _, slug, body in sorted(laid, key=lambda entry: entry[0]):
        yield slug, body


def story(today: date) -> Story:
    """The texts of the live story, dated relative to `today`."""
    told = yaml.safe_load((DATA / "story.yaml").read_text(encoding="utf-8"))
    report = dict(told["report"])
    day = _day(today, report.pop("days_ago"))
    report["body"] = {**report["body"], **day}
    rumour = told["rumour"]
    day = _day(today, rumour["days_ago"])
    tellings = [
        (
            telling["organisation"],
            {**rumour["common"], **{k: v for k, v in telling.items() if k != "organisation"}, **day},
        )
        for telling in rumour["tellings"]
    ]
    drill = dict(told["drill"])
    drill["body"] = {**drill["body"], **_day(today, drill.pop("days_ago"))}
    return Story(
        readers=told["readers"],
        report=LiveReport.model_validate(report),
        rumour=tellings,
        drill=Drill.model_validate(drill),
        stand_out=StandOut.model_validate(told["stand_out"]),
    )


def _day(today: date, days_ago: int) -> dict[str, object]:
    day = (today - timedelta(days=days_ago)).isoformat()
    return {"occurred_from": day, "occurred_to": day}


def _lay(row: dict[str, object], today: date, zones: dict[str, ZoneInfo]) -> tuple[datetime, str, dict[str, object]]:
    laid = _Laid.model_validate({name: row[name] for name in _Laid.model_fields})
    slug = str(row["organisation"])
    last = today - timedelta(days=laid.days_ago)
    first = last - timedelta(days=laid.days - 1)
    received = datetime.combine(last + timedelta(days=laid.delay), time(laid.hour, laid.minute), tzinfo=zones[slug])
    kept = {
        key: value for key, value in row.items() if key not in {"organisation", "about", "rumour", *_Laid.model_fields}
    }
    dated = {"occurred_from": first.isoformat(), "occurred_to": last.isoformat(), "as_of": received.isoformat()}
    return received, slug, {**kept, **dated}
