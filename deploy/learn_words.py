"""Weigh the words of the labelled passages anew: writes services/texts/lexicon/learned, a file a language.

A linear support vector machine for each theme and language, by dual coordinate descent with squared loss (Hsieh and
others, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008): nothing is random, so the same
passages give the same weights. A text is the set of how its words begin, each as telling as it is rare.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log, sqrt
from pathlib import Path

from services import forms, vocabulary
from services.kernel import yaml_files
from services.texts import folded, in_script, lexicon, packed
from services.texts.evaluating import Passage, passages
from services.texts.folding import fold
from services.texts.learned import FOLDER, LETTERS, stems
from services.texts.learned import passages as parts
from services.texts.sentences import Sentences
from services.texts.terms import words

ROOT = Path(__file__).parents[1]
PASSAGES = ROOT / "tests" / "data" / "passages" / "tuning"
TARGET = ROOT / "services" / "texts" / "lexicon" / FOLDER
LANGUAGES = ("en", "fa", "kk", "ky", "ru", "tg", "tk", "uz")
RAREST = 2  # passages that hold a word, or nothing is learned of it
FEWEST = 8  # passages of a theme, or nothing is learned of it
MOST = 2000  # words that weigh for or against a theme: those that weigh most
COST, ROUNDS = 1.0, 40
# How words begin of which nothing is learned, besides what no definition may look for: where a faith is practised
# and who leads there; meetings that the law allows, in the languages of which the pack's list has none.
LAWFUL = (
    "mosque", "imam", "mullah", "мечет", "имам", "мулл", "мешіт", "мечит", "masjid", "масжид", "масҷид", "metjit",
    "مسجد", "امام", "ملا", "lawful", "peaceful", "march", "шеру", "miting", "митинг", "namoyish", "намойиш",
    "гирдиҳамо", "наразылық", "нааразылык", "норозилик", "norozilik", "эътироз", "eʼtiroz", "nägile", "تظاهرات",
    "راهپیمایی", "اعتراض",
)  # fmt: skip
LEAST = {  # alone and beside, by what passages gave whose authors were left out
    "en": (-0.05, -0.4), "ru": (-0.1, -0.45), "kk": (-0.2, -0.6), "ky": (-0.25, -0.6), "uz": (-0.15, -0.6),
    "tg": (-0.25, -0.7), "fa": (-0.2, -0.8), "tk": (-0.3, -0.8),
}  # fmt: skip

Row = list[tuple[int, float]]


def said(text: str, language: str, skipped: frozenset[str]) -> set[str]:
    """The different words of a passage, without those negated, as a tagger reads it, and without the skipped."""
    within = fold("\n" + text)
    sentences = Sentences(within.text)
    found = words(within.text)
    negations = packed().negations(within, sentences, frozenset({language}))
    places = [place for part in parts(found, sentences, negations) for place in part.places()]
    return {
        word for place in places
        if not refused(word := found.texts[place])
        and not is_name(word, not text[within.offsets[found.starts[place]] - 1].islower(), skipped)
    }  # fmt: skip


def is_name(word: str, capital: bool, skipped: frozenset[str]) -> bool:
    """Whether it is the name of a place, or begins with one; a short one only where it is written as a name."""
    forms_of = (word[:long] for long in range(max(3, len(word) - 4), len(word) + 1))
    return any(form in skipped and (capital or len(form) > 4) for form in forms_of)


def names() -> frozenset[str]:
    """The words of the names of places: by them nothing is learned, or a place would be suspected for its name. Of
    further ways to write them, and of institutions that one country alone has, those of one word: "market" and "prison"
    are words of longer ones."""
    own = (word for place in vocabulary.places() for name in place.every_name
           for word in folded(name).replace("-", " ").split() if len(word) > 2)  # fmt: skip
    written = json.loads((TARGET.parent / "place_names.json").read_text(encoding="utf-8")).values()
    institutions = yaml_files.read(TARGET.parent / "places.yaml")["institutions"].values()
    return frozenset([
        *own,
        *(folded(name) for some in written for name in some if len(name) > 4 and " " not in name),
        *(folded(term).partition("/")[0] for some in institutions for term in some if " " not in term),
    ])  # fmt: skip


@cache
def of_a_name(stem: str) -> bool:
    """Whether it is how the name of a place begins: all of its letters that count, or the fewer of a country's."""
    return stem in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    few, many = LETTERS
    long = {name[:many] for name in names() if len(name) >= many}
    countries = (name for place in vocabulary.places() if place.level == "country" for name in place.every_name)
    return frozenset(long.union(folded(name)[:few] for name in countries))


@cache
def refused(stem: str) -> bool:
    """Whether it may be a word of a subject that no definition tells of, a people and a faith among them."""
    return any(stem.startswith(word) or (len(stem) > 3 and word.startswith(stem)) for word in _refused())


