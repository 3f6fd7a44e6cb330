"""Answers to forms feed indicators: counts by themselves, other scales as the indicator says; silence feeds nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from services.indicators.recounting import recount
from services.kernel import clock, db
from services.reports import Report, ReportRevision
from services.reports.keeping.emptying import _empty
from services.reports.keeping.rules import Rule
from services.reports.ownership import REPORT
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

OCTOBER = {"place": "KG", "grain": "month", "from": "2026-10-01", "to": "2026-10-31"}


def measures(number: int = 1, **answers):
    return report(number, kind="measures", form="measures", themes=[], answers=answers)


def quarter(number: int = 1, **answers):
    needed = {"recruitment_online": {"state": "no_change"}, "propaganda": {"state": "no_change"}}
    return report(number, kind="questionnaire", form="questionnaire", themes=[], answers=needed | answers)


def value(world: World, indicator: str, slug: str = "north") -> float | None:
    world.settle()
    (point,) = world.get(slug, f"/v1/indicators/{indicator}/series", **OCTOBER)["points"]
    return point["value"]


def send(world: World, body: dict, slug: str = "north") -> str:
    answer = world.post(slug, body)
    assert answer.status_code == 202, answer.text
    return answer.json()["reference"]


@pytest.fixture
def two(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


def test_a_count_adds_itself_and_counts_of_several_questions_are_summed(two: World) -> None:
    send(two, measures(trained_women={"value": 12}, opiates_kg={"value": 2.125}, synthetics_kg={"value": 1}))
    send(two, measures(2, trained_women={"value": 3}))
    assert value(two, "officials-trained-women") == 15
    assert value(two, "opiates-seized") == 2.125
    assert value(two, "drugs-seized") == 3.125


def test_an_answer_says_more_than_one_report_where_reports_are_counted(two: World) -> None:
    send(two, measures(laws_adopted={"value": 3}) | {"themes": ["legislation"]})
    assert value(two, "laws-adopted") == 3


def test_what_was_asked_is_not_guessed_from_figures_and_themes_as_well(two: World) -> None:
    body = report(form="incident", themes=["small-arms"], figures={"weapons_seized": 9})
    send(two, body | {"answers": {"weapons_seized": {"value": 4}}})
    assert value(two, "weapons-seized") == 4
    send(two, report(2, themes=["small-arms"], figures={"weapons_seized": 9}, form="incident"))
    assert value(two, "weapons-seized") == 13, "a question that is left out is guessed, as without a form"


@pytest.mark.parametrize("state", ["no_change", "not_observable"])
def test_what_did_not_change_or_cannot_be_seen_adds_nothing(two: World, state: str) -> None:
    send(two, measures(laws_adopted={"state": state}) | {"themes": ["legislation"]})
    before = value(two, "laws-adopted")
    send(two, measures(2, laws_adopted={"value": 1}) | {"themes": ["legislation"]})
    assert (before or 0, value(two, "laws-adopted")) == (0, 1)


def test_a_level_or_a_yes_is_worth_what_the_indicator_says(two: World) -> None:
    for number, level in enumerate((0, 2, 3, 4)):
        send(two, quarter(number, recruitment_online={"value": level}))
    assert value(two, "recruitment-pressure-high") == 2
    for number, told in enumerate((True, False, True), start=10):
        send(two, quarter(number, laundering={"value": told}))
    assert value(two, "new-financing-methods") == 2


def test_a_figure_named_like_the_measure_of_answers_counts_for_nothing(two: World) -> None:
    body = report(kind="questionnaire", themes=["online-propaganda"], figures={"answers": 7})
    send(two, body)
    assert not value(two, "recruitment-pressure-high")


def test_answers_count_for_whom_they_are_told(two: World) -> None:
    send(two, measures(panels={"value": 5}) | {"marking": amber()})
    send(two, measures(2, panels={"value": 2}))
    assert (value(two, "community-panels"), value(two, "community-panels", "south")) == (7, 2)


def test_a_revision_and_a_withdrawal_take_answers_out_exactly(two: World) -> None:
    reference = send(two, measures(panels={"value": 5}, dialogues={"value": 2}))
    assert value(two, "community-panels") == 5
    path, headers = f"/v1/reports/{reference}", two.auth("north")
    two.client.put(path, json=measures(panels={"value": 3}), headers=headers).raise_for_status()
    assert (value(two, "community-panels"), value(two, "dialogues-held") or 0) == (3, 0)
    two.client.post(f"{path}/withdrawal", json={"reason": "mistaken"}, headers=headers).raise_for_status()
    assert not value(two, "community-panels")


def test_one_of_a_selection_adds_no_answer(two: World) -> None:
    send(two, report(form="incident", selection=True, answers={"weapons_seized": {"value": 4}}))
    assert not value(two, "weapons-seized")


@pytest.mark.both_kinds
def test_what_a_rule_has_emptied_stays_counted_for_its_answers(two: World) -> None:
    """An emptied report has no answers left to count again: it adds what it was counted for."""
    reference = send(two, measures(panels={"value": 5}))
    send(two, measures(2, panels={"value": 1}))
    assert value(two, "community-panels") == 6
    with db.transaction() as session:
        row = session.execute(select(Report).where(REPORT.c.reference == reference)).scalar_one()
        _empty(session, row, Rule("RUL-1", None, None, 1, receipt=False), clock.now())
    two.settle()
    assert two.get("north", f"/v1/reports/{reference}")["answers"] == {}
    assert value(two, "community-panels") == 6


@pytest.mark.both_kinds
def test_an_edition_counts_answers_as_they_stood_at_its_cut_off(two: World) -> None:
    reference = send(two, measures(panels={"value": 5}))
    two.settle()
    cut_off = clock.now()
    with db.transaction() as session:
        session.execute(update(Report).values(received_at=cut_off - timedelta(days=1)))
    path = f"/v1/reports/{reference}"
    two.client.put(path, json=measures(panels={"value": 2}), headers=two.auth("north")).raise_for_status()
    with db.transaction() as session:
        session.execute(update(ReportRevision).values(replaced_at=cut_off + timedelta(hours=1)))
    two.settle()
    assert value(two, "community-panels") == 2
    with db.reading() as session:
        cells, _, earlier = recount(session, "month", date(2026, 10, 1), date(2026, 10, 1), cut_off)
    assert {cell[5] for cell in cells if cell[0] == "community-panels"} == {5}
    assert len(earlier) == 1
