"""Personal data of the kinds looked for is found by its spans in the original, in bounded work; what is not is left."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from services import screening
from services.screening import digits, find
from services.screening.finding import MOST_GROUPS
from services.screening.rules import Check, rules

FOUND = [
    ("email", "пишите на {} до пятницы", "first.last@example.org"),
    ("email", "contact: {}.", "name [at] example [dot] org"),
    ("email", "ایمیل {} است", "name@example.com"),
    ("email", "почта {}", "имя@пример.рф"),
    ("phone", "тел. {}, спросить дежурного", "+996 700 123 456"),
    ("phone", "звонить {}", "00 996 700 123456"),
    ("phone", "номер {} не отвечает", "0700 123 456"),
    ("phone", "номер {} не отвечает", "8 (701) 123-45-67"),
    ("phone", "aloqa uchun: {}", "90 123 45 67"),
    ("phone", "контакт {}", "998901234567"),
    ("phone", "شماره تماس {}", "۰۷۰۱۲۳۴۵۶۷"),
    ("phone", "رقم {}", "+٩٣ ٧٠ ١٢٣ ٤٥٦٧"),
    ("phone", "jaň ediň: {}", "8 65 123456"),
    ("phone", "телефон {}", "+44 20 7946 0958"),
    ("phone", "тел {}", "+996\u00ad700\u200b123456"),
    ("iban", "счёт {} закрыт", "KZ86125KZT5004100100"),
    ("iban", "счёт {} закрыт", "KZ86 125K ZT50 0410 0100"),
    ("iban", "account {}", "gb33BUKB20201555555555"),
    ("card", "карта {}", "4111 1111 1111 1111"),
    ("card", "карта {}", "4111111111111111"),
    ("passport", "паспорт {} утерян", "AN1234567"),
    ("passport", "паспорт № {}", "N12345678"),
    ("passport", "Паспорт серия {} выдан", "4509 № 123456"),
    ("passport", "pasport {}", "AA 1234567"),
    ("passport", "گذرنامه {}", "P01234567"),
    ("passport", "passport number {}", "012345678"),
    ("passport", "паспорт {}", "№ 123456"),
    ("national_number", "задержан {} года", "900101300007"),
    ("national_number", "ИИН {}", "900101300006"),
    ("national_number", "ПИН {}", "21503198500123"),
    ("national_number", "JSHSHIR: {}", "31503850010018"),
]
LEFT = [
    "Встреча прошла 10.10.2026 и 2026-10-11 в 12:30, присутствовали 25 человек.",
    "Изъято 1 500 000 000 сомов, 700 123 456 тенге и 12,5 кг.",
    "С 10.10.2026-12.10.2026 действует постановление № 1234567.",
    "S/2023/370, резолюция 2665 (2022), протокол 45-2026/118",
    "Поддельных паспортов изъято 123456, ещё 1200000 таблеток.",
    "Дело 21-04-26-000123 передано. Координаты 42.8746 74.5698",
    "Notes 1 end. alpha7919 bravo15838 cedar 23757",
    "The hotline is 102, the year 2026, the share 0.123456789",
    "ИНН организации неизвестен; всего 14 случаев",
    "@channel без адреса, и user@localhost",
    "Order 4111 1111 1111 1112 and 1234567890123456",
    "GB33BUKB20201555555556, KZ00 0000",
]


@pytest.mark.parametrize(("kind", "around", "said"), FOUND)
def test_it_is_found_and_nothing_beside_it(kind: str, around: str, said: str) -> None:
    text = around.format(said)
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == [(kind, said)]


@pytest.mark.parametrize("text", LEFT)
def test_dates_sums_numbers_of_documents_and_the_like_are_left(text: str) -> None:
    assert find(text) == []


def test_what_is_found_is_covered_character_for_character() -> None:
    text = "Звонить +996 700 123 456 или писать a@example.org."
    covered = screening.masked(text, find(text))
    assert covered == "Звонить ████████████████ или писать █████████████."
    assert screening.told(text) == covered


@pytest.mark.parametrize(
    ("number", "digit"),
    # The row of weights with the digits worked out by hand; the second row where the first gives ten.
    [("90010130000", "7"), ("00000000000", "0"), ("55050500000", "6")],
)
def test_a_check_digit_is_worked_out_by_rows_of_weights(number: str, digit: str) -> None:
    rule = next(one for one in rules().national_numbers if one.digits == 12)
    assert rule.check is not None
    assert digits.check_digit(number, rule.check) == digit


def test_where_no_row_of_weights_gives_a_digit_there_is_no_such_number() -> None:
    assert digits.check_digit("5", Check(modulus=11, weights=((2,), (2,)))) is None
    assert digits.check_digit("5", Check(modulus=11, weights=((2,), (1,)))) == "5"


@given(st.integers(10**15, 10**16 - 1))
def test_the_check_of_cards_is_that_of_the_library(number: int) -> None:
    assert digits.luhn(str(number)) == luhn.is_valid(str(number))


HOSTILE = [
    "1 " * 25_000, "1" * 50_000, "@" * 50_000, "a@" * 25_000, "a@b." * 12_500, "700-123-456 " * 4_000, "AA11" * 12_500,
    "паспорт 123456 " * 3_300, "<sup" * 12_500, "<a " * 16_000, "&amp" * 12_500, "a[at]" * 10_000, "Ð¿" * 25_000,
    "РџС" * 16_000, "аa" * 25_000, "\u200c" * 50_000, "8600 " * 10_000, "123456789012 " * 3_800, "KZ86 " * 10_000,
    "+7" * 25_000, "+996 " * 10_000, "." * 50_000, "a." * 24_000 + "@b.c", "0123456 " * 6_000, "00 00 " * 8_000,
    "21 50 31 98 50 01 23 " * 2_400, "<p class='" * 5_000, "a" * 49_980 + "@example.org", "a@" + "b." * 24_000,
    "(" * 50_000, "۱" * 50_000, "10.10.2026-" * 4_500,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_looked_at_within_bounds(text: str) -> None:
    reading = screening.read("", text)
    assert reading.text.groups <= MOST_GROUPS + len(text) // 6
    before = 0
    for start, end, _ in reading.text.found:
        assert before <= start < end <= len(text)
        before = end


def test_in_a_text_of_very_many_numbers_what_is_not_looked_at_is_covered() -> None:
    text = "0123456 " * (MOST_GROUPS + 100) + "+996 700 123 456"
    assert "700 123 456" not in screening.told(text)


@given(st.text(alphabet="0123456789 +-().@aAК№[]<>&;\u200b۰۱۲", max_size=300))
@settings(max_examples=500, deadline=None)
def test_spans_are_in_order_and_inside(text: str) -> None:
    before = 0
    for start, end, kind in find(text):
        assert before <= start < end <= len(text)
        assert kind in screening.KINDS
        before = end


@given(st.text(alphabet=st.characters(exclude_characters="@", exclude_categories=["Nd", "Cs"]), max_size=300))
def test_a_text_without_digits_and_signs_of_address_holds_nothing(text: str) -> None:
    assert all(one.kind == "email" for one in find(text))  # [at] is such a sign in disguise


def test_a_number_is_found_wherever_it_stands() -> None:
    lines = random.Random(7)
    for _ in range(50):
        before = "".join(lines.choices("аб вг.,;\n", k=lines.randrange(40)))
        text = f"{before} +996 700 123 456 {before}"
        assert [text[one.start : one.end] for one in find(text)] == ["+996 700 123 456"]