@cache
def _refused() -> tuple[str, ...]:
    return tuple(folded(word) for word in (*LAWFUL, *(row[0] for _, row in forms.refused_rows() if len(row) == 1)))


def evenly(holds: Sequence[bool]) -> dict[bool, float]:
    """What an example costs: those of the theme and others weigh the same however many there are."""
    many = sum(holds)
    return {True: COST * len(holds) / (2 * many), False: COST * len(holds) / (2 * (len(holds) - many))}


def learn(
    rows: Sequence[Row], holds: Sequence[bool], size: int, *, cost: Mapping[bool, float], rounds: int = ROUNDS
) -> tuple[list[float], float]:
    """Weights of what rows hold, and a bias."""
    weights, bias = [0.0] * size, 0.0
    alphas = [0.0] * len(rows)
    squares = [sum(value * value for _, value in row) + 1 for row in rows]
    for _ in range(rounds):
        for number, row in enumerate(rows):
            sign = 1.0 if holds[number] else -1.0
            diagonal = 0.5 / cost[holds[number]]
            told = bias + sum([weights[word] * value for word, value in row])
            slope = sign * told - 1 + diagonal * alphas[number]
            if alphas[number] == 0 and slope > 0:
                continue
            before = alphas[number]
            alphas[number] = max(0.0, before - slope / (squares[number] + diagonal))
            if step := (alphas[number] - before) * sign:
                for word, value in row:
                    weights[word] += step * value
                bias += step
    return weights, bias


def learned(language: str, given: Sequence[Passage]) -> dict[str, object]:
    """What is written of one language. Of two scripts each passage is read in both."""
    skipped = names()
    if script := lexicon().groups.scripts.get(language):
        given = [*given, *(one.model_copy(update={"text": in_script(one.text.lower(), script)}) for one in given)]
    texts = [Counter(stem for word in said(one.text, language, skipped) for stem in stems(word)) for one in given]
    frequency = Counter(stem for text in texts for stem in text)
    known = sorted(
        stem for stem, many in frequency.items()
        if many >= RAREST and len(stem) > 1 and not refused(stem) and not of_a_name(stem)
    )  # fmt: skip
    telling = {stem: round(log((1 + len(texts)) / (1 + frequency[stem])) + 1, 2) for stem in known}
    numbers = {stem: number for number, stem in enumerate(known)}
    rows: list[Row] = []
    for text in texts:
        inside = sorted(text.keys() & numbers.keys())
        length = sqrt(sum(text[stem] * telling[stem] ** 2 for stem in inside)) or 1.0
        rows.append([(numbers[stem], text[stem] * telling[stem] / length) for stem in inside])
    biases: dict[str, float] = {}
    weighed: dict[str, list[float]] = {stem: [telling[stem]] for stem in known}
    for theme in (one.code for one in lexicon().definitions if one.learned):
        holds = [theme in one.themes for one in given]
        if sum(holds) < FEWEST:
            continue
        weights, bias = learn(rows, holds, len(known), cost=evenly(holds))
        strongest = sorted(range(len(known)), key=lambda word: (-abs(weights[word]), word))[:MOST]
        for word in sorted(strongest):
            if weight := round(weights[word] * telling[known[word]], 2):
                weighed[known[word]] += [len(biases), weight]
        biases[theme] = round(bias, 3)
    alone, beside = LEAST[language]
    return {"alone": alone, "beside": beside, "themes": biases, "words": weighed}


def mark(files: Iterable[Path]) -> str:
    """What tells these passages from others."""
    made = hashlib.sha256()
    for file in files:
        made.update(file.read_bytes())
    return made.hexdigest()


def written(body: dict[str, object]) -> str:
    """As JSON with a word a line, so that a change can be read."""
    words = body.pop("words")
    assert isinstance(words, dict)
    head = json.dumps(body, ensure_ascii=False)[:-1]
    lines = ",\n".join(f"{json.dumps(stem, ensure_ascii=False)}: {json.dumps(row)}" for stem, row in words.items())
    return f'{head}, "words": {{\n{lines}\n}}}}\n'


def body(language: str) -> dict[str, object]:
    """What the file of a language holds: how many passages it was learned from, which, and what."""
    files = sorted(PASSAGES.glob(f"{language}*.jsonl"))
    given = [one for file in files for one in passages(file.read_text(encoding="utf-8").splitlines())]
    return {"passages": len(given), "of": mark(files), **learned(language, given)}


def main() -> None:
    """Learn each language that passages are in, or those named."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("languages", nargs="*", default=LANGUAGES)
    TARGET.mkdir(exist_ok=True)
    for language in asked.parse_args().languages:
        made = body(language)
        (TARGET / f"{language}.json").write_text(written(made), encoding="utf-8")
        print(f"{language}: {made['passages']} passages")


if __name__ == "__main__":
    main()
