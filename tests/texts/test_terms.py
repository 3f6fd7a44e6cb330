"""Terms: word starts, longest endings, words between."""

import pytest

from services.texts.folding import fold
from services.texts.matcher import Matcher
from services.texts.terms import parse


def found(term, text):
    return [fold(text).text[hit.start : hit.end] for hit in Matcher([parse(term)]).find(fold(text))]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("героин/3", "Изъят героин. Партия героина.", ["героин", "героина"]),
        ("героин/3", "героиновый", []),
        ("оин", "героин", []),
        ("оин", "оин!", ["оин"]),
        ("cat", "concatenate cat", ["cat"]),
        ("gʻoya/3", "Gʻoyalar, g‘oya va g'oyani", ["g'oyalar", "g'oya", "g'oyani"]),
        ("foreign fighter/1", "Foreign fighters came", ["foreign fighters"]),
        ("foreign fighter/1", "Foreign. Fighters came", []),
        ("cross/3 .. border/1", "crossed the northern border", ["crossed the northern border"]),
        ("cross/3 .. border/1", "crossed one two three four five border", []),
        ("cross border", "a cross-border plan", ["cross-border"]),
        ("حمله/4", "حمله‌ها و حملات", ["حملهها"]),
    ],
)
def test_a_term_matches_words_and_not_their_insides(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize("term", ["", "a/3", ".."])
def test_a_term_that_would_match_anything_is_refused(term):
    with pytest.raises(ValueError, match="not a term"):
        parse(term)
