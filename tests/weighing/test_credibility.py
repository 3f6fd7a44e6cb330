"""Credibility: the sender's stays, analysts say theirs on the record, and 1 is derived from what a reader sees."""

from typing import Any

import pytest
from sqlalchemy import select

from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.model import table
from services.weighing import Assessment
from tests.weighing.parties import GREEN, WITHHELD, WORDS, Weighers
from tests.world import amber, report

pytestmark = pytest.mark.one_kind

TO_ALL = {"tlp": "GREEN", "attribution": "named"}


def said(found: dict[str, Any]) -> list[tuple[str, str, str | None, bool]]:
    return [(one["what"], one["value"], one["organisation"], one["stands"]) for one in found["assessments"]]


def test_one_telling_is_not_confirmed_and_a_second_that_saw_it_confirms_both(weighers: Weighers) -> None:
    first = weighers.tell("north", credibility=3)
    alone = weighers.grade("south", first)["credibility"]
    assert (alone["confirmed"], alone["confirmed_by"], alone["between"]) == (False, [], [3, 3])
    second = weighers.tell("far")
    for one in (first, second):
        found = weighers.grade("south", one)["credibility"]
        assert (found["confirmed"], found["confirmed_by"]) == (True, sorted([first, second]))
        assert found["between"] == [1, 1]
        assert weighers.world.get("south", f"/v1/reports/{one}")["confirmed"] is True
    assert weighers.grade("south", first)["credibility"]["sender"] == 3
    listed = weighers.world.get("south", "/v1/reports")["reports"]
    assert [one["confirmed"] for one in listed] == [True, True]


def test_credibility_1_is_each_readers_own(weighers: Weighers) -> None:
    shown = weighers.tell("north")
    weighers.tell("far", marking=amber("north"))
    assert weighers.grade("north", shown)["credibility"]["confirmed"] is True
    assert weighers.grade("south", shown)["credibility"]["confirmed"] is False
    assert weighers.world.get("south", "/v1/reports")["reports"][0]["confirmed"] is False


def test_a_withheld_telling_confirms_nothing(weighers: Weighers) -> None:
    shown = weighers.tell("north")
    weighers.tell("far", marking=WITHHELD)
    found = weighers.grade("south", shown)["credibility"]
    assert (found["origins"], found["confirmed"]) == (2, False)


def test_a_withdrawn_telling_confirms_no_more(weighers: Weighers) -> None:
    shown, other = weighers.tell("north"), weighers.tell("far")
    headers = weighers.world.auth("far")
    weighers.world.client.post(f"/v1/reports/{other}/withdrawal", json={"reason": "mistaken"}, headers=headers)
    weighers.world.settle()
    assert weighers.grade("south", shown)["credibility"]["confirmed"] is False


