"""Handing in one report: what is taken, what is refused, and that a refusal stores nothing."""

from typing import Any

import pytest

from services import network
from services.kernel import db
from tests.persons import signed_in
from tests.reports.rows import rows
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    return world


def refused(world: World, slug: str = "north", status: int = 422, **overrides: Any) -> dict[str, Any]:
    """The problem a report is refused with; nothing may be stored."""
    before = rows()
    answer = world.post(slug, report() | overrides)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert rows() == before
    return dict(answer.json())


def test_a_report_is_taken_with_a_receipt_that_leads_to_it(north: World) -> None:
    answer = north.post("north", report())
    assert answer.status_code == 202
    receipt = answer.json()
    assert receipt.keys() == {"reference", "revision", "received_at", "digest"}
    assert receipt["reference"].startswith("EWN-")
    assert receipt["received_at"].startswith("2026-11-01T12:00:00")
    assert answer.headers["location"] == f"/v1/reports/{receipt['reference']}"
    read = north.get("north", answer.headers["location"])
    assert (read["title"], read["mine"], read["originator"]) == ("Armed clash number 1", True, "north")


def test_what_is_stored_with_a_report_is_its_audit_entry_and_its_work(north: World) -> None:
    before = rows()
    north.post("north", report(own_reference="N-1"))
    after = rows()
    assert {name: after[name] - before[name] for name in ("report", "event", "audit", "idempotency")} == {
        "report": 1, "event": 1, "audit": 1, "idempotency": 1,
    }  # fmt: skip
    assert after["outbox"] > before["outbox"]


@pytest.mark.both_kinds
def test_text_is_kept_in_composed_form_and_in_any_script(north: World) -> None:
    reference = north.submit("north", title="Неспокойно в Оше и\u0306", text="ҳодиса дар Хоруғ 🙂 \u202bواقعه\u202c")
    read = north.get("north", f"/v1/reports/{reference}")
    assert read["title"] == "Неспокойно в Оше й"
    assert read["text"] == "ҳодиса дар Хоруғ 🙂 واقعه"  # cleaned for reading; what was sent is kept beside it
    original = north.get("north", f"/v1/reports/{reference}/original")
    assert original["text"] == "ҳодиса дар Хоруғ 🙂 \u202bواقعه\u202c"


def test_a_check_finds_the_same_faults_and_stores_nothing(north: World) -> None:
    before = rows()
    checked = north.client.post("/v1/reports?validate=true", json=report(), headers=north.auth("north"))
    assert (checked.status_code, checked.json() | {"valid": True, "stored": None}) == (200, checked.json())
    for wrong in ({"marking": amber("nobody")}, {"kind": "gossip"}, {"as_of": "2026-10-01T00:00:00Z"}):
        dry = north.client.post("/v1/reports?validate=true", json=report() | wrong, headers=north.auth("north"))
        wet = north.post("north", report() | wrong)
        assert dry.status_code >= 400
        assert (dry.status_code, dry.json()) == (wet.status_code, wet.json())
    assert rows() == before


@pytest.mark.both_kinds
def test_a_check_tells_its_own_sender_and_nobody_else_that_the_same_is_stored(north: World) -> None:
    north.enrol("south")
    ada, vera = (signed_in(name, "north", "focal_point") for name in ("ada", "vera"))
    body = report(own_reference="N-7")

    def check(headers: dict[str, str], body: dict[str, Any] = body) -> Any:
        return north.client.post("/v1/reports?validate=true", json=body, headers=headers)

    reference = north.post("north", body).json()["reference"]
    for headers in (north.auth("north"), ada):
        assert check(headers).json().items() >= {"valid": True, "stored": reference}.items()
    assert check(north.auth("south")).json()["stored"] is None
    red = {"marking": {"tlp": "RED", "attribution": "named", "persons": ["vera"]}}
    marked = north.client.put(f"/v1/reports/{reference}/marking", json=red, headers=north.auth("north"))
    assert marked.status_code == 200, marked.text
    assert check(north.auth("north")).json()["stored"] == reference
    for headers in (ada, vera):
        assert (check(headers).status_code, reference in check(headers).text) == (409, False)
    secret = report(own_reference="N-8") | red
    told = north.client.post("/v1/reports", json=secret, headers=ada).json()["reference"]
    assert check(ada, secret).json()["stored"] == told
    for headers in (north.auth("north"), vera):
        assert check(headers, secret).json()["stored"] is None


