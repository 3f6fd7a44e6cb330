"""Terms: stems and phrases as the definitions write them, and the matcher that finds all of them at once.

A term is words separated by spaces. `stem/4` matches a word that begins with the stem and goes on for at most four
letters; a word without a number matches exactly; `..` between two words lets up to four others stand between them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import ahocorasick_rs

from services.texts.folding import Folded, folded, in_word

GAP_WORDS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a term: its stem, the most letters after it, and the most words before it."""

    stem: str
    suffix: int
    gap: int


@dataclass(frozen=True, slots=True)
class Term:
    """A parsed term. `source` is as written in the definition."""

    source: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: offsets in the folded text."""

    term: int
    start: int
    end: int


def parse(source: str) -> Term:
    """A term from its written form. Raises ValueError for an empty one or a stem of one letter with a suffix."""
    parts: list[Part] = []
    gap = 0
    for word in source.replace("-", " ").split():
        if word == "..":
            gap = GAP_WORDS
            continue
        stem, _, suffix = word.partition("/")
        parts.append(Part(folded(stem), int(suffix or 0), gap))
        gap = 0
    if not parts or any(len(part.stem) < 2 and part.suffix for part in parts):
        raise ValueError(f"not a term: {source!r}")
    return Term(source, tuple(parts))


class Matcher:
    """Finds terms in folded text. The automaton knows the first stem of each term; the rest is checked word by word."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_stem: dict[str, list[int]] = {}
        for number, term in enumerate(self.terms):
            self._by_stem.setdefault(term.parts[0].stem, []).append(number)
        self._stems = list(self._by_stem)

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self._stems, store_patterns=False)

    def find(self, text: Folded) -> list[Hit]:
        """All hits, by start, longest first among those of one start."""
        hits: list[Hit] = []
        for stem, start, end in self._automaton.find_matches_as_indexes(text.text, overlapping=True):
            if start and in_word(text.text[start - 1]):
                continue
            for number in self._by_stem[self._stems[stem]]:
                reached = _rest(self.terms[number], text.text, end)
                if reached is not None:
                    hits.append(Hit(number, start, reached))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.term))


def word_end(text: str, position: int) -> int:
    """The end of the word that `position` stands in."""
    while position < len(text) and in_word(text[position]):
        position += 1
    return position


def _rest(term: Term, text: str, position: int) -> int | None:
    """Where the term ends if its further words follow, else None. `position` is the end of the first stem."""
    end = word_end(text, position)
    if end - position > term.parts[0].suffix:
        return None
    for part in term.parts[1:]:
        found = _next(part, text, end)
        if found is None:
            return None
        end = found
    return end


def _next(part: Part, text: str, position: int) -> int | None:
    for _ in range(part.gap + 1):
        start = position
        while start < len(text) and not in_word(text[start]):
            if text[start] in ".!?؟":
                return None
            start += 1
        position = word_end(text, start)
        if text.startswith(part.stem, start) and position - start - len(part.stem) <= part.suffix:
            return position
    return None
