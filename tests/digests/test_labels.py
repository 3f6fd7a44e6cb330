"""An edition bears the strictest label of its counts as of its items, and the terms of its items together."""

from typing import Any

import pytest

from services.kernel.config import settings
from tests.digests.test_editions import BODY, november, read, send
from tests.world import World, amber

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}
CLEAR = {"tlp": "CLEAR", "attribution": "named"}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    return [one for block in blocks if block["kind"] == "entries" for one in block["entries"]]


def texts(document: dict[str, Any]) -> str:
    return " ".join(
        block["text"] for section in document["sections"] for block in section["blocks"] if block["kind"] == "text"
    )


def test_counts_without_an_item_label_the_edition_too(parties: World) -> None:
    parties.submit("north", **BODY, marking=CLEAR)
    parties.submit("north", **(BODY | {"occurred_from": "2026-10-05", "occurred_to": "2026-10-05"}),
                   marking=amber("south", strict=True))  # fmt: skip
    parties.settle()
    edition = november(parties)
    south, far = read(parties, "south", edition), read(parties, "far", edition)
    assert [one["marking"] for one in entries(south)] == ["TLP:CLEAR"]
    assert (south["marking"], far["marking"]) == ("TLP:AMBER+STRICT", "TLP:CLEAR")


def test_reports_of_nothing_label_the_edition_that_counts_them(parties: World) -> None:
    parties.submit("north", **BODY, kind="zero", marking=amber("south"))
    parties.settle()
    edition = november(parties)
    assert [read(parties, slug, edition)["marking"] for slug in ("south", "far")] == ["TLP:AMBER", "TLP:CLEAR"]


def test_what_came_before_and_joins_to_hidden_reports_only_labels_nothing(
    parties: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {"title": "A clash", "text": "Armed men attacked the northern post at night and left before dawn, he said."}
    early = {"occurred_from": "2026-10-28", "occurred_to": "2026-10-28", "selection": True}
    monkeypatch.setenv("EWN_CLOCK", "2026-10-28T12:00:00+00:00")
    settings.cache_clear()
    parties.submit("far", **same, **early, marking=amber("south", strict=True))
    monkeypatch.setenv("EWN_CLOCK", "2026-11-01T12:00:00+00:00")
    settings.cache_clear()
    parties.submit("north", **same, **BODY, marking=CLEAR)
    parties.submit("far", **same, **BODY, marking=amber("north", strict=True))
    parties.settle()
    edition = november(parties)
    assert [read(parties, one, edition)["marking"] for one in ("south", "north")] == ["TLP:CLEAR", "TLP:AMBER+STRICT"]


def test_what_was_narrowed_since_labels_what_is_still_seen_of_it(parties: World) -> None:
    reference = parties.submit("north", **BODY, marking=GREEN)
    parties.settle()
    edition = november(parties)
    assert send(parties, "north", f"/v1/reports/{reference}/marking", {"marking": amber("south")}, "PUT") == 200
    assert [read(parties, slug, edition)["marking"] for slug in ("south", "far")] == ["TLP:AMBER", "TLP:GREEN"]
    assert [len(entries(read(parties, slug, edition))) for slug in ("south", "far")] == [1, 0]


@pytest.mark.both_kinds
def test_terms_stand_with_each_item_and_the_strictest_over_all(parties: World) -> None:
    parties.submit("north", **BODY, marking=GREEN | {"pap": "GREEN", "handling": "H1"})
    other = parties.submit("far", **BODY, marking=GREEN | {"pap": "CLEAR"})
    parties.settle()
    edition = november(parties)
    told = read(parties, "south", edition)
    facts = {one["reference"]: {fact["key"]: fact["text"] for fact in one["facts"]} for one in entries(told)}
    assert "PAP:CLEAR" in facts[other]["terms"]
    assert "Terms of this edition: PAP:GREEN" in texts(told)
    assert "H1" in texts(told)
    now = GREEN | {"pap": "RED"}
    assert send(parties, "far", f"/v1/reports/{other}/marking", {"marking": now}, "PUT") == 200
    assert "Terms of this edition: PAP:RED" in texts(read(parties, "south", edition))
