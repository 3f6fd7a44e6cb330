"""Threads on a report: seen by exactly who sees it, by nobody whom it reaches later, and gone with its words."""

from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import select

from services import dialogue
from services.kernel import db
from tests.persons import signed_in
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
RED = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def write(world: World, who: str | dict[str, str], reference: str, text: str) -> Response:
    headers = world.auth(who) if isinstance(who, str) else who
    return world.client.post(f"/v1/reports/{reference}/thread", json={"text": text}, headers=headers)


def texts(world: World, who: str | dict[str, str], reference: str) -> list[str]:
    headers = world.auth(who) if isinstance(who, str) else who
    answer = world.client.get(f"/v1/reports/{reference}/thread", headers=headers)
    assert answer.status_code == 200, answer.text
    return sorted(one["text"] for one in answer.json()["messages"])


def mark(world: World, reference: str, marking: dict[str, Any]) -> None:
    path = f"/v1/reports/{reference}/marking"
    done = world.client.put(path, json={"marking": marking}, headers=world.auth("north"))
    assert done.status_code == 200, done.text


def test_a_thread_is_read_and_written_by_exactly_who_sees_the_report(parties: World) -> None:
    reference = parties.submit("north", marking=amber("south"))
    assert write(parties, "south", reference, "Who else?").status_code == 201
    assert write(parties, "north", reference, "Nobody.").status_code == 201
    for slug in ("north", "south"):
        assert texts(parties, slug, reference) == ["Nobody.", "Who else?"]
    assert write(parties, "far", reference, "Me too.").status_code == 404
    assert parties.raw("far", f"/v1/reports/{reference}/thread").status_code == 404


def test_re_marking_narrows_a_thread_and_never_widens_it(parties: World) -> None:
    reference = parties.submit("north", marking=amber("south"))
    write(parties, "south", reference, "Among us.")
    mark(parties, reference, GREEN)
    assert texts(parties, "far", reference) == []
    write(parties, "far", reference, "Now among all.")
    assert texts(parties, "south", reference) == ["Among us.", "Now among all."]
    mark(parties, reference, amber("far"))
    assert parties.raw("south", f"/v1/reports/{reference}/thread").status_code == 404
    assert texts(parties, "far", reference) == ["Now among all."]
    assert texts(parties, "north", reference) == ["Among us.", "Now among all."]


def test_an_originator_that_is_withheld_writes_as_the_originator(parties: World) -> None:
    parties.enrol("veiled", hidden=True)
    reference = parties.submit("north", marking=GREEN | {"attribution": "withheld"})
    for slug in ("north", "south", "veiled"):
        assert write(parties, slug, reference, f"From {slug}.").status_code == 201

    def said(slug: str) -> dict[str, tuple[str, str | None]]:
        found = parties.get(slug, f"/v1/reports/{reference}/thread")["messages"]
        return {one["text"]: (one["by"], one["organisation"]) for one in found}

    assert said("far") == {
        "From north.": ("originator", None), "From south.": ("reader", "south"), "From veiled.": ("reader", None),
    }  # fmt: skip
    assert said("north")["From north."] == ("originator", "north")
    assert said("office")["From veiled."] == ("reader", "veiled")
    mark(parties, reference, GREEN)
    assert said("far")["From north."] == ("originator", None), "it was written when the name was withheld"


def test_of_red_the_named_persons_write_and_nobody_else_learns_of_it(parties: World) -> None:
    ada, abe = signed_in("ada", "north", "focal_point"), signed_in("abe", "north", "focal_point")
    ben = signed_in("ben", "south", "analyst")
    reference = parties.client.post("/v1/reports", json=report(marking=RED), headers=ada).json()["reference"]
    assert write(parties, ben, reference, "I was there.").status_code == 201
    assert texts(parties, ada, reference) == ["I was there."]
    for other in (abe, parties.auth("north"), parties.auth("south")):
        assert parties.client.get(f"/v1/reports/{reference}/thread", headers=other).status_code == 404
    told = {name: parties.client.get("/v1/notices", headers=one).json()["notices"] for name, one in
            {"ada": ada, "abe": abe, "key": parties.auth("north")}.items()}  # fmt: skip
    assert {name: [one["what"] for one in some] for name, some in told.items()} == {
        "ada": ["thread_message"], "abe": [], "key": [],
    }  # fmt: skip


