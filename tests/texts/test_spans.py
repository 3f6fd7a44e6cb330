"""Offsets, by property: in any Unicode text, what a tag's span cuts out is what led to the tag, in every scheme."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.texts import Actors, Named, compose, tag
from services.texts.folding import fold, in_word
from services.texts.language import UNDETERMINED

RU = "Во вторник вечером сотрудники полиции возле моста говорили с жителями о погоде и о дороге."
KK = "Сейсенбі күні кешке полиция қызметкерлері көпір маңында тұрғындармен ауа райы туралы сөйлесті."
ACTOR = Named("actor", "network-of-lamps", ("Network of Lamps",), "test")
PIECES = {
    ("theme", "small-arms"): ("Police found a cache with rifles.", {"cache", "rifles"}),
    ("theme", "drug-trafficking"): ("Изъято 20 кг героина.", {"Изъято 20 кг героина", "героина"}),
    ("theme", "cyber"): ("Kiberhujum sodir boʻldi.", {"Kiberhujum"}),
    ("unit", "KG-B"): ("Жиналыш Баткенде болду.", {"Баткенде"}),
    ("country", "AF"): ("در ولایت هلمند دیدار شد.", {"ولایت هلمند", "هلمند"}),
    ("reference", "S/2023/370"): ("See S/2023/370 for it.", {"S/2023/370"}),
    ("quantity", "detained:12"): ("Officers detained 12 persons.", None),
    ("actor", "network-of-lamps"): ("The Network of Lamps met.", {"Network of Lamps"}),
}
ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\u200c\u200d\u0301\u0308İßʻ‘ё\u202eيك\U0001f9ea\U00010400"),
    ),
    max_size=60,
)


LANGUAGES = {"drug-trafficking": "ru", "cyber": "uz", "small-arms": "en"}  # noise may hide it, and a sender says it


def tags(text, language=None):
    found = tag("", text, language=language, actors=(Actors([ACTOR]),)).tags
    return [one for one in found if one.method != "sender"]


@pytest.mark.parametrize(("scheme", "value"), PIECES)
@settings(max_examples=25, deadline=None)
@given(before=ODD, after=ODD)
def test_what_was_matched_is_cut_out_of_any_text(scheme, value, before, after):
    piece, words = PIECES[scheme, value]
    text = f"{before}\n\n{piece}\n\n{after}"
    whole = compose("", text)
    found = [one for one in tags(text, LANGUAGES.get(value)) if (one.scheme, one.value) == (scheme, value)]
    cut = {whole[start:end] for one in found for start, end in one.spans}
    assert found
    assert cut & words if words else any("12" in one for one in cut)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(ODD, st.sampled_from([piece for piece, _ in PIECES.values()] + [RU, KK])), max_size=6))
def test_no_span_leaves_the_text_or_cuts_a_word(parts):
    text = "\n".join(parts)
    whole = compose("", text)
    for one in tags(text):
        assert one.spans
        for start, end in one.spans:
            assert 0 <= start < end <= len(whole)
            folded = fold(whole[start:end]).text
            if one.scheme in {"theme", "country", "unit", "town", "actor"}:
                assert in_word(folded[0])
                assert in_word(folded[-1])
                around = [fold(letter).text for letter in (whole[start - 1 : start], whole[end : end + 1])]
                assert not any(in_word(letter) for letter in around if letter)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([RU, KK]), min_size=1, max_size=4), st.sampled_from(["\n", "\n\n", " "]))
def test_each_passage_of_a_mixed_text_has_the_span_of_its_language(parts, between):
    whole = compose("", between.join(parts))
    found = {
        one.value: [whole[start:end] for start, end in one.spans]
        for one in tags(between.join(parts))
        if one.scheme == "language"
    }
    assert found.keys() <= {"ru", "kk", UNDETERMINED}
    if between != " ":
        assert found.keys() == {"ru" if part == RU else "kk" for part in parts}
        for code, part in (("ru", RU), ("kk", KK)):
            assert sum(cut.count(part) for cut in found.get(code, [])) == parts.count(part)
