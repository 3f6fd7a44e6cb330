"""The change feed: who replays it has exactly what it may see, and is told of no loss but of what it had."""

import json
from typing import Any

import pytest

from services import network, reports
from services.exchange import forget_feeds
from services.kernel import clock, db
from tests.exchange.reader import Reader
from tests.persons import signed_in
from tests.reports.rows import rows
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
REASON = {"reason": "mistaken"}


@pytest.fixture
def stage(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.group("ring", "north", "far")
    return world


def reader(world: World, slug: str = "south") -> Reader:
    return Reader(world, world.auth(slug))


def mark(world: World, slug: str, reference: str, marking: dict[str, Any]) -> None:
    answer = world.client.put(f"/v1/reports/{reference}/marking", json={"marking": marking}, headers=world.auth(slug))
    assert answer.status_code == 200, answer.text


def withdraw(world: World, slug: str, reference: str) -> None:
    answer = world.client.post(f"/v1/reports/{reference}/withdrawal", json=REASON, headers=world.auth(slug))
    assert answer.status_code == 204, answer.text


def revise(world: World, slug: str, reference: str, **overrides: Any) -> None:
    answer = world.client.put(f"/v1/reports/{reference}", json=report(**overrides), headers=world.auth(slug))
    assert answer.status_code == 200, answer.text


def in_ring(act: str, slug: str) -> None:
    with db.transaction() as session:
        (network.join if act == "join" else network.leave)(session, "ring", slug, by=None)


def test_from_nothing_it_gives_all_that_the_list_gives_and_then_what_changes(stage: World) -> None:
    south = reader(stage)
    assert south.read() == []
    one, two = stage.submit("north"), stage.submit("far", marking=amber("south"))
    stage.submit("far", marking=amber("north"))
    assert south.read() == [("given", one), ("given", two)]
    assert south.read() == []
    revise(stage, "north", one, title="Changed")
    assert south.read() == [("given", one)]
    assert south.held[one]["revision"] == 2
    assert south.held[one]["title"] == "Changed"
    fresh = reader(stage)
    assert sorted(fresh.read(size=1)) == [("given", name) for name in sorted((one, two))]
    assert fresh.agrees()
    assert south.agrees()


@pytest.mark.one_kind
def test_what_is_marked_into_sight_is_given_and_what_is_marked_out_of_it_is_lost_once(stage: World) -> None:
    south = reader(stage)
    one = stage.submit("north", marking=amber("far"))
    assert south.read() == []
    mark(stage, "north", one, amber("south"))
    assert south.read() == [("given", one)]
    mark(stage, "north", one, amber("far"))
    assert south.read() == [("lost", one)]
    revise(stage, "north", one, marking=amber("far"))
    withdraw(stage, "north", one)
    assert south.read() == [], "what becomes of it later is nothing to whoever lost it"


@pytest.mark.one_kind
def test_a_withdrawn_or_recalled_report_is_withdrawn_for_whoever_had_it(stage: World) -> None:
    south = reader(stage)
    one, two = stage.submit("north"), stage.submit("north")
    south.read()
    withdraw(stage, "north", one)
    recall = REASON | {"reference": two}
    assert stage.client.post(f"/v1/reports/{two}/recall", json=recall, headers=stage.auth("north")).status_code == 200
    assert south.read() == [("withdrawn", one), ("withdrawn", two)]
    assert reader(stage).read() == [], "a newcomer is told nothing of them"


def test_what_comes_and_goes_between_two_looks_leaves_no_trace(stage: World) -> None:
    south = reader(stage)
    south.read()
    one = stage.submit("north")
    mark(stage, "north", one, amber("far"))
    two = stage.submit("north")
    withdraw(stage, "north", two)
    assert south.read() == []


def test_a_group_joined_gives_its_past_and_a_group_left_takes_all_of_it(stage: World) -> None:
    south = reader(stage)
    before = [stage.submit("north", marking=amber(groups=("ring",))) for _ in range(3)]
    open_to_all = stage.submit("north")
    assert south.read() == [("given", open_to_all)]
    in_ring("join", "south")
    after = stage.submit("far", marking=amber(groups=("ring",)))
    south.read(size=2)
    assert south.agrees()
    assert after in south.held
    had = set(south.held)
    in_ring("leave", "south")
    lost = south.read(size=2)
    assert {name for _, name in lost} == had - {open_to_all}
    assert {change for change, _ in lost} == {"lost"}
    assert south.agrees()
    assert set(south.held) == {open_to_all}
    assert set(before) | {after} >= had - {open_to_all}


@pytest.mark.one_kind
def test_a_sweep_that_another_change_of_rights_interrupts_still_comes_out_right(stage: World) -> None:
    for _ in range(6):
        stage.submit("north", marking=amber(groups=("ring",)))
    south = reader(stage)
    in_ring("join", "south")
    south.read(size=1, pages=2)
    in_ring("leave", "south")
    south.read(size=1, pages=1)
    in_ring("join", "south")
    stage.submit("far", marking=amber(groups=("ring",)))
    south.read(size=2)
    assert south.agrees()


def test_a_member_that_was_suspended_finds_what_its_new_rights_give(stage: World) -> None:
    south = reader(stage)
    stage.submit("north")
    stage.submit("north", marking=amber("south"))
    own = stage.submit("south")
    south.read()
    with db.transaction() as session:
        network.suspend(session, "south", by=None)
    assert stage.client.get("/v1/changes", headers=stage.auth("south")).status_code in (401, 403)
    with db.transaction() as session:
        network.resume(session, "south", past=False, by=None)
    south.read()
    assert south.agrees()
    assert set(south.held) == {own}


def test_red_of_a_colleague_is_never_told_and_what_becomes_red_is_lost(stage: World) -> None:
    ada, ben = (
        Reader(stage, signed_in("ada", "north", "focal_point")),
        Reader(stage, signed_in("ben", "north", "analyst")),
    )
    red = {"tlp": "RED", "attribution": "named"}

    def handed(number: int, marking: dict[str, Any]) -> str:
        answer = stage.client.post("/v1/reports", json=report(number=number, marking=marking), headers=ada.headers)
        return str(answer.json()["reference"])

    mine, ours = handed(1, red), handed(2, GREEN)
    assert {name for _, name in ada.read()} == {mine, ours}
    assert ben.read() == [("given", ours)]
    path = f"/v1/reports/{ours}/marking"
    assert stage.client.put(path, json={"marking": red}, headers=ada.headers).status_code == 200
    assert ben.read() == [("lost", ours)]
    assert ada.read() == [("given", ours)]
    late = Reader(stage, signed_in("cem", "north", "analyst"))
    assert late.read() == [], "who came later never had it"


def test_an_embargo_that_ends_gives_the_report_as_one_that_is_new(stage: World) -> None:
    south, north = reader(stage), reader(stage, "north")
    hidden = stage.submit("north", marking=GREEN | {"embargo_until": "2026-11-02T00:00:00Z"})
    later = stage.submit("north")
    assert south.read() == [("given", later)]
    assert {name for _, name in north.read()} == {hidden, later}
    with db.transaction() as session, clock.at(clock.read("2026-11-02T00:00:01+00:00")):
        reports.remarkings_due(session, clock.now())
    assert south.read() == [("given", hidden)]
    fresh = reader(stage)
    assert [name for _, name in fresh.read()] == [later, hidden], "in the order in which they were received"


def test_a_new_file_and_one_taken_away_give_the_report_anew_to_whoever_sees_it(stage: World) -> None:
    seen, hidden = stage.submit("north"), stage.submit("north", marking=amber())
    south, far = reader(stage), reader(stage, "far")
    south.read()
    far.read()
    for reference in (seen, hidden):
        stage.attach("north", reference, b"A note about lorries.")
    assert south.read() == [], "until there is a copy, others are given nothing"
    stage.settle()
    page = south.page()["changes"]
    assert [(one["change"], one["reference"]) for one in page] == [("given", seen)]
    (file,) = page[0]["attachments"]
    assert (file["state"], file["mine"], file["digest"] is not None) == ("ready", False, True)
    assert south.read() == [("given", seen)]
    gone = stage.client.delete(f"/v1/reports/{seen}/attachments/{file['reference']}", headers=stage.auth("north"))
    assert gone.status_code == 204
    assert south.page()["changes"][0]["attachments"] == []
    assert south.read() == [("given", seen)]
    assert far.read() == [("given", seen)]


@pytest.mark.one_kind
def test_a_cursor_is_its_readers_alone_and_its_length_and_text_tell_nothing(stage: World) -> None:
    south, far = reader(stage), reader(stage, "far")
    first = south.page()["cursor"]
    for _ in range(30):
        stage.submit("north", marking=amber("far"))
    second = south.page()["cursor"]
    assert len(first) == len(second)
    assert first != second != south.page()["cursor"]
    far.cursor = second
    answer = stage.client.get("/v1/changes", params={"cursor": second}, headers=far.headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/docs/problems#bad-cursor")
    for wrong in ("x", "", second[:-4], second[4:]):
        assert stage.client.get("/v1/changes", params={"cursor": wrong}, headers=south.headers).status_code == 400


@pytest.mark.one_kind
def test_what_it_gives_is_on_record_and_a_page_that_gives_nothing_writes_nothing(stage: World) -> None:
    one = stage.submit("north", marking=amber("south"))
    south = reader(stage)
    south.read()
    seen = stage.get("north", f"/v1/reports/{one}/disclosures")
    assert [who["organisation"] for who in seen["organisations"]] == ["south"]
    before = rows()
    assert south.read() == []
    assert rows() == before


def test_a_test_key_is_given_tests_alone(stage: World) -> None:
    stage.submit("north")
    test = stage.submit("north", status="test")
    with db.transaction() as session:
        new = network.NewKey(name="try", organisation="south", scopes=["reports:read"], kind="test")
        key = network.issue(session, new, by=None)[1]
    trial = Reader(stage, {"Authorization": f"Bearer {key}"})
    assert trial.read() == [("given", test)]


def test_what_a_revoked_key_was_given_is_forgotten(stage: World) -> None:
    stage.submit("north")
    reader(stage).read()
    reader(stage, "far").read()
    assert rows()["feed_given"] == 2
    prefix = stage.keys["south"].split("_")[1].split(".")[0]
    with db.transaction() as session:
        network.revoke(session, prefix, by=None)
        assert forget_feeds(session) == 1
    assert rows()["feed_given"] == 1


@pytest.mark.one_kind
def test_the_answer_holds_no_number_of_ours(stage: World) -> None:
    stage.submit("north")
    page = reader(stage).page()
    assert set(page) == {"changes", "cursor", "more"}
    assert set(page["changes"][0]) == {"change", "reference", "report", "attachments"}
    assert '"id"' not in json.dumps(page)


def test_pages_of_one_leave_nothing_out_and_repeat_at_most_what_happened_again(stage: World) -> None:
    names = [stage.submit("north") for _ in range(3)]
    south, wide = reader(stage), reader(stage)
    south.read(), wide.read()
    revise(stage, "north", names[0], title="A second title")
    revise(stage, "north", names[1], title="Another title")
    mark(stage, "north", names[2], amber("far"))
    revise(stage, "north", names[0], title="A third title")
    gone = ("lost", names[2])
    assert wide.read() == [("given", names[0]), ("given", names[1]), gone]
    assert south.read(size=1, pages=1) == [("given", names[0])]
    assert south.held[names[0]]["title"] == "A third title"
    revise(stage, "north", names[0], title="A fourth title")
    told = south.read(size=1)
    assert told[:2] == [("given", names[1]), gone]
    assert 1 <= told.count(("given", names[0])) <= 2
    assert told.count(gone) == 1
    assert south.held[names[0]]["title"] == "A fourth title"
    assert south.agrees()
    assert south.read(size=1) == []
