"""Dirty text is read clean, and every character of the reading leads back to the original."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services import screening
from services.screening import clean

SENTENCE = "Вооружённые люди напали на пост вблизи города."
TAJIK = "Гурӯҳи мусаллаҳ ба постгоҳ ҳамла кард."
DARI = "افراد مسلح به یک پاسگاه حمله کردند"
TURKMEN = "Türkmen döwletiniň serhedinde ýaragly adamlar saklandy."


def wrongly(text: str, codec: str) -> str:
    """UTF-8 read as a one-byte encoding, without what cannot come in: bytes that have no character there."""
    return text.encode("utf-8").decode(codec, "ignore")


def cp1252_loses_nothing_of(text: str) -> bool:
    return all(byte < 0x80 or bytes([byte]).decode("cp1252", "ignore") for byte in text.encode("utf-8"))


DIRTY = [
    ("markup", "<p>Задержаны трое<sup>12</sup>, изъято &amp; увезено.</p>", "Задержаны трое, изъято & увезено.\n"),
    ("markup", "Площадь 10 м<sup>2</sup>, всего 10<sup>6</sup> единиц", "Площадь 10 м², всего 10⁶ единиц"),
    ("markup", "Первая строка<br/>вторая &laquo;строка&raquo;", "Первая строка\nвторая «строка»"),
    ("marks", "Задер\u00adжаны \u200bтрое\ufeff, ab\u200ccd \u202dслева", "Задержаны трое, abcd слева"),
    ("scripts", "Душанбe и Бишкeк, ISIL-K", "Душанбе и Бишкек, ISIL-K"),
    ("scripts", "Номер АN1234567", "Номер AN1234567"),
    ("addresses", "пишите name [at] example [dot] org", "пишите name@example.org"),
    ("addresses", "name(собака)example(точка)org", "name@example.org"),
    ("symbols", "документ S'2023/370 от пятого", "документ S/2023/370 от пятого"),
    ("cut", "Сообщение обрывается здесь <su", "Сообщение обрывается здесь …"),
    ("cut", "Сообщение обрывается &nbs", "Сообщение обрывается …"),
    ("cut", "Сообщение обрывается зде\ufffd", "Сообщение обрывается зде…"),
    ("encoding", wrongly(SENTENCE, "cp1251"), SENTENCE),
    ("encoding", wrongly("«Привет, мир» — так они и пели", "cp1251"), "«Привет, мир» — так они и пели"),
    ("encoding", wrongly("Оборона и ныне", "cp1252"), "Оборона и ныне"),
    ("encoding", wrongly("Türkmen döwleti", "cp1252"), "Türkmen döwleti"),
    ("encoding", wrongly("it’s them", "cp1252"), "it’s them"),
    ("encoding", "Нападение на заставу".encode("cp1251").decode("cp1252"), "Нападение на заставу"),
]  # fmt: skip
CLEAN = [
    SENTENCE, TAJIK, DARI, TURKMEN, "می‌خواهم و نمی‌توانم",
    "Қарулы адамдар (3 адам) бекетке шабуыл жасады: «бәрі тірі».",
    "Oʻzbekiston chegarasida o'q-dori topildi; 5 kg.",
    "At 5 < 6 kg, R&D and AT&T, <name@example.org>, a [note], O'Brien",
    "«TÜRKMENÜ» é à «KÖ»", "Ўзбекистон чегарасида ўқ-дори топилди…", "Ћирилица није Рус…", "Tom & Jerry; x<y>z",
    "Notes 7 end", "(at) home and (dot) alone", "😀 👨‍👩‍👧 flag", "COVIDке қарсы",
]  # fmt: skip


@pytest.mark.parametrize(("step", "dirty", "read"), DIRTY)
def test_dirty_text_is_read_as_it_was_meant(step: str, dirty: str, read: str) -> None:
    made = clean(dirty)
    assert made.text == read
    assert made.done == (step,)


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_text_stays_the_very_same(text: str) -> None:
    made = clean(text)
    assert made.text is text
    assert made.done == ()
    assert made.starts is None


def test_cleaning_says_what_it_did_in_the_order_in_which_it_did_it() -> None:
    made = clean("<b>Душанбe</b>: na\u00adme [at] example [dot] org &nbs")
    assert made.text == "Душанбе: name@example.org …"
    assert made.done == ("markup", "marks", "scripts", "addresses", "cut")
    assert set(made.done) <= set(screening.DONE)


PIECES = st.sampled_from(
    ["<sup>1</sup>", "<b>", "</p>", "&amp;", "&nbs", "\u00ad", "\u200b", "\u200c", "Душанбe", "[at]", " [dot] ", "a",
     "б", "№", "Ð¿Ñ€", "РїСЂРё", "Ïðèâ", "â€™", "Ã¼", "S'2023/1", "\ufffd", "<", "&", " ", "\n", "۱۲", "x@y.org",
     "tel +996700123456"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("".join),
    st.text(max_size=80),
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=20).map("".join),
).map(lambda text: unicodedata.normalize("NFC", text))


@given(TEXTS)
@example("Ð¿Ñ€Ð¿<sup>1</sup>")
@settings(max_examples=500, deadline=None)
def test_whatever_is_matched_in_the_reading_covers_what_it_was_made_from(text: str) -> None:
    made = clean(text)
    before = 0
    for place in range(len(made.text)):
        start, end = made.back(place, place + 1)
        assert before <= start < end <= len(text)
        before = start
        if text[start:end] != made.text[place]:  # then a step says that it changed something here
            assert made.done
        low, high = made.forth(start, end)
        assert low <= place < high
    if made.done == ():
        assert made.text == text


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_span_of_the_reading_is_the_whole_span_of_its_characters(text: str, data: st.DataObject) -> None:
    made = clean(text)
    if not made.text:
        return
    start = data.draw(st.integers(0, len(made.text) - 1))
    end = data.draw(st.integers(start + 1, len(made.text)))
    each = [made.back(place, place + 1) for place in range(start, end)]
    assert made.back(start, end) == (each[0][0], each[-1][1])
    low, high = made.forth(*made.back(start, end))
    assert low <= start
    assert high >= end


@given(TEXTS.filter(lambda text: "\n" not in text), TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_spans_over_title_and_text_lead_back_to_title_and_text(title: str, text: str, data: st.DataObject) -> None:
    reading = screening.read(title, text)
    whole = reading.whole(masked=False)
    place = data.draw(st.integers(0, len(whole) - 1))
    start, end = reading.back((place, place + 1))
    original = f"{title}\n{text}"
    assert 0 <= start < end <= len(original)
    moved = reading.forth([(start, end)])
    assert len(moved) == 1
    assert moved[0][0] <= place < moved[0][1]
    if place < len(reading.title.cleaned.text):
        assert end <= len(title)
    elif place > len(reading.title.cleaned.text):
        assert start > len(title)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_is_masked_is_masked_in_the_reading_as_in_the_original(text: str) -> None:
    reading = screening.read("", text)
    covered = reading.text.shown(masked=True)
    assert len(covered) == len(reading.text.cleaned.text)
    original = screening.masked(text, reading.text.found)
    assert len(original) == len(text)
    for start, end, _ in reading.text.found:
        assert set(original[start:end]) == {screening.MASK}
    for place, character in enumerate(covered):
        start, end = reading.text.cleaned.back(place, place + 1)
        if character == screening.MASK != reading.text.cleaned.text[place]:
            assert set(original[start:end]) == {screening.MASK}
