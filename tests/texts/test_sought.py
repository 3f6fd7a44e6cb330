"""A network's own definitions in the place of the pack's: what is found is what a lexicon built of both would find."""

import json

from deploy import learn_words
from services.texts import lexicon, packed, worded
from services.texts.folding import fold
from services.texts.learned import read
from services.texts.lexicon import Themes

OWN = [
    lexicon().find("cyber").model_copy(update={"version": 9, "terms": lexicon().find("armed-attack").terms}),  # type: ignore[union-attr]
    lexicon().find("armed-attack").model_copy(update={"version": 9, "weak": {}, "excluded": ("clash",)}),  # type: ignore[union-attr]
]


def test_what_is_replaced_is_found_as_if_all_were_made_anew():
    anew = Themes(lexicon().with_own(OWN), read(learn_words.TARGET.parent))
    lines = [
        line
        for path in sorted(learn_words.PASSAGES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    own, passages, differ = worded(OWN), [json.loads(line) for line in lines[::60]], 0
    assert len(own) == len(anew)
    one_by_one = packed().with_own(OWN[:1]).with_own(OWN[1:])
    for one in passages:
        within, languages = fold(one["text"]), frozenset({one["language"]})
        found = own.find(within, languages)
        assert found == anew.find(within, languages) == one_by_one.find(within, languages), one["id"]
        differ += found != packed().find(within, languages)
    assert differ > len(passages) / 20, "what is replaced must show in what is found"
