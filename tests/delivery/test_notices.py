"""Notices: to each reader who had a report and lost it, once; read by that reader alone."""

from typing import Any

import pytest
from sqlmodel import select

from services import delivery, network, reports
from services.delivery import Notice
from services.kernel import clock, db
from services.kernel.errors import Stale
from services.kernel.events import publish
from services.network import ApiKey, Caller
from services.reports import Report, ReportRemarked, ReportWithdrawn, ReviewDue, remarkings_due
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.fixture
def four(world: World) -> World:
    for slug in ("north", "south", "east", "west"):
        world.enrol(slug)
    return world


def send(world: World, slug: str, method: str, path: str, body: Any) -> None:
    answer = world.client.request(method, f"/v1/reports/{path}", json=body, headers=world.auth(slug))
    assert answer.status_code in (200, 204), answer.text


def withdraw(world: World, reference: str) -> None:
    send(world, "north", "POST", f"{reference}/withdrawal", {"reason": "mistaken"})


def mark(world: World, reference: str, marking: dict[str, Any]) -> None:
    send(world, "north", "PUT", f"{reference}/marking", {"marking": marking})


def told(world: World, who: str | dict[str, str]) -> list[tuple[str, str]]:
    headers = world.auth(who) if isinstance(who, str) else who
    answer = world.client.get("/v1/notices", headers=headers)
    assert answer.status_code == 200, answer.text
    return [(one["what"], one["report"]) for one in answer.json()["notices"]]


def test_a_withdrawal_is_told_to_whoever_had_it_and_to_nobody_else(four: World) -> None:
    reference = four.submit("north")
    four.get("south", f"/v1/reports/{reference}")
    four.get("east", "/v1/reports")
    withdraw(four, reference)
    four.settle()
    assert told(four, "south") == told(four, "east") == [("withdrawn", reference)]
    assert told(four, "west") == told(four, "north") == []


def test_a_notice_says_what_to_which_when_and_no_more(four: World) -> None:
    reference = four.submit("north", title="Unheard of")
    four.get("south", f"/v1/reports/{reference}")
    withdraw(four, reference)
    four.settle()
    (notice,) = four.get("south", "/v1/notices")["notices"]
    assert notice.pop("reference").startswith("NTC-")
    when = {"at": "2026-11-01T12:00:00Z", "on_day": None, "read_at": None}
    assert notice == {"what": "withdrawn", "report": reference} | when
    assert four.raw("south", f"/v1/reports/{reference}").status_code == 404


def test_a_narrowing_is_told_to_those_who_lost_sight(four: World) -> None:
    reference = four.submit("north")
    for slug in ("south", "east"):
        four.get(slug, f"/v1/reports/{reference}")
    mark(four, reference, amber("east", "west"))
    four.settle()
    assert told(four, "south") == [("narrowed", reference)]
    assert told(four, "east") == told(four, "west") == []


@pytest.mark.both_kinds
def test_a_revision_that_narrows_is_told_and_one_that_does_not_is_not(four: World) -> None:
    reference = four.submit("north")
    four.get("south", f"/v1/reports/{reference}")
    send(four, "north", "PUT", reference, report(title="Corrected"))
    four.settle()
    assert told(four, "south") == []
    send(four, "north", "PUT", reference, report(title="Corrected", marking=amber("east")))
    four.settle()
    assert told(four, "south") == [("narrowed", reference)]


@pytest.mark.both_kinds
def test_widening_and_the_end_of_an_embargo_tell_nobody_and_its_beginning_does(four: World) -> None:
    reference = four.submit("north", marking=amber("south"))
    four.get("south", f"/v1/reports/{reference}")
    mark(four, reference, GREEN)
    four.settle()
    assert told(four, "south") == []
    mark(four, reference, GREEN | {"embargo_until": "2026-11-02T00:00:00Z"})
    four.settle()
    assert told(four, "south") == [("narrowed", reference)]
    with db.transaction() as session:
        assert remarkings_due(session, clock.now().replace(day=3)) == 1
    four.settle()
    assert told(four, "south") == [("narrowed", reference)]


