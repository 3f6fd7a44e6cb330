"""Differences put both texts together again, tell small edits by words, and look at a bounded number of pairs."""

import random
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dialogue import diffing
from services.dialogue.diffing import Piece, difference

words = st.text(st.sampled_from("ab .!?\n…\u0301é"), max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in difference(before, after)]


@given(before=words, after=words)
def test_both_texts_can_be_put_together_from_their_difference(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after
    assert all(one.text for one in pieces)
    assert not any(one.kind == other.kind for one, other in pairwise(pieces))


def test_an_edit_is_told_by_its_words() -> None:
    assert told("Two men were seen. They left.", "Three men were seen. They left.") == [
        ("gone", "Two"), ("new", "Three"), ("same", " men were seen. They left."),
    ]  # fmt: skip
    assert told("Same.", "Same.") == [("same", "Same.")]
    assert told("", "New.") == [("new", "New.")]


def test_edits_far_apart_in_a_long_text_are_told_by_their_words() -> None:
    draw = random.Random(1)
    text = ". ".join(" ".join(f"word{draw.randrange(9999)}" for _ in range(9)) for _ in range(500))
    changed = f"First {text[6:-4]}last"
    pieces = difference(text, changed)
    assert sum(len(one.text) for one in pieces if one.kind != "same") < 200


def hostile() -> list[tuple[str, str]]:
    draw = random.Random(2)
    letters = [" ".join(draw.choice("ab") for _ in range(25_000)) for _ in range(2)]
    lines = ["\n".join(" ".join(draw.choice("ab") for _ in range(90)) for _ in range(270)) for _ in range(2)]
    numbers = [f"w{n}" for n in range(9_000)]
    return [
        ("a " * 25_000, "a " * 24_000 + "b"),
        (letters[0], letters[1]),
        (lines[0], lines[1]),
        ("." * 50_000, "." * 49_999 + "x"),
        (". " * 25_000, ".. " * 16_000),
        (" " * 50_000, "\n" * 50_000),
        (" ".join(numbers), " ".join(numbers[::-1])),
        (" ".join(draw.sample(numbers, 8_000)), " ".join(draw.sample(numbers, 8_000))),
        ("\u0301" * 50_000, "e\u0301" * 25_000),
    ]


@pytest.mark.parametrize("case", range(len(hostile())))
def test_no_text_makes_it_look_at_more_pairs_than_allowed(case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    class Counting(SequenceMatcher[Any]):
        def __init__(self, junk: Any, one: Any, other: Any, *, autojunk: bool) -> None:
            looked.append(len(one) * len(other))
            super().__init__(junk, one, other, autojunk=autojunk)

    monkeypatch.setattr(diffing, "SequenceMatcher", Counting)
    before, after = hostile()[case]
    pieces: list[Piece] = difference(before, after)
    assert "".join(one.text for one in pieces if one.kind != "gone") == after
    assert sum(looked) <= diffing.ALL
    assert max(looked, default=0) <= diffing.ONE
