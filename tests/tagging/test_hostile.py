"""Texts made to be slow, floods of equal reports, and what a tag could give away.

No length of time is asserted: a text's work is compared with that of a quarter of it, in time of the processor alone.
"""

import gc
import random
import time

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from services import screening, tagging
from services.kernel import db
from services.kernel.model import table
from services.kernel.text import Text
from services.texts import tag
from services.texts.language import _NOISE
from services.texts.sentences import sentences
from tests.tagging.test_reports import CACHE, RETOLD
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind
FULL = 50_000
TEXT = TypeAdapter(Text)


def filled(with_: str) -> str:
    return (with_ * (FULL // len(with_) + 1))[:FULL]


WARM = 50_000_000  # nanoseconds: of what each text costs, however short


def work(text: str) -> int:
    """Nanoseconds of the processor, the less of two tries; without the collector, whose work grows with all that other
    tests have left in this process."""
    tries = []
    gc.disable()
    for _ in range(2):
        start = time.process_time_ns()
        tag("A title", text)
        tries.append(time.process_time_ns() - start)
    gc.enable()
    return min(tries)


@pytest.fixture
def partners(world: World) -> World:
    for slug, country in (("north", "KG"), ("south", "AF"), ("west", "UZ")):
        world.enrol(slug, countries=[country])
    return world


@pytest.mark.parametrize(
    "text",
    [
        filled("no attack not bomb "),
        filled("attack was not confirmed, "),
        filled("not " + "a" * 9000 + " bomb"),
        filled("." * 49_999 + "a"),
        filled("?!"),
        filled("a"),
        filled("наркотик"),
        filled("@"),
        filled("a@"),
        filled("Tajik border "),
        filled("Jalalabad said "),
        filled(" \n"),
        filled("5 people killed "),
        filled("not 5 killed and 1 111 hurt. "),
        filled("1 111 "),
        filled("S / RES /"),
        filled("резолюция 1373 "),
    ],
    ids=lambda text: text[:12].strip() or "spaces",
)
def test_a_text_made_to_be_slow_is_tagged_in_work_that_grows_with_its_length(text: str) -> None:
    found = tag("A title", text)
    quarter, whole = work(text[len(text) // 4 * 3 :]), work(text)
    assert whole < 9 * quarter + WARM  # what grows with the square would be 16 times as much
    assert all(0 <= start < end <= len(text) + 8 for one in found.tags for start, end in one.spans)


def test_a_theme_said_over_and_over_is_still_found_and_its_words_are_bounded() -> None:
    found = {
        one.value: one
        for one in tag("", filled("rifles and grenades were found in a cache "), language="en").tags
        if one.scheme == "theme"
    }
    assert found
    assert all(len(one.spans) < 2000 for one in found.values())


def test_a_run_of_stops_ends_one_sentence() -> None:
    assert sentences("He left... She stayed?! 5 г. в обл. Ош. End" + "." * 9) == [
        "He left...",
        "She stayed?!",
        "5 г. в обл. Ош.",
        "End.........",
    ]
    assert sentences("в 2000 г... Потом") == ["в 2000 г...", "Потом"]


def test_addresses_are_no_words_of_a_language() -> None:
    assert _NOISE.sub(" ", "write to a.b@example.org or https://example.org/x now").split() == [
        "write",
        "to",
        "or",
        "now",
    ]


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73\u0f71", "\U0001d165\u0301"])
@pytest.mark.parametrize("before", ["a", "a" * 17, "е" * 44])
def test_a_pile_of_marks_is_refused_at_its_place_before_it_is_composed(marks: str, before: str) -> None:
    with pytest.raises(ValidationError, match=f"at position {len(before)}:"):
        TEXT.validate_python(before + marks * 25_000)


def test_thirty_marks_on_each_letter_are_taken() -> None:
    assert TEXT.validate_python(("a" + "\u0316" * 30) * 100)
    with pytest.raises(ValidationError):
        TEXT.validate_python(("a" + "\u0316" * 30) * 100 + "\u0316")


def _links() -> int:
    with db.reading() as session:
        return int(session.execute(select(func.count()).select_from(table(tagging.Link))).scalar_one())


def _told(world: World, slug: str, reference: str) -> set[str]:
    return set(world.get(slug, f"/v1/reports/{reference}/incident")["reports"])


def _withdraw(world: World, slug: str, reference: str) -> None:
    answer = world.client.post(
        f"/v1/reports/{reference}/withdrawal", json={"reason": "sent in error"}, headers=world.auth(slug)
    )
    assert answer.is_success, answer.text


def _revise(world: World, slug: str, reference: str, **said: object) -> None:
    etag = world.raw(slug, f"/v1/reports/{reference}").headers.get("ETag", "*")
    answer = world.client.put(
        f"/v1/reports/{reference}", json=report() | said, headers={"If-Match": etag, **world.auth(slug)}
    )
    assert answer.is_success, answer.text


def test_a_flood_of_equal_reports_has_a_link_for_each_not_for_each_pair(partners: World) -> None:
    sent = [partners.submit("north", title="A cache", text=CACHE) for _ in range(30)]
    partners.settle()
    sent += [partners.submit(slug, title="A cache", text=CACHE) for slug in ("north", "south") for _ in range(20)]
    partners.settle()
    assert _links() == len(sent) - 1
    assert _told(partners, "west", sent[-1]) == set(sent)


def test_those_that_told_the_same_stay_one_incident_without_the_one_that_joined_them(partners: World) -> None:
    sent = [partners.submit("north", title="A cache", text=CACHE) for _ in range(5)]
    other = partners.submit("south", title="A cache", text=RETOLD)
    hidden = partners.submit("south", title="A cache", text=CACHE, marking=amber("west"))
    partners.settle()
    _withdraw(partners, "north", sent[0])
    partners.settle()
    _revise(partners, "north", sent[1], text="Something else altogether, of which nobody else has ever told anything.")
    partners.settle()
    assert _told(partners, "north", other) == {*sent[2:], other}
    assert _told(partners, "west", sent[3]) == {*sent[2:], other, hidden}
    assert _told(partners, "north", sent[1]) == {sent[1]}


@pytest.mark.parametrize("seed", range(6))
def test_every_viewer_finds_all_that_tell_the_same_whatever_is_sent_revised_and_withdrawn(
    partners: World, seed: int
) -> None:
    chance = random.Random(seed)
    texts = (CACHE, RETOLD, "Snow closed the high pass for three days, and lorries queue on both sides of the tunnel.")
    markings = (amber("west"), {"tlp": "GREEN", "attribution": "named"})
    told: dict[str, tuple[str, bool, bool]] = {}  # by reference: sender, on the cache, hidden from the third
    for _ in range(30):
        said, hidden = chance.randrange(3), chance.randrange(2)
        body = {"title": "A cache", "text": texts[said], "marking": markings[1 - hidden]}
        act = chance.choice(["send", "send", "revise", "withdraw"])
        if act == "send" or not told:
            slug = chance.choice(["north", "south"])
            reference = partners.submit(slug, **body)
            told[reference] = slug, said < 2, bool(hidden)
        else:
            reference = chance.choice(sorted(told))
            slug = told.pop(reference)[0]
            if act == "revise":
                _revise(partners, slug, reference, **body)
                told[reference] = slug, said < 2, bool(hidden)
            else:
                _withdraw(partners, slug, reference)
        if chance.random() < 0.4:
            partners.settle()
    partners.settle()
    for viewer in ("north", "south", "west"):
        seen = {key: about for key, (slug, about, hidden) in told.items() if not hidden or viewer in {slug, "west"}}
        for key, about in seen.items():
            assert _told(partners, viewer, key) == {other for other in seen if seen[other] == about}


def test_a_homonym_does_not_tell_the_country_of_a_sender_that_stays_unnamed(partners: World) -> None:
    markings = (amber("west", attribution="withheld"), amber("west"))
    named = [
        partners.submit("south", title="A meeting", text="Elders met in Jalalabad.", place=None, marking=marking)
        for marking in markings
    ]
    unnamed = partners.submit(
        "north", title="A meeting", text="Elders met in Jalalabad.", place=None, marking=markings[0]
    )
    partners.settle()

    def units(reference: str) -> set[str]:
        tags = partners.get("west", f"/v1/reports/{reference}")["tags"]
        return {one["value"] for one in tags if one["scheme"] == "unit"}

    assert units(named[0]) == units(unnamed)
    assert units(named[1]) == {"AF-NAN"}


def test_what_was_made_readable_is_listed_without_being_screened_anew(
    partners: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Police found a ca\u200bche of rifles near Her\u00adat. Call +996 555 123 456."
    sent = partners.submit("north", title="A note", text=text, place=None, themes=[])
    partners.settle()
    before = partners.get("south", "/v1/reports")
    assert before["reports"][0]["cleaned"]

    def screened(_text: str) -> None:
        raise AssertionError("it takes half a second for each of two hundred")

    monkeypatch.setattr(screening.reading, "found_in", screened)
    assert partners.get("south", "/v1/reports") == before
    spans = {one["value"]: one["spans"] for one in before["reports"][0]["tags"]}
    whole = f"{before['reports'][0]['title']}\n{before['reports'][0]['text']}"
    assert {whole[start:end] for start, end in spans["small-arms"]} >= {"cache", "rifles"}
    assert before["reports"][0]["reference"] == sent
