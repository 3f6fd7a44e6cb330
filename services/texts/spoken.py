"""Passages of a text by language: a paragraph in one and a paragraph in another are two, each with its place.

Paragraphs are guessed apart; in one that holds more than one language, its sentences are. What is too short to tell
goes with what stands before it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from services.texts.language import Guess
from services.texts.sentences import ends

_BREAK = re.compile("\n")
_SHORTEST = 40  # letters, of a passage that is guessed by itself
_MOST = 200  # passages that are guessed by themselves: a list of a thousand lines is one text


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text, its language ("und" where it could not be told), and the share of it in that language."""

    start: int
    end: int
    code: str
    share: float


def passages(text: str, whole: Guess, guess: Callable[[str], Guess]) -> list[Passage]:
    """The passages of a text whose guess as a `whole` is known, in order; one where it is in one language."""
    cut = _cut(text, 0, len(text), _paragraphs(text))
    if len(cut) == 1 and len(whole.present) < 2:
        return [Passage(0, len(text), whole.code, whole.share)]
    found: list[Passage] = []
    for start, end in cut[:_MOST]:
        told = guess(text[start:end])
        parts = _cut(text, start, end, [start + one for one in ends(text[start:end])]) if len(told.present) > 1 else []
        if 1 < len(parts) <= _MOST:
            found += [_passage(guess(text[first:last]), first, last) for first, last in parts]
        else:
            found.append(_passage(told, start, end))
    joined = _joined(found)
    return joined if len({one.code for one in joined}) > 1 else [Passage(0, len(text), whole.code, whole.share)]


def _passage(told: Guess, start: int, end: int) -> Passage:
    return Passage(start, end, told.code, told.share)


def _paragraphs(text: str) -> list[int]:
    return [found.end() for found in _BREAK.finditer(text)]


def _cut(text: str, start: int, end: int, stops: list[int]) -> list[tuple[int, int]]:
    """Stretches between stops, without the space around them; a short one is left with the one before it."""
    kept: list[tuple[int, int]] = []
    first, counted, letters = start, start, 0
    for last in [*stops, end]:
        letters += sum(1 for _ in islice(filter(str.isalpha, text[counted:last]), _SHORTEST))
        counted = last
        if letters >= _SHORTEST:
            kept.append((first, last))
        elif kept:
            kept[-1] = kept[-1][0], last
        else:
            continue  # what is short at the start goes with what follows
        first, letters = last, 0
    return [trimmed for one in kept if (trimmed := _trimmed(text, *one))[0] < trimmed[1]] or [(start, end)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _joined(found: list[Passage]) -> list[Passage]:
    """Neighbours of one language as one passage, with the mean of their shares by length."""
    kept: list[Passage] = []
    for one in found:
        if kept and kept[-1].code == one.code:
            last = kept.pop()
            before, here = last.end - last.start, one.end - one.start
            share = (before * last.share + here * one.share) / (before + here)
            kept.append(Passage(last.start, one.end, one.code, share))
        else:
            kept.append(one)
    return kept
