"""Gazetteer: places named in a text, in any script and form, told apart by the rest of the text and by the sender."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import Folded, folded, in_word
from services.texts.names import Names, NameTerm
from services.texts.terms import Hit, Matcher, parse, word_end
from services.vocabulary import COUNTRY, REGION, TOWN, UNIT, Place, Places

_CERTAIN, _RESOLVED, _DOUBTFUL, _WEAK = 0.9, 0.75, 0.55, 0.5
_SPEECH_WORDS = 2
_BORDER_WORDS = 3
_WORDS_BEFORE, _WORDS_AFTER = 2, 4
_LONGEST_LOCATING = 12
_STOPS = (". ", "! ", "? ", "؟", "\n")
_ADJECTIVE = "ск"
_ENDS = frozenset(("", ".", ",", ";", ":"))
_PEOPLE, _MONEY, _BORDER, _SPEAKING, _OFFICE, _PLACING = "people", "money", "border", "speaking", "office", "placing"
_ASIDE_BEFORE, _ASIDE_AFTER = "before", "after"
Cues = dict[str, list[tuple[str, Hit]]]  # by kind: the place that a word means, where it means one, and where it stands
_SCHEMES: dict[str, Scheme] = {COUNTRY: "country", UNIT: "unit", TOWN: "town"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of folded text, the places it may name, and those of them that its words alone name. `aside`: it names
    who comes from there."""

    start: int
    end: int
    candidates: tuple[Place, ...]
    plain: frozenset[str]
    aside: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A stretch of folded text with the place it was taken for."""

    start: int
    end: int
    place: Place
    confidence: float
    aside: bool = False


class Gazetteer:
    """Finds places. Built once from the vocabulary's places and the writing rules of `lexicon/places.yaml`."""

    def __init__(self, places: Places, names: Names) -> None:
        rules = names.rules
        self.version = f"places-{rules.version}"
        self._places = places
        self._terms: list[NameTerm] = [term for place in places if place.level != REGION for term in names.terms(place)]
        self._names = Matcher(term.term for term in self._terms)
        words = [
            *((_PEOPLE, code, word) for code, given in rules.adjectives.items() if code in places for word in given),
            *((_MONEY, code, word) for code, given in rules.money.items() if code in places for word in given),
            *((_BORDER, "", word) for word in rules.borders),
            *((_SPEAKING, "", word) for word in rules.speaking),
            *((_OFFICE, "", word) for word in rules.offices),
            *((_PLACING, "", word) for word in rules.placing),
            *((_ASIDE_BEFORE, "", word) for word in rules.aside_before),
            *((_ASIDE_AFTER, "", word) for word in rules.aside_after),
        ]
        self._meant = [(kind, code) for kind, code, _ in words]
        self._words = Matcher(parse(word) for _, _, word in words)
        self._locating = frozenset(map(folded, rules.locating))
        self._capitals = frozenset(rules.capitals.values())
        self._locative = frozenset(map(folded, rules.locative))
        self._native = frozenset(map(folded, rules.native))
        self._never = frozenset(map(folded, rules.never))

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, text: str, within: Folded, *, sender_countries: Iterable[str] = ()) -> list[Tag]:
        """Country, unit and town tags with the words that led to each; a town gives its unit, a unit its country."""
        cues: Cues = defaultdict(list)
        for hit in self._words.find(within):
            kind, code = self._meant[hit.term]
            cues[kind].append((code, hit))
        mentions = self._mentions(text, within, _starts(cues[_PLACING]))
        peoples = [(code, hit) for code, hit in cues[_PEOPLE] if not self._is_tongue(within.text, hit)]
        evidence = self._evidence(mentions, [*cues[_PEOPLE], *cues[_MONEY]])
        choices = self._choose(mentions, evidence, frozenset(sender_countries))
        choices = self._without_governments(choices, within, cues)
        choices += self._at_borders(peoples, within, _starts(cues[_BORDER]))
        choices = self._without_asides(choices, within, cues)
        if not choices:
            choices = [Choice(hit.start, hit.end, self._places[code], _WEAK) for code, hit in peoples]
        return self._tags(choices, within)

    def _mentions(self, text: str, within: Folded, kinds: set[int]) -> list[Mention]:
        found: dict[Span, list[tuple[NameTerm, str]]] = defaultdict(list)
        for hit in self._names.find(within):
            term = self._terms[hit.term]
            lower = text[slice(*within.span(hit.start, hit.end))].islower()
            ending = _ending(within.text, hit, term) if term.endings else ""
            never = within.text[hit.start : hit.end] in self._never
            adjective = lower and (_ADJECTIVE in ending or term.term.parts[-1].stem.endswith(_ADJECTIVE))
            # Russian writes one small: "в ошской школе"
            if (adjective or not lower) and not never and (not term.endings or ending in term.endings):
                found[hit.start, hit.end].append((term, ending))
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
                all(ending in self._native for _, ending in found[start, end]),
            )
            for start, end in _outermost(found)
        ]

    def _is_tongue(self, text: str, hit: Hit) -> bool:
        """Whether a people's name stands for its language: "in Uzbek"."""
        return _word_before(text, hit.start) in self._locating and text[hit.end : hit.end + 1] in _ENDS

    def _is_located(self, text: str, start: int, end: int, kinds: set[int]) -> bool:
        """Whether a word before or after says that a name is one of a place: "in", "province"."""
        return _word_before(text, start) in self._locating or _follows(text, end, kinds, 1)

    def _evidence(self, mentions: list[Mention], peoples: list[tuple[str, Hit]]) -> dict[str, float]:
        """Weight of evidence for each country and unit, from what is in no doubt."""
        weights: dict[str, float] = defaultdict(float)
        for mention in mentions:
            if not mention.plain or len({self._country(place) for place in mention.candidates}) > 1:
                continue
            first = mention.candidates[0]
            weights[self._country(first)] += 3 if first.level == COUNTRY else 2
            units = {unit.code for place in mention.candidates if (unit := self._places.unit_of(place.code))}
            if len(units) == 1:
                weights[units.pop()] += 1
        for code, _ in peoples:
            weights[code] += 1
        return weights

    def _choose(self, mentions: list[Mention], evidence: dict[str, float], sender: frozenset[str]) -> list[Choice]:
        choices: list[Choice] = []
        for mention in mentions:
            weight = {place.code: self._weight(place, evidence, sender) for place in mention.candidates}
            place = max(mention.candidates, key=lambda p: (weight[p.code], p.code in mention.plain, *_standing(p)))
            if place.code not in mention.plain and not weight[place.code]:
                continue
            rivals = {self._country(other) for other in mention.candidates} - {self._country(place)}
            if rivals:
                confidence = _RESOLVED if weight[place.code] else _DOUBTFUL
            else:
                confidence = _CERTAIN if place.code in mention.plain else _RESOLVED
            choices.append(Choice(mention.start, mention.end, place, confidence, mention.aside))
        return choices

    def _weight(self, place: Place, evidence: dict[str, float], sender: frozenset[str]) -> float:
        country = self._country(place)
        unit = self._places.unit_of(place.code)
        return evidence.get(country, 0) + (evidence.get(unit.code, 0) if unit else 0) + (2 if country in sender else 0)

    def _country(self, place: Place) -> str:
        country = self._places.country_of(place.code)
        return country.code if country else place.code

    def _without_governments(self, choices: list[Choice], within: Folded, cues: Cues) -> list[Choice]:
        """A capital followed by a word of speaking is a government, not the place of an event; after "in" it is one.

        Where another unit of its country is named, a capital in a sentence with a word of speaking or of an office is
        one too: "in Tashkent the ministry replied".
        """
        said = _starts(cues[_SPEAKING])
        spoken = sorted(said | _starts(cues[_OFFICE]))
        units = [self._places.unit_of(choice.place.code) for choice in choices]
        named = {unit.code for unit in units if unit} - self._capitals
        elsewhere = {self._country(self._places[code]) for code in named}

        def is_government(choice: Choice) -> bool:
            if choice.place.code not in self._capitals:
                return False
            located = _word_before(within.text, choice.start) in self._locating
            if not located and _follows(within.text, choice.end, said, _SPEECH_WORDS):
                return True
            return self._country(choice.place) in elsewhere and _is_in_sentence(within.text, choice, spoken)

        return [choice for choice in choices if not is_government(choice)]

    def _without_asides(self, choices: list[Choice], within: Folded, cues: Cues) -> list[Choice]:
        """Without places that are named aside, by whom somebody is or what is compared, where any other is named."""
        after = _starts(cues[_ASIDE_AFTER])
        starts = {choice.start for choice in choices}
        aside = {
            start
            for _, hit in cues[_ASIDE_BEFORE]
            for start in _next_words(within.text, hit.end, _WORDS_BEFORE)
            if start in starts
        }
        kept = [
            choice
            for choice in choices
            if not choice.aside
            and choice.start not in aside
            and not _follows(within.text, choice.end, after, _WORDS_AFTER)
        ]
        return kept or choices

    def _at_borders(self, peoples: list[tuple[str, Hit]], within: Folded, borders: set[int]) -> list[Choice]:
        """Countries named by their adjective before a border: "the Tajik-Afghan border"."""
        return [
            Choice(hit.start, hit.end, self._places[code], _RESOLVED)
            for code, hit in peoples
            if _follows(within.text, hit.end, borders, _BORDER_WORDS)
        ]

    def _tags(self, choices: list[Choice], within: Folded) -> list[Tag]:
        spans: dict[tuple[Scheme, str], list[Span]] = defaultdict(list)
        confidence: dict[tuple[Scheme, str], float] = {}
        for choice in choices:
            for place in self._places.path(choice.place.code):
                if scheme := _SCHEMES.get(place.level):
                    spans[scheme, place.code].append(within.span(choice.start, choice.end))
                    confidence[scheme, place.code] = max(confidence.get((scheme, place.code), 0), choice.confidence)
        return [
            Tag(scheme, code, confidence[scheme, code], "gazetteer", tuple(sorted(set(where))), self.version)
            for (scheme, code), where in spans.items()
        ]


