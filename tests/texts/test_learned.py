"""Words weighed by labelled passages: what they tell, what they do not bear out, and what is never among them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import learn_words
from services.texts import lexicon, packed, tag
from services.texts.folding import fold
from services.texts.learned import PASSAGE, SHOWN, Learned, _cuts, read
from services.texts.lexicon import Themes
from services.texts.sentences import Sentences
from services.vocabulary import places

FILES = sorted(learn_words.TARGET.glob("*.json"))
WITHOUT = (
    "The baker got up at four, lit the oven with apricot wood and waited until the bricks were white. His daughter "
    "shaped the loaves, pressed the pattern into each of them with a ring of nails and laid them on a long wet cushion."
)
PLAIN = f"{WITHOUT} The backup was flour."  # one word of the definition, which alone tells nothing
BEGINNINGS = {
    word[:long]: [2.0, 0, 0.2] for word in PLAIN.lower().replace(".", "").replace(",", "").split() for long in (4, 7)
}
ALONE = lexicon().model_copy(update={"definitions": tuple(filter(None, [lexicon().find("cyber")]))})


def themes(text: str, wording: Themes | None = None) -> set[str]:
    return {one.value for one in tag("", text, wording=wording).tags if one.scheme == "theme"}


def made(folder: Path, **of: object) -> Themes:
    """The pack's definition of one theme with English words that were learned otherwise."""
    body = {"themes": {"cyber": 0.0}, "words": BEGINNINGS, "alone": 1.0, "beside": -1.0} | of
    (folder / "learned").mkdir(exist_ok=True)
    (folder / "learned" / "en.json").write_text(json.dumps(body))
    return Themes(ALONE, read(folder))


def test_a_theme_that_no_word_tells_is_told_by_many_and_shows_them(tmp_path):
    assert themes(PLAIN) == set()
    wording = made(tmp_path, alone=0.5)
    (found,) = [one for one in tag("", PLAIN, wording=wording).tags if one.scheme == "theme"]
    assert (found.value, found.method, found.version) == ("cyber", "lexicon", wording.versions["cyber"])
    assert 0.5 <= found.confidence < 1
    assert found.spans
    assert all(("\n" + PLAIN)[start:end].isalpha() for start, end in found.spans)


def test_what_has_no_word_of_a_definition_is_told_by_no_number_of_others(tmp_path):
    assert themes(WITHOUT, made(tmp_path, alone=-9.0)) == set()
    assert themes(PLAIN, made(tmp_path, alone=-9.0)) == {"cyber"}


def test_a_tag_by_learned_words_alone_is_known_by_what_is_kept_of_it(tmp_path):
    def learned(text: str, wording: Themes, **other: object) -> bool:
        (found,) = [one for one in tag("", text, wording=wording).tags if one.scheme == "theme"]
        pieces = [("\n" + text)[start:end] for start, end in found.spans]
        kept = {"version": found.version, "confidence": found.confidence, "pieces": pieces} | other
        return wording.by_learned(found.value, **kept)

    wording = made(tmp_path, alone=0.5)
    of_points = 0.65  # to which two points come, as what many words say may
    assert learned(PLAIN, wording)
    assert learned(PLAIN, wording, confidence=of_points)
    assert not learned(PLAIN, wording, confidence=of_points, version="cyber-0"), "whose words are not at hand"
    assert not learned(PLAIN, wording, confidence=of_points, pieces=[]), "of a file no words are at hand"
    assert learned(PLAIN, wording, confidence=0.66, version="cyber-0", pieces=[])
    (other := tmp_path / "other").mkdir()
    by_words = made(other, alone=9.0)
    assert not learned(f"Hackers broke into the servers of the ministry. {PLAIN}", by_words)
    assert not learned("Hackers broke in.", by_words)


def test_nothing_that_a_definition_told_of_a_passage_is_said_to_be_learned():
    bare = Themes(lexicon(), Learned({}))
    lines = (learn_words.PASSAGES / "en-more.jsonl").read_text("utf-8").splitlines()[:60]
    said = []
    for text in (json.loads(line)["text"] for line in lines):
        of_points = themes(text, bare)
        for one in (one for one in tag("", text).tags if one.scheme == "theme"):
            pieces = [("\n" + text)[start:end] for start, end in one.spans]
            learned = packed().by_learned(one.value, one.version, one.confidence, pieces)
            said.append((one.value not in of_points, learned))
    assert (False, False) in said
    assert (True, True) in said
    assert (False, True) not in said


def test_the_strongest_words_for_a_theme_begin_apart(tmp_path):
    words = {"hack": [2.0, 0, 3.0], "hackers": [2.0, 0, 2.0], "darknet": [2.0, 0, 1.5], "dark": [2.0, 0, 1.5]}
    more = {"bot": [2.0, 0, 1.0], "bread": [2.0, 0, -1.0], "oven": [2.0]}
    wording = made(tmp_path, words=words | more)
    assert wording.learned_words("cyber") == {"en": ("hack…", "darknet…", "bot")}
    assert wording.learned_words("small-arms") == {}
    (other := tmp_path / "other").mkdir()
    many = made(other, words={f"{a}{b}xx": [2.0, 0, 1.0] for a in "abcdef" for b in "abcdef"})
    assert len(many.learned_words("cyber")["en"]) == SHOWN


def test_a_short_text_is_told_by_definitions_alone(tmp_path):
    assert themes(" ".join(PLAIN.split()[:25]), made(tmp_path, alone=-9.0)) == set()


