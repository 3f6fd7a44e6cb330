"""Analysts confirm, reject and add tags: so for everybody who sees the report, whatever tagging finds later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from services.kernel import db
from services.kernel.events import publish
from services.tagging import ReportReread
from services.tagging.corrections import corrected
from services.tagging.quoting import spans_of
from services.texts import read
from services.texts.evidence import Tag
from services.vocabulary import places
from tests.tagging.test_deciding import Desk, desk
from tests.tagging.test_reports import CACHE
from tests.world import amber

__all__ = ["desk"]


@dataclass(frozen=True)
class Said:
    decided: str
    value: str = "cyber"
    scheme: str = "theme"
    language: str = "en"
    words: str = "these"
    spans: Sequence[Sequence[int]] = ()


def found(value: str = "cyber", scheme: Any = "theme", method: Any = "lexicon") -> Tag:
    return Tag(scheme, value, 0.9, method, ((0, 3),), "1")


def over(tags: Sequence[Tag], *said: Said, words: str = "these") -> set[tuple[str, str]]:
    return {(one.value, one.method) for one in corrected(tags, said, words)}


def test_the_latest_word_on_a_tag_stands_and_what_the_sender_gave_stays() -> None:
    both = [found(), found(method="sender")]
    assert over(both, Said("rejected")) == {("cyber", "sender")}
    assert over(both, Said("rejected"), Said("undecided")) == {("cyber", "sender"), ("cyber", "lexicon")}
    assert over([], Said("added"), Said("undecided")) == set()
    assert over([found()], Said("confirmed")) == {("cyber", "lexicon")}
    assert over([], Said("confirmed")) == {("cyber", "analyst")}  # a later definition finds it no more


def test_what_was_found_is_judged_anew_in_other_words_and_what_was_missed_stays() -> None:
    assert over([found()], Said("rejected"), words="others") == {("cyber", "lexicon")}
    assert over([], Said("confirmed"), words="others") == set()
    assert over([], Said("added"), words="others") == {("cyber", "analyst")}


def test_a_place_is_rejected_with_what_lies_in_it_and_added_with_what_lies_above() -> None:
    town = next(one for one in places() if one.level == "town" and len(places().path(one.code)) > 2)
    path = [one for one in places().path(town.code) if one.code != places().root.code]
    tags = [found(one.code, one.level, "gazetteer") for one in path]
    country = places().country_of(town.code)
    assert country is not None
    assert over(tags, Said("rejected", country.code, "place")) == set()
    assert over(tags, Said("rejected", town.code, "place")) == {(one.code, "gazetteer") for one in path if one != town}
    assert over([], Said("added", town.code, "place")) == {(one.code, "analyst") for one in path}


def correct(
    desk: Desk, who: str, reference: str, decided: str, value: str, *, scheme: str = "theme", status: int = 201
) -> dict[str, Any]:
    body = {"scheme": scheme, "value": value, "decided": decided, "reason": "It was read."}
    answer = desk.world.client.post(f"/v1/reports/{reference}/tags", json=body, headers=desk.people[who])
    assert answer.status_code == status, answer.text
    desk.world.settle()
    made: dict[str, Any] = answer.json()
    return made


def themes(desk: Desk, reference: str) -> set[tuple[str, str]]:
    tags = desk.world.get("south", f"/v1/reports/{reference}")["tags"]
    return {(one["value"], one["method"]) for one in tags if one["scheme"] == "theme"}


def reread() -> None:
    with db.transaction() as session:
        publish(session, ReportReread(1))


def test_corrections_are_counted_at_once_and_outlive_tagging_anew(desk: Desk) -> None:
    told = desk.world.submit("north", title="A cache", text=CACHE, themes=[], place=None)
    desk.world.settle()
    assert themes(desk, told) == {("small-arms", "lexicon")}
    assert desk.count("south") == 0
    correct(desk, "office", told, "rejected", "small-arms")
    correct(desk, "office", told, "added", "armed-attack")
    correct(desk, "north", told, "added", "KG-B", scheme="place")
    reread()
    desk.world.settle()
    assert themes(desk, told) == {("armed-attack", "analyst")}
    assert desk.count("south") == 1
    seen = desk.world.client.get(f"/v1/reports/{told}/tags", headers=desk.people["south"]).json()["decisions"]
    assert [(one["value"], one["decided"], one["mine"], one["person"], one["holds"]) for one in seen] == [
        ("small-arms", "rejected", False, None, True),
        ("armed-attack", "added", False, None, True),
        ("KG-B", "added", False, None, True),
    ]
    assert seen[0]["version"]
    correct(desk, "office", told, "confirmed", "small-arms")
    assert themes(desk, told) == {("armed-attack", "analyst"), ("small-arms", "lexicon")}


@pytest.mark.parametrize(
    ("text", "words", "original"),
    [
        ("Police found a cache of rifles.", "a  cache\nof rifles", "a cache of rifles"),
        ("Found: <b>a cache</b> of rifles.", "cache of rifles", "cache</b> of rifles"),
        ("Полиция нашла тайник. Тайник был полон.", "Тайник", "Тайник"),
        ("Write to someone@example.org.", "someone@example.org", None),
        ("A cache (*) was found.", "(*)", "(*)"),
        ("A cache was found.", "No such", None),
        ("A cache was found.", "  ", None),
    ],
)
def test_words_that_were_chosen_are_found_in_the_original(text: str, words: str, original: str | None) -> None:
    found = spans_of(read("A note", text), words)
    assert [f"A note\n{text}"[start:end] for start, end in found] == ([original] if original else [])


def test_an_actor_is_added_on_its_words_and_told_of_to_whoever_may_know_of_it(desk: Desk) -> None:
    desk.world.enrol("veiled", hidden=True)
    told = desk.world.submit("south", title="A cache", text=CACHE, themes=[], place=None)
    desk.world.settle()
    body = {"scheme": "actor", "value": "veiled", "decided": "added", "reason": "It is meant.", "words": "police"}
    path = f"/v1/reports/{told}/tags"
    post = lambda who, **more: desk.world.client.post(path, json=body | more, headers=desk.people[who])  # noqa: E731
    hidden, never = post("south"), post("south", value="never")
    assert hidden.status_code == never.status_code == 422
    assert hidden.text.replace("veiled", "never") == never.text
    assert post("office", words="no such words").status_code == 422
    assert post("office", value="far").status_code == post("office").status_code == 201
    desk.world.settle()

    def actors(who: str) -> tuple[set[tuple[str, str]], set[str]]:
        report = desk.world.client.get(f"/v1/reports/{told}", headers=desk.people[who]).json()
        whole = f"{report['title']}\n{report['text']}"
        said = desk.world.client.get(path, headers=desk.people[who]).json()["decisions"]
        tags = {(one["value"], whole[slice(*one["spans"][0])]) for one in report["tags"] if one["scheme"] == "actor"}
        return tags, {one["value"] for one in said}

    assert actors("office") == ({("far", "police"), ("veiled", "police")}, {"far", "veiled"})
    assert actors("south") == ({("far", "police")}, {"far"})
    edit = {"title": "A cache", "text": "Far told it.", "kind": "incident", "occurred_from": "2026-10-10"}
    edit |= {"occurred_to": "2026-10-10", "marking": {"tlp": "GREEN", "attribution": "named"}}
    desk.world.client.put(f"/v1/reports/{told}", json=edit, headers=desk.world.auth("south")).raise_for_status()
    desk.world.settle()
    tags = desk.world.get("north", f"/v1/reports/{told}")["tags"]
    assert [one["spans"] for one in tags if one["method"] == "analyst"] == [[]]  # it stays, its words do not


@pytest.mark.one_kind
def test_tags_of_others_reports_are_the_secretariats_to_correct(desk: Desk) -> None:
    """Else a partner rejects what makes an attack count, in everybody's numbers."""
    told = desk.world.submit("north", title="A cache", text=CACHE)
    hidden = desk.world.submit("far", title="A cache", text=CACHE, marking=amber("far"))
    desk.world.settle()
    correct(desk, "south", told, "rejected", "small-arms", status=403)
    for one in (hidden, "EWN-1111-1111-1111"):
        assert correct(desk, "office", one, "rejected", "small-arms", status=404)["title"] == "No such report"
    correct(desk, "north", told, "rejected", "cyber", status=409)
    correct(desk, "north", told, "added", "small-arms", status=409)
    correct(desk, "north", told, "rejected", "armed-attack", status=409)  # the sender's own
    correct(desk, "north", told, "added", "no-such-theme", status=422)
    correct(desk, "north", told, "confirmed", "small-arms")
