"""Reliability: proposed from outcomes that the organisation sees, decided by a person, its history never changed."""

from typing import Any

import pytest

from services import network
from services.kernel import db
from tests.persons import signed_in
from tests.weighing.parties import GREEN, WITHHELD, Weighers
from tests.world import amber

pytestmark = pytest.mark.one_kind

LEAFLET = {"kind": "relayed", "document": "A leaflet"}


def listed(weighers: Weighers, who: str) -> dict[str, Any]:
    answer = weighers.world.client.get("/v1/reliability", headers=weighers.people[who])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(weighers: Weighers, who: str, slug: str) -> dict[str, Any]:
    return next(one for one in listed(weighers, who)["organisations"] if one["organisation"] == slug)


def proposed(weighers: Weighers, who: str, slug: str) -> tuple[str, int, int]:
    found = of(weighers, who, slug)["proposed"]
    return found["letter"], found["verified"], found["refuted"]


def decide(weighers: Weighers, who: str, path: str, letter: str, reason: str = "By its record.") -> Any:
    body = {"reliability": letter, "reason": reason}
    return weighers.world.client.post(path, json=body, headers=weighers.people[who])


def told(weighers: Weighers, slug: str, number: int, **more: Any) -> list[str]:
    """Reports of as many incidents."""
    sent = [weighers.world.submit(slug, **{"marking": GREEN} | more) for _ in range(number)]
    weighers.world.settle()
    return sent


def test_a_letter_is_proposed_from_outcomes_and_never_applied_by_itself(weighers: Weighers) -> None:
    assert proposed(weighers, "office", "north") == ("F", 0, 0)
    reports = told(weighers, "north", 6)
    for one in reports[:5]:
        weighers.say("office", one, outcome="verified")
    weighers.say("office", reports[5], outcome="undecided")
    assert proposed(weighers, "office", "north") == ("B", 5, 0)
    found = of(weighers, "office", "north")
    assert (found["proposed"]["low"], found["proposed"]["high"]) == (0.5407, 0.9958)
    assert (found["reliability"], found["history"]) == ("F", [])
    assert weighers.grade("south", reports[0])["reliability"]["originator"] == "F"


def test_a_person_decides_and_the_override_is_kept_with_its_reason(weighers: Weighers) -> None:
    (one,) = told(weighers, "north", 1)
    weighers.say("office", one, outcome="refuted")
    made = decide(weighers, "office", "/v1/reliability/organisations/north", "B", "They know the valley.")
    assert made.status_code == 201, made.text
    (step,) = made.json()["history"]
    assert (step["before"], step["after"], step["why"], step["person"], step["decided_by"]) == (
        "F", "B", "They know the valley.", "Office-Analyst", "office",
    )  # fmt: skip
    assert (step["proposed"]["letter"], step["proposed"]["refuted"]) == ("F", 1)
    assert weighers.grade("south", one)["reliability"] == {"originator": "B", "source": None, "between": ["B", "B"]}
    decide(weighers, "office", "/v1/reliability/organisations/north", "D", "No more.")
    assert [(one["before"], one["after"]) for one in of(weighers, "office", "north")["history"]] == [
        ("F", "B"), ("B", "D"),
    ]  # fmt: skip


@pytest.mark.both_kinds
def test_others_are_told_that_a_letter_changed_and_neither_why_nor_from_what(weighers: Weighers) -> None:
    decide(weighers, "office", "/v1/reliability/organisations/north", "D", "A report was refuted.")
    (step,) = of(weighers, "south", "north")["history"]
    assert (step["before"], step["after"], step["decided_by"]) == ("F", "D", "office")
    assert (step["why"], step["person"], step["proposed"]) == (None, None, None)


