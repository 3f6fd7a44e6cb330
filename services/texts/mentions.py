"""Mentions: the stretches of a text that name places, with what their form and the words beside them say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.texts.evidence import Span
from services.texts.folding import Folded, folded, in_word
from services.texts.matcher import Hit
from services.texts.names import NameTerm, Rules
from services.texts.surroundings import (
    BODY,
    PLACING,
    WATER,
    Choice,
    Cues,
    begins_paragraph,
    follows,
    starts_of,
    word_before,
)
from services.vocabulary import COUNTRY, Place, Places

_ADJECTIVE = "ск"
_LONGEST_ADJECTIVE = 5  # letters of "ск" and its endings
_BODY_WORDS = 3
_ENDS = frozenset(("", ".", ",", ";", ":"))
_DATELINE = frozenset((".", ",", ":"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of folded text, the places it may name, and those of them that its words alone name. `aside`: it names
    who comes from there. `toward`: where somebody or something comes from or goes to. `bare`: it has no ending.
    `there`: what is or comes from there. `inside`: that something is or happens in it. `common`: it means something
    else too, unless a great letter tells that, or, in a script that has none, a word beside it."""

    start: int
    end: int
    candidates: tuple[Place, ...]
    plain: frozenset[str]
    aside: bool
    toward: bool
    bare: bool
    common: bool
    capitals: bool
    there: bool
    inside: bool

    def taken_for(self, place: Place, confidence: float) -> Choice:
        """The choice of a place for it."""
        said = self.aside, self.toward, self.bare, self.there, self.inside
        return Choice(self.start, self.end, place, confidence, *said)