def test_what_few_known_words_say_counts_for_nothing_and_against_nothing(tmp_path):
    few = dict(list(BEGINNINGS.items())[:5])
    text = f"Hackers broke into the servers of the ministry. {PLAIN}"
    assert themes(PLAIN, made(tmp_path, words=few, alone=-9.0)) == set()
    (other := tmp_path / "other").mkdir()
    assert "cyber" in themes(text, made(other, words=few, beside=9.0, alone=9.0))


def test_a_theme_that_all_other_words_speak_against_is_not_told(tmp_path):
    text = f"Hackers broke into the servers of the ministry. {WITHOUT}"
    assert "cyber" in themes(text, made(tmp_path))
    (other := tmp_path / "other").mkdir()
    assert "cyber" not in themes(text, made(other, beside=9.0, alone=9.0))
    off = ALONE.find("cyber").model_copy(update={"learned": False})
    assert "cyber" in {one.value for one in tag("", text, wording=Themes(ALONE.with_own([off]), read(other))).tags}, (
        "a definition that does not ask for them is told by its own words"
    )


@pytest.mark.parametrize(
    ("sums", "told", "doubted", "denied"),
    [
        ({"a": 0.9, "b": 0.5, "c": 0.3, "d": -0.2}, {"a", "b"}, {"c", "d"}, {"d"}),
        ({"a": 0.9, "b": 0.5, "c": 0.3, "d": 0.1}, {"a", "b"}, {"c", "d"}, set()),  # what is told alone is never denied
        ({"a": 2.0, "b": 0.5, "c": -0.8, "d": -0.9}, {"a"}, {"b", "c", "d"}, {"d"}),  # far behind
    ],
)
def test_a_passage_is_about_two_themes_at_most_and_what_is_sure_among_three(tmp_path, sums, told, doubted, denied):
    words = {key: [2.0] for key in BEGINNINGS}
    (tmp_path / "en.json").write_text(json.dumps({"themes": sums, "words": words, "alone": 0.0, "beside": -1.0}))
    within = fold("\n" + PLAIN)
    sentences = Sentences(within.text)
    found = Learned({"en": tmp_path / "en.json"}).tell(
        within, sentences, ["en"], packed().negations(within, sentences, frozenset({"en"}))
    )
    assert (found.themes.keys(), found.doubted, found.denied) == (told, doubted, denied)


def test_an_attack_is_not_hidden_behind_another_matter():
    text = (
        "Armed men opened fire on a border post near Batken at dawn on Tuesday. Two soldiers were killed. "
        "This bulletin is produced by the financial intelligence unit's section on terrorist financing, money "
        "laundering, hawala, sanctions and suspicious transactions; send transfers and accounts to the desk."
    )
    assert themes(text) == {"armed-attack", "terrorist-financing"}


def test_a_negated_word_counts_for_nothing(tmp_path):
    words = {word[:long]: [2.0, 0, 2.0] for word in ("smuggling", "weapons") for long in (4, 7)}
    wording = made(tmp_path, words={key: [2.0] for key in BEGINNINGS} | words, alone=0.1)
    assert themes(f"{PLAIN} Smuggling weapons was his trade.", wording) >= {"cyber"}
    assert "cyber" not in themes(f"{PLAIN} There was no smuggling and no weapons.", wording)


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(1, 6))
def test_passages_begin_where_sentences_do(steps, parts):
    numbers = [sum(steps[: place + 1]) for place in range(len(steps))]
    cuts = _cuts(numbers, parts)
    assert len(cuts) < parts or not cuts
    assert all(0 < cut < len(numbers) and numbers[cut] != numbers[cut - 1] for cut in cuts)


def test_a_theme_of_one_passage_of_a_long_text_is_told(tmp_path):
    other = "Rain fell on us when we went home after school. " * PASSAGE
    wording = made(tmp_path, alone=0.5)
    assert themes(other, wording) == set()
    assert themes(f"{other}{PLAIN} {other}", wording) == {"cyber"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_was_learned_from_the_passages_that_are_there(file):
    sources = sorted(learn_words.PASSAGES.glob(f"{file.stem}*.jsonl"))
    assert json.loads(file.read_text(encoding="utf-8"))["of"] == learn_words.mark(sources), (
        "make words learns them anew"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_place_people_or_faith_is_among_the_words(file):
    known = json.loads(file.read_text(encoding="utf-8"))["words"]
    assert not [stem for stem in known if learn_words.refused(stem)]
    units = {
        word[:7] for place in places() if place.level in ("country", "unit") for name in place.every_name
        for word in fold(name).text.split() if len(word) > 7 and name[0].isupper() and " " not in name
    }  # fmt: skip
    assert units
    assert not units & known.keys()


def test_what_is_learned_is_told_again_and_nothing_is_drawn_at_random():
    rows = [[(number % 2, 1.0), (2, 0.5)] for number in range(20)]
    holds = [number % 2 == 0 for number in range(20)]
    weights, bias = learn_words.learn(rows, holds, 3, cost=learn_words.evenly(holds))
    assert (weights, bias) == learn_words.learn(rows, holds, 3, cost=learn_words.evenly(holds))
    assert all(
        (bias + sum(weights[word] * value for word, value in row) > 0) is holds[at] for at, row in enumerate(rows)
    )


@pytest.mark.deep
@pytest.mark.parametrize("language", ["fa"])
def test_to_learn_again_gives_the_same_file(language):
    assert learn_words.written(learn_words.body(language)) == (learn_words.TARGET / f"{language}.json").read_text(
        "utf-8"
    )
