"""How well personal data is found, measured on a small corpus by kind and by language, with a floor under each figure.

`python -m tests.screening.test_corpus` prints the tables of docs/screening.md; a test holds the page to them.
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import yaml

from services.screening import KINDS, find

CORPUS = Path(__file__).with_name("corpus.yaml")
PAGE = Path(__file__).parents[2] / "docs" / "screening.md"
MARK = re.compile(r"\[\[(\w+):(.*?)\]\](?!\])")
FLOOR_PRECISION, FLOOR_RECALL = 0.95, 0.9  # of all; kinds and languages are few each, and only shown


class Score(NamedTuple):
    """Marked and found, found though not marked, and marked though not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def row(self, name: str) -> str:
        """A line of a table."""
        precision = f"{self.right / (self.right + self.wrong):.2f}" if self.right + self.wrong else "-"
        return f"| {name} | {self.right + self.missed} | {precision} | {self.right / (self.right + self.missed):.2f} |"


def marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence without its marks, and the spans that were marked in it."""
    text, spans, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        at = mark.end()
    return text + line[at:], spans


def measured() -> tuple[dict[str, Score], dict[str, Score]]:
    """Scores by kind and by language. Right is what is of its kind and covers all that is marked."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for language, lines in yaml.safe_load(CORPUS.read_text(encoding="utf-8")).items():
        for line in lines:
            text, wanted = marked(line)
            found = [tuple(one) for one in find(text)]
            for start, end, kind in wanted:
                hit = any(low <= start and high >= end and of == kind for low, high, of in found)
                counts[kind, language, "right" if hit else "missed"] += 1
            for low, high, kind in found:
                if not any(low < end and high > start and of == kind for start, end, of in wanted):
                    counts[kind, language, "wrong"] += 1
    languages = list(dict.fromkeys(language for _, language, _ in counts))
    by_kind = {kind: _sum(counts, 0, kind) for kind in KINDS}
    return by_kind, {language: _sum(counts, 1, language) for language in languages}


def _sum(counts: Counter[tuple[str, str, str]], at: int, name: str) -> Score:
    return Score(*(sum(n for key, n in counts.items() if key[at] == name and key[2] == what) for what in Score._fields))


def tables() -> list[str]:
    """The lines of the tables."""
    by_kind, by_language = measured()
    total = Score(*(sum(column) for column in zip(*by_kind.values(), strict=True)))
    kinds = [score.row(f"`{kind}`") for kind, score in by_kind.items()]
    return [*kinds, total.row("all"), *(score.row(f"`{language}`") for language, score in by_language.items())]


def test_what_is_found_keeps_above_the_floor() -> None:
    by_kind, _ = measured()
    total = Score(*(sum(column) for column in zip(*by_kind.values(), strict=True)))
    assert total.right + total.missed > 90
    assert total.right / (total.right + total.wrong) >= FLOOR_PRECISION
    assert total.right / (total.right + total.missed) >= FLOOR_RECALL
    assert all(score.right > score.missed for score in by_kind.values())


def test_the_page_tells_what_is_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [line for line in tables() if line not in page] == []


if __name__ == "__main__":
    print("\n".join(tables()))
    for lines in yaml.safe_load(CORPUS.read_text(encoding="utf-8")).values():
        for each in lines:
            said, spans = marked(each)
            if (got := [tuple(one) for one in find(said)]) != spans:
                print(said, [(kind, said[a:b]) for a, b, kind in spans], [(kind, said[a:b]) for a, b, kind in got])
