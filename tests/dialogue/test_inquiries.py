"""Requests for information: asked by country, theme, group or of an originator, reminded of, answered, ended."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response

from services import dialogue
from services.kernel import db
from services.kernel.config import settings
from tests.persons import signed_in
from tests.world import World, amber, report

STRICT = {"tlp": "AMBER+STRICT", "attribution": "named"}
GREEN = {"tlp": "GREEN", "attribution": "named"}
BODY = {"question": "What was seen at the pass?", "why": "Two accounts differ.", "due_on": "2026-11-20"}


@pytest.fixture
def parties(world: World) -> World:
    world.enrol("north", countries=["KG"])
    world.enrol("south", countries=["UZ"])
    world.enrol("far", countries=["KG", "TJ"])
    world.enrol("veiled", countries=["KG"], hidden=True)
    world.enrol("office", "secretariat")
    world.group("ring", "north", "south")
    return world


def put(world: World, who: str | dict[str, str], **body: Any) -> Response:
    headers = world.auth(who) if isinstance(who, str) else who
    return world.client.post("/v1/inquiries", json=BODY | {"marking": STRICT} | body, headers=headers)


def asked(world: World, who: str | dict[str, str], **body: Any) -> str:
    answer = put(world, who, **body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def sees(world: World, reference: str) -> set[str]:
    return {slug for slug in world.keys if world.raw(slug, f"/v1/inquiries/{reference}").status_code == 200}


def answer(world: World, who: str | dict[str, str], reference: str, **body: Any) -> Response:
    headers = world.auth(who) if isinstance(who, str) else who
    given = body or {"text": "Two lorries.", "marking": STRICT}
    return world.client.post(f"/v1/inquiries/{reference}/answers", json=given, headers=headers)


def states(world: World, who: str, reference: str) -> str:
    return str(world.get(who, f"/v1/inquiries/{reference}")["state"])


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("EWN_CLOCK", moment)
    settings.cache_clear()


def remind(moment: str) -> None:
    with db.transaction() as session:
        dialogue.inquiries_due(session, datetime.fromisoformat(moment))


def told(world: World, headers: dict[str, str]) -> list[str]:
    found = world.client.get("/v1/notices", headers=headers).json()["notices"]
    return sorted(one["what"] for one in found)


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ({"countries": ["KG"]}, {"north", "far", "veiled"}),
        ({"countries": ["UZ"]}, {"south"}),
        ({"countries": ["TM"]}, set()),
        ({"themes": ["armed-attack"]}, {"north", "south", "far", "veiled"}),
        ({"themes": ["armed-attack"], "countries": ["TJ"]}, {"far"}),
        ({"groups": ["ring"]}, {"north", "south"}),
        ({"organisations": ["far"], "countries": ["UZ"]}, {"far", "south"}),
    ],
)
def test_a_question_reaches_whom_it_is_put_to_and_nobody_else(
    parties: World, to: dict[str, Any], reached: set[str]
) -> None:
    reference = asked(parties, "office", **to)
    assert sees(parties, reference) == reached | {"office"}
    for slug in reached:
        assert parties.get(slug, "/v1/inquiries")["inquiries"][0]["asked_you"]
    assert parties.get("office", "/v1/inquiries", box="out")["inquiries"][0]["reference"] == reference


@pytest.mark.one_kind
def test_a_hidden_member_gets_the_question_and_its_asker_does_not_learn_of_it(parties: World) -> None:
    reference = asked(parties, "south", countries=["KG"])
    assert "veiled" in sees(parties, reference)
    view = parties.get("south", f"/v1/inquiries/{reference}")
    assert [one["organisation"] for one in view["asked"]] == ["north", "far"]
    assert put(parties, "south", organisations=["veiled"]).json() | {"instance": ""} == put(
        parties, "south", organisations=["nobody"]
    ).json() | {"detail": "veiled is not known here.", "instance": ""}
    withheld = {"text": "Three lorries.", "marking": STRICT | {"attribution": "withheld"}}
    assert answer(parties, "veiled", reference, **withheld).status_code == 201
    view = parties.get("south", f"/v1/inquiries/{reference}")
    assert view["state"] == "answered"
    assert [(one["organisation"], one["text"]) for one in view["answers"]] == [(None, "Three lorries.")]
    assert {one["answered"] for one in view["asked"]} == {False}
    assert "veiled" not in parties.raw("south", f"/v1/inquiries/{reference}").text.lower()


@pytest.mark.one_kind
def test_an_asker_that_is_withheld_is_named_to_nobody_it_asks(parties: World) -> None:
    reference = asked(parties, "south", countries=["KG"], marking=STRICT | {"attribution": "chatham"})
    text = parties.raw("north", f"/v1/inquiries/{reference}").text
    assert "south" not in text.lower()
    assert parties.get("south", f"/v1/inquiries/{reference}")["asked_by"] == "south"
    # No refusal may tell who asks: to link what only one body sees would try out who it is.
    for slug in ("south", "office"):
        tried = answer(parties, "north", reference, report=parties.submit("north", marking=amber(slug)))
        assert (tried.status_code, tried.json()["field"]) == (422, "report")
        assert tried.json()["detail"].startswith("You are not told who asks")
    assert answer(parties, "north", reference, report=parties.submit("north")).status_code == 201
    assert answer(parties, "north", reference).status_code == 201
    assert len(parties.get("south", f"/v1/inquiries/{reference}")["answers"]) == 2


@pytest.mark.one_kind
def test_an_answer_is_seen_by_whoever_asks_and_by_whom_its_marking_reaches(parties: World) -> None:
    reference = asked(parties, "office", countries=["KG"])
    assert answer(parties, "north", reference).status_code == 201
    own = parties.submit("far", marking=amber("office"))
    assert answer(parties, "far", reference, report=own).status_code == 201
    seen = parties.get("office", f"/v1/inquiries/{reference}")["answers"]
    assert {(one["organisation"], one["text"], one["report"]) for one in seen} == {
        ("north", "Two lorries.", None), ("far", None, own),
    }  # fmt: skip
    assert [one["organisation"] for one in parties.get("north", f"/v1/inquiries/{reference}")["answers"]] == ["north"]
    assert parties.get("veiled", f"/v1/inquiries/{reference}")["answers"] == []
    hidden = answer(parties, "north", reference, report=parties.submit("north", marking=amber("south")))
    assert (hidden.status_code, hidden.json()["field"]) == (422, "report")
    parties.client.post(f"/v1/reports/{own}/withdrawal", json={"reason": "mistaken"}, headers=parties.auth("far"))
    assert [one["organisation"] for one in parties.get("office", f"/v1/inquiries/{reference}")["answers"]] == ["north"]


def test_a_state_is_each_readers_own(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = asked(parties, "office", countries=["KG"])
    assert states(parties, "office", reference) == "open"
    answer(parties, "north", reference)
    assert {slug: states(parties, slug, reference) for slug in ("office", "north", "far", "veiled")} == {
        "office": "answered", "north": "answered", "far": "open", "veiled": "open",
    }  # fmt: skip
    at(monkeypatch, "2026-11-21T00:00:01+00:00")
    assert states(parties, "far", reference) == "overdue"
    for slug, wanted in (("far", "overdue"), ("north", "answered"), ("veiled", "overdue")):
        for state in ("open", "answered", "overdue", "closed", "withdrawn"):
            found = parties.get(slug, "/v1/inquiries", state=state)["inquiries"]
            assert [one["reference"] for one in found] == ([reference] if state == wanted else []), (slug, state)


def test_the_due_day_is_the_askers_own(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = {"ada": "Asia/Bishkek", "abe": "America/New_York"}
    for login, zone in zones.items():
        headers = signed_in(login, "north", "focal_point")
        assert parties.client.patch("/v1/me", json={"timezone": zone}, headers=headers).status_code == 204
        given = put(parties, headers, organisations=["south"]).json()
        wanted = {"ada": datetime(2026, 11, 20, 18, tzinfo=UTC), "abe": datetime(2026, 11, 21, 5, tzinfo=UTC)}[login]
        assert datetime.fromisoformat(given["due_at"]) == wanted
    at(monkeypatch, "2026-11-20T20:00:00+00:00")  # the 21st in Bishkek, the 20th in New York
    headers = signed_in("amy", "north", "focal_point")
    parties.client.patch("/v1/me", json={"timezone": "Asia/Bishkek"}, headers=headers)
    assert put(parties, headers, organisations=["south"]).json()["field"] == "due_on"


def test_reminders_go_before_and_after_the_due_date_to_whoever_is_silent(parties: World) -> None:
    people = {slug: signed_in(f"{slug}-1", slug, "focal_point") for slug in ("north", "far", "veiled", "office")}
    reference = asked(parties, people["office"], countries=["KG"])
    assert {slug: told(parties, one) for slug, one in people.items()} == {
        "north": ["inquiry_asked"], "far": ["inquiry_asked"], "veiled": ["inquiry_asked"], "office": [],
    }  # fmt: skip
    remind("2026-11-17T23:00:00+00:00")
    answer(parties, people["north"], reference)
    for moment in ("2026-11-18T12:00:00+00:00", "2026-11-18T13:00:00+00:00", "2026-11-21T12:00:00+00:00"):
        remind(moment)
        remind(moment)
    assert told(parties, people["north"]) == ["inquiry_asked"]
    assert told(parties, people["far"]) == ["inquiry_asked", "inquiry_due", "inquiry_overdue"]
    assert told(parties, people["veiled"]) == ["inquiry_asked", "inquiry_due", "inquiry_overdue"]
    assert told(parties, people["office"]) == ["inquiry_answered"]


def test_whoever_asks_is_told_that_nobody_answered_and_may_give_more_time(parties: World) -> None:
    eva, fay = signed_in("eva", "office", "analyst"), signed_in("fay", "far", "focal_point")
    reference = asked(parties, eva, organisations=["far"])
    remind("2026-11-21T12:00:00+00:00")
    assert told(parties, eva) == ["inquiry_overdue"]
    path = f"/v1/inquiries/{reference}/due"
    assert parties.client.put(path, json={"due_on": "2026-11-20"}, headers=eva).status_code == 422
    assert parties.client.put(path, json={"due_on": "2026-12-20"}, headers=fay).status_code == 404
    assert parties.client.put(path, json={"due_on": "2026-12-20"}, headers=eva).status_code == 204
    assert states(parties, "far", reference) == "open"
    remind("2026-12-21T12:00:00+00:00")
    assert told(parties, fay) == ["inquiry_asked", "inquiry_extended", "inquiry_overdue", "inquiry_overdue"]


def test_what_is_withdrawn_is_seen_by_who_asked_and_who_answered_and_what_is_closed_by_all(parties: World) -> None:
    one, two = asked(parties, "office", countries=["KG"]), asked(parties, "office", countries=["KG"])
    answer(parties, "north", one)
    for reference, what in ((one, "withdrawal"), (two, "closing")):
        path = f"/v1/inquiries/{reference}/{what}"
        assert parties.client.post(path, json={}, headers=parties.auth("north")).status_code == 404
        assert parties.client.post(path, json={"note": "Enough."}, headers=parties.auth("office")).status_code == 204
        again = parties.client.post(path, json={}, headers=parties.auth("office"))
        assert (again.status_code, again.json()["type"]) == (409, "/docs/problems#inquiry-ended")
    assert sees(parties, one) == {"office", "north"}
    assert sees(parties, two) == {"office", "north", "far", "veiled"}
    assert (states(parties, "office", one), states(parties, "far", two)) == ("withdrawn", "closed")
    assert answer(parties, "far", two).status_code == 409


@pytest.mark.one_kind
def test_the_originator_of_a_report_is_asked_without_being_named(parties: World) -> None:
    reference = parties.submit("north", marking=GREEN | {"attribution": "withheld"})
    inquiry = asked(parties, "south", report=reference)
    assert sees(parties, inquiry) == {"north", "south"}
    assert parties.get("north", f"/v1/inquiries/{inquiry}")["report"] == reference
    text = parties.raw("south", f"/v1/inquiries/{inquiry}").text
    assert "north" not in text.lower()
    given = {"text": "Two lorries.", "marking": STRICT | {"attribution": "chatham"}}
    assert answer(parties, "north", inquiry, **given).status_code == 201
    assert "north" not in parties.raw("south", f"/v1/inquiries/{inquiry}").text.lower()
    assert put(parties, "north", report=reference).status_code == 404
    assert put(parties, "far", report=parties.submit("north", marking=amber("south"))).status_code == 404
    assert put(parties, "south", report=reference, marking=GREEN).json()["field"] == "marking.tlp"


def test_red_is_between_persons(parties: World) -> None:
    ada, abe = signed_in("ada", "north", "focal_point"), signed_in("abe", "north", "focal_point")
    ben = signed_in("ben", "south", "analyst")
    red = {"tlp": "RED", "attribution": "named"}
    told_red = parties.client.post("/v1/reports", json=report(marking=red | {"persons": ["ben"]}), headers=ada).json()
    about = asked(parties, ben, report=told_red["reference"], marking=red)
    to_ada = asked(parties, ben, marking=red | {"persons": ["ada"]})
    for reference in (about, to_ada):
        path = f"/v1/inquiries/{reference}"
        assert parties.client.get(path, headers=ada).status_code == 200
        for other in (abe, parties.auth("north"), parties.auth("south")):
            assert parties.client.get(path, headers=other).status_code == 404
        assert answer(parties, ada, reference).json()["field"] == "marking.tlp"
        assert answer(parties, ada, reference, text="Two lorries.", marking=red).status_code == 201
        assert [one["text"] for one in parties.client.get(path, headers=ben).json()["answers"]] == ["Two lorries."]
        assert parties.client.post(f"{path}/closing", json={}, headers=abe).status_code == 404
    assert told(parties, ada) == ["inquiry_asked", "inquiry_asked"]
    assert told(parties, abe) == []
    assert put(parties, "south", marking=red | {"persons": ["ada"]}).json()["field"] == "marking.tlp"
    assert put(parties, ben, countries=["KG"], marking=red | {"persons": ["ada"]}).status_code == 422


@pytest.mark.one_kind
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"countries": ["XX"]},
        {"themes": ["nothing"]},
        {"groups": ["nothing"]},
        {"countries": ["KG"], "report": "EWN-1111-1111-1111"},
        {"countries": ["KG"], "due_on": "2026-10-31"},
        {"countries": ["KG"], "due_on": "2028-01-01"},
        {"countries": ["KG"], "question": ""},
    ],
)
def test_a_question_without_addressee_words_or_day_is_refused(parties: World, body: dict[str, Any]) -> None:
    assert put(parties, "office", **body).status_code == 422


@pytest.mark.one_kind
def test_an_exercise_is_labelled_and_a_test_key_sees_tests_alone(parties: World) -> None:
    reference = asked(parties, "office", countries=["KG"], status="exercise")
    assert parties.get("north", f"/v1/inquiries/{reference}")["status"] == "exercise"
    own = parties.submit("north", status="test")
    assert parties.get("south", f"/v1/inquiries/{asked(parties, 'south', report=own)}")["status"] == "test"


@pytest.mark.one_kind
def test_who_leaves_the_network_or_joins_it_later_sees_no_question(parties: World) -> None:
    reference = asked(parties, "office", countries=["KG"])
    parties.enrol("late", countries=["KG"])
    assert "late" not in sees(parties, reference)


@pytest.mark.one_kind
def test_reminding_again_tells_once(parties: World) -> None:
    fay = signed_in("fay", "far", "focal_point")
    asked(parties, "office", organisations=["far"], due_on="2026-11-02")
    for _ in range(3):
        remind("2026-11-01T13:00:00+00:00")
    assert told(parties, fay) == ["inquiry_asked", "inquiry_due"]


def end(world: World, who: str | dict[str, str], reference: str, what: str = "withdrawal") -> None:
    headers = world.auth(who) if isinstance(who, str) else who
    assert world.client.post(f"/v1/inquiries/{reference}/{what}", json={}, headers=headers).status_code == 204


def test_an_organisation_has_so_many_open_and_asks_so_many_in_a_day(
    parties: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EWN_INQUIRIES_OPEN", "2")
    monkeypatch.setenv("EWN_INQUIRIES_PER_DAY", "3")
    settings.cache_clear()
    eva, far = signed_in("eva", "office", "analyst"), {"organisations": ["far"]}
    signed_in("fay", "far", "focal_point")
    asked(parties, eva, marking={"tlp": "RED", "attribution": "named", "persons": ["fay"]})
    first, second = asked(parties, "office", **far), asked(parties, "office", **far)
    refused = put(parties, "office", **far)
    assert (refused.status_code, refused.json()["type"]) == (409, "/docs/problems#too-many-open-inquiries")
    end(parties, "office", first)
    end(parties, "office", second, "closing")
    asked(parties, "office", **far)
    at(monkeypatch, "2026-11-01T13:00:00+00:00")
    refused = put(parties, "office", **far)
    assert (refused.status_code, refused.json()["type"]) == (429, "/docs/problems#too-many-inquiries")
    assert refused.headers["retry-after"] == str(23 * 3600)
    asked(parties, "north", **far)
    at(monkeypatch, "2026-11-02T12:00:00+00:00")
    asked(parties, "office", **far)


def test_what_is_withdrawn_or_answered_again_before_it_is_read_leaves_no_second_notice(parties: World) -> None:
    eva, fay = signed_in("eva", "office", "analyst"), signed_in("fay", "far", "focal_point")
    references = [asked(parties, eva, organisations=["far"]) for _ in range(3)]
    notices = parties.client.get("/v1/notices", headers=fay).json()["notices"]
    read = next(one["reference"] for one in notices if one["report"] == references[0])
    assert parties.client.post(f"/v1/notices/{read}/read", headers=fay).status_code == 204
    for reference, what in zip(references, ("withdrawal", "withdrawal", "closing"), strict=True):
        end(parties, eva, reference, what)
    found = parties.client.get("/v1/notices", headers=fay).json()["notices"]
    assert {(one["what"], references.index(one["report"])) for one in found} == {
        ("inquiry_asked", 0), ("inquiry_ended", 0), ("inquiry_ended", 2),
    }  # fmt: skip
    again = asked(parties, eva, organisations=["far"])
    for _ in range(2):
        assert answer(parties, fay, again).status_code == 201
    assert told(parties, eva) == ["inquiry_answered"]
    end(parties, eva, again)
    ended = parties.client.get("/v1/notices", headers=fay).json()["notices"]
    assert [one["what"] for one in ended if one["report"] == again] == ["inquiry_ended"]
