"""Places named in passing: weighed by what a passage shows of each and by what it is about."""

import json

import pytest

from deploy import learn_places, learn_words
from services.texts import compose, gazetteer, tag
from services.texts.evaluating import passages
from services.texts.folding import fold
from services.texts.names import read as names
from services.texts.scenes import Passage, read
from services.texts.tagger import found_in
from services.vocabulary import places

WEIGHTS = read(learn_places.FILE)
CODED = {"theme", "country", "unit"}  # features of codes, of which rare ones have no weight
PLAY = (
    "The theatre of Bokhtar showed its new play about a smith who would make no swords. The hall was full on both "
    "nights, the costumes came from pupils of the art school, and the director hopes to take the play to Samarkand in "
    "spring if a bus is found."
)
TWO = (
    "Two cars blew up within an hour on Tuesday, one before the district court in Osh and one at the bus station of "
    "Batken. Nine people were hurt, three of them children. In Osh the street was closed until evening; in Batken the "
    "market did not open, and both towns called on people to give blood."
)
PATROL = (
    "Border guards of Surkhandarya and Balkh met at the Hairaton bridge on Monday. They compared the lists of boats "
    "that had been seen on the river at night, agreed on a telephone line for both posts, and will walk the bank "
    "together twice a month from now on."
)
COURSE = (
    "A course for forty customs officers opened at the OSCE centre in Dushanbe, the ministry said. For two weeks they "
    "are shown how hidden goods are found in lorries and how a file is written so that a court accepts it. A second "
    "course follows in Khorog in the spring."
)
MORE = " Nothing else was known by the evening." * 30


def units(text: str) -> set[str]:
    return {one.value for one in tag("", text).tags if one.scheme == "unit"}


def found(text: str, *themes: str) -> set[str]:
    tags = gazetteer().find(text, fold(text), language="en", themes=themes)
    return {one.value for one in tags if one.scheme == "country"}


def of_the_passages(every: int) -> list[tuple[str, Passage]]:
    lines = [
        line for path in sorted(learn_words.PASSAGES.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n")
    ]
    given = passages([line for line in lines if line][::every])
    return [(one.id, passage) for one in given if (passage := learn_places.shown(one.text, one.themes))]


def test_where_a_play_may_go_next_is_no_place_of_it_and_two_places_of_one_evening_both_are():
    assert units(PLAY) == {"TJ-KT"}
    assert units(TWO) == {"KG-GO", "KG-B"}


def test_in_a_text_longer_or_shorter_than_what_was_learned_from_the_rules_alone_decide():
    assert units(PLAY + MORE) == {"TJ-KT", "UZ-SA"}
    assert units("From Bokhtar the play goes to Samarkand.") == {"TJ-KT", "UZ-SA"}


def test_what_a_text_is_about_tells_whether_it_happened_on_both_sides():
    assert found(PATROL) == {"UZ"}
    assert found(PATROL, "border-security") == {"UZ", "AF"}
    assert {one.value for one in tag("", PATROL).tags if one.scheme == "country"} == {"UZ", "AF"}
    assert {one.value for one in found_in(PATROL, language="en") if one.scheme == "country"} == {"UZ", "AF"}


def test_a_place_that_the_rules_leave_out_is_told_for_all_that_the_passage_shows_and_is_in_doubt():
    text = compose("", COURSE)
    passage = gazetteer().passage(text, fold(text), "en", frozenset({"en"}), ["capacity-building"])
    assert passage.kept("unit") == ["TJ-GB"]
    told = next(one for one in tag("", COURSE).tags if one.scheme == "unit")
    assert (told.value, told.confidence) == ("TJ-DU", 0.55)
    assert [text[start:end] for start, end in told.spans] == ["Dushanbe"]


def test_a_place_is_weighed_by_its_own_code_and_by_its_rank_among_those_of_a_theme():
    text = compose("", TWO)
    passage = gazetteer().passage(text, fold(text), "en", frozenset({"en"}), ["explosives"])
    none = {"country": {"always": -1.0}, "unit": {"always": -1.0}}
    assert passage.told(none) == set()
    assert passage.told(none | {"unit": {"always": -1.0, "unit KG-B": 1.0}}) == {"KG", "KG-B"}
    assert passage.told(none | {"unit": {"always": -1.0, "theme explosives rank 0": 1.0}}) == {"KG", "KG-GO"}
    assert passage.told(none | {"country": {"always": -1.0, "country KG rank 0": 1.0}}) == {"KG"}


def test_each_feature_that_is_not_of_a_code_has_its_weight_and_a_unit_that_is_told_gives_its_country():
    for name, passage in of_the_passages(60):
        told = passage.told(WEIGHTS)
        for level in ("country", "unit"):
            for code in passage.named(level):
                shown = {one for one in passage.features(level, code) if one.split()[0] not in CODED}
                assert shown - {"kept 0"} <= WEIGHTS[level].keys(), name  # too few examples show that none is kept
        assert {code.split("-")[0] for code in told} <= told, name


def test_the_weights_were_learned_from_the_passages_that_are_there():
    files, further = learn_places.sources()
    mark = learn_words.mark([*files, *further])
    assert json.loads(learn_places.FILE.read_text("utf-8"))["of"] == mark, "make words learns anew"


@pytest.mark.deep
def test_to_learn_again_gives_the_same_weights():
    assert learn_places.learned(*learn_places.sources()) == WEIGHTS


def test_further_names_are_of_places_of_the_pack_each_once():
    folder = learn_places.FILE.parent
    rules = names(*(folder / name for name in ("places.yaml", "place_names.json", "landmarks.json", "abroad.json")))
    for code, given in [*rules.written.items(), *rules.landmarks.items()]:
        assert code in places(), code
        assert len(set(given)) == len(given), code
