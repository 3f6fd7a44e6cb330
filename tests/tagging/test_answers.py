"""What is written in answers to a form is tagged, each tag naming its answer, and found by its words, under policy."""

from typing import Any

import pytest
from sqlmodel import func, select

from services.kernel import db
from services.tagging import AnswerWords
from tests.persons import signed_in
from tests.reports.test_recalling import recall
from tests.world import World, amber, report

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


@pytest.mark.one_kind
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


def test_what_is_recalled_leaves_no_word_of_its_answers(parties: World) -> None:
    reference = parties.post("north", answered()).json()["reference"]
    parties.settle()
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(AnswerWords)).one() == 1
    assert recall(parties, "north", reference).status_code == 200
    parties.settle()
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(AnswerWords)).one() == 0
