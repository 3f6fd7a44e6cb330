"""Terms: stems and phrases as the definitions write them, and the matcher that finds all of them at once.

A term is words separated by spaces. `stem/4` matches a word that begins with the stem and goes on for at most four
letters; a word without a number matches exactly; `..` between two words lets up to four others stand between them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.texts.folding import COMBINING, Folded, folded, in_word

GAP_WORDS = 4
_WORD = re.compile(rf"(?:[^\W_]|['{COMBINING}])+")
_STOP = re.compile("[.!?؟]")
_MOST_REMEMBERED = 20_000  # words of which a matcher keeps what they may begin, in texts of one language
_MOST_LANGUAGES = 16
_LONGEST_REMEMBERED = 60  # letters: a text may be one word of fifty thousand, and each of thousands another


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a term: its stem, the most letters after it, and the most words before it. The first may be two words
    with a space, of which the last is open."""

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
    for word in folded(source).replace("-", " ").split():
        if word == "..":
            gap = GAP_WORDS
            continue
        stem, _, suffix = word.partition("/")
        *before, last = _WORD.findall(stem) or [stem]
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
    found = [(one.start(), one.end(), one.group()) for one in _WORD.finditer(text)]
    ends = [end for _, end, _ in found]
    gaps = zip([0, *ends], found, strict=False)
    first = [next_[0] - end > 1 and _STOP.search(text, end, next_[0]) is not None for end, next_ in gaps]
    return Words([start for start, _, _ in found], ends, [word for _, _, word in found], first)


class Matcher:
    """Finds terms in folded text: those that each word may begin, then their further words one by one.

    What a word may begin is remembered, for most words of a text were in others before. `languages`: that of each term,
    None for every one; where a text's are given, terms of others are not looked at.
    """

    def __init__(self, terms: Iterable[Term], languages: Sequence[str | None] | None = None) -> None:
        self.terms = tuple(terms)
        self._languages = languages
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            self._by_stem[term.parts[0].stem].append(number)
        self._pairs = {stem.partition(" ")[0] for stem in self._by_stem if " " in stem}
        self._beginnings = {stem[:length] for stem in self._by_stem for length in range(1, len(stem) + 1)}
        self._remembered: dict[frozenset[str], dict[str, tuple[int, ...]]] = {}

    def find(self, text: Folded, languages: frozenset[str] = frozenset()) -> list[Hit]:
        """All hits, by start, longest first among those of one start."""
        within = words(text.text)
        remembered = self._remembered.setdefault(languages, {})
        hits: list[Hit] = []
        for at, word in enumerate(within.texts):
            numbers = remembered.get(word)
            if numbers is None:
                numbers = self._begun(word, languages)
                if len(word) <= _LONGEST_REMEMBERED:
                    remembered[word] = numbers
            if numbers:
                hits += self._from(numbers, within, at, at)
            if word in self._pairs and _is_next(text.text, within, at + 1):
                numbers = self._begun(f"{word} {within.texts[at + 1]}", languages, len(word) + 2)
                hits += self._from(numbers, within, at, at + 1)
        if len(remembered) > _MOST_REMEMBERED or len(self._remembered) > _MOST_LANGUAGES:
            self._remembered.clear()
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.term))
        return hits

    def _from(self, numbers: tuple[int, ...], within: Words, first: int, at: int) -> Iterator[Hit]:
        """Hits among terms that a word begins, or two; `at` is the last of them."""
        for number in numbers:
            parts = self.terms[number].parts
            last = at if len(parts) == 1 else _last(parts, within, at)
            if last is not None:
                yield Hit(number, within.starts[first], within.ends[last])

    def _begun(self, word: str, languages: frozenset[str], least: int = 1) -> tuple[int, ...]:
        """The terms that a word may begin, with a stem of at least so many letters."""
        found: list[int] = []
        for length in range(1, len(word) + 1):
            beginning = word[:length]
            if beginning not in self._beginnings:
                break
            if length >= least and (numbers := self._by_stem.get(beginning)):
                left = len(word) - length
                found += [one for one in numbers if left <= self.terms[one].parts[0].suffix]
        return tuple(one for one in found if self._is_of(one, languages))

    def _is_of(self, number: int, languages: frozenset[str]) -> bool:
        language = self._languages[number] if self._languages and languages else None
        return language is None or language in languages


def _is_next(text: str, within: Words, at: int) -> bool:
    """Whether a word stands one space after the word before it."""
    return at < len(within.texts) and text[within.ends[at - 1] : within.starts[at]] == " "


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
