"""Events in countries where the network has no places: told by their codes, and the home of those in them is not."""

import json

import pytest

from deploy import learn_places
from services.texts import compose, gazetteer, tag
from services.texts.evaluating import passages
from services.texts.folding import fold, folded
from services.texts.names import read
from services.texts.scenes import Passage
from services.vocabulary import countries_abroad, place_name, places

FOLDER = learn_places.FILE.parent
NAMES = json.loads((FOLDER / "abroad.json").read_text("utf-8"))
THERE = {
    "en": "Istanbul police detained four men in the Fatih district on Tuesday evening. In the flat they found two "
    "pistols and a list of shops. All four are said to come from Kulob; their families in Tajikistan were told by "
    "telephone, and the embassy has asked for a meeting with them.",
    "ru": "В подмосковном Домодедово задержаны трое рабочих со стройки, у них в вагончике нашли самодельный заряд и "
    "телефоны. По словам следствия, задание они получили в закрытом чате. Все трое приехали из Оша весной, родители "
    "узнали об аресте от знакомых и просят адвоката.",
    "uz": "Stambulda yashovchi uch nafar yigit politsiya tomonidan ushlandi. Ularning uyidan ikkita toʻpponcha va "
    "xarita topildi. Aytishlaricha, buyruq yopiq guruhda berilgan. Uchalasi ham Andijondan borgan, ota-onalari bundan "
    "qoʻshnilar orqali xabar topib, konsullikdan yordam soʻramoqda.",
}
HOME = (
    "A court in Osh sentenced a man of thirty who had come home in spring to eight years. He had worked in Moscow for "
    "six years and was drawn there into a closed chat. The money for the house in Uzgen came from Turkey in four "
    "transfers, all of which the bank in Osh had reported."
)


def told(text: str) -> dict[str, float]:
    return {one.value: one.confidence for one in tag("", text).tags if one.scheme == "country"}


@pytest.mark.parametrize(("language", "country"), [("en", "TR"), ("ru", "RU"), ("uz", "TR")])
def test_an_event_abroad_is_told_there_and_not_at_the_home_of_those_in_it(language: str, country: str) -> None:
    assert told(THERE[language]) == {country: 0.55}
    schemes = {one.scheme for one in tag("", THERE[language]).tags}
    assert not schemes & {"unit", "town"}


def test_what_leads_to_a_country_abroad_are_the_names_of_places_in_it() -> None:
    text = compose("", THERE["en"])
    one = next(one for one in tag("", THERE["en"]).tags if one.scheme == "country")
    assert [text[start:end] for start, end in one.spans] == ["Istanbul"]


def test_where_somebody_worked_or_money_came_from_is_no_place_of_what_happened_at_home() -> None:
    assert set(told(HOME)) == {"KG"}


def test_in_a_text_longer_or_shorter_than_what_was_learned_from_nothing_is_told_abroad() -> None:
    assert set(told("Police in Istanbul detained four men of Kulob.")) == {"TJ"}
    assert set(told(THERE["en"] + " Nothing else was known by the evening." * 30)) == {"TJ"}


def test_what_stays_at_home_beside_a_country_abroad_is_weighed_alone() -> None:
    text = compose("", THERE["en"])
    passage = gazetteer().passage(text, fold(text), "en", frozenset({"en"}), [])
    always, never = {"always": 1.0}, {"always": -1.0}
    assert passage.abroad == ["TR"]
    home = {"country": always, "unit": always}
    assert passage.told(home) == passage.told(home | {"abroad": never}) == {"TJ", "TJ-KT"}
    assert passage.told(home | {"abroad": always, "beside": never}) == {"TR"}
    assert passage.told(home | {"abroad": always, "beside": always}) == {"TR", "TJ", "TJ-KT"}
    assert passage.told(home | {"abroad": never | {"placed": 2.0}, "beside": never}) == {"TR"}


def test_no_weight_is_of_one_country_abroad_more_than_of_another() -> None:
    weights = json.loads(learn_places.FILE.read_text("utf-8"))["weights"]
    for level in ("abroad", "beside"):
        assert not [name for name in weights[level] if name.startswith("country ") and name != "country alone"]


def test_each_country_abroad_is_one_and_its_names_are_of_no_place_at_home() -> None:
    rules = read(*(FOLDER / name for name in ("places.yaml", "place_names.json", "landmarks.json", "abroad.json")))
    home = {folded(name) for one in places() for name in (*one.every_name, *rules.written.get(one.code, ()))}
    seen: dict[str, str] = {}
    for code, given in rules.abroad.items():
        assert code in countries_abroad("en"), code
        for name in (*given.names, *given.places):
            assert folded(name) not in home, name
            assert seen.setdefault(folded(name), code) == code, name
            assert name in (*NAMES[code]["names"], *NAMES[code]["places"])


def test_a_country_abroad_has_a_name_in_each_language_of_the_pages_and_a_place_at_home_its_own() -> None:
    assert (place_name("TR", "en"), place_name("TR", "ru")) == ("Türkiye", "Турция")
    assert place_name("KG", "en") == "Kyrgyzstan"
    assert place_name("CA", "en") == places().name("CA", "en") != "Canada", "the region's code stands before another's"
    assert place_name("ZZ", "en") == "ZZ"


def test_of_the_passages_about_such_countries_most_that_happened_abroad_are_told() -> None:
    """They are learned from, so this shows that all of it works together, not how well: ADR 0033 does."""
    files = [one for one in sorted(learn_places.FURTHER.glob("*.jsonl")) if one.name[:2] in ("en", "tg", "fa")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()][::4]
    right = wrong = missed = 0
    for one in passages(lines):
        found = {code for code in told(one.text) if code not in places()}
        labelled = {code for code in one.countries if code not in places()}
        right, wrong, missed = (
            right + len(found & labelled),
            wrong + len(found - labelled),
            missed + len(labelled - found),
        )
    assert right > 20
    assert right / (right + wrong) > 0.7, (right, wrong)
    assert right / (right + missed) > 0.5, (right, missed)


def test_a_passage_that_names_nothing_abroad_has_none() -> None:
    assert Passage([], 40, []).abroad == []
