"""Earlier revisions: the owner sees all; others those whose marking reaches them now, of a report that they see."""

from typing import Any

import pytest

from tests.persons import signed_in
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def revise(world: World, reference: str, **body: Any) -> None:
    done = world.client.put(f"/v1/reports/{reference}", json=report(7) | body, headers=world.auth("north"))
    assert done.status_code == 200, done.text


def mark(world: World, reference: str, marking: dict[str, Any]) -> None:
    path = f"/v1/reports/{reference}/marking"
    assert world.client.put(path, json={"marking": marking}, headers=world.auth("north")).status_code == 200


def numbers(world: World, slug: str, reference: str) -> list[int]:
    return [one["revision"] for one in world.get(slug, f"/v1/reports/{reference}/revisions")["revisions"]]


def test_what_changed_is_told_word_by_word_and_field_by_field(parties: World) -> None:
    reference = parties.submit("north", title="Two men seen", text="Two men were seen. They left.", marking=GREEN)
    revise(
        parties, reference, title="Three men seen", text="Three men were seen. They left.", place="KG-C",
        figures={"detained": 1}, marking=GREEN,
    )  # fmt: skip
    for slug in ("north", "south"):
        assert numbers(parties, slug, reference) == [2, 1]
        found = parties.get(slug, f"/v1/reports/{reference}/revisions/2")
        assert [(one["kind"], one["text"]) for one in found["text_changes"]] == [
            ("gone", "Two"), ("new", "Three"), ("same", " men were seen. They left."),
        ]  # fmt: skip
        assert {one["field"]: (one["before"], one["after"]) for one in found["changes"]} == {
            "place": ("KG-B", "KG-C"), "figures": ({}, {"detained": 1}),
        }  # fmt: skip
        first = parties.get(slug, f"/v1/reports/{reference}/revisions/1")
        assert (first["text"], first["since"], first["text_changes"]) == ("Two men were seen. They left.", None, [])


def test_a_narrower_revision_is_not_read_through_a_wider_one(parties: World) -> None:
    reference = parties.submit("north", text="The source lives in the last house.", marking=amber("south"))
    revise(parties, reference, text="Men were seen.", marking=GREEN)
    revise(parties, reference, text="Three men were seen.", marking=GREEN)
    assert numbers(parties, "north", reference) == [3, 2, 1]
    assert numbers(parties, "south", reference) == [3, 2, 1]
    assert numbers(parties, "far", reference) == [3, 2]
    path = f"/v1/reports/{reference}/revisions"
    for asked in (f"{path}/1", f"{path}/3?since=1", f"{path}/9"):
        answer = parties.client.get(asked, headers=parties.auth("far"))
        assert (answer.status_code, answer.json()["type"]) == (404, "/docs/problems#no-such-revision")
    second = parties.get("far", f"{path}/2")
    assert second["since"] is None
    assert "house" not in str(second)
    assert parties.get("south", f"{path}/3", since=1)["since"] == 1


@pytest.mark.one_kind
def test_what_was_taken_from_readers_by_marking_anew_does_not_come_back_with_the_next_revision(parties: World) -> None:
    reference = parties.submit("north", text="The source lives in the last house.", marking=GREEN)
    mark(parties, reference, amber("south"))
    revise(parties, reference, text="Men were seen.", marking=GREEN)
    assert numbers(parties, "south", reference) == [2, 1]
    assert numbers(parties, "far", reference) == [2]
    mark(parties, reference, amber("south"))
    assert parties.raw("far", f"/v1/reports/{reference}/revisions").status_code == 404


def test_the_source_of_an_earlier_revision_is_a_field_under_attribution_then_and_now(parties: World) -> None:
    source = {"kind": "relayed", "document": "A secret letter"}
    reference = parties.submit("north", source=source, marking=GREEN)
    revise(parties, reference, source={"kind": "own"}, marking=GREEN)
    for slug, told in (("north", True), ("south", False)):
        found = parties.get(slug, f"/v1/reports/{reference}/revisions/2")
        assert ("source" in {one["field"] for one in found["changes"]}) == told
        assert ("letter" in str(found)) == told


def test_what_is_personal_in_an_earlier_revision_is_masked_for_others(parties: World) -> None:
    words = "Write to someone@example.org or leave it."
    reference = parties.submit("north", text=words, marking=GREEN, personal="needed")
    revise(parties, reference, text="Leave it.", marking=GREEN)
    path = f"/v1/reports/{reference}/revisions"
    assert "someone@example.org" in parties.get("north", f"{path}/1")["text"]
    for number in (1, 2):
        found = str(parties.get("south", f"{path}/{number}"))
        assert "someone@example.org" not in found
        assert "█" in found


@pytest.mark.one_kind
def test_recalled_words_are_gone_from_every_revision(parties: World) -> None:
    reference = parties.submit("north", text="The source lives in the last house.", marking=GREEN)
    revise(parties, reference, text="Men were seen.", marking=GREEN)
    body = {"reference": reference, "reason": "mistaken"}
    parties.client.post(f"/v1/reports/{reference}/recall", json=body, headers=parties.auth("north"))
    assert numbers(parties, "north", reference) == []
    assert parties.raw("north", f"/v1/reports/{reference}/revisions/1").status_code == 404
    assert parties.raw("south", f"/v1/reports/{reference}/revisions").status_code == 404


@pytest.mark.one_kind
def test_red_revisions_are_read_by_the_persons_they_named(parties: World) -> None:
    ada, ben = signed_in("ada", "north", "focal_point"), signed_in("ben", "south", "analyst")
    red = {"tlp": "RED", "attribution": "named", "persons": ["ben"]}
    sent = parties.client.post("/v1/reports", json=report(marking=red, text="For Ben alone."), headers=ada).json()
    path = f"/v1/reports/{sent['reference']}"
    parties.client.put(path, json=report(marking=GREEN, text="For all."), headers=ada)
    seen = {
        name: [one["revision"] for one in parties.client.get(f"{path}/revisions", headers=who).json()["revisions"]]
        for name, who in {"ada": ada, "ben": ben, "south": parties.auth("south"), "far": parties.auth("far")}.items()
    }
    assert seen == {"ada": [2, 1], "ben": [2, 1], "south": [2], "far": [2]}
