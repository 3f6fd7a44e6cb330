"""Each answer that gives marked content leaves one audit entry: before the first byte where it is AMBER or above."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select

from services import network, reports
from services.kernel import clock, daykeys, db
from services.kernel.audit import DETAILS, AuditEntry, entry
from services.kernel.gathering import gathered
from services.reports import giving
from tests import exits
from tests.e2e.two_worlds import QUESTION
from tests.persons import signed_in
from tests.world import World, amber, expect


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "east"):
        world.enrol(slug)
    return world


def entries(action: str = giving.GIVEN) -> list[AuditEntry]:
    """What is stored of an action, in order; what is gathered is committed first."""
    gathered.flush()
    return stored(action)


def stored(action: str = giving.GIVEN) -> list[AuditEntry]:
    with db.reading() as session:
        statement = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return list(session.execute(statement).scalars())


def the(found: list[AuditEntry]) -> dict[str, Any]:
    (one,) = found
    return one.detail


@pytest.mark.one_kind
def test_amber_is_on_record_before_the_answer_leaves(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.get("south", f"/v1/reports/{reference}")
    three.get("south", f"/v1/reports/{reference}")
    first, again = stored()  # nothing was flushed
    assert (first.subject, first.detail["label"]) == ("GET /v1/reports/{reference}", "AMBER")
    assert first.detail["references"] == [reference]
    assert first.detail["query"] == again.detail["query"]
    assert first.detail["rights"] == again.detail["rights"]
    assert first.key_id == again.key_id is not None


@pytest.mark.one_kind
def test_green_is_gathered_once_it_is_no_first_reading_and_clear_leaves_none(three: World) -> None:
    green = three.submit("north")
    clear = three.submit("north", marking={"tlp": "CLEAR", "attribution": "named"})
    three.get("south", f"/v1/reports/{clear}")
    assert entries() == []
    three.get("south", f"/v1/reports/{green}")
    assert the(stored())["label"] == "GREEN"  # with the disclosure, in one commit
    three.get("south", f"/v1/reports/{green}")
    assert len(entries()) == 2


def test_what_is_gathered_is_committed_by_itself(three: World) -> None:
    reference = three.submit("north")
    for _ in range(3):
        three.get("north", f"/v1/reports/{reference}")
    committed = threading.Event()
    for _ in range(200):
        if len(stored()) == 3:
            committed.set()
            break
        committed.wait(0.05)
    assert committed.is_set()


@pytest.mark.one_kind
def test_what_is_gathered_is_committed_at_the_end_of_the_process(three: World) -> None:
    reference = three.submit("north")
    three.get("north", f"/v1/reports/{reference}")
    reports.stop_records()
    assert len(stored()) == 1


@pytest.mark.one_kind
def test_own_content_counts_too(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.get("north", f"/v1/reports/{reference}/receipt")
    assert the(stored())["references"] == [reference]


@pytest.mark.one_kind
def test_a_long_list_leaves_the_number_and_a_hash(three: World) -> None:
    for _ in range(giving.LISTED + 1):
        three.submit("north", marking=amber("south"))
    three.get("south", "/v1/reports", size=100)
    detail = the(stored())
    assert detail["count"] == giving.LISTED + 1
    assert "references" not in detail
    assert len(detail["hash"]) == 64
    three.get("south", "/v1/reports", size=50)
    assert len(stored()[1].detail["references"]) == giving.LISTED


def test_the_strictest_label_counts_and_counts_are_content(three: World) -> None:
    three.submit("north")
    three.submit("north", marking=amber("south"))
    three.settle()
    found = []
    for path in (
        "/v1/reports", "/v1/reports/facets", "/v1/indicators/incidents-reported/map?start=2026-10-01",
        "/v1/indicators/incidents-reported/series?place=KG&from=2026-10-01&to=2026-10-31",
    ):  # fmt: skip
        assert three.client.get(path, headers=three.auth("south")).status_code == 200
        found = entries()
        assert found[-1].detail["label"] == "AMBER", path
        assert three.client.get(path, headers=three.auth("east")).status_code == 200
        assert entries()[-1].detail["label"] == "GREEN", path
    assert found[-1].detail["references"] == []


def test_what_holds_nothing_leaves_none(three: World) -> None:
    three.submit("north", marking=amber("south"))
    three.settle()
    for path in ("/v1/reports", "/v1/reports/facets", "/v1/tear-lines", "/v1/requests"):
        three.get("east", path)
    assert entries() == []


@pytest.mark.one_kind
def test_each_example_of_the_register_that_gives_anything_leaves_one_entry(three: World) -> None:
    reference = three.submit("north", marking=amber("south"), source={"kind": "relayed", "document": "A leaflet"})
    theirs = three.submit("south", marking=amber("north"))
    brief = {"text": "In brief.", "marking": {"tlp": "GREEN", "attribution": "named"}}
    three.submit("south", marking=amber(), tear_line=brief)
    today = {"occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
    for days in ({}, today):
        three.submit("north", marking=amber("south"), figures={"killed": 2}, **days)
    three.settle()
    wanted = {"kind": "release", "wanted": "For all.", "reason": "It matters."}
    asked = three.client.post(f"/v1/reports/{reference}/requests", json=wanted, headers=three.auth("south")).json()
    day = {"schedule": "monthly-bulletin", "day": "2026-10-15"}
    edition = three.client.post("/v1/digests", json=day, headers=three.auth("north")).json()["reference"]
    expect(three, "north", marking=amber())
    attached = three.attach("north", reference)
    three.settle()
    names = {
        "attached": attached,
        "report": reference,
        "theirs": theirs,
        "request": asked["reference"],
        "edition": edition,
    }
    ada = signed_in("ada", "north", "focal_point", "analyst")
    to_north = QUESTION | {"organisations": ["north"]}
    inquiry = three.client.post("/v1/inquiries", json=to_north, headers=three.auth("south")).json()
    judged = {"outcome": "verified", "reason": "It was looked into."}
    assert three.client.post(f"/v1/reports/{reference}/verification", json=judged, headers=ada).status_code == 201
    names["inquiry"] = inquiry["reference"]
    empty = (  # what asks for other than what is laid, or is the secretariat's
        "status=exercise", "from=2026-10-10", "{organisation}", "originator=far", "?q=note", "box=out", "state=overdue",
        "state=answered", "/precision", "/definitions",
    )  # fmt: skip
    for name, one in exits.ROUTES.items():
        if one.by not in (exits.POLICY, exits.OWNER) or name in exits.UNMARKED or not name.startswith("GET "):
            continue
        for path in one.asks:
            if any(part in path for part in (*empty, "q=note", "ucdp")):
                continue
            before = len(entries())
            accept = {"Accept": "text/html"} if not path.startswith("/v1") else {}
            answer = three.client.get(path.format_map(names), headers=ada | accept)
            assert answer.status_code == 200, path
            assert len(entries()) == before + 1, path
            assert entries()[-1].subject == name
            assert entries()[-1].member_id is not None


@pytest.mark.one_kind
def test_what_makers_of_definitions_are_told_of_reports_is_on_record(three: World) -> None:
    three.enrol("office", kind="secretariat")
    three.submit("north")
    three.settle()
    ann = signed_in("ann", "office", "analyst")
    for path in (
        exits.ROUTES["GET /v1/definitions/{code}/trial"].asks + exits.ROUTES["GET /definitions/{code}/trial"].asks
    ):
        before = len(entries())
        accept = {"Accept": "text/html"} if not path.startswith("/v1") else {}
        assert three.client.get(path, headers=ann | accept).status_code == 200, path
        assert len(entries()) == before + 1, path


def test_what_cannot_be_put_on_record_is_not_given_also_when_it_was_had_before(
    three: World, request: pytest.FixtureRequest
) -> None:
    reference = three.submit("north", title="Unheard of", marking=amber("south"))
    path = f"/v1/reports/{reference}"
    assert three.raw("south", path).status_code == 200
    before = len(stored())
    request.getfixturevalue("no_audit")
    for who in ("south", "north"):
        answer = three.raw(who, path)
        assert (answer.status_code, "Unheard of" in answer.text) == (503, False)
    assert len(stored()) == before


@pytest.fixture
def no_audit(three: World) -> Iterator[None]:
    """The database takes no audit entry."""
    engine = db.engine()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "create trigger t before insert on audit begin select raise(abort, 'disk full'); end"
            )
        else:
            connection.exec_driver_sql(
                "create function f() returns trigger language plpgsql as "
                "$$ begin raise exception 'no space left' using errcode = '53100'; end $$"
            )
            connection.exec_driver_sql("create trigger t before insert on audit execute function f()")
    yield
    gathered._waiting.clear()  # what waits for a database that is gone at the end of the test


def test_readers_at_once_share_commits_and_each_has_its_entry(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.get("south", f"/v1/reports/{reference}")
    engine, commits, begun = db.engine(), [], threading.Event()

    def note(_connection: object) -> None:
        if threading.current_thread().name == "records":
            commits.append(1)
            begun.wait(10)  # until all wait: what came meanwhile goes in one batch

    event.listen(engine, "commit", note)
    try:
        with ThreadPoolExecutor(12) as pool:
            asked = [pool.submit(three.raw, "south", f"/v1/reports/{reference}") for _ in range(12)]
            while giving.records._queue.qsize() + len(commits) < 2 and not all(one.done() for one in asked):
                pass
            begun.set()
            assert [one.result().status_code for one in asked] == [200] * 12
    finally:
        event.remove(engine, "commit", note)
    assert len(stored()) == 13
    assert len(commits) < 12


def test_a_batch_that_fails_is_tried_one_by_one(three: World) -> None:
    with db.reading() as session:
        caller = network.Caller(network.directory(session).slugs["south"], key_id=1)
    good = giving.Answered(caller, entry(caller, giving.GIVEN, "one", label="AMBER"), [])
    bad = giving.Answered(caller, entry(caller, giving.GIVEN, "two") | {"action": None}, [])
    first, second, third = giving.write([good, bad, good])
    assert (first, third) == (None, None)
    assert second is not None
    assert second.status == 503
    assert [one.subject for one in stored()] == ["one", "one"]


@pytest.mark.one_kind
def test_refusals_of_known_callers_are_recorded_and_of_unknown_ones_not(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    assert three.raw("east", f"/v1/reports/{reference}").status_code == 404
    assert three.raw("east", "/v1/members").status_code == 403
    assert three.client.get("/v1/reports").status_code == 401
    assert three.client.get("/nowhere").status_code == 404
    hidden, forbidden = entries(giving.REFUSED)
    assert (hidden.subject, hidden.detail["status"], hidden.detail["problem"]) == (
        "GET /v1/reports/{reference}", 404, "no-such-report",
    )  # fmt: skip
    assert (forbidden.subject, forbidden.detail["status"]) == ("GET /v1/members", 403)
    assert reference not in str([hidden.detail, hidden.subject])


def test_an_address_is_kept_as_a_hash_that_compares_within_its_day_until_the_key_goes(three: World) -> None:
    reference = three.submit("north", marking=amber("south"))
    three.get("south", f"/v1/reports/{reference}")
    three.get("south", f"/v1/reports/{reference}")
    first, again = stored()
    assert first.address == again.address != ""
    assert "testclient" not in first.address
    (submitted,) = stored("report.submitted")
    assert submitted.address == first.address
    with db.transaction() as session:
        later = daykeys.masked(session, "testclient", clock.now().replace(day=2))
    assert later != first.address
    day = clock.now().replace(month=12, day=1)
    with db.transaction() as session:
        assert daykeys.forget(session, day) == 0
        assert daykeys.forget(session, day.replace(day=2)) == 1


def test_no_entry_names_a_person_or_holds_what_was_asked(three: World) -> None:
    three.submit("north", marking=amber("south"))
    three.settle()
    ben = signed_in("benjamin", "south", "analyst")
    answer = three.client.get("/reports", params={"q": "Armed clash"}, headers=ben | {"Accept": "text/html"})
    assert answer.status_code == 200
    new = {"login": "zarina", "name": "Zarina Z", "organisation": "north", "roles": ["analyst"], "password": "x" * 12}
    three.member(new["login"], "north", "analyst")
    assert len(entries()) == 1
    with db.reading() as session:
        said = str([one.model_dump() for one in session.execute(select(AuditEntry)).scalars()])
    for word in ("benjamin", "Benjamin", "zarina", "Armed", "armed"):
        assert word not in said


def test_a_detail_outside_the_closed_set_is_a_bug() -> None:
    assert "text" not in DETAILS
    with pytest.raises(ValueError, match="text"):
        entry(None, "test.done", text="what it said")


@pytest.mark.one_kind
@pytest.mark.parametrize(
    "path", ["/v1/reports/what%20was%20asked", "/v1/reports/what%3Fwas%23asked", "/v1/reports/%D1%81", "/v1/reports/v1"]
)
def test_however_an_address_is_spelt_nothing_of_it_stands_in_an_entry(three: World, path: str) -> None:
    three.client.get(path, headers=three.auth("north"))
    (found,) = entries(giving.REFUSED)
    assert found.subject == "GET /v1/reports/{reference}"


@pytest.mark.one_kind
def test_the_intake_records_each_refusal_also_of_a_key_that_it_remembers(three: World) -> None:
    key = three.key("north", ["reports:read"])
    for _ in range(3):
        answer = three.client.post("/v1/reports", json={}, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 403
    assert [one.subject for one in entries(giving.REFUSED)] == ["POST /v1/reports"] * 3
