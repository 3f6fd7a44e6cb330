"""The words by which texts are found: every one traced to the original, in any form a writer may give it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.texts import as_asked, in_any_form, in_title, index_words, normalise, query_words, snippet
from services.texts.wording import LONGEST, MOST_WORDS, words

LETTERS = st.text("аБвй ёЁ'ʻoʻgʼzНAtack-.,12۱ی\u200cي\u0301ß İ\n█", max_size=80)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("ozbekiston", "Oʻzbekistonda"), ("O‘zbekiston", "ozbekistonlik"), ("взрыв", "Взрывы"), ("взрывами", "взрыв"),
        ("attacks", "An attack"), ("граница", "на границе"), ("ёлка", "елка"), ("كابل", "کابل"), ("123", "۱۲۳"),
        ("میخواهم", "می‌خواهم"), ("СТО́РОЖ", "сторожа"), ("AN12", "an1234567"), ("dont", "don’t"), ("шекара", "шекарада"),
    ],
)  # fmt: skip
def test_variants_and_forms_of_a_word_meet(asked: str, said: str) -> None:
    wanted = in_any_form(query_words(asked))
    found = snippet(normalise(said), wanted)
    assert found is not None
    assert found.spans


@pytest.mark.parametrize(
    ("asked", "said"),
    [("ош", "ошибка"), ("12", "1234"), ("арест", "карета"), ("нет", "ни"), ("контроль", "контрабанда")],
)
def test_short_words_and_middles_find_no_others(asked: str, said: str) -> None:
    assert snippet(said, in_any_form(query_words(asked))) is None


@given(LETTERS, LETTERS)
def test_a_word_is_what_stands_at_its_place_and_what_is_indexed_is_what_is_found(title: str, text: str) -> None:
    title, text = normalise(title), normalise(text)
    held = index_words(title, [text]).split(" ")
    assert len(held) == len(set(held))
    for one in words(text):
        assert [again.text for again in words(text[one.start : one.end])] == [one.text]
        assert one.text in held
        for wanted in (*in_any_form([one.text]), *as_asked([one.text])):
            assert wanted.met_by(one.text)
        assert not set(one.text) & set(" ^'\"\\&|!():*")
    for wanted in in_title(as_asked(query_words(title))):
        assert wanted.text in held


@given(LETTERS, LETTERS, st.integers(20, 60))
def test_a_piece_is_a_piece_of_the_text_and_its_spans_are_what_was_asked_for(query: str, text: str, long: int) -> None:
    text = normalise(text)
    wanted = in_any_form(query_words(query))
    found = snippet(text, wanted, long=long)
    met = [one for one in words(text) if any(want.met_by(one.text) for want in wanted)]
    assert (found is None) == (not met)
    if found is not None:
        assert found.text in text
        assert found.spans
        for start, end in found.spans:
            (word,) = words(found.text[start:end])
            assert any(want.met_by(word.text) for want in wanted)


def test_a_report_of_endless_words_is_indexed_as_far_as_there_is_room() -> None:
    endless = index_words("Title", [" ".join(f"слово{n}" for n in range(100_000))])
    assert len(endless.encode()) < 1_000_000
    assert len(endless.split(" ")) <= MOST_WORDS
    assert {len(one) for one in index_words("", ["x" * 50_000]).split(" ")} == {LONGEST}
