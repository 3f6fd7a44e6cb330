"""Who would see this: exactly those whom the policy then lets see it, named as far as the asker may know them."""

from typing import Any

import pytest
from hypothesis import given, settings
from sqlmodel import select

from services import network
from services.kernel import db
from services.network import Audience, AudienceRow, Tlp
from services.network.policy import generation_of
from tests.emptying import empty
from tests.network.parties import form, found, mark, stamped, viewer
from tests.network.test_sight import EXAMPLES, GROUPS, PARENTS, play, stories
from tests.persons import signed_in
from tests.reports.rows import rows
from tests.world import World, amber

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.mark.both_kinds
@given(story=stories)
@settings(max_examples=EXAMPLES)
def test_sight_is_the_policy_turned_round(database: str, story: list[tuple]) -> None:
    empty(network_too=True)
    found(PARENTS)
    for one in GROUPS:
        form(one)
    for step in story:
        if step[0] == "mark":
            mark(*step[1:])
        else:
            play(step)
    with db.reading() as session:
        known = network.directory(session)
        audiences = stamped(session)
        held = {row.key: row for row in session.exec(select(AudienceRow)).all()}
        for key, audience in audiences.items():
            marking = network.marking_of(held[key])
            told = network.sight(known, marking, audience)
            by = {one.organisation for one in told.organisations}
            for slug, party in known.slugs.items():
                seen = key in network.visible(session, viewer(session, slug, person=False))
                person = viewer(session, slug, person=True)
                seen_by_person = key in network.visible(session, person)
                assert seen == (party in by), (slug, marking)
                named = person.member_id in told.persons if marking.tlp is Tlp.RED else party in by
                assert seen_by_person == named, (slug, marking)
            # What would be seen if it were marked so now is what is seen of it once it is.
            again = network.would_see(known, marking)
            now = Audience(audience.reach, max(audience.generation, generation_of(known, marking)))
            assert again == network.sight(known, marking, now)


@pytest.fixture
def desk(world: World) -> World:
    for slug, kind, more in (
        ("north", "state", {}), ("south", "state", {}), ("harbour", "state", {"parent": "south"}),
        ("office", "secretariat", {}), ("shy", "civil_society", {"hidden": True}), ("far", "state", {}),
    ):  # fmt: skip
        world.enrol(slug, kind, **more)
    world.group("ring", "north", "far", "shy")
    world.group("pair", "south", "far")
    return world


def ask(world: World, who: dict[str, str], marking: dict[str, Any]) -> dict[str, Any]:
    answer = world.client.post("/v1/markings/readers", json={"marking": marking}, headers=who)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def reasons(told: dict[str, Any]) -> dict[str, list[str]]:
    return {one["slug"]: one["by"] for one in told["organisations"]}


@pytest.mark.both_kinds
def test_trying_out_says_who_and_why_and_stores_nothing(desk: World) -> None:
    before = rows()
    told = ask(desk, desk.auth("north"), amber("south", "office", groups=("ring",)))
    assert reasons(told) == {
        "north": ["group:ring", "own"], "south": ["name"], "harbour": ["parent:south"], "office": ["name"],
        "far": ["group:ring"], "shy": ["group:ring"],
    }  # fmt: skip
    assert (told["everybody"], told["persons"], told["unlisted"], told["trace"]) == (False, [], True, [])
    assert rows() == before


def test_each_other_label_says_who_gains_and_who_loses(desk: World) -> None:
    told = ask(desk, desk.auth("north"), amber("south"))
    changes = {one["tlp"]: (one["everybody"], one["gains"], one["loses"]) for one in told["changes"]}
    assert changes == {
        "CLEAR": (True, ["far", "office", "shy"], []),
        "GREEN": (False, ["far", "office", "shy"], []),
        "AMBER+STRICT": (False, [], ["harbour"]),
        "RED": (False, [], ["harbour", "north", "south"]),
    }


def test_what_it_tells_is_what_get_then_says(desk: World) -> None:
    for marking in (GREEN, amber("south"), amber("south", strict=True), amber(groups=("ring",)), amber()):
        told = reasons(ask(desk, desk.auth("north"), marking))
        reference = desk.submit("north", marking=marking)
        can = {slug for slug in desk.keys if desk.raw(slug, f"/v1/reports/{reference}").status_code == 200}
        assert can == told.keys()
        after = desk.get("north", f"/v1/reports/{reference}/readers")
        assert reasons(after) == told


