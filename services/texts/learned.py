"""Learned words: how each word of a passage speaks for a theme or against it, weighed by passages that were labelled.

One file a language, written by `deploy/learn_words.py`, and nothing in it that cannot be read: a word's beginning, how
telling it is, and its weight for each theme. Places, peoples and faiths are never among the words.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple, Protocol

from services.texts.evidence import Span
from services.texts.folding import Folded
from services.texts.matcher import Hit
from services.texts.sentences import Sentences
from services.texts.terms import Words, words

FOLDER = "learned"
PASSAGE = 150  # words; a longer text is read in passages of whole sentences
FEWEST = 12  # different words of a passage that are known: by fewer nothing is told
_KNOWN_SHARE = 0.4  # of a passage's different words that a language knows, or it is not in that language
_TELLING = 8  # words of a passage that are shown as what led to a theme

LETTERS = 4, 7  # how words begin: what has them in common, and the word without its ending
_MOST_REMEMBERED = 4_000  # words of a language
_LONGEST_REMEMBERED = 40  # letters of such a word


class Negations(Protocol):
    """Where a text negates: in which sentences, and whether it reaches what stands in one."""

    @property
    def told(self) -> Collection[int]: ...

    def reach(self, hit: Hit, number: int) -> bool: ...


class Passage(NamedTuple):
    """Some words of a text, from one place to another, and the places among them that a negation reaches."""

    start: int
    end: int
    negated: frozenset[int]

    def places(self) -> Iterable[int]:
        """Those of its words that count."""
        every = range(self.start, self.end)
        return [place for place in every if place not in self.negated] if self.negated else every


class Row(NamedTuple):
    """What is known of a word: the square of how much it tells, and what it adds for themes, by their numbers."""

    square: float
    weights: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What was learned of one language. `beginnings`: how much each beginning of words tells, followed by numbers of
    themes and what it adds for each. `alone`: the sum from which on a theme is told; `beside`: that from which on one
    is told that its definition's words tell."""

    themes: tuple[str, ...]
    biases: tuple[float, ...]
    beginnings: Mapping[str, Sequence[float]]
    alone: float
    beside: float
    met: dict[str, Row] = field(default_factory=dict)

    def row(self, word: str) -> Row | None:
        """What is known of a word, by its beginnings."""
        if (known := self.met.get(word)) or not self._begins(word):
            return known
        found = [self.beginnings[stem] for stem in stems(word) if stem in self.beginnings]
        adds: dict[int, float] = defaultdict(float)
        for _tells, *of in found:
            for theme, weight in zip(of[::2], of[1::2], strict=True):
                adds[int(theme)] += weight
        made = Row(sum(one[0] ** 2 for one in found), tuple(adds.items()))
        if len(self.met) >= _MOST_REMEMBERED:
            self.met.clear()
        if len(word) <= _LONGEST_REMEMBERED:
            self.met[word] = made
        return made

    def _begins(self, word: str) -> bool:
        few, many = LETTERS
        return (word[:few] in self.beginnings or word[:many] in self.beginnings) and word.isalpha()

    def sums(self, different: Collection[str]) -> list[float] | None:
        """What a passage of these words comes to for each theme; None where too few of them are known."""
        known = [row for word in different if (row := self.row(word))]
        if len(known) < max(FEWEST, len(different) * _KNOWN_SHARE):
            return None
        found = [0.0] * len(self.themes)
        for row in known:
            for theme, weight in row.weights:
                found[theme] += weight
        length = sqrt(sum(row.square for row in known))
        return [bias + one / length for bias, one in zip(self.biases, found, strict=True)]

    def leading(self, different: Iterable[str], theme: int) -> set[str]:
        """The words that speak most for a theme, until they weigh as much as half of all that do."""
        rows = ((word, self.row(word)) for word in different)
        speaking = [(dict(row.weights).get(theme, 0.0), word) for word, row in rows if row]
        speaking = sorted((one for one in speaking if one[0] > 0), reverse=True)
        half, chosen = sum(weight for weight, _ in speaking) / 2, set[str]()
        for weight, word in speaking[:_TELLING]:
            chosen.add(word)
            half -= weight
            if half <= 0:
                break
        return chosen


@dataclass(slots=True)
class Told:
    """What learned words say of a text: themes they tell, each with how far above the least and what led to it, and
    themes that they do not bear out where a definition's words tell them."""

    themes: dict[str, tuple[float, list[Span]]] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)


class Learned:
    """Reads texts by what was learned of their languages; a language is loaded when a text is first in it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    def ready(self) -> None:
        """Load all: before processes are forked, so that they share it."""
        for path in self._files.values():
            _language(path)

    def tell(self, within: Folded, sentences: Sentences, languages: Iterable[str], negations: Negations) -> Told:
        """What the words of a text tell, in the languages that it is in."""
        known = [_language(self._files[one]) for one in sorted(languages) if one in self._files]
        told, borne, found = Told(), set[str](), words(within.text)
        for passage in passages(found, sentences, negations) if known else ():
            different = {found.texts[place] for place in passage.places()}
            for language in known:
                sums = language.sums(different)
                if sums is None:
                    borne.update(language.themes)  # nothing is known against what else is found
                    continue
                for number, (theme, one) in enumerate(zip(language.themes, sums, strict=True)):
                    if one >= language.beside:
                        borne.add(theme)
                    over = one - language.alone
                    if over >= 0 and over >= told.themes.get(theme, (0.0,))[0]:
                        leading = language.leading(different, number)
                        places = (place for place in passage.places() if found.texts[place] in leading)
                        spans = [within.span(found.starts[place], found.ends[place]) for place in places]
                        told.themes[theme] = over, spans
        told.doubted = {theme for language in known for theme in language.themes} - borne
        return told


def stems(word: str) -> set[str]:
    """How a word begins; nothing of what is not all letters."""
    return {word[:long] for long in LETTERS} if word.isalpha() else set()


def passages(found: Words, sentences: Sentences, negations: Negations) -> Iterator[Passage]:
    """The words of a text in passages of about one length."""
    parts = max(1, -(-len(found.texts) // PASSAGE))
    numbers = sentences.numbers(found.starts) if parts > 1 or negations.told else []
    negated = frozenset(
        place
        for place, number in enumerate(numbers)
        if number in negations.told and negations.reach(Hit(0, found.starts[place], found.ends[place]), number)
    )
    for start, end in pairwise([0, *_cuts(numbers, parts), len(found.texts)]):
        yield Passage(start, end, negated)


def _cuts(numbers: Sequence[int], parts: int) -> list[int]:
    """Where further passages begin: at the sentences that are nearest to equal shares."""
    begins = [place for place, (one, other) in enumerate(pairwise(numbers), 1) if one != other]
    cuts = set[int]()
    for share in (len(numbers) * part // parts for part in range(1, parts) if begins):
        after = bisect_left(begins, share)
        cuts.add(min(begins[max(0, after - 1) : after + 1], key=lambda place: abs(place - share)))
    return sorted(cuts)


def read(*folders: Path) -> Learned:
    """What was learned, from the folders of the lexicon; a file of an earlier folder stands before a later one's."""
    files = {path.name: path for folder in reversed(folders) for path in sorted((folder / FOLDER).glob("*.json"))}
    return Learned({Path(name).stem: path for name, path in files.items()})


@cache
def _language(path: Path) -> Language:
    body = json.loads(path.read_text(encoding="utf-8"))
    themes, biases = zip(*body["themes"].items(), strict=True)
    return Language(themes, biases, body["words"], body["alone"], body["beside"])