@pytest.mark.both_kinds
def test_each_loss_is_told_once_whenever_the_work_is_done(four: World) -> None:
    reference = four.submit("north")
    four.get("south", f"/v1/reports/{reference}")
    mark(four, reference, amber("east"))
    mark(four, reference, amber("west"))
    mark(four, reference, GREEN)
    mark(four, reference, amber("east", "west"))
    withdraw(four, reference)
    four.settle()
    expected = [("narrowed", reference), ("narrowed", reference), ("withdrawn", reference)]
    assert sorted(told(four, "south")) == expected
    with db.transaction() as session:
        key = session.exec(select(Report)).one().key
        for _ in range(3):
            publish(session, ReportWithdrawn(key), ReportRemarked(key))
    four.settle()
    assert sorted(told(four, "south")) == expected


def test_who_lost_it_hears_of_no_later_marking(four: World) -> None:
    reference = four.submit("north")
    four.get("south", f"/v1/reports/{reference}")
    mark(four, reference, amber("east"))
    four.settle()
    before = four.raw("south", "/v1/notices").content
    mark(four, reference, amber("west"))
    four.settle()
    assert four.raw("south", "/v1/notices").content == before


def test_persons_and_keys_of_one_organisation_are_told_each_of_their_own_readings(four: World) -> None:
    ben, bea = (signed_in(one, "south", "focal_point") for one in ("ben", "bea"))
    by_ben, by_key = four.submit("north"), four.submit("north")
    four.client.get(f"/v1/reports/{by_ben}", headers=ben)
    four.get("south", f"/v1/reports/{by_key}")
    for one in (by_ben, by_key):
        withdraw(four, one)
    four.settle()
    assert told(four, ben) == [("withdrawn", by_ben)]
    assert told(four, "south") == [("withdrawn", by_key)]
    assert told(four, bea) == []


def test_whoever_had_it_in_an_edition_is_told(four: World) -> None:
    reference = four.submit("north")
    four.settle()
    wanted = {"schedule": "monthly-bulletin", "day": "2026-10-15"}
    edition = four.client.post("/v1/digests", json=wanted, headers=four.auth("south")).json()["reference"]
    four.get("south", f"/v1/digests/{edition}/document.json")
    withdraw(four, reference)
    four.settle()
    assert told(four, "south") == [("withdrawn", reference)]
    assert reference not in str(four.get("south", f"/v1/digests/{edition}/document.json"))


def test_a_hidden_reader_is_told_as_any_other(four: World) -> None:
    four.enrol("quiet", hidden=True)
    reference = four.submit("north")
    four.get("quiet", f"/v1/reports/{reference}")
    withdraw(four, reference)
    four.settle()
    assert told(four, "quiet") == [("withdrawn", reference)]


def test_an_answer_that_left_after_the_withdrawal_is_told_too(four: World) -> None:
    reference = four.submit("north")
    with db.reading() as session:
        caller = Caller(network.directory(session).slugs["south"], key_id=2)
        given = reports.not_had(session, caller, [reference])
    withdraw(four, reference)
    four.settle()
    with db.transaction() as session:
        reports.disclose(session, caller, given)
    four.settle()
    assert told(four, "south") == [("withdrawn", reference)]


@pytest.mark.both_kinds
def test_a_notice_is_read_by_its_reader_alone_and_the_first_time_counts(four: World) -> None:
    reference = four.submit("north")
    for slug in ("south", "east"):
        four.get(slug, f"/v1/reports/{reference}")
    withdraw(four, reference)
    four.settle()
    (notice,) = four.get("south", "/v1/notices", unread=True)["notices"]
    path = f"/v1/notices/{notice['reference']}/read"
    others, missing = (
        four.client.post(one, headers=four.auth("east")) for one in (path, "/v1/notices/NTC-0000-0000-0000/read")
    )
    assert (others.status_code, others.json()["type"]) == (404, "/docs/problems#no-such-notice")
    assert (others.content, others.headers) == (missing.content, missing.headers)
    for _ in range(2):
        assert four.client.post(path, headers=four.auth("south")).status_code == 204
    page = four.get("south", "/v1/notices")
    assert (page["unread"], page["notices"][0]["read_at"]) == (0, "2026-11-01T12:00:00Z")
    assert four.get("south", "/v1/notices", unread=True)["notices"] == []
    assert four.get("east", "/v1/notices")["unread"] == 1


