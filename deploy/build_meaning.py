"""Write services/search/constants.json: where languages and themes lie in the model's space. Needs the extra `ai`.

From passages that were labelled for this repository (the half that tunes, never the one that judges), the examples of
the definitions of themes, and the names of themes. For another pack or model: run it, and commit what it writes.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from services import vocabulary
from services.kernel import yaml_files
from services.search.constants import FILE, OTHERS, QUERIES, Constants, written
from services.search.encoding import MODEL, Encoder, encoder
from services.search.vectors import Vector, less, mean, packed, unit

ROOT = Path(__file__).parent.parent
PASSAGES = ROOT / "tests" / "data" / "passages" / "tuning"
DEFINITIONS = ROOT / "services" / "texts" / "lexicon" / "themes"


def build(encode: Encoder, model: str) -> Constants:
    """All numbers, made anew."""
    passages = [
        json.loads(line) for path in sorted(PASSAGES.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    placed = [(one, encode(one["text"], False)) for one in passages]
    by_language: dict[str, list[Vector]] = defaultdict(list)
    for one, vector in placed:
        by_language[one["language"]].append(vector)
    means = {language: mean(vectors) for language, vectors in by_language.items()}
    means[OTHERS] = mean(list(means.values()))
    names = {theme.code: [encode(name, True) for name in theme.names.values()] for theme in vocabulary.themes()}
    means[QUERIES] = mean([vector for vectors in names.values() for vector in vectors])
    raw: dict[str, list[float]] = {}
    for code, called in names.items():
        path = DEFINITIONS / f"{code}.yaml"
        examples = yaml_files.read(path)["examples"]["positive"] if path.exists() else []
        told = [less(encode(one["text"], False), means.get(one["language"], means[OTHERS])) for one in examples]
        label = unit(less(mean(called), means[QUERIES]))
        raw[code] = [sum(parts) for parts in zip(label, unit(mean(told)) if told else label, strict=True)]
    middle = mean(list(raw.values()))
    themes = {}
    for code, anchor in raw.items():
        met = [unit(less(vector, means[one["language"]])) for one, vector in placed if code in one["themes"]]
        near = unit(less(anchor, middle))
        themes[code] = packed([a + 0.5 * b for a, b in zip(mean(met) if met else [0.0] * len(near), near, strict=True)])
    made = Constants(model=model, version="", means=means, themes=themes)
    return replace(made, version=hashlib.sha256(written(made).encode()).hexdigest()[:12])


if __name__ == "__main__":
    from importlib.metadata import version

    found = encoder()
    if found is None:
        raise SystemExit("The extra is not installed: see docs/search.md.")
    FILE.write_text(written(build(found, f"{MODEL} {version(MODEL)}")), encoding="ascii")
