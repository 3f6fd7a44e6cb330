"""Learned words: how each word of a passage speaks for a theme or against it, weighed by passages that were labelled.

One file a language, written by `deploy/learn_words.py`, and nothing in it that cannot be read: a word's beginning, how
telling it is, and its weight for each theme. Places, peoples and faiths are never among the words.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, pairwise
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
SHOWN = 20  # of the strongest that are shown for a theme of a language
_TELLING = 8  # words of a passage that are shown as what led to a theme
_THEMES, _SURE_THEMES = 2, 3  # of a passage, those that its words speak for most: it is about no more, however sure
_BEHIND = 1.2  # the leading one a theme may be, or the passage is not about it

LETTERS = 4, 7  # how words begin: what has them in common, and the word without its ending


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


Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What was learned of one language. `rows`: of each beginning of words the square of how much it tells, then what
    it adds for each theme. `alone`: the sum from which on a theme is told; `beside`: that from which on one is told
    that words of its definition tell."""

    themes: tuple[str, ...]
    biases: tuple[float, ...]
    rows: Mapping[str, Row]
    alone: float
    beside: float

    def known(self, word: str) -> list[Row]:
        """What is known of a word, by its beginnings."""
        return [row for stem in stems(word) if (row := self.rows.get(stem))]

    def all_known(self, different: Collection[str]) -> dict[str, list[Row]]:
        """What is known of the words of a passage; nothing where too few of them are known."""
        known = {word: rows for word in different if (rows := self.known(word))}
        return known if len(known) >= max(FEWEST, len(different) * _KNOWN_SHARE) else {}

    def sums(self, known: Mapping[str, list[Row]]) -> list[float]:
        """What a passage of these words comes to for each theme."""
        square, *adds = map(sum, zip(*chain.from_iterable(known.values()), strict=True))
        length = sqrt(square)
        return [bias + one / length for bias, one in zip(self.biases, adds, strict=True)]

    def leading(self, known: Mapping[str, list[Row]], theme: int) -> set[str]:
        """The words that speak most for a theme, until they weigh as much as half of all that do."""
        weights = ((sum([row[1 + theme] for row in rows]), word) for word, rows in known.items())
        speaking = sorted((one for one in weights if one[0] > 0), reverse=True)
        half, chosen = sum(weight for weight, _ in speaking) / 2, set[str]()
        for weight, word in speaking[:_TELLING]:
            chosen.add(word)
            half -= weight
            if half <= 0:
                break
        return chosen

    def strongest(self, theme: int) -> tuple[str, ...]:
        """The beginnings of words that speak most for a theme; of two that begin alike the one that speaks more."""
        speaking = sorted(
            ((-row[1 + theme], -len(stem), stem) for stem, row in self.rows.items() if row[1 + theme] > 0)
        )
        chosen: list[str] = []
        for *_, stem in speaking:
            if not any(stem.startswith(one) or one.startswith(stem) for one in chosen):
                chosen.append(stem)
            if len(chosen) == SHOWN:
                break
        return tuple(f"{stem}…" if len(stem) in LETTERS else stem for stem in chosen)


@dataclass(slots=True)
class Told:
    """What learned words say of a text: themes they tell, each with how far above the least and what led to it, and
    themes that they do not bear out where a definition's words tell them; `denied`: not even where those are sure."""

    themes: dict[str, tuple[float, list[Span]]] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)


class Learned:
    """Reads texts by what was learned of their languages; a language is loaded when a text is first in it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    def ready(self) -> None:
        """Load all: before processes are forked, so that they share it."""
        for path in self._files.values():
            _language(path)

    def strongest(self, theme: str) -> dict[str, tuple[str, ...]]:
        """How the words begin that speak most for a theme, by language; nothing of a theme that has no weights."""
        known = {code: _language(path) for code, path in self._files.items()}
        return {
            code: words
            for code, one in known.items()
            if theme in one.themes and (words := one.strongest(one.themes.index(theme)))
        }

    def tell(self, within: Folded, sentences: Sentences, languages: Iterable[str], negations: Negations) -> Told:
        """What the words of a text tell, in the languages that it is in."""
        known = [_language(self._files[one]) for one in sorted(languages) if one in self._files]
        told, borne, heard, found = Told(), set[str](), set[str](), words(within.text)
        for passage in passages(found, sentences, negations) if known else ():
            different = {found.texts[place] for place in passage.places()}
            for language in known:
                of_words = language.all_known(different)
                if not of_words:
                    borne.update(language.themes)  # nothing is known against what else is found
                    heard.update(language.themes)
                    continue
                sums = language.sums(of_words)
                least, least_of_sure = _least(sums), min(language.alone, *_leading(sums, _SURE_THEMES))
                for number, (theme, one) in enumerate(zip(language.themes, sums, strict=True)):
                    if one >= least_of_sure:
                        heard.add(theme)
                    if one < least:
                        continue
                    if one >= language.beside:
                        borne.add(theme)
                    over = one - language.alone
                    if over >= 0 and over >= told.themes.get(theme, (0.0,))[0]:
                        leading = language.leading(of_words, number)
                        places = (place for place in passage.places() if found.texts[place] in leading)
                        spans = [within.span(found.starts[place], found.ends[place]) for place in places]
                        told.themes[theme] = over, spans
        every = {theme for language in known for theme in language.themes}
        told.doubted, told.denied = every - borne, every - heard
        return told


def _least(sums: Sequence[float]) -> float:
    """What a theme of a passage comes to at least for the passage to be about it."""
    leading = _leading(sums, _THEMES)
    return max(leading[-1], leading[0] - _BEHIND) if leading else 0.0


def _leading(sums: Sequence[float], themes: int) -> list[float]:
    return sorted(sums, reverse=True)[:themes]


def stems(word: str) -> tuple[str, ...]:
    """How a word begins; nothing of what is not all letters."""
    few, many = LETTERS
    if not word.isalpha():
        return ()
    return (word[:few], word[:many]) if len(word) > few else (word,)


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
    one: dict[float, float] = {}  # of each number, which many words share
    rows: dict[str, Row] = {}
    for stem, (telling, *adds) in body["words"].items():
        row = [telling**2, *[0.0] * len(themes)]
        for theme, add in zip(adds[::2], adds[1::2], strict=True):
            row[1 + theme] = add
        rows[stem] = tuple(one.setdefault(number, number) for number in row)
    return Language(themes, biases, rows, body["alone"], body["beside"])
