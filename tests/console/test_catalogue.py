"""The Russian catalogue holds every word of the code and of the pages, none of them in doubt or left behind."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services import indicators
from tests.architecture.tree import SERVICES

RUSSIAN = SERVICES / "locale" / "ru" / "LC_MESSAGES" / "ewn.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


@pytest.fixture(scope="module")
def catalogue():
    with RUSSIAN.open("rb") as file:
        return read_po(file, locale="ru", abort_invalid=True)


@pytest.fixture(scope="module")
def words():
    found = {message for _, _, message, _, _ in extract_from_dir(SERVICES, method_map=METHODS)}
    assert len(found) > 200
    return found


def forms(message):
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def test_every_word_is_translated(catalogue, words):
    known = {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if all(forms(message))
    }
    assert sorted(words - known, key=str) == []


def test_no_translation_is_in_doubt_or_of_words_that_are_gone(catalogue, words):
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []
    assert not catalogue.obsolete
    assert sorted({m.id if isinstance(m.id, str) else tuple(m.id) for m in catalogue if m.id} - words, key=str) == []


def test_every_translation_has_the_places_of_its_original(catalogue):
    places = lambda text: set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))  # noqa: E731
    for message in catalogue:
        if message.id:
            wanted = places(message.id if isinstance(message.id, str) else message.id[1])
            for form in forms(message):
                assert places(form) == wanted, message.id


def test_plural_forms_are_three(catalogue):
    plural = [message for message in catalogue if isinstance(message.id, tuple | list)]
    assert plural
    assert all(len(forms(message)) == 3 for message in plural)


def test_what_is_russian_is_written_in_cyrillic(catalogue):
    for message in catalogue:
        for form in forms(message) if message.id else ():
            assert re.search("[а-яё]", form.lower()) or not re.search("[A-Za-z]{3,}", form), form


# One Russian word for one thing: what is dropped, and the English words in whose translation it must not stand.
DROPPED = (
    (r"происшеств", ""),
    (r"\b(событи|случа)", r"\bincident"),
    (r"\b(метк|меток|пометк)", r"\b(label|marking|tlp)"),
    (r"маркиров", r"\btags?\b"),
)


def test_each_thing_has_one_russian_name(catalogue):
    told = [(m.id if isinstance(m.id, str) else m.id[0], form) for m in catalogue if m.id for form in forms(m)]
    for one in indicators.catalogue():
        told += [(one.named("en"), one.named("ru")), (one.counted_in("en"), one.counted_in("ru"))]
    for english, russian in told:
        for dropped, where in DROPPED:
            wrong = re.search(where, english.lower()) and re.search(dropped, russian.lower())
            assert not wrong, f"{english}: {russian}"


def test_every_indicator_says_in_russian_too_what_it_cannot_tell():
    for one in indicators.catalogue():
        for about in ("purpose", "cannot_tell", "harm", *(["attribution"] if one.attribution else [])):
            text, language = one.said(about, "ru")
            assert language == "ru", (one.code, about)
            assert re.search("[а-яё]", text), (one.code, about)
            assert one.said(about, "en") == (getattr(one, about), "en")
