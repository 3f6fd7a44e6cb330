"""What comes into force is used at once for what is new, and for the past in its turn, whoever is killed meanwhile."""

from typing import Any

import pytest
from sqlmodel import select

from services import definitions, tagging
from services.definitions import running
from services.definitions.models import DefinitionRun
from services.indicators import Cell, being_retagged
from services.indicators.catalogue import catalogue
from services.kernel import clock, db
from services.kernel.errors import Stale
from services.kernel.events import Outbox
from services.reports import Report
from services.tagging import TagRow
from tests.definitions.making import CODE, FIRST, WORD, Office, changed, retag
from tests.digests.test_editions import november
from tests.world import World, amber
from workers.handler import run
from workers.recount import recount
from workers.relay import QUEUED, _in_turn

TELLING = f"Officials told of a {WORD} at the ministry"
GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def submit(office: Office, text: str, **more: Any) -> str:
    return office.world.submit("north", title="A note", text=f"{text}, number {office.world.sent}.", themes=[], **more)


def themes(office: Office, reference: str, slug: str = "north") -> dict[str, str]:
    """The themes of a report with the version that gave each."""
    tags = office.world.get(slug, f"/v1/reports/{reference}")["tags"]
    return {one["value"]: one["version"] for one in tags if one["scheme"] == "theme"}


def stored() -> list[tuple[Any, ...]]:
    """All tags and all counts."""
    with db.reading() as session:
        tags = session.exec(select(TagRow)).all()
        cells = session.exec(select(Cell).where(Cell.value != 0)).all()
    kept = [(one.report_id, one.scheme, one.value, one.method, str(one.spans), one.version) for one in tags]
    return [
        *sorted(kept),
        *sorted((one.indicator, one.place, str(one.bucket), one.audience_id, one.value) for one in cells),
    ]


def test_live_reports_are_tagged_by_a_new_version_at_once_and_a_plan_of_before_is_stale(office: Office) -> None:
    before = submit(office, TELLING)
    office.world.settle()
    assert themes(office, before) == {}
    waiting = submit(office, TELLING)
    with db.reading() as session:
        key = session.exec(select(Report.id).where(Report.reference == waiting)).one()
        planned = tagging.plan(session, [key])
        held = definitions.wording(session)
        assert definitions.wording(session) is held, "made once, and not for every batch"
    office.put_in_force(changed())
    with pytest.raises(Stale), db.transaction() as session:
        tagging.write(session, planned)
    after = submit(office, TELLING)
    office.world.settle()
    assert themes(office, waiting) == themes(office, after) == {CODE: f"{CODE}-{FIRST + 1}"}
    assert themes(office, before) == {}, "the past comes in its turn"
    retag(office.world)
    assert themes(office, before) == {CODE: f"{CODE}-{FIRST + 1}"}
    with db.reading() as session:
        assert [one.themes for one in (definitions.wording(session), definitions.wording(session))].count(
            held.themes
        ) == 0
    office.done("POST", f"/{CODE}/versions/{FIRST}/rollback")
    retag(office.world)
    assert themes(office, before) == themes(office, after) == {}


def test_a_run_that_is_cut_goes_on_where_it_stopped_and_gives_what_tagging_all_anew_gives(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 4)
    told = [submit(office, TELLING if n % 2 else "Nothing of note was seen at the bridge") for n in range(10)]
    office.world.settle()
    office.put_in_force(changed())
    with pytest.raises(RuntimeError), db.transaction() as session:  # the clock is killed while it hands on
        definitions.hand_on(session, at=clock.now())
        raise RuntimeError
    definitions.retag_once(at=clock.now())
    with db.reading() as session:
        rows = session.exec(select(Outbox).where(Outbox.reaction == "retag").order_by(Outbox.id)).all()
        assert session.exec(select(DefinitionRun)).one().reached == 4
    assert [row.subject_id for row in rows] == [1, 2, 3, 4], "what was undone with the clock is handed on again"
    run("retag", [rows[0].key])  # the worker is killed after the first: the rows stay, and are not handed on twice
    definitions.retag_once(at=clock.now())
    with db.reading() as session:
        assert len(session.exec(select(Outbox).where(Outbox.reaction == "retag")).all()) == 3
    assert retag(office.world) >= 3
    assert [bool(themes(office, one)) for one in told] == [bool(n % 2) for n in range(10)]
    done = stored()
    recount(retag=True)
    office.world.settle()
    assert stored() == done
    with db.reading() as session:
        ended = session.exec(select(DefinitionRun)).one()
    assert (ended.ended_at is not None, ended.superseded) == (True, False)


