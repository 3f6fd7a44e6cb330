"""A report after it is in: read, revised, withdrawn by its originator, and by nobody else."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import select

from services.kernel import db
from services.reports import Report, ReportRevision
from tests.reports.rows import rows
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

MISSING = "EWN-0000-0000-0000"


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "east"):
        world.enrol(slug)
    return world


def revise(world: World, slug: str, reference: str, **overrides: Any) -> Response:
    return world.client.put(f"/v1/reports/{reference}", json=report() | overrides, headers=world.auth(slug))


def withdraw(world: World, slug: str, reference: str, reason: str = "mistaken") -> Response:
    return world.client.post(f"/v1/reports/{reference}/withdrawal", json={"reason": reason}, headers=world.auth(slug))


@pytest.mark.both_kinds
def test_a_revision_replaces_the_report_and_keeps_what_it_said(three: World) -> None:
    reference = three.submit("north", own_reference="N-1")
    first = three.get("north", f"/v1/reports/{reference}")
    receipt = revise(three, "north", reference, title="Corrected", figures={"killed": 2})
    assert (receipt.status_code, receipt.json()["revision"]) == (200, 2)
    assert receipt.json()["received_at"] == first["received_at"]
    now = three.get("south", f"/v1/reports/{reference}")
    assert (now["title"], now["revision"], now["figures"]) == ("Corrected", 2, {"killed": 2.0})
    with db.reading() as session:
        (kept,) = session.exec(select(ReportRevision)).all()
        held = session.exec(select(Report)).one()
    assert (kept.revision, kept.body["title"], kept.body["figures"]) == (1, first["title"], {})
    assert kept.digest != held.digest == receipt.json()["digest"]


def test_a_revision_with_another_marking_moves_the_report_to_other_readers(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    assert three.raw("south", f"/v1/reports/{reference}").status_code == 200
    assert three.raw("east", f"/v1/reports/{reference}").status_code == 404
    assert revise(three, "north", reference, marking=amber("east")).status_code == 200
    assert three.raw("south", f"/v1/reports/{reference}").status_code == 404
    assert three.raw("east", f"/v1/reports/{reference}").status_code == 200
    assert three.get("north", f"/v1/reports/{reference}")["marking"]["organisations"] == ["east"]


def test_the_first_body_sent_again_after_a_revision_gives_its_first_receipt(three: World) -> None:
    body = report(own_reference="N-1")
    receipt = three.post("north", body).json()
    revise(three, "north", receipt["reference"], title="Corrected")
    again = three.post("north", body)
    assert (again.status_code, again.json()) == (202, receipt)
    assert three.get("north", f"/v1/reports/{receipt['reference']}")["title"] == "Corrected"


def test_a_withdrawn_report_is_gone_for_readers_and_marked_for_its_originator(three: World) -> None:
    reference = three.submit("north")
    assert withdraw(three, "north", reference).status_code == 204
    assert three.raw("south", f"/v1/reports/{reference}").status_code == 404
    assert three.get("south", "/v1/reports")["reports"] == []
    assert three.get("north", "/v1/reports")["reports"] == []
    (mine,) = three.get("north", "/v1/reports", mine=True)["reports"]
    assert (mine["reference"], mine["withdrawn_at"]) == (reference, "2026-11-01T12:00:00Z")


def test_a_withdrawn_report_can_be_neither_revised_nor_withdrawn_again(three: World) -> None:
    reference = three.submit("north")
    withdraw(three, "north", reference)
    before = rows()
    for answer in (revise(three, "north", reference), withdraw(three, "north", reference)):
        assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#already-withdrawn")
    assert rows() == before


def test_nobody_else_revises_or_withdraws_and_whoever_may_not_see_it_learns_nothing(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    before = rows()
    for answer in (revise(three, "south", reference), withdraw(three, "south", reference)):
        assert (answer.status_code, answer.json()["type"]) == (403, "/docs/problems#not-your-report")
    for act in (revise, withdraw):
        hidden, missing = act(three, "east", reference), act(three, "east", MISSING)
        assert hidden.status_code == 404
        assert (hidden.content, hidden.headers) == (missing.content, missing.headers)
    assert rows() == before


def test_a_hidden_report_and_one_that_does_not_exist_are_answered_alike(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    for path in ("", "/incident"):
        hidden = three.raw("east", f"/v1/reports/{reference}{path}")
        missing = three.raw("east", f"/v1/reports/{MISSING}{path}")
        assert hidden.status_code == 404
        assert (hidden.content, hidden.headers) == (missing.content, missing.headers)


def test_readers_see_the_label_and_only_the_originator_the_recipients(three: World) -> None:
    reference = three.submit("north", marking=amber("south", "east"))
    seen = three.get("south", f"/v1/reports/{reference}")
    assert (seen["tlp"], seen["marking"], seen["mine"]) == ("AMBER", None, False)
    assert three.get("north", f"/v1/reports/{reference}")["marking"] == {
        **amber("east", "south"), "persons": [], "embargo_until": None, "review_at": None, "review_to": None,
    }  # fmt: skip


@pytest.mark.both_kinds
def test_my_reports_are_mine_alone_and_come_in_pages(three: World) -> None:
    sent = {three.submit("north") for _ in range(5)}
    three.submit("south")
    found: list[str] = []
    page: dict[str, Any] = {"next": None}
    while True:
        more = {"cursor": page["next"]} if page["next"] else {}
        page = three.get("north", "/v1/reports", mine=True, size=2, **more)
        found += [one["reference"] for one in page["reports"]]
        if page["next"] is None:
            break
    assert (len(found), set(found)) == (5, sent)


@pytest.mark.both_kinds
def test_a_cursor_is_of_no_use_to_anyone_else(three: World) -> None:
    for _ in range(3):
        three.submit("north")
    cursor = three.get("north", "/v1/reports", size=1)["next"]
    assert three.raw("north", "/v1/reports", cursor=cursor).status_code == 200
    for slug, more in (("south", {}), ("north", {"mine": True})):
        answer = three.raw(slug, "/v1/reports", cursor=cursor, **more)
        assert (answer.status_code, answer.json()["field"]) == (400, "cursor")


def test_a_revision_is_read_as_strictly_as_a_submission(three: World) -> None:
    reference = three.submit("north")
    before = rows()
    loose: tuple[dict[str, Any], ...] = (
        {"selection": "yes"}, {"occurred_from": 0}, {"figures": {"killed": "2"}}, {"credibility": 1},
        {"own_reference": "N-2"}, {"as_of": "2026-10-01T00:00:00Z"},
        {"marking": {"tlp": "RED", "attribution": "named", "groups": ["g"]}},
    )  # fmt: skip
    for wrong in loose:
        answer = revise(three, "north", reference, **wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["field"].startswith(next(iter(wrong)))
    assert withdraw(three, "north", reference, reason="no").json()["field"] == "reason"
    assert rows() == before


@pytest.mark.both_kinds
def test_many_revisions_at_once_all_find_their_turn(three: World) -> None:
    references = [three.submit("north") for _ in range(8)]

    def act(number: int) -> int:
        return revise(three, "north", references[number % 8], title=f"Title {number}").status_code

    with ThreadPoolExecutor(60) as pool:  # more than the threads that a process has for requests
        assert list(pool.map(act, range(120))) == [200] * 120
    revisions = [three.get("north", f"/v1/reports/{reference}")["revision"] for reference in references]
    assert revisions == [16] * 8
    assert three.post("north", report(number=99)).status_code == 202
