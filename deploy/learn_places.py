"""Weigh anew what tells where something happened: writes services/texts/lexicon/place_weights.json.

The same linear model as for words (deploy/learn_words.py), of what a passage shows of a place, see
services/texts/scenes.py. One for countries and one for first-level units, of the labelled passages of all languages;
one for countries abroad, and one for those at home where it happened abroad, of these and of passages that were
written about such countries.
A passage's themes are those of its label: those told of it are told by words that were learned from it.
"""

import json
from collections import Counter
from pathlib import Path

from deploy.learn_words import PASSAGES, TARGET, Row, learn, mark
from services.texts import compose, gazetteer
from services.texts.evaluating import Passage as Label
from services.texts.evaluating import passages
from services.texts.folding import fold
from services.texts.scenes import ABROAD, BESIDE, Passage, Weights, is_passage
from services.texts.tagger import guessed
from services.vocabulary import COUNTRY, UNIT

FILE = TARGET.parent / "place_weights.json"
FURTHER = PASSAGES.parent / "abroad"
COST, ROUNDS = 0.02, 300
RAREST = 20  # examples that show a feature, or nothing is learned of it
# Above it a place is told: by what passages gave whose authors were left out.
LEAST = {COUNTRY: 0.05, UNIT: 0.05, ABROAD: 0.1, BESIDE: -0.3}

Examples = tuple[list[dict[str, float]], list[bool]]


def shown(text: str, themes: frozenset[str]) -> Passage | None:
    """The places that a passage names, as a tagger reads it; nothing of one that is too long or short to be weighed."""
    whole = compose("", text)
    within, guess = fold(whole), guessed(whole)
    if not is_passage(within.text):
        return None
    return gazetteer().passage(whole, within, guess.code, guess.present, themes)


def read(files: list[Path]) -> list[tuple[Label, Passage]]:
    """Labelled passages, with the places that each names."""
    given = (one for file in files for one in passages(file.read_text(encoding="utf-8").splitlines()))
    return [(one, passage) for one in given if (passage := shown(one.text, one.themes))]


def at_home(given: list[tuple[Label, Passage]], level: str) -> Examples:
    """What passages show of each country or unit that they name, and whether something happened there."""
    made: Examples = ([], [])
    for one, passage in given:
        labelled = one.countries if level == COUNTRY else one.subdivisions
        for code in passage.named(level):
            made[0].append(passage.features(level, code))
            made[1].append(code in labelled)
    return made


def abroad(given: list[tuple[Label, Passage]], known: Weights) -> Examples:
    """What passages show of each country abroad that they name, beside those at home that are told by what is known."""
    made: Examples = ([], [])
    for one, passage in given:
        told = passage.told_at_home(known) if passage.abroad else ()
        for code in passage.abroad:
            made[0].append(passage.beside_features(code, told))
            made[1].append(code in one.countries)
    return made


def beside(given: list[tuple[Label, Passage]], known: Weights) -> Examples:
    """What passages of which something happened abroad show of each country at home that is told by what is known."""
    made: Examples = ([], [])
    for one, passage in given:
        there = one.countries.intersection(passage.abroad)
        for code in passage.countries(passage.told_at_home(known)) if there else ():
            made[0].append(passage.beside_features(code, there))
            made[1].append(code in one.countries)
    return made


def weights(examples: Examples, least: float) -> dict[str, float]:
    """What each feature weighs that is shown often enough."""
    features, holds = examples
    often = Counter(name for one in features for name in one)
    names = sorted(name for name, many in often.items() if many >= RAREST)
    numbers = {name: number for number, name in enumerate(names)}
    rows: list[Row] = [[(numbers[name], value) for name, value in one.items() if name in numbers] for one in features]
    found, bias = learn(rows, holds, len(names), cost={True: COST, False: COST}, rounds=ROUNDS)
    made = {name: round(found[number], 3) for name, number in numbers.items()}
    made["always"] = round(made["always"] + bias - least, 3)
    return made


def learned(files: list[Path], further: list[Path]) -> dict[str, dict[str, float]]:
    """The weights of all levels. `further`: the passages about countries abroad."""
    given = read(files)
    found = {level: weights(at_home(given, level), LEAST[level]) for level in (COUNTRY, UNIT)}
    given += read(further)
    for level, examples in ((ABROAD, abroad), (BESIDE, beside)):
        found[level] = weights(examples(given, found), LEAST[level])
    return found


def sources() -> tuple[list[Path], list[Path]]:
    """The passages to learn from, and those about countries abroad."""
    return sorted(PASSAGES.glob("*.jsonl")), sorted(FURTHER.glob("*.jsonl"))


def main() -> None:
    """Learn all, and write them with what tells the passages from others."""
    files, further = sources()
    found = learned(files, further)
    FILE.write_text(json.dumps({"of": mark([*files, *further]), "weights": found}, indent=1) + "\n", encoding="utf-8")
    print(f"places: {sum(map(len, found.values()))} weights")


if __name__ == "__main__":
    main()
