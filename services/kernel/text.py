"""Text that people send: composed, and free of what no text needs and databases or readers choke on."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

# General categories Cc and Cs, less tab and line ends.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
_MOST_MARKS = 30  # on one letter, as in Unicode's stream-safe text (UAX 15 section 13)


def _marks() -> frozenset[str]:
    """All characters that compose onto the one before, or come apart into such; ideographs and Hangul are skipped."""
    found = (chr(code) for code in range(0x300, 0x1F000) if not 0x3400 <= code < 0xA000 and not 0xAC00 <= code < 0xE000)
    return frozenset(one for one in found if unicodedata.combining(unicodedata.normalize("NFD", one)[0]))


_MARKS = _marks()


def _pile(text: str) -> int | None:
    """Where more marks stand in a row than any letter needs. Every such run holds one of the places looked at."""
    step = _MOST_MARKS + 1
    if _MARKS.isdisjoint(text[_MOST_MARKS::step]):
        return None
    for place in range(_MOST_MARKS, len(text), step):
        start = place
        while place - start < _MOST_MARKS and text[start] in _MARKS and text[start - 1] in _MARKS:
            start -= 1
        if _MARKS.issuperset(run := text[start : start + step]) and len(run) == step:
            return start
    return None


def _clean(text: str) -> str:
    """Composed form (NFC); refuses characters that no text needs and that databases or readers choke on.

    Long runs of marks are refused before composing, which takes the square of their length.
    """
    if text.isascii():
        if not text.encode("ascii").translate(None, _PLAIN):
            return text  # most texts: nothing to compose, and seven times as fast as the search below
    elif (start := _pile(text)) is not None:
        raise ValueError(f"piles more than {_MOST_MARKS} marks on one letter at position {start}: remove them")
    text = unicodedata.normalize("NFC", text)
    if found := _UNREADABLE.search(text):
        raise ValueError(f"holds a control character or half of a pair at position {found.start()}: remove it")
    return text


Text = Annotated[str, AfterValidator(_clean)]