class Mentions:
    """Reads mentions by the rules of `lexicon/places.yaml`."""

    def __init__(self, places: Places, rules: Rules, terms: Sequence[NameTerm]) -> None:
        self._places, self._terms = places, terms
        self.locating = frozenset(map(folded, rules.locating))
        self._toward = frozenset(map(folded, rules.toward))
        self._toward_endings = frozenset(map(folded, rules.toward_endings))
        self._there = frozenset(map(folded, rules.there_endings))
        self._inside = frozenset(map(folded, rules.inside))
        self._inside_endings = frozenset(map(folded, rules.inside_endings))
        self._away = frozenset(map(folded, rules.away))
        self._locative = frozenset(map(folded, rules.locative))
        self._native = frozenset(map(folded, rules.native))
        self._attributive = frozenset(map(folded, rules.attributive))
        self._never = frozenset(map(folded, rules.never))
        self._own_endings = {code: frozenset(map(folded, given)) for code, given in rules.own_endings.items()}

    def read(
        self, text: str, within: Folded, named: Iterable[Hit], cues: Cues, languages: frozenset[str]
    ) -> list[Mention]:
        """The stretches of a text that name places. `named`: hits by the numbers of the terms. `languages`: those of
        the text, if they are known."""
        own = self._own_endings.keys()
        allowed = frozenset().union(*(self._own_endings[one] for one in languages)) if languages <= own else None
        kinds, bodies, waters = (starts_of(cues[kind]) for kind in (PLACING, BODY, WATER))
        found: dict[Span, list[tuple[NameTerm, str]]] = defaultdict(list)
        for hit in named:
            term = self._terms[hit.term]
            lower = text[slice(*within.span(hit.start, hit.end))].islower()
            ending = _ending(within.text, hit, term) if term.endings else ""
            never = self._is_never(within.text, hit) or follows(within.text, hit.end, waters, 1)
            adjective = lower and (_ADJECTIVE in ending or term.stem.endswith(_ADJECTIVE))
            # Russian writes one small: "в ошской школе"
            if ending and allowed and ending not in allowed:  # a Tajik "ro" in Russian
                continue
            if (adjective or not lower) and not never and (not term.endings or ending in term.endings):
                found[hit.start, hit.end].append((term, ending))
        for span, terms in found.items():  # "Guzara" is rather the place of that name than "Guzar" with an ending
            found[span] = [one for one in terms if not one[1]] or terms
        return [
            Mention(
                start,
                end,
                tuple(self._places[code] for code in dict.fromkeys(term.place for term, _ in found[start, end])),
                frozenset(
                    term.place
                    for term, ending in found[start, end]
                    if term.plain
                    or (term.located and (ending in self._locative or self._is_located(within.text, start, end, kinds)))
                ),
                self._is_of_somebody(within.text, end, {ending for _, ending in found[start, end]}, bodies),
                word_before(within.text, start) in self._toward
                or all(ending in self._toward_endings for _, ending in found[start, end]),
                not any(ending for _, ending in found[start, end]),
                all(term.common for term, _ in found[start, end]),
                self._is_great(text[slice(*within.span(start, end))], within.text, start, end, kinds),
                word_before(within.text, start) in self._away
                or all(ending in self._there for _, ending in found[start, end]),
                word_before(within.text, start) in self._inside
                or any(ending in self._inside_endings for _, ending in found[start, end]),
            )
            for start, end in _outermost(found)
        ]

    def _is_never(self, text: str, hit: Hit) -> bool:
        """Whether what is written, or that with the word before it, means something else: "the night of Monday"."""
        written = text[hit.start : hit.end]
        return written in self._never or f"{word_before(text, hit.start)} {written}" in self._never

    def _is_of_somebody(self, text: str, end: int, endings: set[str], bodies: set[int]) -> bool:
        """Whether a name tells who comes from a place, or where somebody is who acts elsewhere."""
        if endings <= self._native:
            return True
        return endings <= self._attributive and follows(text, end, bodies, _BODY_WORDS)

    def is_tongue(self, text: str, hit: Hit, tongues: Iterable[Hit]) -> bool:
        """Whether a people's name stands for its language: "in Uzbek", or beside one of `tongues`. The name of a body,
        in two words, never does."""
        if " " in text[hit.start : hit.end]:
            return False
        if any(hit.end + 1 == one.start or one.end + 1 == hit.start for one in tongues):
            return True
        return word_before(text, hit.start) in self.locating and text[hit.end : hit.end + 1] in _ENDS

    def _is_great(self, written: str, text: str, start: int, end: int, kinds: set[int]) -> bool:
        """Whether a name is written great, or, in a script that knows no such letters, is one of a place."""
        return not written.islower() and (written.upper() != written or self._is_located(text, start, end, kinds))

    def _is_located(self, text: str, start: int, end: int, kinds: set[int]) -> bool:
        """Whether a word before or after says that a name is one of a place: "in", "province"; or that it
        is the line that a note begins with: "Kant: ..."."""
        if word_before(text, start) in self.locating or follows(text, end, kinds, 1):
            return True
        return begins_paragraph(text, start) and text[end : end + 1] in _DATELINE


def neighbours(mentions: list[Mention]) -> dict[int, str]:
    """By where a place starts, the country that is named right beside it: "Darvoz of Tajikistan"."""
    found: dict[int, str] = {}
    for one, other in pairwise(mentions):
        if other.start - one.end == 1:
            for place, country in ((one, other), (other, one)):
                if country.candidates[0].level == COUNTRY and place.candidates[0].level != COUNTRY:
                    found[place.start] = country.candidates[0].code
    return found


def is_adjective(name: str) -> bool:
    """Whether a name is written as a Russian adjective: "ташкентский"."""
    return _ADJECTIVE in name[-_LONGEST_ADJECTIVE:-1]


def _ending(text: str, hit: Hit, term: NameTerm) -> str:
    """What follows the stem in the last word of the hit."""
    start = hit.end
    while start > hit.start and in_word(text[start - 1]):
        start -= 1
    return text[start + len(term.stem) : hit.end]


def _outermost(found: Iterable[Span]) -> list[Span]:
    """Spans apart, of those that meet the first and longest: "Osh Region" hides "Osh"."""
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