def test_only_the_secretariats_analysts_decide_for_the_network_and_nobody_for_itself(weighers: Weighers) -> None:
    for who, slug in (("south", "north"), ("office", "office"), ("south", "nobody")):
        refused = decide(weighers, who, f"/v1/reliability/organisations/{slug}", "A")
        assert (refused.status_code, refused.json()["type"]) == (403, "/docs/problems#not-the-secretariat")
    assert listed(weighers, "office")["may_decide"] is True
    assert listed(weighers, "south")["may_decide"] is False
    assert decide(weighers, "office", "/v1/reliability/organisations/nobody", "A").status_code == 404


@pytest.mark.both_kinds
def test_an_administrators_edit_is_in_the_history_too(weighers: Weighers) -> None:
    weighers.world.enrol("new", reliability="C")
    root = signed_in("root", "office", "administrator")
    change = {"reliability": "D", "why": "By letter of the board."}
    assert weighers.world.client.patch("/v1/organisations/new", json=change, headers=root).status_code == 200
    assert [(one["before"], one["after"], one["why"]) for one in of(weighers, "office", "new")["history"]] == [
        ("F", "C", None), ("C", "D", "By letter of the board."),
    ]  # fmt: skip


def test_a_record_counts_what_its_organisation_sees_and_once_for_each_incident(weighers: Weighers) -> None:
    seen = weighers.tell("north")
    weighers.tell("north")  # the same again
    (hidden,) = told(weighers, "north", 1, marking=amber("south"))
    weighers.say("south", hidden, outcome="verified")
    again = weighers.world.get("office", f"/v1/reports/{seen}/incident")["reports"]
    for one in again:
        weighers.say("office", one, outcome="verified")
    assert len(again) == 2
    assert proposed(weighers, "office", "north")[1:] == (1, 0)
    assert proposed(weighers, "south", "north")[1:] == (1, 0)


@pytest.mark.both_kinds
def test_no_letter_is_proposed_from_what_its_teller_withheld(weighers: Weighers) -> None:
    """The secretariat is told who it was; the letter that it decides is told to all, and must not move by that."""
    marking = amber("office", "south", attribution="withheld")
    (withheld,) = told(weighers, "north", 1, marking=marking)
    weighers.say("office", withheld, outcome="refuted", marking=GREEN)
    for who in ("office", "south", "far"):
        assert {proposed(weighers, who, slug)[1:] for slug in ("north", "far")} == {(0, 0)}
    assert weighers.grade("south", withheld)["reliability"]["originator"] is None


@pytest.mark.both_kinds
def test_of_red_no_record_is_kept(weighers: Weighers) -> None:
    red = {"tlp": "RED", "attribution": "named", "persons": ["office-analyst"]}
    (one,) = told(weighers, "north", 1, marking=red)
    weighers.say("office", one, outcome="refuted")
    assert proposed(weighers, "office", "north")[1:] == (0, 0)


def test_ones_own_word_goes_before_others_and_others_who_differ_say_nothing(weighers: Weighers) -> None:
    (one,) = told(weighers, "north", 1)
    weighers.say("south", one, outcome="verified", marking=GREEN)
    assert proposed(weighers, "office", "north")[1:] == (1, 0)
    weighers.say("far", one, outcome="refuted", marking=GREEN)
    assert proposed(weighers, "office", "north")[1:] == (0, 0)
    weighers.say("office", one, outcome="refuted")
    assert proposed(weighers, "office", "north")[1:] == (0, 1)
    weighers.say("office", one, outcome="undecided")
    assert proposed(weighers, "office", "north")[1:] == (0, 0)


def test_exercises_and_what_is_withdrawn_leave_no_record(weighers: Weighers) -> None:
    (played,) = told(weighers, "north", 1, status="exercise")
    (gone,) = told(weighers, "north", 1)
    for one in (played, gone):
        weighers.say("office", one, outcome="refuted")
    weighers.world.client.post(
        f"/v1/reports/{gone}/withdrawal", json={"reason": "mistaken"}, headers=weighers.world.auth("north")
    )
    assert proposed(weighers, "office", "north")[1:] == (0, 0)


