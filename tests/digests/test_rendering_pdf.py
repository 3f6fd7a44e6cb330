"""The digest on paper: tagged, labelled on every page, the same each time, and deaf to what reports tell it to do."""

import io
import random
import unicodedata

import pytest
from pypdf import PdfReader

from services.digests.composition import compose
from services.digests.content import Counts, Part
from services.digests.pdf import pdf, printable
from tests.digests.rendering_sample import EVIL, Names, item, sample


@pytest.fixture(scope="module")
def made():
    return {language: pdf(compose(sample(), language, Names())) for language in ("en", "ru")}


@pytest.fixture(scope="module")
def readers(made):
    return {language: PdfReader(io.BytesIO(data)) for language, data in made.items()}


def flat(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_the_paper_is_tagged_and_says_what_it_is(readers):
    for language, reader in readers.items():
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert reader.trailer["/Root"]["/Lang"] == language
        assert reader.xmp_metadata.stream.get_data().find(b"pdfuaid:part>1<") > 0
    assert readers["en"].metadata.title == "Monthly regional digest: Central Asia, September 2022"
    assert readers["ru"].metadata.author == "Учебная сеть"


def test_every_page_carries_the_label_the_edition_and_its_number(readers):
    pages = readers["en"].pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert text.count("TLP:AMBER") >= 2
        assert "EWN-7KQ4-M2XF" in text
        assert f"Page {number} of {len(pages)}" in text
        assert "Contains exercise items" in text


@pytest.mark.parametrize(
    ("language", "draft", "solo"), [("en", "DRAFT.", "Made in solo mode"), ("ru", "ЧЕРНОВИК.", "одного")]
)
def test_every_page_says_that_it_is_a_draft_and_was_made_in_solo_mode(language, draft, solo):
    document = compose(sample(draft=True, solo=True), language, Names())
    for page in PdfReader(io.BytesIO(pdf(document))).pages:
        text = page.extract_text()
        assert draft in text
        assert solo in text


def test_letters_of_the_regions_languages_are_there(readers):
    text = flat(readers["ru"])
    assert "сентябрь 2022" in text
    assert "Вооружённое столкновение" in text
    assert all(letter in text for letter in "ҚӨҶҮқөҷүғӣӯҳ")


def test_fonts_are_our_own_and_embedded(readers):
    names = {
        str(font.get_object()["/BaseFont"])
        for page in readers["ru"].pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert names
    assert all("NotoSans" in name or "NotoNaskhArabic" in name for name in names)
    assert any("NotoNaskhArabic" in name for name in names)


def test_what_reports_say_is_never_markup(readers):
    text = flat(readers["en"])
    assert text.count(EVIL) == 2  # its title and its sentence, to the letter
    assert "root:" not in text


@pytest.mark.parametrize(
    "evil", ["#panic()", "$", "`", "]", "\\", "#", '"', "{page}", "\u202e", "= Heading", "@x", "<x>"]
)
def test_no_text_stops_the_press(evil):
    part = Part("actual", Counts(), items=(item(1, title=evil, sentences=(evil,), originator=evil, language="en-GB"),))
    reader = PdfReader(io.BytesIO(pdf(compose(sample(parts=(part,), network={"en": evil}), "en", Names()))))
    assert "EWN-AAAA-0001" in flat(reader)


def test_the_same_document_gives_the_same_bytes(made):
    assert pdf(compose(sample(), "en", Names())) == made["en"]


def paper(text):
    """What a reader of a PDF gets of a title and a sentence."""
    part = Part("actual", Counts(), items=(item(1, title=text, sentences=(text,), language=None),))
    return flat(PdfReader(io.BytesIO(pdf(compose(sample(parts=(part,)), "en", Names())))))


@pytest.mark.parametrize(
    ("strange", "code"),
    [
        ("\U0001f4a3", "1F4A3"),
        ("中", "4E2D"),
        ("\uffff", "FFFF"),
        ("\u0378", "0378"),
        ("\U00013000", "13000"),
        ("\x07", "0007"),
        ("\U000e0041", "E0041"),
    ],
)
def test_a_character_that_no_font_of_ours_has_is_told_by_its_code(strange, code):
    assert paper(f"Bang {strange} there").count(f"Bang [U+{code}] there") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Қ Ө Ҷ Ү қ ө ҷ ү ғ ӣ ӯ ҳ Ё",
        "اَلسَّلامُ عليكم ١٢٣؟",
        "می\u200cخواهیم گچ پژ ۱۲۳",
        "ټ ډ ړ ږ ښ ڼ ۍ ې ګ",
        "e\u0301 № – « » “ ” € ½",
        "a\u200d\u200bb \u2066c\u2069 \u202ed\u202c",
        "two\nlines",
    ],
)
def test_the_regions_scripts_and_marks_of_direction_stay_as_they_are(text):
    assert printable(text) == text
    assert "[U+" not in paper(text)


def test_no_mixture_of_letters_and_marks_stops_the_press():
    draw = random.Random(7)
    known = [chr(code) for code in range(0x20, 0x3000)] + [chr(code) for code in range(0xFB50, 0xFF00)]
    marks = [one for one in known if unicodedata.category(one) == "Mn"]
    sentences = tuple(
        "".join(draw.choices(known, k=20) + draw.choices(marks, k=20) + draw.choices(known, k=20)) for _ in range(200)
    )
    part = Part("actual", Counts(), items=(item(1, sentences=sentences),))
    assert pdf(compose(sample(parts=(part,)), "en", Names())).startswith(b"%PDF")


def test_what_cannot_be_set_is_a_space_or_a_code():
    assert printable("a\tb\r\nc") == "a b \nc"
    assert printable("a\u20dd") == "a[U+20DD]"
    assert printable("\u2764\ufe0f \ufeff") == "[U+2764] [U+FEFF]"
    assert printable("\ud800") == "[U+D800]"
