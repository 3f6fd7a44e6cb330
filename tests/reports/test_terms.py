"""Terms of a marking: shown to every reader, kept with each revision, refused where they contradict."""

from typing import Any

import pytest
from sqlmodel import select

from services.kernel import db
from services.reports import NewReport, ReportRevision
from tests.reports.rows import rows
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

ALL = {
    "actions": "internally-visible",
    "pap": "AMBER",
    "handling": "H3",
    "handling_note": "Not in written form.",
}
GREEN = {"tlp": "GREEN", "attribution": "named"}
NONE = dict.fromkeys(ALL)


@pytest.fixture
def pair(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


@pytest.mark.both_kinds
def test_terms_are_shown_to_every_reader_and_kept_in_revisions(pair: World) -> None:
    reference = pair.submit("north", marking=GREEN | ALL)
    for slug in ("north", "south"):
        assert pair.get(slug, f"/v1/reports/{reference}")["terms"] == ALL
        assert pair.get(slug, "/v1/reports")["reports"][0]["terms"] == ALL
    answer = pair.client.put(
        f"/v1/reports/{reference}", json=report(marking=GREEN | {"pap": "RED"}), headers=pair.auth("north")
    )
    assert answer.status_code == 200
    assert pair.get("south", f"/v1/reports/{reference}")["terms"] == NONE | {"pap": "RED"}
    with db.reading() as session:
        (kept,) = session.exec(select(ReportRevision)).all()
    assert kept.body["terms"] == ALL


def test_terms_part_no_audiences(pair: World) -> None:
    pair.submit("north", marking=amber("south"))
    before = rows()["audience"]
    pair.submit("north", marking=amber("south") | ALL)
    assert rows()["audience"] == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"handling": "H3"}, "marking.handling_note"),
        ({"handling_note": "Burn after reading"}, "marking.handling_note"),
        ({"handling": "H1", "handling_note": "Rings \u0007 a bell"}, "marking.handling_note"),
        ({"handling": "H2", "tlp": "CLEAR"}, "marking.handling"),
        ({"handling": "H2", "tlp": "WHITE"}, "marking.handling"),
        (
            {"handling": "H2", "review_at": "2026-11-03T00:00:00Z", "review_to": GREEN | {"tlp": "CLEAR"}},
            "marking.review_to",
        ),
        ({"handling": "H4"}, "marking.handling"),
        ({"pap": "BLUE"}, "marking.pap"),
        ({"actions": "anything"}, "marking.actions"),
        ({"review_to": GREEN}, "marking.review_to"),
        ({"embargo_until": "2026-11-01T12:00:00Z"}, "marking.embargo_until"),
        ({"embargo_until": "2036-12-01T12:00:00Z"}, "marking.embargo_until"),
        ({"review_at": "2026-10-01T12:00:00Z"}, "marking.review_at"),
        ({"review_at": "2037-01-01T12:00:00Z"}, "marking.review_at"),
        ({"embargo_until": "2026-11-03T00:00:00Z", "review_at": "2026-11-03T00:00:00Z"}, "marking.review_at"),
        ({"embargo_until": "2026-11-03T00:00:00"}, "marking.embargo_until"),
        (
            {"review_at": "2026-11-03T00:00:00Z", "review_to": amber("nobody")},
            "marking.review_to.organisations",
        ),
    ],
)
def test_what_contradicts_is_refused_and_the_field_named(pair: World, wrong: dict[str, Any], field: str) -> None:
    before = rows()
    answer = pair.post("north", report(marking=GREEN | wrong))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert rows() == before


@pytest.mark.parametrize("white", ["WHITE", "TLP:WHITE"])
def test_white_is_clear_for_label_and_pap(pair: World, white: str) -> None:
    reference = pair.submit("north", marking={"tlp": white, "attribution": "named", "pap": "WHITE"})
    seen = pair.raw("south", f"/v1/reports/{reference}")
    assert (seen.json()["tlp"], seen.json()["terms"]["pap"]) == ("CLEAR", "CLEAR")
    assert "WHITE" not in seen.text


def test_the_fingerprint_of_today_is_the_fingerprint_of_next_year() -> None:
    body = {
        "title": "A clash", "text": "Two men.", "kind": "incident", "occurred_from": "2026-10-10",
        "occurred_to": "2026-10-10",
        "marking": {"tlp": "AMBER", "attribution": "named", "organisations": ["body-b", "body-a"]},
    }  # fmt: skip
    pinned = "76e85ed462c56d1943bcadf28e57a8748cc4bef95c359edf96d2da9e637f69aa"
    assert NewReport.model_validate(body).fingerprint() == pinned
    spelt = body | {"figures": {}, "themes": [], "status": "actual", "place": None, "selection": False}
    assert NewReport.model_validate(spelt).fingerprint() == pinned
    assert NewReport.model_validate(body | {"status": "test"}).fingerprint() != pinned


def test_the_order_of_recipients_means_nothing(pair: World) -> None:
    pair.enrol("east")
    first = pair.post("north", report(own_reference="N-1", marking=amber("south", "east"))).json()
    again = pair.post("north", report(own_reference="N-1", marking=amber("east", "south", "east")))
    assert (again.status_code, again.json()) == (202, first)
    other = pair.post("north", report(own_reference="N-1", marking=amber("east")))
    assert other.status_code == 409