def test_nobody_says_1(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.say("south", told, credibility=1, status=422)
    weighers.say("south", told, credibility=7, status=422)


@pytest.mark.parametrize(("given", "between"), [(None, [2, 5]), (6, [2, 5]), (4, [4, 4])])
def test_what_cannot_be_judged_may_be_anything_and_is_no_middle(
    weighers: Weighers, given: int | None, between: list[int]
) -> None:
    told = weighers.tell("north", credibility=given)
    found = weighers.grade("south", told)
    assert found["credibility"]["between"] == between
    assert (found["reliability"]["originator"], found["reliability"]["between"]) == ("F", ["A", "E"])


@pytest.mark.both_kinds
def test_an_assessment_is_its_own_organisations_until_it_is_marked_for_others(weighers: Weighers) -> None:
    told = weighers.tell("north", credibility=2)
    made = weighers.say("south", told, credibility=5)
    assert (made["value"], made["stands"], made["mine"], made["person"]) == ("5", True, True, "South-Analyst")
    assert said(weighers.grade("south", told)) == [("credibility", "5", "south", True)]
    assert said(weighers.grade("north", told)) == said(weighers.grade("office", told)) == []
    weighers.say("south", told, credibility=4, marking=TO_ALL)
    assert said(weighers.grade("north", told)) == [("credibility", "4", "south", True)]
    assert weighers.grade("north", told)["assessments"][0]["person"] is None
    assert said(weighers.grade("south", told)) == [
        ("credibility", "5", "south", False),
        ("credibility", "4", "south", True),
    ]
    assert weighers.grade("south", told)["credibility"]["sender"] == 2


@pytest.mark.both_kinds
def test_what_is_said_anew_to_fewer_is_no_longer_told_to_the_others(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.say("south", told, credibility=2, marking=TO_ALL)
    weighers.say("south", told, credibility=5)
    assert said(weighers.grade("far", told)) == []
    assert len(weighers.grade("south", told)["assessments"]) == 2


def test_an_assessment_reaches_nobody_whom_the_report_does_not_reach(weighers: Weighers) -> None:
    told = weighers.tell("north", marking=amber("south"))
    made = weighers.say("south", told, credibility=3, marking={"tlp": "CLEAR", "attribution": "named"})
    assert made["tlp"] == "AMBER"
    assert said(weighers.grade("north", told)) == [("credibility", "3", "south", True)]
    for way in ("grade", "credibility", "verification"):
        path = f"/v1/reports/{told}/{way}"
        body = {"credibility": 3, "reason": "why"} if way == "credibility" else {"outcome": "refuted", "reason": "why"}
        headers = weighers.people["far"]
        answer = (
            weighers.world.client.get(path, headers=headers)
            if way == "grade"
            else weighers.world.client.post(path, json=body, headers=headers)
        )
        assert (answer.status_code, answer.json()["type"]) == (404, "/docs/problems#no-such-report")


def test_who_assessed_is_withheld_where_the_assessment_says_so(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.say("south", told, credibility=3, marking=TO_ALL | {"attribution": "chatham"})
    (seen,) = weighers.grade("north", told)["assessments"]
    assert (seen["organisation"], seen["organisation_name"], seen["mine"]) == (None, None, False)


def test_an_outcome_is_reversible_and_its_history_stays(weighers: Weighers) -> None:
    told = weighers.tell("north")
    for outcome in ("verified", "refuted", "undecided"):
        weighers.say("office", told, outcome=outcome)
    found = weighers.grade("office", told)["assessments"]
    assert [(one["value"], one["stands"]) for one in found] == [
        ("verified", False), ("refuted", False), ("undecided", True),
    ]  # fmt: skip
    assert {one["what"] for one in found} == {"outcome"}


def test_only_analysts_weigh_and_no_key_does(weighers: Weighers) -> None:
    told = weighers.tell("north")
    body = {"credibility": 3, "reason": "It fits."}
    answer = weighers.world.client.post(
        f"/v1/reports/{told}/credibility", json=body, headers=weighers.world.auth("south")
    )
    assert (answer.status_code, answer.json()["scope"]) == (403, "reports:grade")


def test_what_is_withdrawn_is_not_weighed(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.world.client.post(
        f"/v1/reports/{told}/withdrawal", json={"reason": "mistaken"}, headers=weighers.world.auth("north")
    )
    for slug in ("north", "south"):
        assert weighers.say(slug, told, credibility=3, status=404)["type"] == "/docs/problems#no-such-report"


def test_it_is_on_record_without_a_word(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.say("south", told, credibility=3, reason="The bridge was seen by others.")
    with db.reading() as session:
        entries = session.execute(
            select(table(AuditEntry)).where(table(AuditEntry).c.action == "report.assessed")
        ).all()
    assert [(one.subject, one.detail) for one in entries] == [(told, {"what": "credibility", "revision": 1})]
    assert GREEN["tlp"] not in str(entries[0].detail)


@pytest.mark.both_kinds
def test_reasons_go_with_the_words_of_a_recalled_report_and_the_marks_stay(weighers: Weighers) -> None:
    told, kept = weighers.tell("north"), weighers.world.submit("north")
    for reference in (told, kept):
        weighers.say("south", reference, credibility=3, reason="The northern bridge was seen.")
    body = {"reason": "mistaken", "reference": told}
    weighers.world.client.post(f"/v1/reports/{told}/recall", json=body, headers=weighers.world.auth("north"))
    weighers.world.settle()
    with db.reading() as session:
        rows = session.execute(select(table(Assessment)).order_by(table(Assessment).c.id)).all()
    assert [(one.value, one.reason) for one in rows] == [("3", ""), ("3", "The northern bridge was seen.")]


@pytest.mark.both_kinds
def test_what_analysts_say_of_an_earlier_revision_says_so(weighers: Weighers) -> None:
    told = weighers.tell("north")
    weighers.say("south", told, outcome="verified")
    again = report(title="A note", text=WORDS, marking=GREEN, figures={"killed": 2})
    weighers.world.client.put(f"/v1/reports/{told}", json=again, headers=weighers.world.auth("north"))
    assert [one["revision"] for one in weighers.grade("south", told)["assessments"]] == [1]
    weighers.say("south", told, outcome="refuted")
    assert [one["revision"] for one in weighers.grade("south", told)["assessments"]] == [1, 2]