@pytest.mark.one_kind
def test_a_later_version_takes_the_place_of_a_run_that_is_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    told = [submit(office, TELLING) for _ in range(5)]
    office.world.settle()
    office.put_in_force(changed())
    definitions.retag_once(at=clock.now())
    office.world.settle()
    assert office.put_in_force(changed(purpose="See attacks on systems, and quarks.")) == FIRST + 2
    retag(office.world)
    assert {themes(office, one)[CODE] for one in told} == {f"{CODE}-{FIRST + 2}"}
    with db.reading() as session:
        runs = session.exec(select(DefinitionRun).order_by(DefinitionRun.id)).all()
    assert [(one.version, one.superseded, one.ended_at is not None) for one in runs] == [
        (FIRST + 1, True, True),
        (FIRST + 2, False, True),
    ]


@pytest.mark.one_kind
def test_a_series_says_how_far_it_is_of_what_its_reader_sees(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    shut = [True, False, False, True, False]
    for hidden in shut:
        submit(office, TELLING, marking=amber() if hidden else GREEN)
    office.world.settle()
    where = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31"}

    def told(slug: str, code: str) -> Any:
        found = office.world.get(slug, f"/v1/indicators/{code}/series", **where)["retagging"]
        return found and (found["definition"], found["version"], found["done"], found["total"])

    themed = next(one for one in catalogue() if CODE in one.themes)
    plain = next(one for one in catalogue() if one.source == "reports" and not one.themes)
    assert told("south", themed.code) is None
    office.put_in_force(changed())
    with db.reading() as session:
        assert being_retagged(session, themed)
        assert not being_retagged(session, plain)
    assert told("south", themed.code) == (CODE, FIRST + 1, 0, 3)
    assert told("north", themed.code) == (CODE, FIRST + 1, 0, 5)
    assert told("south", plain.code) is None
    definitions.retag_once(at=clock.now())
    assert told("south", themed.code) == (CODE, FIRST + 1, 0, 3), "handed on is not done"
    office.world.settle()
    assert told("south", themed.code) == (CODE, FIRST + 1, 1, 3)
    retag(office.world)
    assert told("south", themed.code) is None
    assert office.world.get("south", "/v1/definitions/retagging") is None


@pytest.mark.one_kind
def test_live_work_goes_before_the_past(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _in_turn(["tag", "retag"], QUEUED) == ["tag"]
    assert _in_turn(["retag"], QUEUED - 1) == []
    assert _in_turn(["retag"], QUEUED) == ["retag"]
    submit(office, TELLING)
    office.world.settle()
    office.put_in_force(changed())
    monkeypatch.setattr(running, "_ROOM", 0)
    submit(office, TELLING)  # waits
    definitions.retag_once(at=clock.now())
    with db.reading() as session:
        assert session.exec(select(Outbox).where(Outbox.reaction == "retag")).all() == []
    office.world.settle()
    retag(office.world)


@pytest.mark.one_kind
def test_an_own_definition_that_the_pack_no_longer_fits_leaves_tagging_to_the_packs(office: Office) -> None:
    office.put_in_force(changed())
    with db.transaction() as session:
        row = definitions.find(session, CODE)
        row.body = row.body | {"any": ["gone-from-the-pack"]}
    told = submit(office, "Hackers broke into the servers of the ministry in a phishing cyber attack")
    office.world.settle()
    assert themes(office, told) == {CODE: f"{CODE}-{FIRST}"}


@pytest.mark.one_kind
def test_an_edition_keeps_what_it_was_frozen_with(office: Office) -> None:
    words = "Hackers broke into the servers of the ministry in a phishing cyber attack"
    told = submit(office, words, occurred_from="2026-11-01", occurred_to="2026-11-01")
    office.world.settle()
    reference = november(office.world)
    before = office.world.get("north", f"/v1/digests/{reference}/document.json")
    assert CODE in str(before)
    body = changed(terms={"en": [WORD]}, weak={}, any=[], together=[], hints=[])
    body["examples"]["positive"] = [{"language": "en", "text": f"It was a {WORD}, number {n}."} for n in range(2)]
    office.put_in_force(body)
    retag(office.world)
    assert CODE not in themes(office, told)
    assert office.world.get("north", f"/v1/digests/{reference}/document.json") == before
