"""Symbols of documents, tidy and garbled, and resolutions named in words."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.texts import tagger
from services.texts.references import References


@pytest.fixture(scope="module")
def references() -> References:
    folder = tagger._FOLDER
    return tagger._built_references(folder / "references.yaml")


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("S'2023/370", "S/2023/370"),
        ("A / RES/ 60 /288", "A/RES/60/288"),
        ("S/RES/1373 (2001)", "S/RES/1373"),
        ("s/res/1373(2001)", "S/RES/1373"),
        ("С/2023/370", "S/2023/370"),  # a Cyrillic С
        ("А/RES/60/288", "A/RES/60/288"),  # a Cyrillic А
        ("S\\2023\\370", "S/2023/370"),
        ("S/2023/370/Add.1", "S/2023/370/Add.1"),
        ("резолюция 1373 Совета Безопасности", "S/RES/1373"),
        ("резолюции 1373 (2001) Совета Безопасности", "S/RES/1373"),
        ("резолюцией Совета Безопасности ООН № 2396 (2017)", "S/RES/2396"),
        ("резолюция 60/288 Генеральной Ассамблеи", "A/RES/60/288"),
        ("SCR 2178", "S/RES/2178"),
        ("Security Council resolutions 2178 (2014)", "S/RES/2178"),
    ],
)
def test_a_reference_is_found_under_its_symbol(references: References, text: str, symbol: str) -> None:
    found = references.find(f"See {text}, which says so.")
    assert [(one.value, one.spans, one.method) for one in found] == [(symbol, ((4, 4 + len(text)),), "rule")]


@pytest.mark.parametrize(
    "text",
    [
        "on 12/03/2023",
        "n/a/78/123",
        "s/2023/370",
        "C/2023/370",
        "GAS/2023/370",
        "a / 78",
        "resolution 1080p",
        "1373 (2001)",
    ],
)
def test_what_is_no_reference_is_none(references: References, text: str) -> None:
    assert references.find(text) == []


PIECES = st.sampled_from(
    ["S", "А", "A", "/", "'", " ", "RES", "2023", "370", "60", "288", "(2001)", "резолюция", "Совета Безопасности",
     "1373", "SCR", ".", "\u200c", "И", "Add.1", "é"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@example("İ S'2023/370 A / RES/ 60 /288")
def test_the_words_of_a_reference_alone_give_the_same_reference(text: str) -> None:
    references = tagger._built_references(tagger._FOLDER / "references.yaml")
    whole = unicodedata.normalize("NFC", text)
    for one in references.find(whole):
        for start, end in one.spans:
            assert one.value in {again.value for again in references.find(whole[start:end])}
