"""Who had a report: on record before its words leave, once for each reader, and shown to its owner alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlmodel import Session

from services import network, reports
from services.kernel import clock, db
from services.kernel.events import Outbox
from services.network import Caller
from services.reports import Disclosure, Report
from tests.persons import signed_in
from tests.world import World, amber

pytestmark = pytest.mark.one_kind

RED = {"tlp": "RED", "attribution": "named", "persons": ["ada", "amy"]}


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "east"):
        world.enrol(slug)
    return world


def had(world: World, slug: str, reference: str) -> list[tuple[str, list[str | None]]]:
    """What an owner is told: organisations with the names of their persons, None for keys."""
    found = world.get(slug, f"/v1/reports/{reference}/disclosures")
    assert found["unlisted"] is True
    return [(one["organisation"], [holder["name"] for holder in one["holders"]]) for one in found["organisations"]]


def on_record() -> list[tuple[str, str]]:
    with db.reading() as session:
        rows = session.execute(select(Report.reference, Disclosure.viewer).join(Disclosure)).all()
    return sorted((row.reference, row.viewer) for row in rows)


def as_person(world: World, who: dict[str, str], path: str) -> Any:
    return world.client.get(path, headers=who | {"Accept": "text/html"})


def test_one_reading_leaves_one_disclosure_however_often_it_is_read(three: World) -> None:
    reference = three.submit("north")
    first = three.raw("south", f"/v1/reports/{reference}")
    again = three.raw("south", f"/v1/reports/{reference}")
    assert (first.content, first.headers) == (again.content, again.headers)
    assert three.get("south", "/v1/reports")["reports"]
    assert len(on_record()) == 1
    assert had(three, "north", reference) == [("south", [None])]


@pytest.mark.both_kinds
def test_a_list_gives_words_and_counts_and_references_give_none(three: World) -> None:
    first, second = three.submit("north"), three.submit("north", marking=amber("east"))
    three.settle()
    three.get("south", f"/v1/reports/{first}/incident")
    three.get("south", "/v1/reports/facets")
    assert on_record() == []
    three.get("south", "/v1/reports", q="nothing like it")
    assert on_record() == []
    three.get("south", "/v1/reports")
    assert had(three, "north", first) == [("south", [None])]
    assert had(three, "north", second) == []


@pytest.mark.both_kinds
def test_the_owners_own_readings_are_none(three: World) -> None:
    reference = three.submit("north")
    three.get("north", f"/v1/reports/{reference}")
    three.get("north", "/v1/reports", mine=True)
    ada = signed_in("ada", "north", "focal_point")
    assert as_person(three, ada, f"/v1/reports/{reference}").status_code == 200
    assert on_record() == []


def test_of_red_a_colleague_who_is_named_is_a_reader(three: World) -> None:
    ada, amy = (signed_in(one, "north", "focal_point") for one in ("ada", "amy"))
    body = {"marking": RED, "title": "A note", "text": "A note", "kind": "incident"}
    body |= {"occurred_from": "2026-10-10", "occurred_to": "2026-10-10"}
    reference = three.client.post("/v1/reports", json=body, headers=ada).json()["reference"]
    for who in (ada, amy):
        assert as_person(three, who, f"/v1/reports/{reference}").status_code == 200
    answer = three.client.get(f"/v1/reports/{reference}/disclosures", headers=ada).json()
    assert [[one["name"] for one in of["holders"]] for of in answer["organisations"]] == [["Amy"]]
    assert three.client.get(f"/v1/reports/{reference}/disclosures", headers=amy).status_code == 403


def test_of_red_that_a_key_sent_whoever_is_named_is_a_reader_also_of_its_own_organisation(three: World) -> None:
    amy = signed_in("amy", "north", "focal_point")
    reference = three.submit("north", marking=RED | {"persons": ["amy"]})
    assert as_person(three, amy, f"/v1/reports/{reference}").status_code == 200
    assert had(three, "north", reference) == [("north", ["Amy"])]


@pytest.mark.parametrize("hidden", [False, True])
def test_whoever_left_or_applies_again_has_had_it_all_the_same(three: World, hidden: bool) -> None:
    three.enrol("west", hidden=hidden)
    reference = three.submit("north")
    three.get("west", f"/v1/reports/{reference}")
    expected = [] if hidden else [("west", [None])]
    assert had(three, "north", reference) == expected
    for step in (network.suspend, network.depart, network.apply):
        with db.transaction() as session:
            step(session, "west", by=None)
        assert had(three, "north", reference) == expected, step.__name__


@pytest.mark.both_kinds
@pytest.mark.parametrize("path", ["/", "/reports", "/reports/{}"])
def test_pages_that_show_words_leave_disclosures(three: World, path: str) -> None:
    reference = three.submit("north")
    three.settle()
    ben = signed_in("ben", "south", "analyst")
    assert reference in as_person(three, ben, path.format(reference)).text
    assert had(three, "north", reference) == [("south", ["Ben"])]


def test_the_page_that_asks_again_for_a_reason_leaves_one_too(three: World) -> None:
    reference = three.submit("north")
    ben = signed_in("ben", "south", "focal_point")
    headers = ben | {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    answer = three.client.post(f"/reports/{reference}/withdrawal", data={"reason": ""}, headers=headers)
    assert (answer.status_code, reference in answer.text) == (422, True)
    assert had(three, "north", reference) == [("south", ["Ben"])]


def test_an_item_of_an_edition_is_received_in_every_form(three: World) -> None:
    listed = three.submit("north", occurred_from="2026-10-10", occurred_to="2026-10-10")
    three.submit("north", occurred_from="2025-10-10", occurred_to="2025-10-10")
    three.settle()
    wanted = {"schedule": "monthly-bulletin", "day": "2026-10-15"}
    edition = three.client.post("/v1/digests", json=wanted, headers=three.auth("south")).json()["reference"]
    assert on_record() == []
    made = three.get("south", f"/v1/digests/{edition}/document.json")
    assert listed in str(made)
    assert had(three, "north", listed) == [("south", [None])]
    assert len(on_record()) == 1
    ben = signed_in("ben", "south", "analyst")
    assert as_person(three, ben, f"/digests/{edition}").status_code == 200
    assert had(three, "north", listed) == [("south", [None, "Ben"])]


def test_only_the_owner_is_told_and_whoever_may_not_see_it_learns_nothing(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.get("south", f"/v1/reports/{reference}")
    refused = three.raw("south", f"/v1/reports/{reference}/disclosures")
    assert (refused.status_code, refused.json()["type"]) == (403, "/docs/problems#not-your-report")
    hidden, missing = (three.raw("east", f"/v1/reports/{one}/disclosures") for one in (reference, "EWN-0000-0000-0000"))
    assert hidden.status_code == 404
    assert (hidden.content, hidden.headers) == (missing.content, missing.headers)
    headers = three.auth("north") | {"Content-Type": "application/json"}
    three.client.post(f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=headers)
    assert had(three, "north", reference) == [("south", [None])]


@pytest.mark.both_kinds
def test_readers_who_hide_leave_no_trace_with_an_owner_who_may_not_know_them(three: World) -> None:
    three.enrol("quiet", hidden=True)
    three.enrol("office", "secretariat")
    read, unread = three.submit("north"), three.submit("north")
    three.get("quiet", f"/v1/reports/{read}")
    for one in (read, unread):
        assert three.get("north", f"/v1/reports/{one}/disclosures") == {"organisations": [], "unlisted": True}
    three.group("pair", "north", "quiet")
    assert had(three, "north", read) == [("quiet", [None])]
    of_office = three.submit("office")
    three.get("quiet", f"/v1/reports/{of_office}")
    assert had(three, "office", of_office) == [("quiet", [None])]


@pytest.fixture
def no_writes(three: World) -> Iterator[World]:
    """The database refuses to write, as a full disk would make it."""
    three.get("south", "/v1/me")
    engine = db.engine()
    if engine.dialect.name == "sqlite":

        def refuse(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA query_only=1")

        event.listen(engine, "connect", refuse)
        engine.dispose()
        yield three
        return
    with engine.begin() as connection:
        connection.execute(
            text(
                "create function full_disk() returns trigger language plpgsql as "
                "$$ begin raise exception 'no space left' using errcode = '53100'; end $$"
            )
        )
        connection.execute(text("create trigger t before insert on disclosure execute function full_disk()"))
    yield three


@pytest.mark.both_kinds
def test_what_cannot_be_put_on_record_is_not_given(three: World, request: pytest.FixtureRequest) -> None:
    reference = three.submit("north", title="Unheard of")
    request.getfixturevalue("no_writes")
    for path in (f"/v1/reports/{reference}", "/v1/reports"):
        answer = three.raw("south", path)
        assert answer.status_code == 503
        assert "Unheard of" not in answer.text
    assert on_record() == []


def _caller(session: Session, slug: str) -> Caller:
    return Caller(network.directory(session).slugs[slug], key_id=1)


def test_an_answer_that_leaves_after_a_withdrawal_invites_to_look_again(three: World) -> None:
    reference = three.submit("north")
    three.settle()
    with db.reading() as session:
        caller = _caller(session, "south")
        given = reports.not_had(session, caller, [reference])
    headers = three.auth("north") | {"Content-Type": "application/json"}
    three.client.post(f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=headers)
    three.settle()
    with db.transaction() as session:
        reports.disclose(session, caller, given)
    with db.reading() as session:
        assert [row.reaction for row in session.execute(select(Outbox)).scalars()] == ["notify"]


@pytest.mark.both_kinds
def test_of_two_answers_that_leave_in_the_wrong_order_the_earlier_reading_counts(three: World) -> None:
    reference = three.submit("north")
    three.settle()
    with db.reading() as session:
        caller = _caller(session, "south")
        (given,) = reports.not_had(session, caller, [reference])
    for version in (given.version + 3, given.version, given.version + 2):
        with db.transaction() as session:
            reports.disclose(session, caller, [reports.Given(given.report_id, version)])
    with db.reading() as session:
        row = session.execute(select(Disclosure)).scalar_one()
    assert (row.version, row.first_at) == (given.version, clock.now())
