"""Places that are named without anything having happened there: a native's home, a road's end, who speaks or acts.

Pure. Such a place is left out where another one stays.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from services.texts.surroundings import (
    ABODE,
    ASIDE_AFTER,
    ASIDE_BEFORE,
    ASIDE_NEXT,
    ASIDE_SENTENCE,
    DELEGATE,
    MOVING,
    OFFICE,
    PLACING,
    Choice,
    Cues,
    begins_sentence,
    follows,
    next_words,
    opens_sentence,
    starts_of,
    stops_of,
    unit_code,
    word_in_sentence,
)
from services.vocabulary import COUNTRY, Place

_WORDS_BEFORE, _WORDS_AFTER, _OFFICE_WORDS, _LISTED_WORDS = 2, 4, 3, 2
_LONGEST_LINK = 11  # letters between two places of a list
_ENDS = frozenset(".!?؟")
_BREAK = re.compile("\n")
_QUOTES = frozenset('«“„"')  # speech is a scene of its own


def without_asides(choices: list[Choice], text: str, cues: Cues, country: Callable[[Place], str]) -> list[Choice]:
    """The places of what happened. `country` gives the code of a place's country."""
    next_, later = starts_of(cues[ASIDE_NEXT]), sorted(starts_of(cues[ASIDE_SENTENCE]))
    starts = {choice.start for choice in choices}
    aside = {
        start for _, hit in cues[ASIDE_BEFORE] for start in next_words(text, hit.end, _WORDS_BEFORE) if start in starts
    }
    in_order = sorted(choices, key=lambda one: one.end)
    ends = [one.end for one in in_order]
    for _, hit in cues[ASIDE_AFTER]:
        aside |= set(_listed_before(text, in_order[: bisect_right(ends, hit.start)][-_WORDS_AFTER:], hit.start))
    aside |= _of_what_comes(text, choices, later)
    kept = [
        choice
        for choice in choices
        if not choice.aside and choice.start not in aside and not (choice.bare and follows(text, choice.end, next_, 1))
    ]
    return _without_passing(_without_far(kept or choices, text, cues, country), text, country)


def _of_what_comes(text: str, choices: list[Choice], later: list[int]) -> set[int]:
    """Where the places start of what comes next: those after the words that say so, or else all of their sentence."""
    stops = stops_of(text) if later else []
    by_words: dict[int, list[int]] = defaultdict(list)
    for choice in choices if later else ():
        if (words := word_in_sentence(stops, choice, later)) is not None:
            by_words[words].append(choice.start)
    return {start for words, starts in by_words.items() for start in ([one for one in starts if one > words] or starts)}


def _without_far(choices: list[Choice], text: str, cues: Cues, country: Callable[[Place], str]) -> list[Choice]:
    """Without countries that somebody comes from, goes to or stays in, that act, or whose offices are named, where a
    unit of another country is named and none of theirs; without units that somebody goes to, where another is named;
    without what is or comes from abroad, after a unit of the event's country."""
    units = {country(choice.place) for choice in choices if choice.place.level != COUNTRY}
    if not units:
        return choices
    near = [one for one in choices if one.place.level != COUNTRY and not (one.toward or one.there)]
    near_in, nearest = {country(one.place) for one in near}, min((one.start for one in near), default=len(text))
    offices, moving, kinds = starts_of(cues[OFFICE]), starts_of(cues[MOVING]), starts_of(cues[PLACING])
    offices_or_abodes = offices | starts_of(cues[ABODE])
    held = {start for _, hit in cues[OFFICE] for start in next_words(text, hit.end, _OFFICE_WORDS)}
    held |= _listed_after(text, choices, [hit.end for _, hit in cues[DELEGATE]])
    roads = {one.start for one in choices if one.toward and one.place.level == COUNTRY}
    placed = kinds | {one.start for one in choices}

    def is_there(choice: Choice) -> bool:
        """Whether a name tells where somebody or something is that a place named before has to do with."""
        if not choice.there or begins_sentence(text, choice.start) or text[choice.start - 1] in _QUOTES:
            return False
        return nearest < choice.start and country(choice.place) not in near_in

    def is_far(choice: Choice) -> bool:
        if choice.place.level != COUNTRY:
            return choice.toward and follows(text, choice.end, moving, _WORDS_AFTER)
        if choice.place.code in units:
            return False
        if choice.toward or choice.start in held or follows(text, choice.end, offices_or_abodes, _OFFICE_WORDS):
            return True
        if not choice.bare:
            return False
        if follows(text, choice.end, roads, _LISTED_WORDS):  # "from" stands on the last of a list alone
            return True
        return begins_sentence(text, choice.start) and not follows(text, choice.end, placed, _LISTED_WORDS)

    return [choice for choice in choices if not (is_there(choice) or is_far(choice))] or choices


def _without_passing(choices: list[Choice], text: str, country: Callable[[Place], str]) -> list[Choice]:
    """Without units that are named in passing: once in a paragraph, after another unit of the same country and not
    listed with it, or on a way from or to there. Whatever opens a sentence is a new scene: "In Osh police found"."""
    places = sorted((one for one in choices if one.place.level != COUNTRY), key=lambda one: one.start)
    breaks = [found.start() for found in _BREAK.finditer(text)]
    paragraphs: dict[int, list[Choice]] = defaultdict(list)
    for one in places:
        paragraphs[bisect_right(breaks, one.start)].append(one)
    passing = {start for named in paragraphs.values() for start in _passing(named, text, country)}
    return [one for one in choices if one.start not in passing]


def _passing(named: list[Choice], text: str, country: Callable[[Place], str]) -> Iterator[int]:
    """Where the places of one paragraph start that are named in passing."""
    main = next((one for one in named if not one.toward), named[0])
    times = Counter(unit_code(one.place) for one in named)
    kept, before = {unit_code(main.place)}, main
    for one in named:
        unit = unit_code(one.place)
        if (
            unit in kept
            or times[unit] > 1
            or country(one.place) != country(main.place)
            or _is_listed(before, one, text)
            or opens_sentence(text, one.start)
            or not (one.toward or one.start > main.start)
        ):
            kept.add(unit)
            before = one
        else:
            yield one.start


def _is_listed(before: Choice, one: Choice, text: str) -> bool:
    """Whether a place stands in a list with one before it: "Osh and Batken"."""
    between = text[before.end : one.start]
    return 0 < len(between) <= _LONGEST_LINK and _ENDS.isdisjoint(between) and not one.toward


def _listed_after(text: str, choices: list[Choice], ends: list[int]) -> set[int]:
    """Where the countries start that are named right after offsets, and those listed with them."""
    countries = sorted((one for one in choices if one.place.level == COUNTRY), key=lambda one: one.start)
    starts = [one.start for one in countries]
    listed: set[int] = set()
    for end in ends:
        at, number = end, bisect_left(starts, end)
        while number < len(starts) and starts[number] not in listed:
            if starts[number] not in next_words(text, at, _LISTED_WORDS):
                break
            listed.add(starts[number])
            at, number = countries[number].end, number + 1
    return listed


def _listed_before(text: str, choices: list[Choice], end: int) -> Iterator[int]:
    """Where the nearest of places before an offset starts, and those listed with it: "Tashkent and Osh"."""
    nearer: Choice | None = None
    for choice in reversed(choices):
        listed = nearer is None or nearer.start - choice.end > 1  # a word or a comma lies between
        if not listed or not follows(text, choice.end, {end}, _WORDS_AFTER if nearer is None else _LISTED_WORDS):
            return
        yield choice.start
        nearer, end = choice, choice.start