def _starts(cues: list[tuple[str, Hit]]) -> set[int]:
    return {hit.start for _, hit in cues}


def _standing(place: Place) -> tuple[int, int]:
    """Among places of one name: a country or unit before a town, the larger before the smaller."""
    return (place.level in {COUNTRY, UNIT}), place.population


def _ending(text: str, hit: Hit, term: NameTerm) -> str:
    """What follows the stem in the last word of the hit."""
    start = hit.end
    while start > hit.start and in_word(text[start - 1]):
        start -= 1
    return text[start + len(term.term.parts[-1].stem) : hit.end]


def _outermost(found: Iterable[Span]) -> list[Span]:
    """Spans apart, of those that meet the first and longest: "Osh Region" hides "Osh"."""
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _is_in_sentence(text: str, choice: Choice, starts: list[int]) -> bool:
    """Whether one of the sorted `starts` is in the sentence of a choice."""
    begin = max(text.rfind(stop, 0, choice.start) for stop in _STOPS)
    ends = [found for stop in _STOPS if (found := text.find(stop, choice.end)) >= 0]
    following = bisect_right(starts, begin)
    return following < len(starts) and starts[following] < min(ends, default=len(text))


def _follows(text: str, end: int, starts: set[int], words: int) -> bool:
    """Whether one of `starts` is among the next words after `end`, in the same sentence."""
    return not starts.isdisjoint(_next_words(text, end, words)) if starts else False


def _next_words(text: str, end: int, words: int) -> list[int]:
    """Where the next words after `end` start, in the same sentence."""
    found: list[int] = []
    position = end
    for _ in range(words):
        while position < len(text) and not in_word(text[position]):
            if text[position] in ".!?؟\n":
                return found
            position += 1
        if position == len(text):
            break
        found.append(position)
        position = word_end(text, position)
    return found


def _word_before(text: str, start: int) -> str:
    """The word right before an offset, with spaces alone between."""
    end = start
    while end and text[end - 1] == " ":
        end -= 1
    begin = end
    while begin and start - begin < _LONGEST_LOCATING and in_word(text[begin - 1]):
        begin -= 1
    return text[begin:end]
