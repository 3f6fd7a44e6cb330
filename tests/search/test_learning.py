"""What is learned from analysts: better than words or not used, the same each time, and nobody's who sees not all."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel import db, ids
from services.search import learning, training, vectors
from services.search.learning import BETTER, NOT_BETTER, TOO_LITTLE, Judged, incidents, learn
from tests.persons import signed_in
from tests.search.test_meaning import held, net, turn  # noqa: F401 -- the fixture
from tests.world import World
from workers import training as shown


def drawn(many: int, *, told: float, seed: int = 5) -> list[Judged]:
    """Reports that words found, half of them wrongly; `told`: how much of the truth their vectors show."""
    some = random.Random(seed)
    made = []
    for n in range(many):
        holds = n % 2 == 0
        vector = [some.gauss() + (told if holds else -told) * (place < 8) for place in range(384)]
        made.append(Judged(vectors.packed(vector), holds, found=True, incident=f"EWN-{n}"))
    return made


@pytest.mark.parametrize(("many", "told", "verdict"), [(20, 9, TOO_LITTLE), (150, 9, BETTER), (150, 0, NOT_BETTER)])
def test_it_is_used_only_where_its_whole_interval_lies_above_the_words(many: int, told: float, verdict: str) -> None:
    lesson = learn(drawn(many, told=told))
    assert lesson.verdict == verdict
    assert learn(drawn(many, told=told)) == lesson
    if lesson.weights is not None:
        kept = learning.unpacked(lesson.weights.packed())
        vector = drawn(1, told=told)[0].vector
        assert kept.chance(vector) == pytest.approx(lesson.weights.chance(vector), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_what_tells_the_same_is_learned_from_or_held_out_together(links: Sequence[tuple[int, int]]) -> None:
    named = {key: f"EWN-{key}" for key in range(10)}
    found = incidents(list(range(10)), links, named)
    for one, other in links:
        assert found[one] == found[other]
    groups = {name: {key for key in found if found[key] == name} for name in found.values()}
    for name, keys in groups.items():
        assert name == min(named[key] for key in keys)
        assert len(keys) == 1 or all(any({key} < set(pair) <= keys for pair in links) for key in keys)


@pytest.mark.one_kind
def test_what_was_learned_is_told_to_whoever_sees_all_of_it_and_goes_with_the_words(
    net: World,  # noqa: F811 -- the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learning, "LEAST_OF_EACH", 1)
    monkeypatch.setattr(learning, "LEAST_HELD_OUT", 1)
    ids.seed(1)  # references tell what is held out: of both kinds some
    olga, ana = signed_in("olga", "office", "analyst"), signed_in("ana", "north", "analyst")
    told = [
        net.submit("north", title=f"Shooting {n}", text=f"Gunmen opened fire. {said * 3}", themes=[], language="en")
        for n in range(8)
        for said in ("Bomb, bomb. ", "School. ")
    ]
    net.settle()
    turn()
    assert held() == len(told)
    for n, reference in enumerate(told):
        word = "confirmed" if n % 2 == 0 else "rejected"
        body = {"scheme": "theme", "value": "armed-attack", "decided": word, "reason": "It was looked into."}
        answer = net.client.post(f"/v1/reports/{reference}/tags", json=body, headers=olga)
        assert answer.status_code == 201, answer.text
    net.settle()
    turn()
    found = shown.lessons()
    lesson, keys = found["armed-attack"]
    assert len(keys) == len(told)
    assert lesson.words[0] < lesson.words[1]
    assert any("armed-attack" in line for line in shown.lines(found, None))
    assert shown.told(found)["armed-attack"]["verdict"] == lesson.verdict
    better = {"armed-attack": (replace(lesson, verdict=BETTER), keys)}
    assert shown.trained(better) == ["armed-attack"]

    fay = signed_in("fay", "far", "analyst")

    def learned(who: dict[str, str]) -> list[bool]:
        hints = net.client.get(f"/v1/reports/{told[0]}/hints", headers=who).json()
        return [one["learned"] for one in hints["themes"] if one["theme"] == "armed-attack"]

    assert (learned(ana), learned(fay)) == ([True], [True])
    narrow = {"marking": {"tlp": "AMBER+STRICT", "attribution": "named", "organisations": ["south"]}}
    sender = net.auth("north")
    assert net.client.put(f"/v1/reports/{told[2]}/marking", json=narrow, headers=sender).status_code == 200
    assert (learned(ana), learned(fay)) == ([True], [False])  # of the same report, by numbers that ship
    body = {"reason": "mistaken"}
    assert net.client.post(f"/v1/reports/{told[4]}/withdrawal", json=body, headers=sender).status_code == 204
    assert (learned(ana), learned(fay)) == ([False], [False])
    with db.reading() as session:
        assert session.execute(training.select(training.LEARNED.c.theme)).all() == []
    assert shown.trained(better) == [], "what went while it was being learned"
