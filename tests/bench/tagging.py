"""Rows of tagging by words: how many reports of 200 words a core tags, and the memory of a worker that does it.

The texts are passages in the network's languages joined to 200 words, thick with what is tagged, and as many of the
bench's own, two words in five of which are real. Time is that of the processor, the least of some rounds, each of other
texts as far as the passages reach: what else runs on the machine counts as little as it can, and most texts are new.
Tagged means all that a report gets without a database: language, themes, places, references, quantities and the sketch
of its likeness. The goal is set for 5,000 patterns; what is measured is the whole pack, several times that.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from services.texts import ready, tag
from services.texts.tagger import pattern_count
from tests.bench import texts
from tests.bench.rows import Row
from tests.bench.stage import Servers
from workers.handler import keep_what_is_loaded

PASSAGES = Path(__file__).parents[1] / "data" / "passages" / "tuning"
WORDS, A_SECOND, GOAL, MEMORY = 200, 300, 5_000, 250
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
    spent = min(_spent(some[at::rounds]) for at in range(rounds))
    scale = f"{many} texts of {WORDS} words in 8 languages, whole pack of {pattern_count():,} patterns (goal: {GOAL:,})"
    goal = f"tagging by words on one core: processor seconds of {A_SECOND} reports / one"
    yield Row(goal, spent / many * A_SECOND, "ratio", 1.0, "lower", scale)
    told = subprocess.run(
        [sys.executable, "-c", _CHILD], input="\n".join(some), capture_output=True, text=True, check=True
    )
    held = int(told.stdout) / 1024
    yield Row("memory of a worker that tags", held, "MB", MEMORY, "lower", f"{len(some)} texts, without the extra")


def _spent(some: list[str]) -> float:
    began = time.process_time()
    for text in some:
        tag("", text)
    return time.process_time() - began


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
