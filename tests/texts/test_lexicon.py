"""The definitions of themes: their own examples are their tests."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

import services.texts
from services import vocabulary
from services.texts import definitions, tag
from services.texts.definitions import Definition, Lexicon

FOLDER = Path(services.texts.__file__).parent / "lexicon"
LEXICON = definitions.read(FOLDER)
POSITIVE = [(one.code, example) for one in LEXICON.definitions for example in one.examples.positive]
NEGATIVE = [(one.code, example) for one in LEXICON.definitions for example in one.examples.negative]


def themes(text, **given):
    return [one.value for one in tag("", text, **given).tags if one.scheme == "theme"]


@pytest.mark.parametrize(("code", "example"), POSITIVE, ids=lambda value: getattr(value, "language", value))
def test_a_positive_example_is_tagged(code, example):
    assert code in themes(example.text, language=example.language)


@pytest.mark.parametrize(("code", "example"), NEGATIVE, ids=lambda value: getattr(value, "language", value))
def test_a_negative_example_is_not_tagged(code, example):
    assert code not in themes(example.text, language=example.language)


def test_every_theme_of_the_pack_has_a_definition_and_no_other_has():
    assert sorted(one.code for one in LEXICON.definitions) == sorted(vocabulary.themes().codes())


def test_a_group_that_themes_are_built_from_alone_holds_every_language():
    languages = {"en", "ru", "kk", "ky", "tg", "uz", "tk", "fa"}
    alone = {name for one in LEXICON.definitions for name in (*one.any, *one.hints, *one.beside)}
    for name, words in LEXICON.groups.groups.items():
        assert {"en", "ru"} <= set(words) <= languages, name
        assert name not in alone or set(words) == languages, name


def test_a_definition_must_state_its_purpose_its_limits_and_its_harm():
    whole = yaml.safe_load((FOLDER / "themes" / "cyber.yaml").read_text())
    for field in ("purpose", "cannot_tell", "harm", "examples"):
        with pytest.raises(ValidationError, match=field):
            Definition.model_validate({key: value for key, value in whole.items() if key != field})


def test_a_definition_that_names_an_unknown_group_is_refused():
    broken = LEXICON.definitions[0].model_copy(update={"any": ("nonesuch",)})
    with pytest.raises(ValidationError, match="no group"):
        Lexicon(groups=LEXICON.groups, senses=LEXICON.senses, definitions=(broken,))


def test_every_theme_found_in_the_text_shows_the_words_that_led_to_it():
    text = "В тайнике обнаружены патроны и гранаты."
    (found,) = [one for one in tag("", text).tags if one.scheme == "theme"]
    assert found.method == "lexicon"
    assert found.version == "small-arms-3"
    words = [("\n" + text)[start:end] for start, end in found.spans]
    assert "тайнике" in words
    assert "патроны" in words


@pytest.mark.parametrize(
    "text",
    [
        "No attacks, bombings or armed clashes were reported.",
        "Armed attacks were not recorded in the district.",
        "Нападений боевиков, взрывов и перестрелок не зафиксировано.",
        "Қарулы шабуылдар тіркелген жоқ.",
        "Куралдуу кол салуулар катталган жок.",
        "Ҳамлаҳои мусаллаҳона ба қайд гирифта нашуданд, ҳодисае набуд.",
        "Қуролли ҳужумлар қайд этилмади.",
        "Ýaragly hüjümler hasaba alynmady.",
        "هیچ حمله مسلحانه‌ای گزارش نشد.",
    ],
)
def test_what_a_text_negates_is_not_tagged(text):
    assert "armed-attack" not in themes(text)


def test_a_negation_of_something_else_leaves_the_event():
    assert "armed-attack" in themes("Боевики напали на пост, пострадавших среди жителей не было.")


def test_less_than_is_no_negation():
    assert "drug-trafficking" in themes("Изъято не менее 20 килограммов героина.")


def test_one_cue_tells_a_short_text_and_no_long_one_in_a_language_whose_words_mean_more():
    cue, rest = "Kiberhujum boʻldi.", " Bogʻ ertalab juda koʻm-koʻk va tinch edi." * 5
    assert "cyber" in themes(cue, language="uz")
    assert "cyber" not in themes(cue + rest, language="uz")
    assert "cyber" in themes("Ransomware was found." + " The garden was green in the morning." * 5, language="en")


def test_what_must_stand_near_is_asked_of_a_long_text_alone():
    cue, rest = "Heroin.", " The garden was green in the morning and nobody went there." * 4
    assert "drug-trafficking" in themes(cue, language="en")
    assert "drug-trafficking" not in themes(cue + rest, language="en")
    assert "drug-trafficking" in themes(cue + rest + " Customs had stopped the couriers.", language="en")


def test_a_stem_is_found_with_its_last_letter_softened():
    assert "small-arms" in themes("Uydan ov miltigʻi va granata topildi.", language="uz")
    assert "small-arms" in themes("Уйдан ов милтиғи ва граната топилди.", language="uz")
