"""Rows of tagging by words: how many reports of 200 words a core tags, and the memory of a worker that does it.

The texts are passages in the network's languages joined to 200 words, thick with what is tagged, and as many of the
bench's own, two words in five of which are real. Time is that of the processor, the least of some rounds, each of other
texts as far as the passages reach: what else runs on the machine counts as little as it can, and most texts are new.
The goal is set for language, themes, places and likeness with 5,000 patterns: it is measured with all of the pack's
places and one in eighteen of the lexicon's words, several times that. Beside it, against the same goal: all that a
report gets without a database, references and quantities and the search for what is personal too, by the whole pack.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from services.texts import Lexicon, Themes, gazetteer, learned, lexicon, ready, tag
from services.texts.duplicates import sketch
from services.texts.folding import fold
from services.texts.sentences import Sentences
from services.texts.tagger import guessed, pattern_count
from tests.bench import texts
from tests.bench.rows import Row
from tests.bench.stage import Servers
from workers.handler import keep_what_is_loaded

PASSAGES = Path(__file__).parents[1] / "data" / "passages" / "tuning"
LEXICON = Path(learned.__file__).parent / "lexicon"
WORDS, A_SECOND, GOAL, MEMORY = 200, 300, 5_000, 250
ONE_IN = 18  # of the words of the lexicon's lists
_CHILD = """
import pathlib, re, sys
import workers.app, workers.reactions
from services.texts import tag
for line in sys.stdin:
    tag("", line)
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def rows(servers: Servers, *, full: bool, count: int = 200, rounds: int = 3) -> Iterator[Row]:
    """The rate, and the memory of a process that has a worker's code and tags the same texts. No server is asked."""
    del servers
    many = count * (5 if full else 1)
    some = _texts(many * rounds)
    ready()
    keep_what_is_loaded()  # as a worker does
    wording = Themes(_thinned(lexicon()), learned.read(LEXICON))
    wording.ready()
    scale = f"{many} texts of {WORDS} words in 8 languages"
    goal = f"on one core: processor seconds of {A_SECOND} reports / one"
    for what, patterns, act in (
        (
            "lexicon, gazetteer, language and duplicates",
            len(wording) + len(gazetteer()),
            lambda text: _four(text, wording),
        ),
        ("all of tagging by words, whole pack", pattern_count(), lambda text: tag("", text)),
    ):
        spent = min(_spent(act, some[at::rounds]) for at in range(rounds))
        said = f"{scale}, {patterns:,} patterns (goal: {GOAL:,})"
        yield Row(f"{what} {goal}", spent / many * A_SECOND, "ratio", 1.0, "lower", said)
    told = subprocess.run(
        [sys.executable, "-c", _CHILD], input="\n".join(some), capture_output=True, text=True, check=True
    )
    held = int(told.stdout) / 1024
    yield Row("memory of a worker that tags", held, "MB", MEMORY, "lower", f"{len(some)} texts, without the extra")


def _spent(act: Callable[[str], object], some: list[str]) -> float:
    began = time.process_time()
    for text in some:
        act(text)
    return time.process_time() - began


def _four(text: str, wording: Themes) -> None:
    """The four of a text for which the goal is set."""
    within, guess = fold(text), guessed(text)
    told = wording.find(within, guess.present, Sentences(within.text))
    gazetteer().find(text, within, language=guess.code, themes=[one.value for one in told])
    sketch(text, text)


def _thinned(whole: Lexicon) -> Lexicon:
    """The lexicon with one in so many of the words of each list."""

    def thin(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {name: terms[::ONE_IN] for name, terms in given.items()}

    groups = {name: thin(languages) for name, languages in whole.groups.groups.items()}
    return whole.model_copy(
        update={
            "groups": whole.groups.model_copy(update={"groups": groups}),
            "senses": whole.senses.model_copy(update={"senses": thin(whole.senses.senses)}),
            "definitions": tuple(
                one.model_copy(update={"terms": thin(one.terms), "weak": thin(one.weak), "setting": thin(one.setting)})
                for one in whole.definitions
            ),
        }
    )


def _texts(count: int) -> list[str]:
    """Half from the passages, as many of each language, half of the bench's own."""
    made: list[str] = []
    for code in sorted({path.name[:2] for path in PASSAGES.glob("*.jsonl")}):
        lines = "".join(path.read_text(encoding="utf-8") for path in sorted(PASSAGES.glob(f"{code}*.jsonl")))
        words = " ".join(json.loads(line)["text"] for line in lines.splitlines()).split()
        share = [words[at : at + WORDS] for at in range(0, len(words) - WORDS, WORDS)]
        made += [" ".join(share[number % len(share)]) for number in range(count // 16)]
    made += [" ".join(texts.body(number)["text"].split()[:WORDS]) for number in range(count - len(made))]
    return made
