"""Terms: stems and phrases as the definitions write them, and a text as words among which they are found.

A term is words separated by spaces. `stem/4` matches a word that begins with the stem and goes on for at most four
letters; a word without a number matches exactly; `..` between two words lets up to four others stand between them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from services.texts.folding import folded, in_word

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


def word_end(text: str, position: int) -> int:
    """The end of the word that `position` stands in."""
    while position < len(text) and in_word(text[position]):
        position += 1
    return position
