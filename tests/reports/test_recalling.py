"""An emergency recall: a withdrawal by the owner that leaves no word of the report anywhere."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import select

from services import digests, indicators, reports
from services.digests import erasing, service
from services.digests.freezing import freeze, gather, store
from services.digests.models import Block, Edition
from services.indicators.models import Cell
from services.kernel import clock, db, seals
from services.kernel.config import settings
from services.kernel.errors import Stale
from services.kernel.events import Outbox
from services.kernel.model import table
from services.reports import Report, recalling
from services.tagging import TagRow
from tests.digests.test_editions import BODY, NOVEMBER, november, overview, read
from tests.digests.test_taken_back import caller_of
from tests.persons import signed_in
from tests.world import TODAY, World, amber, report
from workers import schedule
from workers.handler import run

MARKERS = ("zebrafinch", "quokkatail", "axolotlnews", "seized_numbat", "918273", "wombatcode", "bilbynote")
NOTED = {"tlp": "GREEN", "attribution": "named", "handling": "H3", "handling_note": "Bilbynote only"}
WORDS: dict[str, Any] = {
    "title": "Zebrafinch seen at the bridge",
    "text": "Armed men attacked a post near the Quokkatail mill. Nobody knows more.",
    "source": {"kind": "relayed", "name": "Axolotlnews"},
    "figures": {"seized_numbat": 918273.0, "killed": 3},
    "marking": NOTED,
}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def recall(world: World, who: str | dict[str, str], reference: str, typed: str | None = None) -> Response:
    headers = world.auth(who) if isinstance(who, str) else who
    body = {"reference": reference if typed is None else typed, "reason": "A source is in danger."}
    return world.client.post(f"/v1/reports/{reference}/recall", json=body, headers=headers)


def receipt(world: World, slug: str, reference: str) -> dict[str, Any]:
    return dict(world.get(slug, f"/v1/reports/{reference}/receipt"))


def stored(configured: Path) -> Iterator[tuple[str, str]]:
    """All that the database holds: on SQLite its files, byte by byte; on PostgreSQL every row of every table."""
    if db.engine().dialect.name == "sqlite":
        for path in sorted(configured.glob("ewn.db*")):
            yield path.name, path.read_bytes().decode("utf-8", "replace").lower()
        return
    with db.reading() as session:
        tables = session.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars().all()
        for name in tables:
            for row in session.execute(text(f'select t::text from "{name}" t')).scalars():
                yield name, row.lower()


def told_in(configured: Path) -> set[tuple[str, str]]:
    """Where each marker still stands."""
    return {(where, marker) for where, held in stored(configured) for marker in MARKERS if marker in held}


def wash() -> None:
    """What the clock does each minute."""
    with db.transaction() as session:
        assert reports.wash_due(session, at=clock.now())


def formats(world: World, slug: str, edition: str) -> str:
    """An edition in each of its formats, as one text; the PDF as what it is made from is in the JSON."""
    found = []
    for language in ("en", "ru"):
        for kind in ("json", "html"):
            answer = world.raw(slug, f"/v1/digests/{edition}/document.{kind}", language=language)
            assert answer.status_code == 200
            found.append(answer.text)
        assert world.raw(slug, f"/v1/digests/{edition}/document.pdf", language=language).content[:4] == b"%PDF"
    return "\n".join(found).lower()


def whole_story(world: World) -> tuple[str, list[str]]:
    """A report with a revision, marked anew, frozen in two editions with others; its reference and the editions."""
    gone = world.post("north", report() | BODY | WORDS | {"own_reference": "N-1", "text": "Wombatcode, first."}).json()
    reference = str(gone["reference"])
    edit = report() | BODY | WORDS | {"source": {"kind": "relayed", "document": "Axolotlnews, page 4"}}
    sent = world.client.put(f"/v1/reports/{reference}", json=edit, headers=world.auth("north"))
    assert sent.status_code == 200
    world.submit("far", **BODY, figures={"killed": 2})
    world.settle()
    first = november(world)
    again = world.client.put(f"/v1/reports/{reference}", json=report() | BODY | WORDS, headers=world.auth("north"))
    assert again.status_code == 200
    world.settle()
    built = {"schedule": "monthly-bulletin", "day": "2026-11-01"}
    second = world.client.post("/v1/digests", json=built, headers=world.auth("south")).json()["reference"]
    return reference, [first, second]


def test_after_a_recall_no_word_of_the_report_is_stored_or_rendered(parties: World, configured: Path) -> None:
    reference, editions = whole_story(parties)
    before = [formats(parties, "south", one) for one in editions]
    assert all("zebrafinch" in one for one in before)
    assert {marker for _, marker in told_in(configured)} == set(MARKERS)
    assert recall(parties, "north", reference).status_code == 200
    parties.settle()
    wash()
    assert told_in(configured) == set()
    after = [formats(parties, "south", one) for one in editions]
    assert not [marker for marker in MARKERS for one in after if marker in one]
    for edition in editions:
        assert overview(read(parties, "south", edition))["Incidents of the period"] == 1
        with db.reading() as session:
            states = digests.verify(session, edition)
        assert sorted(states.values()).count("erased") == 1
        assert set(states.values()) == {"whole", "erased"}


def test_the_words_are_gone_with_the_request_before_anything_reacts(parties: World) -> None:
    reference, _ = whole_story(parties)
    recall(parties, "north", reference)
    with db.reading() as session:
        row = session.exec(select(Report).where(Report.reference == reference)).one()
        held = session.exec(select(reports.ReportRevision).where(reports.ReportRevision.report_id == row.key)).all()
    assert (row.title, row.text, row.figures, row.source, row.themes, row.place, row.own_reference, row.origin) == (
        "", "", {}, {}, [], None, None, "",
    )  # fmt: skip
    assert [one.body for one in held] == [{}, {}]
    seen = parties.get("north", f"/v1/reports/{reference}")
    assert (seen["tagged"], seen["tags"]) == (False, [])


@pytest.mark.one_kind
def test_its_owner_sees_what_is_left_and_can_prove_the_receipt(parties: World) -> None:
    reference = parties.submit("north", **WORDS, own_reference="N-1")
    first = receipt(parties, "north", reference)
    parties.settle()
    answer = recall(parties, "north", reference)
    assert answer.json() == {
        "reference": reference, "revision": 1, "digest": first["digest"], "recalled_at": "2026-11-01T12:00:00Z",
    }  # fmt: skip
    parties.settle()
    assert receipt(parties, "north", reference) == first
    seen = parties.get("north", f"/v1/reports/{reference}")
    assert (seen["title"], seen["text"], seen["source"], seen["tags"]) == ("", "", None, [])
    assert (seen["withdrawn_why"], seen["recalled_at"]) == ("A source is in danger.", "2026-11-01T12:00:00Z")
    assert [one["reference"] for one in parties.get("north", "/v1/reports", mine=True)["reports"]] == [reference]
    assert parties.get("north", "/v1/reports")["reports"] == []


def test_the_same_report_sent_again_does_not_bring_it_back(parties: World) -> None:
    body = report() | WORDS | {"own_reference": "N-1"}
    first = parties.post("north", body).json()
    recall(parties, "north", first["reference"])
    again = parties.post("north", body)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first, "true")
    with db.reading() as session:
        assert [one.title for one in session.exec(select(Report)).all()] == [""]


@pytest.mark.one_kind
def test_nobody_else_can_read_or_recall_it(parties: World) -> None:
    hidden, open_ = parties.submit("north", marking=amber()), parties.submit("north")
    assert recall(parties, "south", hidden).json() == recall(parties, "south", "EWN-0000-0000-0000").json()
    assert recall(parties, "south", hidden).status_code == 404
    assert (recall(parties, "south", open_).status_code, recall(parties, "south", open_).json()["type"]) == (
        403, "/docs/problems#not-your-report",
    )  # fmt: skip
    reader = {"Authorization": f"Bearer {parties.key('north', ['reports:read'])}"}
    assert recall(parties, reader, open_).status_code == 403
    assert parties.get("south", f"/v1/reports/{open_}")["title"]
    recall(parties, "north", open_)
    assert parties.raw("south", f"/v1/reports/{open_}").status_code == 404
    assert recall(parties, "south", open_).json() == recall(parties, "south", "EWN-0000-0000-0000").json()


@pytest.mark.one_kind
@pytest.mark.parametrize("typed", ["", "EWN-0000-0000-0000", "yes", "x" * 50])
def test_a_reference_typed_wrong_is_refused_and_nothing_is_destroyed(parties: World, typed: str) -> None:
    reference = parties.submit("north", **WORDS)
    assert recall(parties, "north", reference, typed).status_code == 422
    seen = parties.get("north", f"/v1/reports/{reference}")
    assert (seen["title"], seen["recalled_at"], seen["withdrawn_at"]) == (WORDS["title"], None, None)


@pytest.mark.one_kind
def test_a_reference_typed_in_a_hurry_is_understood(parties: World) -> None:
    reference = parties.submit("north")
    assert recall(parties, "north", reference, f" {reference.lower()} ").status_code == 200


def test_a_withdrawn_report_can_be_recalled_and_a_recalled_one_not_again(parties: World) -> None:
    reference = parties.submit("north", **WORDS)
    path = f"/v1/reports/{reference}"
    parties.client.post(f"{path}/withdrawal", json={"reason": "Zebrafinch was a crow"}, headers=parties.auth("north"))
    assert recall(parties, "north", reference).status_code == 200
    seen = parties.get("north", path)
    assert (seen["title"], seen["withdrawn_why"]) == ("", "A source is in danger.")
    again = recall(parties, "north", reference)
    assert (again.status_code, again.json()["type"]) == (409, "/docs/problems#already-recalled")
    for method, rest, body in (("PUT", "", report()), ("POST", "/withdrawal", {"reason": "once more"})):
        answer = parties.client.request(method, path + rest, json=body, headers=parties.auth("north"))
        assert answer.status_code == 409


def test_a_key_recalls_the_red_that_it_sent_and_its_colleagues_do_not(parties: World) -> None:
    headers = signed_in("ada", "north", "focal_point")
    red = {"tlp": "RED", "attribution": "named", "persons": ["ada"]}
    reference = parties.submit("north", **(WORDS | {"marking": red}))
    other = {"Authorization": f"Bearer {parties.key('north', ['reports:read', 'reports:write'])}"}
    assert recall(parties, other, reference).status_code == 404
    assert recall(parties, headers, reference).status_code == 403
    assert recall(parties, "north", reference).status_code == 200
    assert parties.client.get(f"/v1/reports/{reference}", headers=headers).status_code == 404
    assert receipt(parties, "north", reference)["reference"] == reference


def test_an_incident_told_with_others_keeps_their_counts(parties: World) -> None:
    same = report() | BODY
    gone = parties.post("north", same | {"figures": {"killed": 5}}).json()["reference"]
    kept = parties.post("far", same | {"figures": {"killed": 3}}).json()["reference"]
    parties.settle()
    assert set(parties.get("south", f"/v1/reports/{kept}/incident")["reports"]) == {gone, kept}
    edition = november(parties)
    recall(parties, "north", gone)
    parties.settle()
    assert parties.get("south", f"/v1/reports/{kept}/incident")["reports"] == [kept]
    days = {"place": "KG", "from": "2026-11-01", "to": "2026-11-01", "grain": "month"}
    deaths = parties.get("south", "/v1/indicators/armed-violence-deaths/series", **days)
    assert [one["value"] for one in deaths["points"]] == [3]
    top = overview(read(parties, "south", edition))
    assert (top["Reports received in the period"], top["Incidents of the period"]) == (1, 1)
    with db.reading() as session:
        row = session.exec(select(Report).where(Report.reference == gone)).one()
        assert not session.exec(select(TagRow).where(TagRow.report_id == row.key)).all()
        assert all(cell.value >= 0 for cell in session.exec(select(Cell)).all())


def rows_of(name: str) -> list[int]:
    with db.reading() as session:
        return list(session.execute(select(table(Outbox).c.id).where(table(Outbox).c.reaction == name)).scalars())


def states_of(edition: str) -> list[str]:
    with db.reading() as session:
        return sorted(set(digests.verify(session, edition).values()))


def test_an_erasing_that_dies_is_done_again_and_twice_is_once(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, editions = whole_story(parties)
    recall(parties, "north", reference)
    waiting = rows_of("erase")
    assert len(waiting) == 1

    def dies(*_args: object, **_more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(erasing.db, "wash", dies)
        run("erase", waiting)
    assert [states_of(one) for one in editions] == [["whole"], ["whole"]]
    assert rows_of("erase") == waiting
    run("erase", waiting)
    assert [states_of(one) for one in editions] == [["erased", "whole"], ["erased", "whole"]]
    with db.transaction() as session:
        key = session.exec(select(Report.id).where(Report.reference == reference)).one()
        digests.erase(session, digests.plan_erasure(session, [key]))
    assert [states_of(one) for one in editions] == [["erased", "whole"], ["erased", "whole"]]


def test_a_report_that_was_not_recalled_is_never_erased(parties: World) -> None:
    parties.submit("north", **BODY)
    parties.settle()
    edition = november(parties)
    with db.transaction() as session:
        key = session.exec(select(Report.id)).one()
        digests.erase(session, digests.plan_erasure(session, [key]))
    assert states_of(edition) == ["whole"]


def test_an_edition_frozen_meanwhile_is_erased_too(parties: World) -> None:
    reference, editions = whole_story(parties)
    with db.reading() as session:
        key = session.exec(select(Report.id).where(Report.reference == reference)).one()
    recall(parties, "north", reference)
    with db.transaction() as session:
        planned = digests.plan_erasure(session, [key])
    with db.transaction() as session:
        late = session.exec(select(Block).where(Block.report_id == key)).first()
        other = session.exec(select(Edition).where(Edition.id != late.edition_id)).first()
        session.add(Block(edition_id=other.key, hash="late", kind="report", report_id=key, body=late.body))
    with pytest.raises(Stale), db.transaction() as session:
        digests.erase(session, planned)
    parties.settle()
    with db.reading() as session:
        assert session.exec(select(Block).where(Block.report_id == key)).all() == []
    assert len(editions) == 2


def test_a_recall_while_an_edition_is_being_frozen_reaches_that_edition(parties: World, configured: Path) -> None:
    gone = parties.submit("north", **BODY, **WORDS)
    parties.settle()

    def act() -> None:
        assert recall(parties, "north", gone).status_code == 200
        parties.settle()

    acting = threading.Thread(target=act)
    with db.transaction() as session:
        monthly = digests.schedules()["monthly-bulletin"]
        edition = freeze(session, monthly, digests.period(monthly, TODAY), cut_off=NOVEMBER).reference
        acting.start()
        acting.join(timeout=1)  # time enough to erase too early, if it could
    acting.join(timeout=60)
    assert states_of(edition) == ["erased", "whole"]
    wash()
    assert told_in(configured) == set()


def test_what_is_recalled_between_the_reading_and_the_writing_of_an_edition_is_buried_at_once(
    parties: World, configured: Path
) -> None:
    gone = parties.submit("north", **BODY, **WORDS)
    parties.settle()
    monthly = digests.schedules()["monthly-bulletin"]
    with db.transaction() as session:
        mark = indicators.mark(session)
        period = digests.period(monthly, TODAY)
        found = gather(session, monthly, period, cut_off=NOVEMBER, mark=mark, at=NOVEMBER)
    assert recall(parties, "north", gone).status_code == 200
    parties.settle()
    with db.transaction() as session:
        edition = store(session, found).reference
    assert states_of(edition) == ["erased", "whole"]
    wash()
    assert told_in(configured) == set()


@pytest.mark.one_kind
def test_a_rendering_put_on_record_after_the_recall_holds_no_note(parties: World, configured: Path) -> None:
    reference, (edition, _) = whole_story(parties)
    south = caller_of("south")
    with db.reading() as session:
        made = service.rendered(session, south, edition, "en")
    assert "Bilbynote" in str(made.rights.terms)
    recall(parties, "north", reference)
    parties.settle()
    with db.transaction() as session:
        service.record(session, south, made)
    wash()
    assert told_in(configured) == set()


@pytest.mark.one_kind
def test_a_tombstone_that_we_did_not_sign_is_no_erasure(parties: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, (edition, _) = whole_story(parties)
    recall(parties, "north", reference)
    parties.settle()
    assert states_of(edition) == ["erased", "whole"]
    with db.transaction() as session:
        first = session.exec(select(Edition).where(Edition.reference == edition)).one()
        blocks = session.exec(select(Block).where(Block.edition_id == first.key)).all()
        (row,) = (one for one in blocks if erasing.is_tombstone(one.kind, one.body))
        row.body = row.body | {"at": "2026-10-01T00:00:00+00:00"}
        session.add(row)
    assert states_of(edition) == ["differs", "whole"]
    monkeypatch.setenv("EWN_SECRET", "another")
    settings.cache_clear()
    assert not seals.signed(erasing.USE, [], seals.sign("another use", []))


@pytest.mark.one_kind
def test_the_log_is_emptied_for_an_hour_after_a_recall_and_not_without_one(parties: World) -> None:
    reference = parties.submit("north")
    with db.transaction() as session:
        assert not reports.wash_due(session, at=clock.now())
    recall(parties, "north", reference)
    job = next(one for one in schedule.JOBS if one.name == "wash")
    with db.transaction() as session:
        assert job.run(session, clock.now(), clock.now())
        assert not reports.wash_due(session, at=clock.now() + recalling.WASHED)