@pytest.mark.both_kinds
def test_a_source_is_rated_by_those_who_may_know_it_each_for_itself(weighers: Weighers) -> None:
    marking = amber("office", "far")
    (one,) = told(weighers, "north", 1, source=LEAFLET, marking=marking)
    (other,) = told(weighers, "south", 1, source=LEAFLET)
    weighers.say("north", one, outcome="refuted")
    made = decide(weighers, "north", f"/v1/reports/{one}/source-reliability", "D", "It was forged.")
    assert made.status_code == 201, made.text
    found = made.json()
    assert (found["name"], found["reliability"], found["proposed"]["refuted"]) == ("A leaflet", "D", 1)
    assert weighers.grade("north", one)["reliability"] == {"originator": "F", "source": "D", "between": ["D", "D"]}
    for who, reference in (("office", one), ("far", one), ("south", other), ("north", other)):
        assert weighers.grade(who, reference)["reliability"]["source"] is None
    assert [one["name"] for one in listed(weighers, "north")["sources"]] == ["A leaflet"]
    assert decide(weighers, "office", f"/v1/reports/{one}/source-reliability", "B").status_code == 201
    assert listed(weighers, "office")["sources"][0]["history"][0]["before"] == "F"


def test_no_source_is_told_to_whom_its_provenance_is_not(weighers: Weighers) -> None:
    (relayed,) = told(weighers, "north", 1, source=LEAFLET)
    (seen_by_itself,) = told(weighers, "north", 1)
    for reference in (relayed, seen_by_itself):
        weighers.say("south", reference, outcome="refuted")
        refused = decide(weighers, "south", f"/v1/reports/{reference}/source-reliability", "E")
        assert (refused.status_code, refused.json()["type"]) == (404, "/docs/problems#no-source-named")
    assert listed(weighers, "south")["sources"] == []


@pytest.mark.both_kinds
def test_the_last_of_a_chain_is_the_source(weighers: Weighers) -> None:
    chain = [{"organisation": "far"}, {"name": "The market radio"}]
    (one,) = told(weighers, "north", 1, source={"kind": "relayed", "chain": chain})
    weighers.say("north", one, outcome="verified")
    (found,) = listed(weighers, "north")["sources"]
    assert (found["name"], found["proposed"]["verified"]) == ("The market radio", 1)


@pytest.mark.both_kinds
def test_a_source_whose_name_was_recalled_is_listed_no_more(weighers: Weighers) -> None:
    (one,) = told(weighers, "north", 1, source=LEAFLET)
    decide(weighers, "north", f"/v1/reports/{one}/source-reliability", "D")
    body = {"reason": "mistaken", "reference": one}
    weighers.world.client.post(f"/v1/reports/{one}/recall", json=body, headers=weighers.world.auth("north"))
    assert listed(weighers, "north")["sources"] == []


@pytest.mark.parametrize("role", ["focal_point", "editor", "administrator"])
def test_no_other_role_is_told_of_records(weighers: Weighers, role: str) -> None:
    other = signed_in("other", "office", role)
    assert weighers.world.client.get("/v1/reliability", headers=other).status_code == 403


def test_a_hidden_organisation_is_in_no_list_of_whom_it_is_not_near(weighers: Weighers) -> None:
    weighers.world.enrol("veiled", hidden=True)
    assert "veiled" not in {one["organisation"] for one in listed(weighers, "south")["organisations"]}
    assert "veiled" in {one["organisation"] for one in listed(weighers, "office")["organisations"]}


def test_a_withheld_telling_moves_nothing_that_a_reader_is_told(weighers: Weighers) -> None:
    """Two worlds: with a report that north withheld and one that far did, decided alike, south reads the same list."""
    found = []
    for teller in ("north", "far"):
        (one,) = told(weighers, teller, 1, marking=WITHHELD)
        weighers.say("south", one, outcome="refuted")
        found.append(listed(weighers, "south"))
    assert found[0] == found[1]
    with db.reading() as session:
        known = network.directory(session)
    assert {party.reliability for party in known.parties.values()} == {"F"}