def test_those_who_wrote_are_told_once_until_they_have_read_it_and_without_content(parties: World) -> None:
    ada, ben = signed_in("ada", "north", "focal_point"), signed_in("ben", "south", "analyst")
    reference = parties.client.post("/v1/reports", json=report(), headers=ada).json()["reference"]
    for n in range(3):
        write(parties, ben, reference, f"Secret word {n}.")
    answer = parties.client.get("/v1/notices", headers=ada)
    (notice,) = answer.json()["notices"]
    assert (notice["what"], notice["report"]) == ("thread_message", reference)
    assert "Secret" not in answer.text
    parties.client.post(f"/v1/notices/{notice['reference']}/read", headers=ada)
    write(parties, ben, reference, "Once more.")
    assert len(parties.client.get("/v1/notices", headers=ada).json()["notices"]) == 2
    assert parties.client.get("/v1/notices", headers=ben).json()["notices"] == []
    write(parties, ada, reference, "Thank you.")
    assert [one["what"] for one in parties.client.get("/v1/notices", headers=ben).json()["notices"]] == [
        "thread_message"
    ]


def test_its_owner_closes_a_thread_and_opens_it_again(parties: World) -> None:
    reference = parties.submit("north")
    path = f"/v1/reports/{reference}/thread"
    assert parties.client.put(path, json={"closed": True}, headers=parties.auth("south")).status_code == 403
    assert parties.client.put(path, json={"closed": True}, headers=parties.auth("north")).status_code == 204
    refused = write(parties, "south", reference, "Too late.")
    assert (refused.status_code, refused.json()["type"]) == (409, "/docs/problems#thread-is-closed")
    assert parties.get("south", path)["closed"]
    parties.client.put(path, json={"closed": False}, headers=parties.auth("north"))
    assert write(parties, "south", reference, "In time.").status_code == 201


def test_a_message_is_taken_back_by_whoever_wrote_it_alone(parties: World) -> None:
    reference = parties.submit("north")
    message = write(parties, "south", reference, "Mistaken.").json()
    assert message["mine"]
    path = f"/v1/reports/{reference}/thread/{message['reference']}"
    for slug in ("north", "far"):
        assert parties.client.delete(path, headers=parties.auth(slug)).status_code == 404
    assert parties.client.delete(path, headers=parties.auth("south")).status_code == 204
    assert texts(parties, "north", reference) == []


def test_a_recall_destroys_the_thread_and_what_was_told(parties: World) -> None:
    reference = parties.submit("north")
    write(parties, "south", reference, "Secret word.")
    told = {"outcome": "verified", "text": "Secret word too."}
    parties.client.post(f"/v1/reports/{reference}/outcomes", json=told, headers=parties.auth("office"))
    strict = {"tlp": "AMBER+STRICT", "attribution": "named"}
    asked = {"report": reference, "question": "Secret?", "why": "Secret.", "due_on": "2026-12-01", "marking": strict}
    put = parties.client.post("/v1/inquiries", json=asked, headers=parties.auth("south"))
    assert put.status_code == 201, put.text
    body = {"reason": "mistaken", "reference": reference}
    parties.client.post(f"/v1/reports/{reference}/recall", json=body, headers=parties.auth("north"))
    assert texts(parties, "north", reference) == []
    parties.settle()
    with db.reading() as session:
        for table in (dialogue.ThreadMessage, dialogue.OutcomeTold):
            assert session.exec(select(table)).all() == []
        assert [one.question + one.why for one in session.exec(select(dialogue.Inquiry)).all()] == [""]


def test_a_withdrawn_report_takes_its_thread_out_of_sight(parties: World) -> None:
    reference = parties.submit("north")
    write(parties, "south", reference, "Who else?")
    parties.client.post(
        f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=parties.auth("north")
    )
    assert parties.raw("south", f"/v1/reports/{reference}/thread").status_code == 404
    assert write(parties, "north", reference, "To myself.").status_code == 404
