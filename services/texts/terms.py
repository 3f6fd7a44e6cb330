"""Terms: stems and phrases as the definitions write them, and the matcher that finds all of them at once.

A term is words separated by spaces. `stem/4` matches a word that begins with the stem and goes on for at most four
letters; a word without a number matches exactly; `..` between two words lets up to four others stand between them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress
from typing import NamedTuple

from services.texts.folding import Folded, folded, in_word

GAP_WORDS = 4
_PLAIN = 0x10000


def _marks(start: int, stop: int) -> str:
    """The combining marks among these code points, as a character class writes them."""
    return "".join(one for one in map(chr, range(start, stop)) if unicodedata.combining(one))


_WORDS = re.compile(rf"([\w'{_marks(0x300, _PLAIN)}]+)")
_RARE_MARKS = _marks(_PLAIN, 0x20000)
_RARE_MARK = re.compile(f"[{_RARE_MARKS[0]}-{_RARE_MARKS[-1]}]")
_ALL_WORDS = re.compile(rf"([\w'{_marks(0x300, _PLAIN)}{_RARE_MARKS}]+)")  # three times as slow
_STOP = re.compile("[.!?؟]")
_MOST_REMEMBERED = 20_000  # words of which a matcher keeps what they may begin
_LONGEST_REMEMBERED = 40  # letters of such a word
_LETTERS = 2  # of a stem, by which most are told apart
_WRITTEN = re.compile(r"([^\W_]{2,})(?:/\d+)?(?: [^\W_]{2,}(?:/\d+)?)*")


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


class Hit(NamedTuple):
    """A term found: offsets in the folded text."""

    term: int
    start: int
    end: int


def parse(source: str) -> Term:
    """A term from its written form. Raises ValueError for an empty one or a stem of one letter with a suffix."""
    parts: list[Part] = []
    gap = 0
    for word in folded(source).replace("-", " ").split():
        if word == "..":
            gap = GAP_WORDS
            continue
        stem, _, suffix = word.partition("/")
        *before, last = _ALL_WORDS.findall(stem.replace("_", " ")) or [stem]
        parts += [Part(one, 0, gap if one is before[0] else 0) for one in before]
        parts.append(Part(last, int(suffix or 0), 0 if before else gap))
        gap = 0
    if not parts or any(len(part.stem) < 2 and part.suffix for part in parts):
        raise ValueError(f"not a term: {source!r}")
    return Term(source, tuple(parts))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a folded text: where each starts and ends, and which of them come first in a sentence."""

    starts: list[int]
    ends: list[int]
    texts: list[str]
    first: list[bool]


@lru_cache(maxsize=4)
def words(text: str) -> Words:
    """The words of a folded text; many matchers ask for those of one."""
    pattern = _ALL_WORDS if _RARE_MARK.search(text) else _WORDS
    pieces = pattern.split(text.replace("_", " "))
    ends = list(accumulate(map(len, pieces)))
    gaps = pieces[:-1:2]
    stops = {gap for gap in set(gaps) if len(gap) > 1 and _STOP.search(gap)}
    return Words(ends[:-1:2], ends[1::2], pieces[1::2], [gap in stops for gap in gaps])


class _Longer(NamedTuple):
    """Terms of more than one word: by the stem of the word that must come next, with the lengths of these stems by
    their first letters; and those whose next word may stand further on, or has a stem too short to go by."""

    lengths: dict[str, list[int]]
    next: dict[str, list[tuple[int, Term]]]
    further: list[tuple[int, Term]]


class _Begun(NamedTuple):
    """The terms that a word may begin: those that it is all of, and longer ones."""

    alone: tuple[int, ...]
    longer: _Longer | None


class _Remembered(dict[str, _Begun | None]):
    """What words may begin, in texts of some languages."""

    def __init__(self, matcher: "Matcher", languages: frozenset[str]) -> None:
        self._matcher, self._languages = matcher, languages

    def __missing__(self, word: str) -> _Begun | None:
        made = self._matcher.begun(word, self._languages)
        if len(word) <= _LONGEST_REMEMBERED:
            self._matcher.remembered += 1
            self[word] = made
        return made


