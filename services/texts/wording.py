"""The words by which a text is found: folded, without what writers leave out at their taste, cut short of endings.

Pure. A query has no syntax: it is words, and each is an exact word or the beginning of one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.texts.folding import APOSTROPHE, fold_character, normalise

LONGEST = 40  # characters of a word; what follows is not looked at
MOST_BYTES = 400_000  # of the words of one report, in UTF-8: PostgreSQL keeps 1 MB of them
MOST_WORDS = 20_000
IN_TITLE = "^"  # before a word of a title, which stands without it too; no word holds it
SHORTEST_BEGINNING = 3  # fewer letters begin too many words
SHORTEST_FORM = 4
LONGEST_ENDING = 3
_WORD = re.compile(r"[^\W_](?:'?[^\W_])*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WantedWord:
    """A word to look for: itself, or with `begins` whatever begins so; and what is `shorter`, as it is."""

    text: str
    begins: bool = False
    shorter: tuple[str, ...] = ()

    def met_by(self, word: str) -> bool:
        """Whether this word of a text is one that is looked for."""
        return word in self.shorter or (word.startswith(self.text) if self.begins else word == self.text)


def words(text: str) -> Iterator[Word]:
    """The words of an NFC text, in their order."""
    letters = [_letter(one) for one in text]
    places = [place for place, one in enumerate(letters) if one]
    for found in _WORD.finditer("".join(letters)):
        word = found.group().replace(APOSTROPHE, "")[:LONGEST]
        yield Word(word, places[found.start()], places[found.end() - 1] + 1)


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    """A character folded, of no more than one: digits of any script as 0 to 9; accents and vowel signs, which are
    written or not, as none."""
    folded = fold_character(character)
    if not folded or folded.isascii():
        return folded
    if unicodedata.category(folded) == "Mn":
        return ""
    digit = unicodedata.digit(folded, None)
    return folded if digit is None else str(digit)


def index_words(title: str, texts: Iterable[str]) -> str:
    """All words by which a report is found, each once, with a blank between: those of its title come first, marked."""
    found: dict[str, None] = {}
    room = MOST_BYTES
    for one in words(normalise(title)):
        found[f"{IN_TITLE}{one.text}"] = found[one.text] = None
    for text in texts:
        for one in words(normalise(text)):
            if one.text in found:
                continue
            room -= len(one.text.encode())
            if room < 0 or len(found) >= MOST_WORDS:
                return " ".join(found)
            found[one.text] = None
    return " ".join(found)


def query_words(query: str) -> list[str]:
    """The words of a query, each once."""
    return list(dict.fromkeys(one.text for one in words(normalise(query))))


def stem(word: str) -> str:
    """A word without its likely ending: by its length alone, so the same in every language. Numbers have none."""
    long = len(word)
    if any(one.isdigit() for one in word):
        return word
    return word[: long - (0 if long < 5 else 1 if long < 7 else 2 if long < 10 else 3)]


def as_asked(given: Sequence[str]) -> list[WantedWord]:
    """Look for these words as they are."""
    return [WantedWord(one) for one in given]


def in_any_form(given: Sequence[str]) -> list[WantedWord]:
    """Look for these words in any of their forms: for what begins as they do, and for themselves less an ending."""
    found = []
    for word in given:
        begins = stem(word)
        least = len(begins) if begins == word else max(SHORTEST_FORM, len(word) - LONGEST_ENDING)
        shorter = tuple(word[:long] for long in range(least, len(begins)))
        found.append(WantedWord(begins, len(begins) >= SHORTEST_BEGINNING, shorter))
    return found


def in_title(wanted: Sequence[WantedWord]) -> list[WantedWord]:
    """Look for the same in titles."""
    return [
        WantedWord(f"{IN_TITLE}{one.text}", one.begins, tuple(f"{IN_TITLE}{word}" for word in one.shorter))
        for one in wanted
    ]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, whether it was cut at either end, and the spans in it that are looked for."""

    text: str
    cut_before: bool
    cut_after: bool
    spans: list[tuple[int, int]]
    different: int
    """How many of the wanted words stand close together there."""


def snippet(text: str, wanted: Sequence[WantedWord], *, long: int = 240) -> Snippet | None:
    """The piece of a text in which most of the wanted words stand, the first of those; None where none stands."""
    met = [
        (one.start, one.end, n) for one in words(text) for n, want in enumerate(wanted) if want.met_by(one.text)
    ]  # fmt: skip
    if not met:
        return None
    best, most, last = 0, 0, 0
    for first, (start, *_) in enumerate(met):
        last = max(last, first)
        while last + 1 < len(met) and met[last + 1][1] - start <= long - long // 4:
            last += 1
        different = len({n for _, _, n in met[first : last + 1][:50]})
        if different > most:
            best, most = first, different
    begins = _at_blank(text, max(0, met[best][0] - long // 4), met[best][0])
    ends = min(len(text), max(begins + long, met[best][1]))
    while ends < len(text) and ends > met[best][1] and not text[ends].isspace():
        ends -= 1
    inside = dict.fromkeys((start - begins, end - begins) for start, end, _ in met if start >= begins and end <= ends)
    return Snippet(text[begins:ends], begins > 0, ends < len(text), sorted(inside), most)


def _at_blank(text: str, from_: int, before: int) -> int:
    """The first place from here on where a word begins; at the latest `before`."""
    if not from_:
        return 0
    while from_ < before and not text[from_ - 1].isspace():
        from_ += 1
    return from_
