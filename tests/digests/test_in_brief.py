"""Tear-lines in editions: frozen, told by the stricter of then and now, and never beside their report."""

from typing import Any

import pytest
from sqlmodel import select

from services import digests
from services.digests import service
from services.digests.models import Rendering
from services.digests.pdf import pdf
from services.kernel import db
from tests.digests.test_editions import BODY, items, november, overview, read, send
from tests.world import World, amber

GREEN = {"tlp": "GREEN", "attribution": "named"}
LINE = {"text": "Avoid the high pass.", "marking": GREEN}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def frozen(world: World) -> str:
    world.settle()
    return november(world)


def lines(document: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    return [one for block in blocks if block["kind"] == "lines" for one in block["lines"]]


@pytest.mark.one_kind
def test_each_reader_has_the_line_or_the_report_and_never_both(parties: World) -> None:
    told = parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    edition = frozen(parties)
    for slug in ("north", "south"):
        document = read(parties, slug, edition)
        assert (items(document), lines(document)) == ({told}, [])
    document = read(parties, "far", edition)
    assert items(document) == set()
    assert lines(document) == [
        {
            "text": LINE["text"], "day": "2026-11-01", "day_text": "1 November 2026",
            "originator": "North", "by": "North", "marking": "TLP:GREEN",
        }
    ]  # fmt: skip
    assert told not in parties.raw("far", f"/v1/digests/{edition}/document.json").text
    assert document["marking"] == "TLP:GREEN"
    assert not any(overview(document).values())


@pytest.mark.one_kind
def test_page_and_paper_hold_it_in_both_languages(parties: World) -> None:
    parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    edition = frozen(parties)
    for language, title in (("en", "In brief"), ("ru", "Коротко")):
        page = parties.raw("far", f"/v1/digests/{edition}/document.html", language=language).text
        assert LINE["text"] in page
        assert title in page
        with db.reading() as session:
            caller = service.Caller(3, key_id=3, scopes=frozenset({"digests:read"}))
            assert pdf(digests.render(session, caller, edition, language)).startswith(b"%PDF")


@pytest.mark.one_kind
def test_whoever_gains_the_report_has_neither_in_an_older_edition(parties: World) -> None:
    told = parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    edition = frozen(parties)
    assert send(parties, "north", f"/v1/reports/{told}/marking", {"marking": amber("south", "far")}, "PUT") == 200
    document = read(parties, "far", edition)
    assert (items(document), lines(document)) == (set(), [])


@pytest.mark.parametrize("act", ["withdraw", "take away", "narrow", "reword"])
def test_what_was_taken_back_is_in_no_rendering_from_then_on(parties: World, act: str) -> None:
    told = parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    parties.enrol("other")
    edition = frozen(parties)
    assert len(lines(read(parties, "far", edition))) == 1
    path = f"/v1/reports/{told}"
    if act == "withdraw":
        send(parties, "north", f"{path}/withdrawal", {"reason": "mistaken"})
    elif act == "take away":
        parties.client.delete(f"{path}/tear-line", headers=parties.auth("north"))
    else:
        new = LINE | ({"marking": amber("other")} if act == "narrow" else {"text": "Other words."})
        assert send(parties, "north", f"{path}/tear-line", new, "PUT") == 204
    assert lines(read(parties, "far", edition)) == []


def test_attribution_is_the_stricter_of_then_and_now(parties: World) -> None:
    told = parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    edition = frozen(parties)
    withheld = LINE | {"marking": GREEN | {"attribution": "withheld"}}
    assert send(parties, "north", f"/v1/reports/{told}/tear-line", withheld, "PUT") == 204
    document = read(parties, "far", edition)
    assert [one["originator"] for one in lines(document)] == [None]
    assert "North" not in str(document)


@pytest.mark.one_kind
def test_exercise_lines_stand_apart(parties: World) -> None:
    parties.submit("north", marking=amber("south"), tear_line=LINE, status="exercise", **BODY)
    document = read(parties, "far", frozen(parties))
    assert document["banner"] is not None
    assert [one["key"] for one in document["sections"] if one["blocks"][0]["kind"] == "lines"] == ["exercise-in-brief"]


def test_a_rendering_with_lines_is_made_again_from_its_record(parties: World) -> None:
    parties.submit("north", marking=amber("south"), tear_line=LINE, **BODY)
    edition = frozen(parties)
    given = read(parties, "far", edition)
    with db.reading() as session:
        (row,) = session.exec(select(Rendering)).all()
        assert digests.as_json(digests.again(session, edition, row.hash)) == given
        assert set(digests.verify(session, edition).values()) == {"whole"}
