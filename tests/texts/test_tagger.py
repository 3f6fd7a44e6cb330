"""Tags of whole reports: language, the sender's word, evidence, near duplicates."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.texts import compose, duplicates, tag

REPORT = (
    "On Tuesday evening police near the bridge found a cache with twelve rifles, grenades and two thousand cartridges. "
    "The finds were taken to the regional centre; an inquiry has begun and residents were asked to report others."
)
RUSSIAN = (
    "Во вторник вечером сотрудники полиции возле моста нашли тайник с двенадцатью винтовками, гранатами и патронами. "
    "Находки доставлены в областной центр, начата проверка, жителей просят сообщать о других находках."
)


def test_the_declared_language_wins_and_the_guess_is_kept():
    found = tag("", RUSSIAN, language="kk")
    assert (found.language, found.guessed_language) == ("kk", "ru")
    assert {(one.value, one.method) for one in found.tags if one.scheme == "language"} == {
        ("kk", "sender"),
        ("ru", "model"),
    }


def test_dari_and_persian_are_one_language():
    assert tag("", "x", language="prs").language == "fa"


def test_kazakh_typed_in_russian_letters_is_told_from_kyrgyz_and_understood():
    text = "Караганды облысында полиция кызметкерлери еки адамнан тыйым салынган топтын кару-жарагын таркиледи."
    found = tag("", text)
    assert found.language == "kk"
    assert "small-arms" in {one.value for one in found.tags if one.scheme == "theme"}
    kyrgyz = "Ош облусунда милиция кызматкерлери эки адамдан тыюу салынган топтун курал-жарагын тартып алды."
    assert tag("", kyrgyz).language == "ky"


def test_an_unclear_text_is_undetermined():
    assert tag("", "12 / 14 kg").language == "und"
    assert not [one for one in tag("", "12 / 14 kg").tags if one.scheme == "language"]


def test_control_characters_do_not_stop_tagging():
    assert tag("A\x00B", f"\x1b\u202e{REPORT}\ufffe").language == "en"


def test_what_the_sender_gives_is_tagged_as_theirs():
    found = tag("", "Nothing to add.", place="KG-B/batken", themes=["cyber", "cyber"])
    given = [(one.scheme, one.value) for one in found.tags if one.method == "sender"]
    assert given == [("theme", "cyber"), ("town", "KG-B/batken"), ("unit", "KG-B"), ("country", "KG")]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_every_tag_has_evidence_inside_the_text(title, text):
    whole = compose(title, f"{text} {REPORT} В Оше.")
    for one in tag(title, f"{text} {REPORT} В Оше.").tags:
        assert one.spans
        assert 0 < one.confidence <= 1
        assert all(0 <= start < end <= len(whole) for start, end in one.spans)


def test_tagging_is_the_same_each_time():
    assert tag("A", REPORT) == tag("A", REPORT)


def sketched(text):
    return duplicates.sketch(duplicates.plain(text), text)


def alike(first, second):
    (one, bands), (other, others) = sketched(first), sketched(second)
    return bool(set(bands) & set(others)) and bool(duplicates.likeness(one, other))


def test_a_report_retold_with_few_changes_is_a_near_duplicate():
    assert alike(REPORT, f"Forwarded: {REPORT.replace('twelve', '12').replace('Tuesday', 'Wednesday')}")


def test_case_and_punctuation_make_no_difference():
    assert alike(REPORT, REPORT.upper().replace(",", " -"))


def test_another_report_is_no_near_duplicate():
    assert not alike(REPORT, RUSSIAN)
    assert not alike(
        REPORT, "The regional centre trained forty officers in the keeping of evidence over two long weeks."
    )


def test_a_text_too_short_to_tell_has_no_bands():
    assert sketched("Nothing to report.")[1] == ()


def test_bands_fit_a_signed_64_bit_column():
    bands = sketched(REPORT)[1]
    assert len(bands) == duplicates.BANDS
    assert all(-(2**63) <= band < 2**63 for band in bands)


def test_one_form_filled_in_with_other_figures_is_another_event():
    form = (
        "On {} May 2019 fighting was recorded in the district. The best estimate is {} killed, {} at least, {} at most."
    )
    assert not alike(form.format(4, 1, 0, 3), form.format(7, 12, 9, 20))
    assert alike(form.format(4, 1, 0, 3), form.format(4, 1, 0, 3).replace("fighting", "a clash"))
