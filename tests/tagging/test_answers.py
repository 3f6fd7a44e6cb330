"""What is written in answers to a form is tagged, each tag naming its answer, and found by its words, under policy."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlmodel import func, select

from services import tagging
from services.kernel import clock, db
from services.kernel.errors import Stale
from services.reports import Report
from services.tagging import AnswerWords
from tests.keeping.clockwork import GONE, NOTICED, keeper, made_rule, turn
from tests.persons import signed_in
from tests.reports.test_recalling import recall
from tests.world import World, amber, report
from workers import schedule

SAID = "Smug\u200bglers carried heroin over the border; call +996 555 123 456."
OTHER = {"recruitment_online": {"value": 1}, "propaganda": {"value": "same"}}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def answered(**more: Any) -> dict[str, Any]:
    answers = OTHER | {"arms": {"value": 2, "evidence": SAID}}
    plain = {"title": "A quarter", "text": "As asked.", "themes": [], "marking": amber("south")}
    return report(kind="questionnaire", form="questionnaire", answers=answers, **plain) | more


def found(world: World, slug: str, words: str) -> list[str]:
    return [one["reference"] for one in world.get(slug, "/v1/reports", q=words)["reports"]]


def test_a_report_is_about_what_its_answers_say_and_each_tag_names_its_answer(parties: World) -> None:
    reference = parties.post("north", answered()).json()["reference"]
    parties.settle()
    for slug in ("north", "south"):
        seen = parties.get(slug, f"/v1/reports/{reference}")
        words = seen["answers"]["arms"]["evidence"]
        assert ("555" in words) == ("\u200b" in words) == (slug == "north")
        (drugs,) = (one for one in seen["tags"] if one["value"] == "drug-trafficking")
        assert drugs["answer"] == "arms.evidence"
        assert "heroin" in [words[start:end] for start, end in drugs["spans"]]
    page = parties.client.get(f"/reports/{reference}", headers=signed_in("ben", "south", "analyst")).text
    assert "in the answer to <q>How easily illegal small arms are to be had</q>" in page


def test_a_report_is_found_by_the_words_of_its_answers_as_they_are_read(parties: World) -> None:
    reference = parties.post("north", answered()).json()["reference"]
    parties.settle()
    for words, seen_by in (("SMUGGLERS heroin", ["north", "south"]), ("555", []), ("evidence", []), ("arms", [])):
        for slug in ("north", "south", "far"):
            assert found(parties, slug, words) == ([reference] if slug in seen_by else []), (words, slug)
    put = parties.client.put(
        f"/v1/reports/{reference}", json=answered(answers=OTHER), headers=parties.auth("north")
    )  # fmt: skip
    assert put.status_code == 200, put.text
    assert found(parties, "south", "heroin") == []
    parties.settle()
    assert found(parties, "north", "heroin") == []


def held_words() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(AnswerWords)).one()


def emptied(world: World, reference: str) -> None:
    made_rule(world, keeper())
    turn(world, NOTICED)
    at = datetime.combine(GONE, time(12), UTC)
    with clock.at(at):
        schedule.do({job.name: job for job in schedule.JOBS}["retention"], at)


def recalled(world: World, reference: str) -> None:
    assert recall(world, "north", reference).status_code == 200


@pytest.mark.parametrize("words_go", [recalled, emptied])
def test_whose_words_go_is_found_by_none_of_them_before_any_worker_has_run(
    parties: World, words_go: Callable[[World, str], None]
) -> None:
    parties.enrol("office", "secretariat")
    reference = parties.post("north", answered()).json()["reference"]
    with db.reading() as session:
        (key,) = session.exec(select(Report.id)).all()
        late = tagging.plan(session, [key])  # a worker that has read it, and comes to writing only afterwards
    parties.settle()
    assert (held_words(), found(parties, "south", "heroin")) == (1, [reference])
    words_go(parties, reference)
    assert held_words() == 0
    for slug in ("north", "south", "far"):
        for words in ("heroin", "smugglers", "quarter", "asked"):
            for mine in ("false", "true"):
                assert parties.get(slug, "/v1/reports", q=words, mine=mine)["reports"] == [], (slug, words)
    with pytest.raises(Stale), db.transaction() as session:
        tagging.write(session, late)
    parties.settle()
    assert held_words() == 0
