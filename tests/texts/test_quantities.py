"""Quantities that texts state, with their words; what is negated, supposed or ambiguous is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.texts import tagger
from services.texts.folding import fold, normalise
from services.texts.numerals import Part, compose, read_digits


def found(text: str) -> dict[str, str]:
    """Each quantity with the words that led to it."""
    whole = normalise(text)
    tags = tagger._built_quantities(tagger._FOLDER / "quantities.yaml").find(fold(whole))
    return {one.value: " | ".join(whole[start:end] for start, end in one.spans) for one in tags}


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("Five people were killed and three others wounded.", {"killed:5", "injured:3"}),
        ("The attack left 5 dead and 12 injured.", {"killed:5", "injured:12"}),
        ("Five soldiers killed three militants.", {"killed:3"}),
        ("At least twenty-five armed men were arrested in the north.", {"detained:25"}),
        ("Officers seized 12.5 kg of heroin worth USD 2 million.", {"seized:12500 g", "money:2000000 USD"}),
        ("Погибли пять человек, ранены трое; задержаны в городе 14 человек.", {"killed:5", "injured:3", "detained:14"}),
        ("Не менее двухсот пятидесяти человек задержано.", {"detained:250"}),
        ("Полиция убила троих боевиков.", {"killed:3"}),
        (
            "Изъято 1 200 г гашиша и 3 тонны сырья, 2 млн. тенге.",
            {"seized:1200 g", "seized:3000000 g", "money:2000000 KZT"},
        ),
    ],
)
def test_a_quantity_is_found_with_its_unit(text: str, quantities: set[str]) -> None:
    assert found(text).keys() == quantities


@pytest.mark.parametrize(
    "text",
    [
        "Not 5 people were killed.",
        "If the bomb had exploded, 20 people would have been killed.",
        "Officials denied that, on Tuesday, 12 people were killed.",
        "Were 12 people killed?",
        "Планировали убить, 12 человек могли быть убиты.",
        "Ведомство опровергло, что 12 человек убиты.",
        "Никто не погиб.",
        "Two policemen and three civilians were killed.",
        "10-12 people were killed.",
        "10 to 12 people were killed.",
        "In 2019 people were killed.",
        "In 2019 200 people were killed.",
        "The 12-year-old boy was killed on 12 March.",
        "Killed by 5 % of all doses.",
        "изъято 2,500 кг",
        "He carried 5 kg of apples.",
        "Тысячи человек задержаны, изъяты миллионы долларов.",
    ],
)
def test_what_is_negated_supposed_or_ambiguous_is_none(text: str) -> None:
    assert found(text) == {}


def test_the_words_of_a_quantity_are_shown_and_a_hedge_makes_it_less_sure() -> None:
    assert found("Вчера погибли пять человек.") == {"killed:5": "погибли пять"}
    tags = tagger._built_quantities(tagger._FOLDER / "quantities.yaml").find(
        fold("About 12 people died. 3 people died.")
    )
    assert [(one.value, one.confidence) for one in tags] == [("killed:12", 0.7), ("killed:3", 0.9)]


@pytest.mark.parametrize(
    ("written", "cyrillic", "number"),
    [("1 200", True, 1200), ("1,200", False, 1200), ("1,200", True, None), ("12,5", True, "12.5"),
     ("12,5", False, None), ("1.200", False, None), ("12.5", True, "12.5"), ("1.2.3", False, None)],
)  # fmt: skip
def test_figures_that_can_be_read_in_two_ways_are_none(written: str, cyrillic: bool, number: object) -> None:
    read = read_digits(written, comma_is_decimal=cyrillic)
    assert (read if number is None else str(read)) == (None if number is None else str(number))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 99), st.integers(0, 999))
def test_thousands_and_the_rest_make_one_number(thousands: int, rest: int) -> None:
    from decimal import Decimal

    parts = [Part(Decimal(thousands)), Part(Decimal(1000), scale=True)]
    parts += [Part(Decimal(rest))] if rest else []
    assert compose(parts) == thousands * 1000 + rest


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["5", " ", "people", "killed", "were", "İ", "\u200c", ",", ".", "двое", "убиты", "kg", "seized", "$", "2",
             "млн", "не", "and", "1 200", "\n", "тенге"]
        ),
        max_size=30,
    ).map(" ".join)
)  # fmt: skip
def test_every_span_lies_in_the_text_and_holds_a_number(text: str) -> None:
    for words in found(text).values():
        assert words
        assert any(one.isdigit() for one in words) or "двое" in words.lower()