@pytest.mark.both_kinds
def test_notices_come_in_pages_and_a_cursor_is_of_no_use_to_anyone_else(four: World) -> None:
    sent = {four.submit("north") for _ in range(5)}
    for slug in ("south", "east"):
        four.get(slug, "/v1/reports")
    for one in sent:
        withdraw(four, one)
    four.settle()
    found, page = [], {"next": None}
    while True:
        page = four.get("south", "/v1/notices", size=2, **({"cursor": page["next"]} if page["next"] else {}))
        found += [one["report"] for one in page["notices"]]
        if page["next"] is None:
            break
    assert (len(found), set(found)) == (5, sent)
    cursor = four.get("south", "/v1/notices", size=2)["next"]
    for slug, more in (("east", {}), ("south", {"unread": True})):
        answer = four.raw(slug, "/v1/notices", cursor=cursor, **more)
        assert (answer.status_code, answer.json()["field"]) == (400, "cursor")


RED = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}


def end(world: World, reader: str) -> None:
    """A reader who can act no more: the key is revoked, expires or has been replaced, the person is inactive."""
    with db.transaction() as session:
        if reader == "ben":
            network.deactivate(session, "ben", by=None)
        elif reader == "key":
            network.revoke(session, world.keys["south"].split("_")[1], by=None)
        else:
            prefix = world.keys["south"].split("_")[1]
            session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).one().expires_at = clock.now()


@pytest.mark.both_kinds
@pytest.mark.parametrize("reader", ["ben", "key", "expired key"])
def test_for_a_reader_who_can_act_no_more_the_focal_points_are_told(four: World, reader: str) -> None:
    ben, bea = signed_in("ben", "south", "analyst"), signed_in("bea", "south", "focal_point")
    ann, eve = signed_in("ann", "south", "analyst"), signed_in("eve", "east", "focal_point")
    narrowed, withdrawn = four.submit("north"), four.submit("north")
    for one in (narrowed, withdrawn):
        path = f"/v1/reports/{one}"
        assert four.client.get(path, headers=ben if reader == "ben" else four.auth("south")).status_code == 200
    end(four, reader)
    mark(four, narrowed, amber("east"))
    withdraw(four, withdrawn)
    four.settle()
    assert sorted(told(four, bea)) == [("narrowed", narrowed), ("withdrawn", withdrawn)]
    assert told(four, ann) == told(four, eve) == []


@pytest.mark.both_kinds
def test_of_red_nobody_is_told_for_the_person_and_of_what_was_open_before_the_focal_points_are(four: World) -> None:
    ben, bea = signed_in("ben", "south", "analyst"), signed_in("bea", "south", "focal_point")
    red, once_red, later_red = (four.submit("north", marking=one) for one in (RED, RED, GREEN))
    for one in (red, once_red, later_red):
        assert four.client.get(f"/v1/reports/{one}", headers=ben).status_code == 200
    mark(four, once_red, GREEN)
    mark(four, later_red, RED | {"persons": ["bea"]})
    four.settle()
    end(four, "ben")
    for one in (red, once_red, later_red):
        withdraw(four, one)
    four.settle()
    assert sorted(told(four, bea)) == sorted([("withdrawn", once_red), ("withdrawn", later_red)])