SENSELESS: tuple[tuple[Any, str], ...] = (
    ({"tlp": "RED", "attribution": "named", "organisations": ["north"]}, "marking.organisations"),
    ({"tlp": "RED", "attribution": "named", "groups": ["any"]}, "marking.groups"),
    ({"tlp": "GREEN", "attribution": "named", "organisations": ["north"]}, "marking.organisations"),
    ({"tlp": "CLEAR", "attribution": "named", "groups": ["any"]}, "marking.groups"),
    ({"tlp": "GREEN", "attribution": "named", "persons": ["anna"]}, "marking.persons"),
    ({"tlp": "AMBER", "attribution": "named", "persons": ["anna"]}, "marking.persons"),
    (amber("nobody"), "marking.organisations"),
    (amber(groups=("no-group",)), "marking.groups"),
    ({"tlp": "RED", "attribution": "named", "persons": ["nobody"]}, "marking.persons"),
    ({"tlp": "GREEN"}, "marking.attribution"),
    ({"tlp": "PINK", "attribution": "named"}, "marking.tlp"),
    ({"attribution": "named"}, "marking.tlp"),
    ({"tlp": "GREEN", "attribution": "named", "caveat": "x"}, "marking.caveat"),
)


def test_a_marking_that_makes_no_sense_is_refused_by_its_field(north: World) -> None:
    for marking, field in SENSELESS:
        assert refused(north, marking=marking)["field"] == field, marking


def test_there_is_no_default_marking(north: World) -> None:
    body = report()
    del body["marking"]
    answer = north.post("north", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "marking")


def test_white_is_read_as_clear_and_never_given_back(north: World) -> None:
    reference = north.submit("north", marking={"tlp": "TLP:WHITE", "attribution": "named"})
    assert north.get("north", f"/v1/reports/{reference}")["tlp"] == "CLEAR"


def test_credibility_one_is_derived_and_never_sent(north: World) -> None:
    problem = refused(north, credibility=1)
    assert (problem["field"], problem["status"]) == ("credibility", 422)
    for grade in (2, 6):
        assert north.post("north", report(own_reference=f"N-{grade}", credibility=grade)).status_code == 202
    assert refused(north, credibility=7)["field"] == "credibility"


IMPOSSIBLE: tuple[tuple[Any, str], ...] = (
    ({"kind": "relayed", "organisation": "unheard-of"}, "source.organisation"),
    ({"kind": "relayed"}, "source"),
    ({"kind": "own", "document": "A paper"}, "source"),
    ({"kind": "relayed", "name": "x\x00y"}, "source.name"),
    ({"kind": "rumour"}, "source.kind"),
)


def test_a_provenance_that_cannot_be_is_refused(north: World) -> None:
    for source, field in IMPOSSIBLE:
        assert refused(north, source=source)["field"] == field, source


def test_provenance_is_for_the_originator_and_not_for_readers(north: World) -> None:
    north.enrol("south")
    source = {"kind": "relayed", "organisation": "south", "document": "Note 7", "name": None}
    reference = north.submit("north", source=source)
    assert north.get("north", f"/v1/reports/{reference}")["source"] == source
    assert north.get("south", f"/v1/reports/{reference}")["source"] is None


def test_where_attribution_is_withheld_no_reader_learns_the_originator(north: World) -> None:
    north.enrol("south")
    reference = north.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    hidden = north.get("south", f"/v1/reports/{reference}")
    assert [hidden[name] for name in ("originator", "originator_name", "reliability", "source", "marking")] == [
        None
    ] * 5
    assert "north" not in north.raw("south", "/v1/reports").text.lower()
    assert north.get("north", f"/v1/reports/{reference}")["originator"] == "north"


def test_only_a_replay_key_sets_the_time_of_receipt(north: World) -> None:
    problem = refused(north, status=403, as_of="2022-09-16T08:00:00Z")
    assert (problem["field"], problem["type"]) == ("as_of", "/docs/problems#not-a-replay")
    north.keys["replay"] = north.key("north", ["reports:read", "reports:write", "replay"])
    reference = north.submit(
        "replay", as_of="2022-09-16T08:00:00Z", occurred_from="2022-09-14", occurred_to="2022-09-14"
    )
    assert north.get("replay", f"/v1/reports/{reference}")["received_at"] == "2022-09-16T08:00:00Z"
    assert refused(north, "replay", as_of="2026-11-01T12:00:01Z")["field"] == "as_of"
    assert refused(north, "replay", as_of="2022-09-16T08:00:00")["field"] == "as_of"
    assert refused(north, "replay", as_of="0001-01-01T00:00:00+14:00")["field"] == "as_of"


def test_today_may_have_begun_further_east_but_no_day_after_it(north: World) -> None:
    assert north.post("north", report(occurred_from="2026-11-02", occurred_to="2026-11-02")).status_code == 202
    assert refused(north, occurred_from="2026-11-03", occurred_to="2026-11-03")["field"] == "occurred_from"


def test_control_characters_are_refused_on_either_database(north: World) -> None:
    for name in ("own_reference", "title", "text"):
        for value in ("a\x00b", "a\x1bb", "a\x7fb"):
            problem = refused(north, **{name: value})
            assert problem["field"] == name
            assert "position 1" in problem["detail"]


def test_a_suspended_organisation_hands_in_nothing_not_even_with_a_key_used_a_moment_ago(north: World) -> None:
    north.submit("north")
    with db.transaction() as session:
        network.suspend(session, "north", by=None)
    refused(north, status=401)
