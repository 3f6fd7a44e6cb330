"""Terms: word starts, longest endings, words between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.texts import duplicates, matcher
from services.texts.folding import all_folded, fold, folded, normalise
from services.texts.matcher import Hit, Matcher
from services.texts.terms import parse, words


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


STEMS = st.sampled_from(["a", "ab", "abc", "abcd", "b", "ba", "bad", "x'y", "жа", "жаб"])
TERMS = st.lists(
    st.lists(st.tuples(STEMS, st.integers(0, 3), st.booleans()), min_size=1, max_size=3).map(
        lambda parts: "".join(
            f"{'.. ' if gap and at else ''}{stem}{f'/{most}' if most and len(stem) > 1 else ''} "
            for at, (stem, most, gap) in enumerate(parts)
        ).strip()
    ),
    min_size=1,
    max_size=12,
)
TEXTS = st.lists(st.tuples(STEMS, st.sampled_from(["", "a", "bc", "жж"]), st.sampled_from([" ", ". ", "-", ", ", "_"])))


def one_by_one(sources: list[str], text: str) -> list[Hit]:
    """What the matcher must find: each term looked for at each word, by what a term says."""
    within = words(text)
    hits = []
    for number, source in enumerate(sources):
        first, *others = parse(source).parts
        for start, word in enumerate(within.texts):
            if not (word.startswith(first.stem) and len(word) - len(first.stem) <= first.suffix):
                continue
            at: int | None = start
            for part in others:
                near = range(at + 1, min(len(within.texts), at + part.gap + 2)) if at is not None else ()
                stop = next((one for one in near if within.first[one]), len(within.texts))
                fits = (one for one in near if one < stop and within.texts[one].startswith(part.stem))
                at = next((one for one in fits if len(within.texts[one]) - len(part.stem) <= part.suffix), None)
            if at is not None:
                hits.append(Hit(number, within.starts[start], within.ends[at]))
    return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.term))


@given(TERMS, st.lists(TEXTS, min_size=1, max_size=3), st.integers(1, 4))
def test_all_terms_at_once_are_found_as_each_by_itself_however_little_is_remembered(sources, texts, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matcher, "_MOST_REMEMBERED", most)
        patch.setattr(matcher, "_LONGEST_REMEMBERED", most + 1)
        together = Matcher(sources)
        for pieces in texts:
            text = fold("".join(f"{stem}{rest}{after}" for stem, rest, after in pieces))
            assert together.find(text) == one_by_one(sources, text.text)


@given(st.lists(st.text(max_size=20)))
def test_texts_fold_together_as_each_by_itself(texts):
    assert all_folded(texts) == [folded(one) for one in texts]


@given(st.text(max_size=30), st.text(max_size=80))
def test_the_words_below_a_title_are_compared_as_those_of_the_text_alone(title, text):
    title = normalise(title).replace("\n", " ")
    assert duplicates.plain_text(title, text, fold(f"{title}\n{text}")) == duplicates.plain(text)