def test_under_embargo_its_owner_alone_is_told_now_and_the_rest_from_its_date(desk: World) -> None:
    lift = "2026-12-01T00:00:00Z"
    held = amber("south") | {"embargo_until": lift, "review_at": "2027-01-01T00:00:00Z", "review_to": GREEN}
    open_ = desk.submit("north", marking=GREEN)
    path = f"/v1/reports/{open_}"
    marked = desk.client.put(
        f"{path}/marking", json={"marking": held}, params={"dry_run": True}, headers=desk.auth("north")
    ).json()
    assert "far" in reasons(marked["before"])
    closed = desk.submit("north", marking=held)
    for told in (
        marked["after"],
        ask(desk, desk.auth("north"), held),
        desk.get("north", f"/v1/reports/{closed}/readers"),
    ):
        assert reasons(told) == {"north": ["own"]}
        assert (told["everybody"], told["changes"]) == (False, [])
        first, then = told["then"]
        assert (first["at"], first["why"]) == (lift, "embargo")
        assert reasons(first["readers"]) == {"north": ["own"], "south": ["name"], "harbour": ["parent:south"]}
        assert (then["why"], "far" in reasons(then["readers"])) == ("review", True)


def test_a_hidden_member_is_named_to_nobody_far_from_it(desk: World) -> None:
    answers = [ask(desk, desk.auth("south"), one) for one in (GREEN, amber(groups=("ring",)))]
    for told in answers:
        assert "shy" not in str(told)
        assert told["unlisted"]
    assert "shy" in str(ask(desk, desk.auth("far"), GREEN))


def test_groups_of_others_are_told_to_their_members_only(desk: World) -> None:
    told = reasons(ask(desk, desk.auth("south"), amber(groups=("ring", "pair"))))
    assert told["far"] == ["group:pair"]


@pytest.mark.both_kinds
def test_red_that_no_analyst_sees_is_said_to_be_unworked(desk: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    signed_in("ann", "office", "analyst")
    signed_in("bob", "south", "focal_point")
    alone = ask(desk, ada, {"tlp": "RED", "attribution": "named", "persons": ["bob"]})
    assert (alone["persons"], alone["organisations"], alone["unworked"], alone["unlisted"]) == (
        ["ada", "bob"], [], True, False,
    )  # fmt: skip
    worked = ask(desk, ada, {"tlp": "RED", "attribution": "named", "persons": ["ann"]})
    assert (worked["persons"], worked["unworked"]) == (["ada", "ann"], False)


@pytest.mark.both_kinds
def test_whether_a_person_of_another_body_is_an_analyst_is_not_to_be_learned(desk: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    for login, slug, role in (
        ("bob", "south", "focal_point"),
        ("bea", "south", "analyst"),
        ("abe", "north", "analyst"),
    ):
        signed_in(login, slug, role)
    told = {
        login: ask(desk, ada, {"tlp": "RED", "attribution": "named", "persons": [login]})["unworked"]
        for login in ("bob", "bea", "abe")
    }
    assert told == {"bob": True, "bea": True, "abe": False}


def test_what_a_submission_would_be_refused_for_is_refused_when_tried_out(desk: World) -> None:
    answer = desk.client.post("/v1/markings/readers", json={"marking": amber("nobody")}, headers=desk.auth("north"))
    assert (answer.status_code, answer.json()["field"]) == (422, "marking.organisations")
    reading = {"Authorization": f"Bearer {desk.key('north', ['reports:read'])}"}
    refused = desk.client.post("/v1/markings/readers", json={"marking": GREEN}, headers=reading)
    assert refused.status_code == 403


def test_nobody_else_is_told_who_reads_a_report(desk: World) -> None:
    reference = desk.submit("north", marking=amber("south"))
    assert desk.raw("south", f"/v1/reports/{reference}/readers").status_code == 403
    hidden = desk.raw("far", f"/v1/reports/{reference}/readers")
    missing = desk.raw("far", "/v1/reports/EWN-0000-0000-0000/readers")
    assert (hidden.status_code, hidden.content) == (404, missing.content)
