"""What was withdrawn or narrowed since an edition was frozen leaves its counts, exactly, and nothing else moves."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from services import digests, network
from services.digests import service
from services.digests.freezing import Gathered, freeze, gather
from services.digests.models import Block, Edition, Rendering
from services.digests.rights import reader
from services.digests.viewing import counted
from services.kernel import db
from services.network import Caller
from services.reports import Report
from tests.digests.test_editions import BODY, NOVEMBER, november, overview, read, send
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

Sums = dict[tuple[str, str, str, str], int]


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def frozen(world: World) -> str:
    """The edition of November, of all that was sent so far."""
    world.settle()
    return november(world)


def raw(world: World, slug: str, edition: str) -> bytes:
    return world.raw(slug, f"/v1/digests/{edition}/document.json").content


def sums_of(caller: Caller, edition: str) -> Sums:
    """What an edition counts for a caller, but for what is zero."""
    with db.reading() as session:
        facts = service.facts_of(session, service.find(session, caller, edition))
        rights = service.rendered(session, caller, edition, "en").rights
        return {key: value for key, value in counted(facts, reader(rights)).sums.items() if value}


def caller_of(slug: str) -> Caller:
    with db.reading() as session:
        return Caller(network.directory(session).slugs[slug], key_id=1, scopes=frozenset({"digests:read"}))


def told(world: World, slug: str, edition: str) -> tuple[int, int, int]:
    """Reports received, incidents they tell of, and deaths in the whole region, as one reader gets them."""
    top = overview(read(world, slug, edition))
    deaths = sums_of(caller_of(slug), edition).get(("armed-violence-deaths", "actual", "CA", "2026-11-01"), 0)
    return top["Reports received in the period"], top["Incidents of the period"], deaths


def revise(world: World, slug: str, reference: str, **changed: Any) -> None:
    assert send(world, slug, f"/v1/reports/{reference}", report() | BODY | changed, "PUT") == 200


def take_back(world: World, slug: str, reference: str, how: str) -> None:
    if how == "narrowed":
        revise(world, slug, reference, marking=amber(), figures={"killed": 50})
    else:
        assert send(world, slug, f"/v1/reports/{reference}/withdrawal", {"reason": "mistaken"}) == 204


@pytest.mark.both_kinds
@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("how", ["withdrawn", "narrowed"])
def test_counts_fall_by_what_was_taken_back_and_no_later_revision_shows(
    parties: World, how: str, settled: bool
) -> None:
    other = parties.submit("north", **BODY, figures={"killed": 2})
    gone = parties.submit("far", **BODY, figures={"killed": 4})
    parties.submit("north", **BODY, marking=amber("south"), figures={"killed": 1})
    edition = frozen(parties)
    assert [told(parties, slug, edition) for slug in ("south", "far")] == [(3, 3, 7), (2, 2, 6)]
    revise(parties, "north", other, figures={"killed": 90}, place="TJ")
    if settled:
        parties.settle()
    take_back(parties, "far", gone, how)
    if settled:
        parties.settle()
    assert told(parties, "south", edition) == (2, 2, 3)
    assert told(parties, "far", edition) == ((2, 2, 6) if how == "narrowed" else (1, 1, 2))


def test_a_narrowed_report_changes_no_count_of_whoever_keeps_it(parties: World) -> None:
    kept = parties.submit("north", **BODY, figures={"killed": 4})
    edition = frozen(parties)
    before = sums_of(caller_of("far"), edition)
    revise(parties, "north", kept, marking=amber("far"), figures={"killed": 9})
    parties.settle()
    assert (sums_of(caller_of("far"), edition), told(parties, "far", edition)) == (before, (1, 1, 4))
    assert told(parties, "south", edition) == (0, 0, 0)


@pytest.mark.parametrize("how", ["withdrawn", "narrowed"])
def test_an_incident_told_under_two_markings_counts_once_when_one_is_taken_back(parties: World, how: str) -> None:
    same = report() | BODY
    first = parties.post("north", same | {"figures": {"killed": 5}}).json()["reference"]
    parties.post("far", same | {"figures": {"killed": 3}, "marking": amber("south")})
    edition = frozen(parties)
    assert told(parties, "south", edition) == (2, 1, 5)
    take_back(parties, "north", first, how)
    parties.settle()
    assert told(parties, "south", edition) == (1, 1, 3)


def joined(world: World) -> str:
    """Two reports that a third joins to one incident; the reference of that."""
    words = [f"lorem{n * n}dolor" for n in range(32)]
    ends = [f"ante{n}x" for n in range(8)] + words[8:], words[:-8] + [f"post{n}y" for n in range(8)]
    one, two, middle = (report() | BODY | {"title": "A note", "text": " ".join(text)} for text in (*ends, words))
    world.post("north", one)
    world.post("north", two)
    return str(world.post("far", middle).json()["reference"])


@pytest.mark.both_kinds
def test_a_report_that_came_after_the_cut_off_joins_nothing_in_the_counts(parties: World) -> None:
    late = joined(parties)
    parties.settle()
    with db.transaction() as session:
        row = session.exec(select(Report).where(Report.reference == late)).one()
        row.received_at = NOVEMBER + timedelta(seconds=1)
        session.add(row)
    edition = november(parties)
    assert told(parties, "south", edition)[:2] == (2, 2)
    take_back(parties, "far", late, "withdrawn")
    parties.settle()
    assert told(parties, "south", edition)[:2] == (2, 2)


@pytest.mark.both_kinds
def test_a_report_that_joined_two_others_leaves_them_apart(parties: World) -> None:
    gone = joined(parties)
    edition = frozen(parties)
    assert told(parties, "south", edition)[:2] == (3, 1)
    take_back(parties, "far", gone, "withdrawn")
    assert told(parties, "south", edition)[:2] == (2, 2)
    parties.settle()
    assert told(parties, "south", edition)[:2] == (2, 2)


def test_what_was_not_counted_yet_when_frozen_is_not_taken_out(parties: World) -> None:
    parties.submit("north", **BODY, figures={"killed": 2})
    parties.settle()
    gone = parties.submit("far", **BODY, figures={"killed": 4})
    edition = november(parties)
    assert told(parties, "south", edition) == (2, 1, 2)
    parties.settle()
    take_back(parties, "far", gone, "withdrawn")
    parties.settle()
    assert told(parties, "south", edition) == (1, 1, 2)


def test_each_edition_gives_back_what_it_counted_itself(parties: World) -> None:
    one = parties.submit("north", **BODY, figures={"killed": 2})
    first = frozen(parties)
    for killed in (3, 4):
        revise(parties, "north", one, figures={"killed": killed})
        parties.settle()
    parties.client.post(
        "/v1/digests", json={"schedule": "monthly-bulletin", "day": "2026-11-01"}, headers=parties.auth("south")
    )
    second = next(x["reference"] for x in parties.get("south", "/v1/digests") if x["reference"] != first)
    assert [told(parties, "south", one)[2] for one in (first, second)] == [2, 4]
    take_back(parties, "north", one, "withdrawn")
    parties.settle()
    assert [sums_of(caller_of("south"), one) for one in (first, second)] == [{}, {}]


@pytest.mark.both_kinds
def test_what_is_counted_anew_while_an_edition_is_being_frozen_waits_for_it(parties: World) -> None:
    one = parties.submit("north", **BODY, figures={"killed": 2})
    parties.settle()
    revise(parties, "north", one, figures={"killed": 90})
    counting = threading.Thread(target=parties.settle)
    with db.transaction() as session:
        schedule = digests.schedules()["monthly-bulletin"]
        edition = freeze(session, schedule, digests.period(schedule, date(2026, 11, 1)), cut_off=NOVEMBER).reference
        counting.start()
        counting.join(timeout=1)  # time enough to be counted too early, if it could
    counting.join(timeout=60)
    assert told(parties, "south", edition) == (1, 1, 2)
    take_back(parties, "north", one, "withdrawn")
    parties.settle()
    assert sums_of(caller_of("south"), edition) == {}


def test_others_write_while_an_edition_is_read_and_none_of_it_is_in_it(
    parties: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = parties.submit("north", **BODY, figures={"killed": 2})
    parties.settle()

    def meanwhile(session: Session, *given: Any, **more: Any) -> Gathered:
        revise(parties, "north", one, figures={"killed": 90})
        parties.submit("far", **BODY)
        parties.settle()
        return gather(session, *given, **more)

    with monkeypatch.context() as slow:
        slow.setattr(service, "gather", meanwhile)
        edition = november(parties)
    assert told(parties, "south", edition) == (1, 1, 2)
    take_back(parties, "north", one, "withdrawn")
    parties.settle()
    assert sums_of(caller_of("south"), edition) == {}


def test_origins_of_the_counts_whose_attribution_is_withheld_since_are_one_together(parties: World) -> None:
    told = {slug: parties.submit(slug, **BODY) for slug in ("north", "far")}
    parties.submit("south", **BODY)
    edition = frozen(parties)
    assert overview(read(parties, "south", edition))["Independent origins of the reports received"] == 3
    for slug, one in told.items():
        revise(parties, slug, one, marking={"tlp": "GREEN", "attribution": "withheld"})
    parties.settle()
    top = overview(read(parties, "south", edition))
    assert (top["Reports received in the period"], top["Independent origins of the reports received"]) == (3, 2)


def test_whoever_gained_sight_since_reads_what_was_frozen_for_it(parties: World) -> None:
    parties.group("ring", "north")
    parties.submit("north", **BODY, marking=amber(groups=("ring",)), figures={"killed": 4})
    edition = frozen(parties)
    assert told(parties, "south", edition) == (0, 0, 0)
    with db.transaction() as session:
        network.edit_group(session, "ring", network.EditGroup(past=True), by=None)
        network.join(session, "ring", "south", by=None)
    assert told(parties, "south", edition) == (1, 1, 4)


@pytest.mark.both_kinds
def test_the_same_rights_and_language_give_the_same_bytes_and_one_record(parties: World) -> None:
    gone = parties.submit("north", **BODY)
    parties.submit("far", **BODY)
    edition = frozen(parties)
    take_back(parties, "north", gone, "withdrawn")
    first = raw(parties, "south", edition)
    parties.settle()
    assert raw(parties, "south", edition) == first
    with db.reading() as session:
        (kept,) = session.exec(select(Rendering)).all()
        again = digests.as_json(digests.again(session, edition, kept.hash))
        row = session.exec(select(Edition)).one()
    assert (again, service.salted(row.salt, again)) == (read(parties, "south", edition), kept.document)
    assert kept.hash == service.salted(row.salt, kept.rights)


def test_a_rendering_on_record_is_made_again_as_it_was_after_more_was_taken_back(parties: World) -> None:
    gone = parties.submit("north", **BODY)
    edition = frozen(parties)
    first = read(parties, "south", edition)
    take_back(parties, "north", gone, "withdrawn")
    parties.settle()
    assert read(parties, "south", edition) != first
    with db.reading() as session:
        kept = session.exec(select(Rendering)).all()
        made = [digests.as_json(digests.again(session, edition, one.hash)) for one in kept]
    assert len(kept) == 2
    assert first in made


@pytest.mark.both_kinds
def test_taking_back_leaves_every_block_whole_and_a_changed_or_missing_one_is_named(parties: World) -> None:
    gone = parties.submit("north", **BODY)
    edition = frozen(parties)
    take_back(parties, "north", gone, "withdrawn")
    parties.settle()
    read(parties, "south", edition)
    with db.transaction() as session:
        assert set(digests.verify(session, edition).values()) == {"whole"}
        held = {one.kind: one for one in session.exec(select(Block)).all()}
        held["received"].body = []
        session.delete(held["links"])
        session.flush()
        states = digests.verify(session, edition)
        assert {key for key, one in states.items() if one != "whole"} == {held["received"].hash, held["links"].hash}
        assert (states[held["received"].hash], states[held["links"].hash]) == ("differs", "missing")
