"""Folding keeps every offset true."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.texts.folding import fold, folded, normalise
from services.texts.matcher import Matcher
from services.texts.terms import Part, Term

LETTERS = st.text(alphabet=st.sampled_from("аБёЁқҚғ ӯoʻ‘’'gOİıßSsيیكکآ\u200c\u0301e\u0308-–\nТтZz.,"), max_size=80)


@given(st.one_of(st.text(max_size=200), LETTERS))
@example("İstanbul ßtraße Oʻzbekiston می\u200cشود")
def test_each_folded_character_comes_from_its_own_original(text):
    text = normalise(text)
    result = fold(text)
    assert len(result.text) == len(result.offsets)
    assert list(result.offsets) == sorted(set(result.offsets))
    for character, offset in zip(result.text, result.offsets, strict=True):
        assert fold(text[offset]).text == character


@given(st.one_of(st.text(max_size=120), LETTERS), st.data())
def test_the_slice_of_a_match_folds_to_the_pattern(text, data):
    text = normalise(text)
    whole = fold(text)
    words = [word for word in folded(text).replace("\n", " ").split(" ") if word]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    matcher = Matcher([Term(word, (Part(word, 0, 0),))])
    for hit in matcher.find(whole):
        start, end = whole.span(hit.start, hit.end)
        assert fold(text[start:end]).text == word


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Oʻzbekiston", "O‘zbekiston"),
        ("O'zbekiston", "Oʼzbekiston"),
        ("افغاني", "افغانی"),
        ("كابل", "کابل"),
        ("می‌شود", "میشود"),
        ("Ёлка", "елка"),
        ("ТЕРРОР", "террор"),
        ("e\u0301", "é"),
    ],
)
def test_spellings_that_readers_take_for_one_fold_alike(written, other):
    assert folded(written) == folded(other)


def test_a_letter_whose_lower_case_is_two_code_points_is_kept():
    assert fold("İz").text == "İz"
    assert fold("İz").span(1, 2) == (1, 2)


def test_the_non_joiner_is_left_out_by_the_map_and_stays_in_the_text():
    text = "حمله‌ها در"
    result = fold(text)
    assert "\u200c" not in result.text
    start, end = result.span(0, result.text.index(" "))
    assert text[start:end] == "حمله‌ها"
