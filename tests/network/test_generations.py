"""Stories of joining and leaving: who reads which past, and that leaving ends access to everything."""

import pytest

from services import network
from services.kernel import db
from tests.world import World, amber

pytestmark = pytest.mark.one_kind


def join(group: str, slug: str, *, past: bool) -> None:
    with db.transaction() as session:
        network.edit_group(session, group, network.EditGroup(past=past), by=None)
        network.join(session, group, slug, by=None)


def leave(group: str, slug: str) -> None:
    with db.transaction() as session:
        network.leave(session, group, slug, by=None)


def suspend(slug: str) -> None:
    with db.transaction() as session:
        network.suspend(session, slug, by=None)


def resume(slug: str, *, past: bool) -> None:
    with db.transaction() as session:
        network.resume(session, slug, by=None, past=past)


def reads(world: World, slug: str) -> set[str]:
    """The references of all that an organisation's key sees."""
    return {one["reference"] for one in world.get(slug, "/v1/reports", size=200)["reports"]}


def test_leaving_a_group_ends_access_to_all_it_was_told(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring", "north", "south")
    told = world.submit("north", marking=amber(groups=("ring",)))
    assert reads(world, "south") == {told}
    leave("ring", "south")
    assert reads(world, "south") == set()
    assert world.raw("south", f"/v1/reports/{told}").status_code == 404


def test_who_rejoins_without_the_past_reads_only_what_comes_after(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring", "north", "south")
    world.submit("north", marking=amber(groups=("ring",)))
    leave("ring", "south")
    world.submit("north", marking=amber(groups=("ring",)))
    join("ring", "south", past=False)
    after = world.submit("north", marking=amber(groups=("ring",)))
    assert reads(world, "south") == {after}


def test_who_rejoins_with_the_past_reads_all_of_it(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring", "north", "south")
    first = world.submit("north", marking=amber(groups=("ring",)))
    leave("ring", "south")
    second = world.submit("north", marking=amber(groups=("ring",)))
    join("ring", "south", past=True)
    assert reads(world, "south") == {first, second}


def test_a_newcomer_to_the_network_may_still_be_given_a_groups_past(world: World) -> None:
    world.enrol("north")
    world.group("ring", "north")
    told = world.submit("north", marking=amber(groups=("ring",)))
    world.submit("north")
    world.enrol("south", past=False)
    join("ring", "south", past=True)
    assert reads(world, "south") == {told}


def test_amber_reaches_the_child_organisation_and_strict_does_not(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.enrol("harbour", parent="south")
    wide = world.submit("north", marking=amber("south"))
    world.submit("north", marking=amber("south", strict=True))
    assert reads(world, "harbour") == {wide}


@pytest.mark.both_kinds
def test_a_child_reads_what_the_groups_of_its_parent_are_told(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.enrol("harbour", parent="south")
    world.group("ring", "north", "south")
    told = world.submit("north", marking=amber(groups=("ring",)))
    assert reads(world, "harbour") == {told}
    leave("ring", "south")
    assert reads(world, "harbour") == set()


def test_a_parent_does_not_read_what_its_child_is_told(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.enrol("harbour", parent="south")
    world.submit("north", marking=amber("harbour"))
    assert reads(world, "south") == set()


@pytest.mark.both_kinds
def test_a_child_enrolled_without_the_past_reads_what_its_parent_is_told_next(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.submit("north", marking=amber("south"))
    world.enrol("harbour", parent="south", past=False)
    after = world.submit("north", marking=amber("south"))
    assert reads(world, "harbour") == {after}


def test_an_empty_group_means_nobody_but_the_originator(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring")
    told = world.submit("north", marking=amber(groups=("ring",)))
    assert (reads(world, "north"), reads(world, "south")) == ({told}, set())


def test_no_recipient_means_nobody_but_the_originator(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    told = world.submit("north", marking=amber())
    assert (reads(world, "north"), reads(world, "south")) == ({told}, set())


@pytest.mark.both_kinds
def test_a_suspended_organisation_sees_nothing_from_that_moment(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.enrol("harbour", parent="south")
    world.submit("north", marking=amber("south"))
    assert reads(world, "harbour")
    suspend("south")
    assert world.raw("south", "/v1/reports").status_code == 401
    assert reads(world, "harbour") == set(), "who is suspended passes nothing on"


def test_who_returns_with_the_past_reads_all_again(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    told = {world.submit("north"), world.submit("north", marking=amber("south"))}
    suspend("south")
    resume("south", past=True)
    assert reads(world, "south") == told


@pytest.mark.both_kinds
def test_who_returns_without_the_past_reads_its_own_and_what_comes_after(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring", "north", "south")
    for marking in (amber("south"), amber(groups=("ring",)), {"tlp": "GREEN", "attribution": "named"}):
        world.submit("north", marking=marking)
    own = world.submit("south", marking=amber("north"))
    suspend("south")
    resume("south", past=False)
    after = {
        world.submit("north", marking=marking)
        for marking in (amber("south"), amber(groups=("ring",)), {"tlp": "GREEN", "attribution": "named"})
    }
    assert reads(world, "south") == {own, *after}


def test_what_is_clear_is_read_by_who_came_without_the_past(world: World) -> None:
    world.enrol("north")
    told = world.submit("north", marking={"tlp": "CLEAR", "attribution": "named"})
    world.submit("north")
    world.enrol("south", past=False)
    assert reads(world, "south") == {told}


def test_a_change_in_one_group_starts_no_new_audience_elsewhere(world: World) -> None:
    world.enrol("north")
    world.enrol("south")
    world.group("ring", "north")
    world.group("pair", "north")
    world.submit("north", marking=amber(groups=("ring",)))
    join("pair", "south", past=False)
    world.submit("north", marking=amber(groups=("ring",)))
    with db.reading() as session:
        assert len(network.visible(session, network.Caller(1))) == 1
