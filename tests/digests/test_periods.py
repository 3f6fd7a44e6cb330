"""Editions of a quarter or a year: what is counted of the whole period is no sum of its months."""

from typing import Any

import pytest

from services.digests import schedule
from services.digests.composition import compose
from services.kernel import clock
from services.vocabulary import Catalogue
from tests.digests.rendering_sample import Names, sample
from tests.digests.test_editions import BODY, NOVEMBER, november, overview, read, send
from tests.world import World, report

OCTOBER = {"occurred_from": "2026-10-31", "occurred_to": "2026-10-31"}
BOTH = {"occurred_from": "2026-10-20", "occurred_to": "2026-11-01"}
OTHER = {"title": "A bridge was closed", "text": "The bridge over the river was closed to all lorries for some weeks."}


def build(world: World, which: str) -> str:
    body = {"schedule": which, "day": "2026-11-01"}
    answer = world.client.post("/v1/digests", json=body, headers=world.auth("north"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def table(document: dict[str, Any]) -> dict[str, list[Any]]:
    """The table of what is counted for the whole region: the numbers of each row, by its name."""
    section = next(one for one in document["sections"] if one["key"] == "indicators")
    return {row[0]["text"]: [cell["value"] for cell in row[1:4]] for row in section["blocks"][0]["rows"]}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south"):
        world.enrol(slug)
    return world


@pytest.mark.parametrize("which", ["quarterly-review", "annual-review"])
def test_an_incident_of_two_months_counts_once_in_the_period(parties: World, which: str) -> None:
    one, two = (parties.post("north", report() | days).json()["reference"] for days in (OCTOBER, BODY))
    parties.post("north", report() | OTHER | BOTH)
    parties.settle()
    edition = build(parties, which)
    document = read(parties, "north", edition)
    assert overview(document)["Incidents of the period"] == 2
    assert table(document)["Everything reported as an incident or a concern (incidents)"] == [
        2,
        1,
        1,
    ]  # whole period, November, October
    for taken, left in ((two, 2), (one, 1)):
        assert send(parties, "north", f"/v1/reports/{taken}/withdrawal", {"reason": "mistaken"}) == 204
        parties.settle()
        assert overview(read(parties, "north", edition))["Incidents of the period"] == left


@pytest.mark.parametrize(
    ("grain", "months", "said"),
    [
        ("quarter", (7, 9), {"en": "Central Asia, July – September 2022", "ru": "июль – сентябрь 2022"}),
        ("year", (1, 12), {"en": "Central Asia, 2022", "ru": "2022"}),
    ],
)
def test_a_title_names_the_whole_period(grain: str, months: tuple[int, int], said: dict[str, str]) -> None:
    asked = sample()
    start, end = asked.start.replace(month=months[0], day=1), asked.end.replace(month=months[1], day=30)
    for language, words in said.items():
        title = compose(sample(grain=grain, start=start, end=end), language, Names()).title
        assert words in " ".join(title.replace("\u2009", " ").replace("\u202f", " ").split())


def test_each_month_of_a_quarter_is_judged() -> None:
    (row, *_rest) = sample().parts[0].series
    start = row.buckets[-3]
    shifted = [*row.values[:-3], 67, 0, 0]
    part = sample().parts[0]
    changed = type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"values": tuple(shifted)})
    quarter = sample(grain="quarter", start=start, parts=(type(part)("actual", series=(changed,)),))
    found = next(one for one in compose(quarter, "en", Names()).sections if one.key == "standouts")
    assert "July 2022: 67 deaths." in found.blocks[0].text


@pytest.mark.one_kind
def test_an_edition_outlives_its_schedule(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    before = parties.raw("south", f"/v1/digests/{edition}/document.json").content
    listed = parties.get("south", "/v1/digests")
    none = Catalogue[schedule.Schedule]("schedule", [])
    for module in ("schedule", "service"):
        monkeypatch.setattr(f"services.digests.{module}.schedules", lambda: none)
    assert parties.raw("south", f"/v1/digests/{edition}/document.json").content == before
    assert parties.get("south", "/v1/digests") == listed


def test_an_edition_caught_up_late_counts_a_report_as_it_stood_at_the_cut_off(parties: World) -> None:
    """Revised in between, in all that counts: its figures, its days, and whether there was anything to report."""
    told = parties.submit("north", **BODY, figures={"killed": 4})
    parties.settle()
    with clock.at(NOVEMBER.replace(day=6)):
        changed = report() | OCTOBER | {"figures": {"killed": 9}, "kind": "zero"}
        assert send(parties, "north", f"/v1/reports/{told}", changed, "PUT") == 200
    parties.settle()
    edition = november(parties)
    document = read(parties, "south", edition)
    top = overview(document)
    assert (top["Incidents of the period"], top["Of them, of nothing to report"]) == (1, 0)
    assert table(document)["Deaths in armed violence (deaths)"][0] == 4
    assert send(parties, "north", f"/v1/reports/{told}/withdrawal", {"reason": "mistaken"}) == 204
    for _once_more in range(2):
        assert overview(read(parties, "south", edition))["Incidents of the period"] == 0
        parties.settle()
