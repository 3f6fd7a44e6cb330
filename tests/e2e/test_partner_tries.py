"""What a partner tried in order to learn what it may not know of the dialogue, of files, of weights and of times."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kernel.config import settings
from tests.exchange.reader import Reader
from tests.persons import signed_in
from tests.reports.test_dates import Clock
from tests.world import World, amber, expect, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
QUESTION = {"question": "What was seen?", "why": "It is not clear.", "due_on": "2026-11-06"}
STRICT = {"tlp": "AMBER+STRICT", "attribution": "named"}
WITHHELD = STRICT | {"attribution": "withheld"}
PHONE = "+996 555 123 456"


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "east", "west"):
        world.enrol(slug, timezone="Asia/Kathmandu" if slug == "north" else "UTC")
    world.group("ring", "north", "east")
    return world


def ask(world: World, slug: str, **more: Any) -> dict[str, Any]:
    answer = world.client.post("/v1/inquiries", json=QUESTION | more, headers=world.auth(slug))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_question_to_a_group_tells_whoever_is_not_in_it_no_member(parties: World) -> None:
    outside = ask(parties, "south", groups=["ring"], marking=WITHHELD)
    assert outside["asked"] == []
    both = ask(parties, "south", groups=["ring"], organisations=["east"], marking=STRICT)
    assert [one["organisation"] for one in both["asked"]] == ["east"]
    inside = ask(parties, "north", groups=["ring"], marking=STRICT)
    assert [one["organisation"] for one in inside["asked"]] == ["east"]


def test_an_answer_by_a_report_for_a_group_tells_nobody_who_is_in_it(parties: World) -> None:
    said = set()
    for asker in ("north", "west"):
        question = ask(parties, asker, organisations=["south"], marking=STRICT)
        marked = parties.submit("south", marking=amber(groups=("ring",), strict=True))
        path = f"/v1/inquiries/{question['reference']}/answers"
        answer = parties.client.post(path, json={"report": marked}, headers=parties.auth("south"))
        said.add((answer.status_code, answer.json()["detail"]))
    assert len(said) == 1


def test_a_question_without_a_name_is_due_by_no_time_zone_of_its_own(parties: World) -> None:
    named = ask(parties, "north", organisations=["south"], marking=STRICT)
    unnamed = ask(parties, "north", organisations=["south"], marking=WITHHELD)
    assert (named["due_at"], unnamed["due_at"]) == ("2026-11-06T18:15:00Z", "2026-11-07T00:00:00Z")
    path = f"/v1/inquiries/{unnamed['reference']}/due"
    later = parties.client.put(path, json={"due_on": "2026-11-08"}, headers=parties.auth("north"))
    assert later.status_code == 204, later.text
    moved = parties.get("north", f"/v1/inquiries/{unnamed['reference']}")
    assert moved["due_at"] == "2026-11-09T00:00:00Z"


def test_earlier_revisions_cover_what_is_personal_in_a_judgement(parties: World) -> None:
    statement = f"It is highly likely that he of {PHONE} returns."
    judged = {"statement": statement, "scale": "phia", "word": "highly-likely", "confidence": "low"}
    reference = parties.submit("north", kind="situation", judgement=judged, marking=GREEN)
    again = report(kind="situation", marking=GREEN)
    put = parties.client.put(f"/v1/reports/{reference}", json=again, headers=parties.auth("north"))
    assert put.status_code == 200, put.text
    for number in (1, 2):
        told = parties.raw("south", f"/v1/reports/{reference}/revisions/{number}")
        assert told.status_code == 200
        assert PHONE not in told.text
        assert "555" not in told.text


def test_a_file_is_named_to_others_without_what_is_personal_in_its_name(parties: World) -> None:
    reference = parties.submit("north", marking=GREEN)
    attached = parties.attach("north", reference, b"A note.", f"list {PHONE}.txt")
    parties.settle()
    (theirs,) = parties.get("south", f"/v1/reports/{reference}/attachments")["attachments"]
    (mine,) = parties.get("north", f"/v1/reports/{reference}/attachments")["attachments"]
    assert "555" not in theirs["name"]
    assert theirs["name"].endswith(".txt")
    assert mine["name"] == f"list {PHONE}.txt"
    assert "555" not in parties.raw("south", f"/v1/reports/{attached}").headers["content-disposition"]


def test_a_file_that_never_came_to_be_and_one_decided_again_change_the_feed_once(parties: World) -> None:
    reference = parties.submit("north", marking=GREEN)
    south = Reader(parties, parties.auth("south"))
    south.read()
    attached = parties.attach("north", reference, b"A note.")
    Reader(parties, parties.auth("south")).read()  # another reader of the same key sees it waiting
    gone = parties.client.delete(f"/v1/reports/{attached}", headers=parties.auth("north"))
    assert gone.status_code == 204
    assert south.read() == [("given", reference)]
    personal = parties.attach("north", reference, f"Call {PHONE}.".encode(), "call.txt")
    parties.settle()
    south.read()
    for decision in ("words", "words", "share", "words", "share", "words"):
        path = f"/v1/reports/{personal}/personal"
        kept = parties.client.put(path, json={"decision": decision}, headers=parties.auth("north"))
        assert kept.status_code == 200, kept.text
    page = south.page(size=1)
    assert (len(page["changes"]), page["more"]) == (1, False)


def test_asking_and_withdrawing_over_and_over_fills_no_inbox(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWN_INQUIRIES_PER_DAY", "3")
    settings.cache_clear()
    eva = signed_in("eva", "south", "focal_point")
    body = QUESTION | {"organisations": ["south"], "marking": STRICT}
    said = []
    for _ in range(5):
        answer = parties.client.post("/v1/inquiries", json=body, headers=parties.auth("north"))
        said.append(answer.status_code)
        if answer.status_code == 201:
            path = f"/v1/inquiries/{answer.json()['reference']}/withdrawal"
            parties.client.post(path, json={}, headers=parties.auth("north"))
    assert said == [201, 201, 201, 429, 429]
    assert parties.client.get("/v1/notices", headers=eva).json()["notices"] == []


def test_who_gave_a_word_by_name_gives_the_next_one_by_name_too(parties: World) -> None:
    reference = parties.submit("north", marking=GREEN)
    ben = signed_in("ben", "south", "analyst")
    path, word = f"/v1/reports/{reference}/verification", {"reason": "It was looked into."}
    first = parties.client.post(path, json=word | {"outcome": "verified", "marking": GREEN}, headers=ben)
    assert first.status_code == 201, first.text
    hidden = GREEN | {"attribution": "withheld"}
    second = parties.client.post(path, json=word | {"outcome": "refuted", "marking": hidden}, headers=ben)
    assert (second.status_code, second.json()["field"]) == (422, "marking.attribution")
    third = parties.client.post(path, json=word | {"outcome": "refuted", "marking": GREEN}, headers=ben)
    assert third.status_code == 201


def test_what_was_prepared_under_an_embargo_bears_no_time_before_its_end(
    parties: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lift = datetime(2026, 11, 1, 14, tzinfo=UTC)
    reference = parties.submit("north", marking=GREEN | {"embargo_until": lift.isoformat()})
    parties.attach("north", reference)
    words = {"title": "По-русски", "summary": ""}
    parties.client.put(f"/v1/reports/{reference}/translations/ru", json=words, headers=parties.auth("north"))
    word = {"outcome": "verified", "reason": "It was looked into.", "marking": GREEN}
    ada = signed_in("ada", "north", "analyst")
    given = parties.client.post(f"/v1/reports/{reference}/verification", json=word, headers=ada)
    assert given.status_code == 201, given.text
    parties.settle()
    assert Clock(monkeypatch).go(lift + timedelta(seconds=40)) == 1
    parties.settle()
    seen = parties.get("south", f"/v1/reports/{reference}")
    (file,) = parties.get("south", f"/v1/reports/{reference}/attachments")["attachments"]
    ben = signed_in("ben", "south", "analyst")
    (weighed,) = parties.client.get(f"/v1/reports/{reference}/grade", headers=ben).json()["assessments"]
    assert file["added_at"] == seen["translations"][0]["made_at"] == weighed["made_at"] == seen["received_at"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/reporting?to=0001-01-01", "/v1/reporting.csv?to=0001-01-01", "/v1/reporting?to=9999-12-31",
        "/v1/reporting?from=0001-01-01&to=0001-01-02",
        "/v1/reporting?from=9999-12-01&to=9999-12-31", "/v1/expected?from=9999-12-01&to=9999-12-31",
        "/v1/expected?from=0001-01-01&to=0001-02-01",
    ],
)  # fmt: skip
def test_days_at_the_ends_of_the_calendar_are_refused_in_words(parties: World, path: str) -> None:
    expect(parties, "north", marking=GREEN)
    answer = parties.client.get(path, headers=parties.auth("north"))
    assert (answer.status_code, "years from" in answer.text) == (422, True), answer.text
    page = parties.client.get(path.removeprefix("/v1"), headers=signed_in("ada", "north", "analyst"))
    assert page.status_code < 500, page.text
    about = {"marking": GREEN, "occurred_from": "9999-12-31", "occurred_to": "9999-12-31", "kind": "zero"}
    readers = parties.client.post("/v1/markings/readers", json=about, headers=parties.auth("north"))
    assert readers.status_code < 500, readers.text
