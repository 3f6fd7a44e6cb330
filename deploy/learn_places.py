"""Weigh anew what tells where something happened: writes services/texts/lexicon/place_weights.json.

The same linear model as for words (deploy/learn_words.py), of a few dozen features that know no word and no name: see
services/texts/scenes.py. One for countries and one for first-level units, of the labelled passages of all languages.
"""

import json
from pathlib import Path

from deploy.learn_words import PASSAGES, TARGET, Row, learn, mark
from services.texts import compose, gazetteer
from services.texts.evaluating import passages
from services.texts.folding import fold
from services.texts.scenes import is_passage
from services.vocabulary import COUNTRY, UNIT

FILE = TARGET.parent / "place_weights.json"
COST, ROUNDS = 1.0, 60
LEAST = 0.1  # above it a place is told: by what passages gave whose authors were left out


def examples(files: list[Path]) -> dict[str, tuple[list[dict[str, float]], list[bool]]]:
    """What passages show of each country and unit that the rules keep, and whether something happened there."""
    made: dict[str, tuple[list[dict[str, float]], list[bool]]] = {COUNTRY: ([], []), UNIT: ([], [])}
    for one in (one for file in files for one in passages(file.read_text(encoding="utf-8").splitlines())):
        text = compose("", one.text)
        within = fold(text)
        if not is_passage(within.text):
            continue
        passage = gazetteer().passage(text, within, one.language)
        for level, (shown, holds) in made.items():
            labelled = one.countries if level == COUNTRY else one.subdivisions
            for code in passage.kept(level):
                shown.append(passage.features(level, code))
                holds.append(code in labelled)
    return made


def weights(shown: list[dict[str, float]], holds: list[bool]) -> dict[str, float]:
    """What each feature weighs."""
    names = sorted({name for one in shown for name in one})
    numbers = {name: number for number, name in enumerate(names)}
    rows: list[Row] = [[(numbers[name], value) for name, value in one.items()] for one in shown]
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
