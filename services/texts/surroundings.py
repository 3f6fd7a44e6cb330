"""What stands around a place in a text: the words before and after it, and the sentence that it is in. Pure."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from services.texts.folding import in_word
from services.texts.matcher import Hit
from services.texts.terms import word_end
from services.vocabulary import TOWN, Place

_LONGEST_LOCATING = 12
_STOP = re.compile(r"[.!?] |[؟\n]")
_ENDS = ".!?؟\n"
_OPENING = " «“„\"'"
Cues = dict[str, list[tuple[str, Hit]]]  # by kind: the place that a word means, where it means one, and where it stands
PEOPLE, MONEY, BORDER, SPEAKING, OFFICE, PLACING = "people", "money", "border", "speaking", "office", "placing"
ASIDE_BEFORE, ASIDE_AFTER, ASIDE_NEXT, ASIDE_SENTENCE = "before", "after", "next", "sentence"
CAPITAL, MOVING, ABODE, BODY, WATER = "capital", "moving", "abode", "body", "water"
ORGAN, DELEGATE, INSTITUTION, TOGETHER, ELSEWHERE = "organ", "delegate", "institution", "together", "elsewhere"
ACTIVE, TONGUE = "active", "tongue"


@dataclass(frozen=True, slots=True)
class Choice:
    """A stretch of folded text with the place it was taken for, and what its form says: `aside` of who comes from
    there, `toward` of a way from or to it, `bare` that it has no ending, `there` of what is in it or comes from it,
    `inside` that something is or happens in it."""

    start: int
    end: int
    place: Place
    confidence: float
    aside: bool = False
    toward: bool = False
    bare: bool = False
    there: bool = False
    inside: bool = False


def starts_of(cues: list[tuple[str, Hit]]) -> set[int]:
    """Where cues start."""
    return {hit.start for _, hit in cues}


def stops_of(text: str) -> list[int]:
    """Where sentences of a text end, in order."""
    return [found.start() for found in _STOP.finditer(text)]


def word_in_sentence(stops: list[int], choice: Choice, starts: list[int]) -> int | None:
    """The first of the sorted `starts` in the sentence of a choice. `stops`: those of the text."""
    before, after = bisect_left(stops, choice.start), bisect_left(stops, choice.end)
    following = bisect_right(starts, stops[before - 1] if before else -1)
    is_there = following < len(starts) and (after == len(stops) or starts[following] < stops[after])
    return starts[following] if is_there else None


def begins_sentence(text: str, start: int) -> bool:
    """Whether what starts at an offset is the first of its sentence, or of the text."""
    before = start - 1
    while before >= 0 and text[before] == " ":
        before -= 1
    return before < 0 or text[before] in _ENDS


def opens_bare(choice: Choice, text: str) -> bool:
    """Whether a great letter says nothing: of a name without an ending that begins a sentence, "Mary wrote"."""
    return choice.bare and begins_sentence(text, choice.start)


def begins_paragraph(text: str, start: int) -> bool:
    """Whether nothing but spaces stands before an offset in its line."""
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def opens_sentence(text: str, start: int) -> bool:
    """Whether what starts at an offset is the first of its sentence, or the second after one word: "In Osh police"."""
    before = word_before(text, start)
    return begins_sentence(text, start) or bool(before and begins_sentence(text, text.rindex(before, 0, start)))


def unit_code(place: Place) -> str:
    """The code of the unit that a place is or lies in; of a country, its own."""
    return place.parent or place.code if place.level == TOWN else place.code


def follows(text: str, end: int, starts: set[int], words: int) -> bool:
    """Whether one of `starts` is among the next words after `end`, in the same sentence."""
    return not starts.isdisjoint(next_words(text, end, words)) if starts else False


def next_words(text: str, end: int, words: int) -> list[int]:
    """Where the next words after `end` start, in the same sentence."""
    found: list[int] = []
    position = end
    for _ in range(words):
        while position < len(text) and not in_word(text[position]):
            if text[position] in _ENDS:
                return found
            position += 1
        if position == len(text):
            break
        found.append(position)
        position = word_end(text, position)
    return found


def word_before(text: str, start: int) -> str:
    """The word right before an offset, with spaces and opening quotation marks alone between."""
    end = start
    while end and text[end - 1] in _OPENING:
        end -= 1
    begin = end
    while begin and start - begin < _LONGEST_LOCATING and in_word(text[begin - 1]):
        begin -= 1
    return text[begin:end]
