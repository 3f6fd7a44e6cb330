"""Folding: text made comparable character by character, with every place in it traceable to the original.

The text is NFC; a character whose fold is not exactly one code point is kept;
the zero-width non-joiner is left out through the offset map.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ZWNJ = "\u200c"
APOSTROPHE = "'"
COMBINING = "".join(one for one in map(chr, range(0x300, 0x20000)) if unicodedata.combining(one))
_MOST_REMEMBERED = 4096
_UNIFIED = {
    **dict.fromkeys("‘’ʻʼ`´′", APOSTROPHE),
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ё": "е",  # written or not, at the writer's taste
    "Ё": "е",
    **dict.fromkeys("‐‑‒–—", "-"),
}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and, for each of its characters, the offset of the original one."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that was folded into `text[start:end]` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character folded: one code point, or none for the zero-width non-joiner."""
    if character == ZWNJ:
        return ""
    if character.isspace():
        return character if character == "\n" else " "
    if unified := _UNIFIED.get(character):
        return unified
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


class _Folds(dict[int, str]):
    """Folded characters by code point, for `str.translate`: made when one is first met, and remembered if few are."""

    def __missing__(self, code: int) -> str:
        made = fold_character(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = made
        return made


_folds = _Folds()


def normalise(text: str) -> str:
    """NFC: the form that is stored and to which all offsets refer."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> Folded:
    """NFC text, folded."""
    folded = text.translate(_folds)
    if len(folded) == len(text):
        return Folded(folded, range(len(text)))
    return Folded(folded, tuple(offset for offset, character in enumerate(text) if fold_character(character)))


def folded(text: str) -> str:
    """Any text, normalised and folded: for patterns."""
    return fold(normalise(text)).text


def in_word(character: str) -> bool:
    """Whether the character continues a word: letters, digits, marks and the apostrophe (Uzbek oʻ, gʻ)."""
    return character.isalnum() or character == APOSTROPHE or unicodedata.combining(character) > 0