def test_a_focal_point_who_still_sees_it_is_told_of_no_loss(four: World) -> None:
    ben, bea = signed_in("ben", "south", "analyst"), signed_in("bea", "south", "focal_point")
    reference = four.submit("north")
    four.client.get(f"/v1/reports/{reference}", headers=ben)
    end(four, "ben")
    mark(four, reference, RED | {"persons": ["bea"]})
    four.settle()
    assert told(four, bea) == []


@pytest.mark.parametrize("away", ["south", "above"])
def test_what_was_narrowed_while_a_reader_was_suspended_is_found_when_it_is_back(world: World, away: str) -> None:
    for slug in ("above", "north", "east"):
        world.enrol(slug)
    world.enrol("south", parent="above")
    for_it = GREEN if away == "south" else amber("above")
    reference = world.submit("north", marking=for_it)
    world.get("south", f"/v1/reports/{reference}")
    with db.transaction() as session:
        network.suspend(session, away, by=None)
    mark(world, reference, amber("east"))
    world.settle()
    with db.transaction() as session:
        network.resume(session, away, past=True, by=None)
    assert told(world, "south") == [("narrowed", reference)]


def review(world: World) -> None:
    """Let all reviews fall due."""
    with db.transaction() as session:
        assert remarkings_due(session, clock.now().replace(year=2027)) == 1
    world.settle()


def due_soon(marking: dict[str, Any]) -> dict[str, Any]:
    return report(marking=marking | {"review_at": "2026-12-01T00:00:00Z"})


def test_a_review_is_told_to_the_person_who_handed_it_in(four: World) -> None:
    ada, amy = (signed_in(one, "north", "focal_point") for one in ("ada", "amy"))
    reference = four.client.post("/v1/reports", json=due_soon(GREEN), headers=ada).json()["reference"]
    review(four)
    assert told(four, ada) == [("review_due", reference)]
    assert told(four, amy) == told(four, "north") == told(four, "south") == []
    with db.transaction() as session:
        publish(session, ReviewDue(session.exec(select(Report)).one().key))
    four.settle()
    assert told(four, ada) == [("review_due", reference)]


def test_a_review_of_what_a_key_sent_is_told_to_all_focal_points_of_its_organisation(four: World) -> None:
    ada, amy = (signed_in(one, "north", "focal_point") for one in ("ada", "amy"))
    ann, ben = signed_in("ann", "north", "editor"), signed_in("ben", "south", "focal_point")
    reference = four.post("north", due_soon(GREEN)).json()["reference"]
    review(four)
    assert told(four, ada) == told(four, amy) == [("review_due", reference)]
    assert told(four, ann) == told(four, ben) == told(four, "north") == []


@pytest.mark.both_kinds
def test_a_review_of_red_that_a_key_sent_is_told_to_that_key_alone(four: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    red = {"tlp": "RED", "attribution": "named", "persons": ["ada"]}
    reference = four.post("north", due_soon(red)).json()["reference"]
    review(four)
    assert told(four, "north") == [("review_due", reference)]
    assert told(four, ada) == []


@pytest.mark.both_kinds
def test_two_that_tell_the_same_leave_one_notice(four: World) -> None:
    with db.reading() as session:
        reader = Caller(network.directory(session).slugs["south"], key_id=2)
    one = delivery.Told(reader, "withdrawn", "EWN-0000-0000-0000", 1, clock.now())
    for _ in range(2):
        with db.transaction() as session:
            delivery.tell(session, [one])
    with db.reading() as session:
        assert len(session.exec(select(Notice)).all()) == 1


def test_a_plan_that_was_made_before_a_change_is_not_written(four: World) -> None:
    reference = four.submit("north")
    four.get("south", f"/v1/reports/{reference}")
    withdraw(four, reference)
    with db.reading() as session:
        key = session.exec(select(Report)).one().key
        plan = reports.losses(session, [key])
    assert len(plan.notices) == 1
    four.settle()  # tagging makes a version too
    with pytest.raises(Stale), db.transaction() as session:
        reports.touch(session, [key])
        reports.notify(session, plan)
    assert told(four, "south") == [("withdrawn", reference)]
