"""Sentences of a folded text: the reach of a negation or of a word's other sense."""

import re
from bisect import bisect_right
from collections.abc import Iterable

_STOPS = "[.!?؟۔…]"
# A full stop ends a sentence unless a single letter or a known short form stands before it. Of a run of stops, which
# always ends one, only the first may start a match: else a text of nothing but stops costs its square. What must stand
# before it is looked at behind it, so that the search goes from stop to stop.
_SHORT = "".join(rf"(?<!\b{short}.)" for short in (r"\w", "обл", "ул", "млн", "руб", "тыс", "mr", "dr"))
_END = re.compile(rf"[.!?؟۔…\n](?:(?<=\n)\s*\n|(?<!\n)(?<!{_STOPS}.)(?:{_STOPS}++|{_SHORT})(?=\s|$))")


class Sentences:
    """Where sentences start, to answer in which one an offset lies. The first line, the title, is one by itself."""

    def __init__(self, text: str) -> None:
        title = text.find("\n") + 1
        self._starts = sorted({0, title, *(found.end() for found in _END.finditer(text))})
        self._length = len(text)

    def number(self, offset: int) -> int:
        """The sentence that holds the offset, from 0."""
        return bisect_right(self._starts, offset) - 1

    def numbers(self, offsets: Iterable[int]) -> list[int]:
        """The sentences that hold these."""
        return [bisect_right(self._starts, offset) - 1 for offset in offsets]

    def bounds(self, number: int) -> tuple[int, int]:
        """Where a sentence starts and ends."""
        following = number + 1
        return self._starts[number], self._starts[following] if following < len(self._starts) else self._length


def ends(text: str) -> list[int]:
    """Where sentences of a text end, in order, but for the last."""
    return [found.end() for found in _END.finditer(text)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, with single spaces."""
    stops = [*ends(text), len(text)]
    parts = (text[start:end] for start, end in zip([0, *stops], stops, strict=False))
    return [sentence for part in parts if (sentence := " ".join(part.split()))]
