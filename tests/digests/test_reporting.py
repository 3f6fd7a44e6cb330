"""Who was expected to report, in editions: frozen with n and N, told by the markings of the assignments."""

from typing import Any

import pytest

from tests.digests.test_editions import BODY, november, read, send
from tests.world import World, amber, expect

MONTH = {"form": "incident", "due_days": 3, "starts_on": "2026-11-01"}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def reporting(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The rows of the section on who was expected; none where there is no such section."""
    tables = [
        block
        for section in document["sections"]
        if section["key"] == "reporting"
        for block in section["blocks"]
        if block["kind"] == "table"
    ]
    return {row[0]["text"]: (row[1]["text"], row[2]["text"]) for table in tables for row in table["rows"]}


def frozen(world: World) -> str:
    world.settle()
    return november(world)


def test_an_edition_says_who_was_expected_and_who_reported_to_whom_it_may_be_known(parties: World) -> None:
    parties.enrol("east")
    expect(parties, "north", **MONTH)
    expect(parties, "south", **MONTH)
    expect(parties, "far", **MONTH, marking=amber("south"))
    parties.submit("north", marking=amber(), **BODY)  # nobody may read it, and it came
    edition = frozen(parties)
    both = {
        "North: Incident": ("1/1 (100 %)", "1/1 (100 %)"),
        "South: Incident": ("0/1 (0 %)", "0/1 (0 %)"),
    }
    told = reporting(read(parties, "north", edition))
    assert told == both | {"All together": ("1/2 (50 %)", "1/2 (50 %)")}
    assert reporting(read(parties, "south", edition)) == {"Far: Incident": ("0/1 (0 %)", "0/1 (0 %)")} | both | {
        "All together": ("1/3 (33.3 %)", "1/3 (33.3 %)")
    }
    assert read(parties, "south", edition)["marking"] == "TLP:AMBER"
    assert read(parties, "east", edition)["marking"] == "TLP:GREEN"


def test_where_a_reader_may_know_of_nothing_expected_there_is_no_such_section(parties: World) -> None:
    expect(parties, "north", **MONTH, marking=amber())
    edition = frozen(parties)
    assert reporting(read(parties, "south", edition)) == {}
    assert "Who was expected" not in parties.raw("south", f"/v1/digests/{edition}/document.json").text
    assert reporting(read(parties, "north", edition)) == {"North: Incident": ("0/1 (0 %)", "0/1 (0 %)")}


def test_what_comes_after_the_freeze_changes_nothing_and_what_is_narrowed_or_struck_out_is_told_no_more(
    parties: World,
) -> None:
    first = expect(parties, "north", **MONTH)
    second = expect(parties, "south", **MONTH)
    edition = frozen(parties)
    before = reporting(read(parties, "far", edition))
    parties.submit("north", **BODY)
    parties.settle()
    assert reporting(read(parties, "far", edition)) == before
    keeper = {"Authorization": f"Bearer {parties.keeper}"}
    narrowed = parties.client.patch(f"/v1/assignments/{first}", json={"marking": amber()}, headers=keeper)
    assert narrowed.status_code == 200
    assert set(reporting(read(parties, "far", edition))) == {"South: Incident"}
    assert "North: Incident" in reporting(read(parties, "north", edition))
    assert parties.client.delete(f"/v1/assignments/{second}", headers=keeper).status_code == 204
    assert reporting(read(parties, "far", edition)) == {}
    assert send(parties, "far", f"/v1/assignments/{second}", {}, "DELETE") == 403


@pytest.mark.one_kind
def test_page_and_paper_hold_it_in_both_languages_and_exercises_stand_apart(parties: World) -> None:
    expect(parties, "north", **MONTH)
    expect(parties, "north", **MONTH, status="exercise")
    parties.submit("north", status="exercise", **BODY)
    edition = frozen(parties)
    document = read(parties, "north", edition)
    assert reporting(document) == {"North: Incident": ("0/1 (0 %)", "0/1 (0 %)")}
    assert any(one["key"] == "exercise-reporting" for one in document["sections"])
    for language, title, rate in (
        ("en", "Who was expected to report", "0/1 (0 %)"),
        ("ru", "Кто должен был сообщить", "0/1 (0 %)"),
    ):
        page = parties.raw("north", f"/v1/digests/{edition}/document.html", language=language).text
        assert title in page
        assert rate in page
    made = parties.raw("north", f"/v1/digests/{edition}/document.pdf", language="ru")
    assert made.status_code == 200
    assert made.content.startswith(b"%PDF")
