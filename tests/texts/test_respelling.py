"""A name with a letter that writers put for another hints at its place, where a passage names none."""

import pytest

from services.texts import compose, tag

REST = (
    " kecha yoshlar uchun tikuvchilik kursi ochildi. Oʻn ikki nafar qiz uch oy davomida haftada ikki kun qatnaydi, "
    "mashinalar hadya qilingan, oʻqituvchi esa qoʻshni koʻchadan keladi. Bahorda koʻrgazma oʻtkaziladi, keyin yangi "
    "guruh yigʻiladi."
)


def told(text: str) -> dict[str, float]:
    return {one.value: one.confidence for one in tag("", text).tags if one.scheme in ("country", "unit")}


@pytest.mark.parametrize(
    ("written", "unit"),
    [("Boʻxtarda", "TJ-KT"), ("Bo'xtar shahrida", "TJ-KT"), ("Aqtovda", "KZ-47"), ("Noʻokat bozorida", "KG-O")],
)
def test_a_name_that_is_a_letter_away_is_told_in_doubt(written: str, unit: str) -> None:
    assert told(written + REST) == {unit: 0.5, unit[:2]: 0.5}


def test_the_words_that_led_to_it_are_those_of_the_text() -> None:
    text = "Boʻxtarda" + REST
    (unit,) = (one for one in tag("", text).tags if one.scheme == "unit")
    assert [compose("", text)[start:end] for start, end in unit.spans] == ["Boʻxtarda"]


def test_nothing_is_guessed_beside_a_place_nor_in_a_line_nor_of_a_small_word() -> None:
    assert told("Boʻxtarda, Samarqandda" + REST).keys() == {"UZ-SA", "UZ"}
    assert "TJ-KT" not in told("Boʻxtarda kurs ochildi.")
    assert "TJ-KT" not in told("Bugun boʻxtarda" + REST)
    assert "TJ-KT" not in told("BOʻXTARDA" + REST)


def test_a_word_of_very_many_letters_is_not_written_anew_for_each() -> None:
    assert told("Ba" + "ko" * 50_000 + REST).keys() <= {"UZ"}


def test_one_that_may_be_of_two_countries_tells_nothing() -> None:
    assert "TJ-KT" not in told("Boʻxtarda va Aqtovda" + REST)
