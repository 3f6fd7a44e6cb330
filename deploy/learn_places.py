"""Weigh anew what tells where something happened: writes services/texts/lexicon/place_weights.json.

The same linear model as for words (deploy/learn_words.py), of what a passage shows of a place, see
services/texts/scenes.py. One for countries and one for first-level units, of the labelled passages of all languages.
A passage's themes are those of its label: those told of it are told by words that were learned from it.
"""

import json
from collections import Counter
from pathlib import Path

from deploy.learn_words import PASSAGES, TARGET, Row, learn, mark
from services.texts import compose, gazetteer
from services.texts.evaluating import passages
from services.texts.folding import fold
from services.texts.scenes import Passage, is_passage
from services.texts.tagger import guessed
from services.vocabulary import COUNTRY, UNIT

FILE = TARGET.parent / "place_weights.json"
COST, ROUNDS = 0.02, 300
RAREST = 20  # examples that show a feature, or nothing is learned of it
LEAST = 0.05  # above it a place is told: by what passages gave whose authors were left out


def shown(text: str, themes: frozenset[str]) -> Passage | None:
    """The places that a passage names, as a tagger reads it; nothing of one that is too long or short to be weighed."""
    whole = compose("", text)
    within, guess = fold(whole), guessed(whole)
    if not is_passage(within.text):
        return None
    return gazetteer().passage(whole, within, guess.code, guess.present, themes)


def examples(files: list[Path]) -> dict[str, tuple[list[dict[str, float]], list[bool]]]:
    """What passages show of each country and unit that they name, and whether something happened there."""
    made: dict[str, tuple[list[dict[str, float]], list[bool]]] = {COUNTRY: ([], []), UNIT: ([], [])}
    for one in (one for file in files for one in passages(file.read_text(encoding="utf-8").splitlines())):
        if not (passage := shown(one.text, one.themes)):
            continue
        for level, (features, holds) in made.items():
            labelled = one.countries if level == COUNTRY else one.subdivisions
            for code in passage.named(level):
                features.append(passage.features(level, code))
                holds.append(code in labelled)
    return made


def weights(features: list[dict[str, float]], holds: list[bool]) -> dict[str, float]:
    """What each feature weighs that is shown often enough."""
    often = Counter(name for one in features for name in one)
    names = sorted(name for name, many in often.items() if many >= RAREST)
    numbers = {name: number for number, name in enumerate(names)}
    rows: list[Row] = [[(numbers[name], value) for name, value in one.items() if name in numbers] for one in features]
    found, bias = learn(rows, holds, len(names), cost={True: COST, False: COST}, rounds=ROUNDS)
    made = {name: round(found[number], 3) for name, number in numbers.items()}
    made["always"] = round(made["always"] + bias - LEAST, 3)
    return made


def main() -> None:
    """Learn both, and write them with what tells the passages from others."""
    files = sorted(PASSAGES.glob("*.jsonl"))
    found = {level: weights(*given) for level, given in examples(files).items()}
    FILE.write_text(json.dumps({"of": mark(files), "weights": found}, indent=1) + "\n", encoding="utf-8")
    print(f"places: {sum(map(len, found.values()))} weights")


if __name__ == "__main__":
    main()