class Matcher:
    """Finds terms in folded text: those that each word may begin, then their further words one by one.

    What a word may begin is remembered, for most words of a text were in others before. `terms`: parsed ones, or folded
    ones as they are written, which are parsed when a text first holds their first word. `languages`: that of each term,
    None for every one; where a text's are given, terms of others are not looked at.

    Raises:
        ValueError: what is written is no term.
    """

    def __init__(self, terms: Iterable[Term | str], languages: Sequence[str | None] | None = None) -> None:
        self._terms: list[Term | str] = []
        self._languages = languages
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        for number, given in enumerate(terms):
            written = _WRITTEN.fullmatch(given) if isinstance(given, str) else None
            term = parse(given) if isinstance(given, str) and not written else given
            self._terms.append(term)
            self._by_stem[written[1] if written else term.parts[0].stem].append(number)  # type: ignore[union-attr]
        lengths: dict[str, set[int]] = defaultdict(set)
        for stem in self._by_stem:
            lengths[stem[:1]].add(len(stem))
        self._lengths = {letter: sorted(known) for letter, known in lengths.items()}
        self._alike: dict[tuple[int, ...], _Begun] = {}
        self._by_languages: dict[frozenset[str], _Remembered] = {}
        self.remembered = 0

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, text: Folded, languages: frozenset[str] = frozenset()) -> list[Hit]:
        """All hits, by start, longest first among those of one start."""
        within = words(text.text)
        if self.remembered > _MOST_REMEMBERED:
            self._by_languages.clear()
            self._alike.clear()
            self.remembered = 0
        known = self._by_languages.get(languages)
        if known is None:
            known = self._by_languages[languages] = _Remembered(self, languages)
        begun = list(map(known.__getitem__, within.texts))
        hits: list[Hit] = []
        for at, terms in compress(enumerate(begun), begun):
            if terms.longer:
                hits += _longest_first(terms.longer, within, at)
            hits += [Hit(number, within.starts[at], within.ends[at]) for number in terms.alone]
        return hits

    def begun(self, word: str, languages: frozenset[str]) -> _Begun | None:
        """The terms that a word may begin."""
        found: list[int] = []
        for length in self._lengths.get(word[:1], ()):
            if length > len(word):
                break
            if numbers := self._by_stem.get(word[:length]):
                left = len(word) - length
                found += [one for one in numbers if left <= self._term(one).parts[0].suffix]
        numbers = tuple(one for one in found if self._is_of(one, languages))
        if not numbers:
            return None
        if numbers not in self._alike:
            self._alike[numbers] = self._sorted(numbers)
        return self._alike[numbers]

    def _sorted(self, numbers: tuple[int, ...]) -> _Begun:
        following: dict[str, list[tuple[int, Term]]] = defaultdict(list)
        further: list[tuple[int, Term]] = []
        alone: list[int] = []
        for number in numbers:
            term = self._term(number)
            if len(term.parts) == 1:
                alone.append(number)
            else:
                second = term.parts[1]
                held = further if second.gap or len(second.stem) < _LETTERS else following[second.stem]
                held.append((number, term))
        lengths: dict[str, set[int]] = defaultdict(set)
        for stem in following:
            lengths[stem[:_LETTERS]].add(len(stem))
        by_letters = {letters: sorted(known) for letters, known in lengths.items()}
        longer = _Longer(by_letters, dict(following), further) if following or further else None
        return _Begun(tuple(sorted(alone)), longer)

    def _term(self, number: int) -> Term:
        term = self._terms[number]
        if isinstance(term, str):
            term = self._terms[number] = parse(term)
        return term

    def _is_of(self, number: int, languages: frozenset[str]) -> bool:
        language = self._languages[number] if self._languages and languages else None
        return language is None or language in languages


def _longest_first(terms: _Longer, within: Words, at: int) -> list[Hit]:
    """Hits among terms of more than one word, of which one word begins each."""
    hits = _hits(terms.further, within, at) if terms.further else []
    following = at + 1
    if following < len(within.texts) and not within.first[following]:
        word = within.texts[following]
        for length in terms.lengths.get(word[:_LETTERS], ()):
            if alike := terms.next.get(word[:length]):
                hits += _hits(alike, within, at)
    if len(hits) > 1:
        hits.sort(key=lambda hit: (-hit.end, hit.term))
    return hits


def _hits(terms: Iterable[tuple[int, Term]], within: Words, at: int) -> list[Hit]:
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


def word_end(text: str, position: int) -> int:
    """The end of the word that `position` stands in."""
    while position < len(text) and in_word(text[position]):
        position += 1
    return position
