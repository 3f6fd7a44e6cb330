"""Places named in passing: weighed by what a passage shows of each, and never more than the rules tell."""

import json

import pytest

from deploy import learn_places, learn_words
from services.texts import compose, gazetteer, tag
from services.texts.evaluating import passages
from services.texts.folding import fold
from services.texts.names import read as names
from services.texts.scenes import Passage, read
from services.vocabulary import places

WEIGHTS = read(learn_places.FILE)
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
MORE = " Nothing else was known by the evening." * 30


def units(text: str) -> set[str]:
    return {one.value for one in tag("", text).tags if one.scheme == "unit"}


def of_the_passages(every: int) -> list[tuple[str, Passage]]:
    lines = [
        line for path in sorted(learn_words.PASSAGES.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n")
    ]
    found = []
    for one in passages([line for line in lines if line][::every]):
        text = compose("", one.text)
        found.append((one.id, gazetteer().passage(text, fold(text), one.language)))
    return found


def test_where_a_play_may_go_next_is_no_place_of_it_and_two_places_of_one_evening_both_are():
    assert units(PLAY) == {"TJ-KT"}
    assert units(TWO) == {"KG-GO", "KG-B"}


def test_in_a_text_longer_or_shorter_than_what_was_learned_from_the_rules_alone_decide():
    assert units(PLAY + MORE) == {"TJ-KT", "UZ-SA"}
    assert units("From Bokhtar the play goes to Samarkand.") == {"TJ-KT", "UZ-SA"}


def test_each_feature_has_its_weight_and_a_unit_that_is_told_keeps_its_country():
    for name, passage in of_the_passages(60):
        passing = passage.passing(WEIGHTS)
        for level in ("country", "unit"):
            for code in passage.kept(level):
                assert passage.features(level, code).keys() <= WEIGHTS[level].keys(), name
        told = {code.split("-")[0] for code in passage.kept("unit") if code not in passing}
        assert not told & passing, name


def test_the_weights_were_learned_from_the_passages_that_are_there():
    sources = sorted(learn_words.PASSAGES.glob("*.jsonl"))
    assert json.loads(learn_places.FILE.read_text("utf-8"))["of"] == learn_words.mark(sources), "make words learns anew"


@pytest.mark.deep
def test_to_learn_again_gives_the_same_weights():
    files = sorted(learn_words.PASSAGES.glob("*.jsonl"))
    assert {level: learn_places.weights(*given) for level, given in learn_places.examples(files).items()} == WEIGHTS


def test_further_names_are_of_places_of_the_pack_each_once():
    folder = learn_places.FILE.parent
    for code, given in names(folder / "places.yaml", folder / "place_names.json").written.items():
        assert code in places(), code
        assert len(set(given)) == len(given), code
