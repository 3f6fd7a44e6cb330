"""The matcher: finds all of very many terms at once in folded text, word by word."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

from services.texts.folding import Folded
from services.texts.terms import Part, Term, Words, parse, words

_MOST_REMEMBERED = 20_000  # words that were met lately, and as many that were before
_LONGEST_REMEMBERED = 40  # letters of such a word
_MOST_LANGUAGES = 50  # sets of languages for which a word's terms are kept apart
_HEAD = 3  # letters of a word, by which most words are told to begin nothing
_NEXT_HEAD = 2
_PLAIN = re.compile(r"([^\W_]{2,})(?:/(\d+))?")  # a word of a term, for sure
Languages = frozenset[str]
Numbered = tuple[int, Term]


class Hit(NamedTuple):
    """A term found: offsets in the folded text."""

    term: int
    start: int
    end: int


class _Longer(NamedTuple):
    """Terms of more than one word: by the stem of the word that must come next, with the lengths of these stems by
    their first letters; and those whose next word may stand further on, or has a stem too short to go by."""

    lengths: dict[str, list[int]]
    next: dict[str, list[Numbered]]
    further: list[Numbered]


class _Terms(NamedTuple):
    """Terms that a word may begin: those that it is all of, and longer ones."""

    alone: list[int]
    longer: _Longer | None


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """The terms that some words may begin, and what they come to in texts of some languages."""

    numbers: tuple[int, ...]
    of: dict[Languages, _Terms] = field(default_factory=dict)


class _Remembered(dict[str, _Begun | None]):
    """What words may begin, found out when they are met. Most words of a text were in others before; those that are not
    met for long are forgotten."""

    def __init__(self, find_out: Callable[[str], _Begun | None]) -> None:
        self._find_out = find_out
        self._before: dict[str, _Begun | None] = {}

    def __missing__(self, word: str) -> _Begun | None:
        if len(word) > _LONGEST_REMEMBERED:
            return self._find_out(word)
        if len(self) >= _MOST_REMEMBERED:
            self._before = dict(self)
            self.clear()
        made = self[word] = self._before[word] if word in self._before else self._find_out(word)
        return made


class Matcher:
    """Finds terms: those that each word may begin, then their further words one by one.

    `terms`: parsed ones, or folded ones as they are written, which are parsed when a text first holds how they begin.
    `languages`: that of each term, None for every one; where a text's are given, terms of others are not looked at.

    Raises:
        ValueError: what is written is no term.
    """

    def __init__(self, terms: Iterable[Term | str], languages: Sequence[str | None] | None = None) -> None:
        self._terms: list[Term | str] = []
        self._suffixes: list[int] = []
        self._languages = languages
        by_stem: dict[str, list[int]] = defaultdict(list)
        for number, given in enumerate(terms):
            term, stem, suffix = _begins(given)
            self._terms.append(term)
            self._suffixes.append(suffix)
            by_stem[stem].append(number)
        self._by_stem = {stem: tuple(numbers) for stem, numbers in by_stem.items()}  # half the room of lists
        self._short = sorted({len(stem) for stem in by_stem if len(stem) < _HEAD})
        self._lengths = _lengths(by_stem, _HEAD, self._short)
        self._alike: dict[tuple[int, ...], _Begun] = {}
        self._remembered = _Remembered(self._begun)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, text: Folded, languages: Languages = frozenset()) -> list[Hit]:
        """All hits, by start, longest first among those of one start."""
        within = words(text.text)
        hits: list[Hit] = []
        for at, begun in enumerate(map(self._remembered.__getitem__, within.texts)):
            if begun is None:
                continue
            terms = begun.of.get(languages) or self._terms_of(begun, languages)
            if terms.longer:
                hits += _longest_first(terms.longer, within, at)
            hits += [Hit(number, within.starts[at], within.ends[at]) for number in terms.alone]
        return hits

    def _begun(self, word: str) -> _Begun | None:
        """The terms that a word may begin, in any language."""
        found: list[int] = []
        for length in self._lengths.get(word[:_HEAD], self._short):
            if length > len(word):
                break
            if alike := self._by_stem.get(word[:length]):
                left = len(word) - length
                found += [one for one in alike if left <= self._suffixes[one]]
        if not found:
            return None
        numbers = tuple(found)
        begun = self._alike.get(numbers)
        if begun is None:
            begun = self._alike[numbers] = _Begun(numbers)
        return begun

    def _terms_of(self, begun: _Begun, languages: Languages) -> _Terms:
        """Those of the terms that are of these languages."""
        alone: list[int] = []
        further: list[Numbered] = []
        following: dict[str, list[Numbered]] = defaultdict(list)
        for number in begun.numbers:
            if not self._is_of(number, languages):
                continue
            term = self._term(number)
            if len(term.parts) == 1:
                alone.append(number)
                continue
            second = term.parts[1]
            held = further if second.gap or len(second.stem) < _NEXT_HEAD else following[second.stem]
            held.append((number, term))
        longer = _Longer(_lengths(following, _NEXT_HEAD), dict(following), further) if following or further else None
        if len(begun.of) >= _MOST_LANGUAGES:
            begun.of.clear()
        made = begun.of[languages] = _Terms(sorted(alone), longer)
        return made

    def _term(self, number: int) -> Term:
        term = self._terms[number]
        if isinstance(term, str):
            term = self._terms[number] = _plainly(term)
        return term

    def _is_of(self, number: int, languages: Languages) -> bool:
        language = self._languages[number] if self._languages and languages else None
        return language is None or language in languages


def _begins(given: Term | str) -> tuple[Term | str, str, int]:
    """A term, parsed or not, with its first stem and the most letters after that."""
    if isinstance(given, str):
        first, *others = map(_PLAIN.fullmatch, given.split(" "))
        if first and all(others):
            return given, intern(first[1]), int(first[2] or 0)
        given = parse(given)
    return given, given.parts[0].stem, given.parts[0].suffix


def _plainly(given: str) -> Term:
    """A term of which every word was found to be plain: what `parse` gives of it, in a fraction of the time."""
    words_of = (word.partition("/") for word in given.split(" "))
    return Term(given, tuple(Part(stem, int(suffix or 0), 0) for stem, _, suffix in words_of))


def _lengths(stems: Iterable[str], head: int, always: Sequence[int] = ()) -> dict[str, list[int]]:
    """How long the stems of each beginning are, the shortest first."""
    known: dict[str, set[int]] = defaultdict(lambda: set(always))
    for stem in stems:
        if len(stem) >= head:
            known[stem[:head]].add(len(stem))
    return {beginning: sorted(lengths) for beginning, lengths in known.items()}


def _longest_first(terms: _Longer, within: Words, at: int) -> list[Hit]:
    """Hits among terms of more than one word, of which one word begins each."""
    hits = _hits(terms.further, within, at) if terms.further else []
    following = at + 1
    if following < len(within.texts) and not within.first[following]:
        word = within.texts[following]
        for length in terms.lengths.get(word[:_NEXT_HEAD], ()):
            if length <= len(word) and (alike := terms.next.get(word[:length])):
                hits += _hits(alike, within, at)
    if len(hits) > 1:
        hits.sort(key=lambda hit: (-hit.end, hit.term))
    return hits


def _hits(terms: Iterable[Numbered], within: Words, at: int) -> list[Hit]:
    ends = ((number, _last(term.parts, within, at)) for number, term in terms)
    return [Hit(number, within.starts[at], within.ends[last]) for number, last in ends if last is not None]


def _last(parts: tuple[Part, ...], within: Words, at: int) -> int | None:
    """The word that ends a term begun at a word, if its further words follow in the sentence."""
    for part in parts[1:]:
        for _ in range(part.gap + 1):
            at += 1
            if at == len(within.texts) or within.first[at]:
                return None
            word = within.texts[at]
            if word.startswith(part.stem) and len(word) - len(part.stem) <= part.suffix:
                break
        else:
            return None
    return at
