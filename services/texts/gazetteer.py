"""Gazetteer: places named in a text, in any script and form, told apart by the rest of the text and by the sender."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from services.texts.abroad import Abroad
from services.texts.asides import without_asides
from services.texts.choosing import DOUBTFUL, RESOLVED, WEAK, Chooser, standing
from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import Folded, all_folded
from services.texts.language import UNDETERMINED
from services.texts.matcher import Hit, Matcher
from services.texts.mentions import Mentions, is_adjective, neighbours
from services.texts.names import Names, NameTerm
from services.texts.respelling import Respelling
from services.texts.scenes import EARLY, Passage, Sighting, Weights, is_passage
from services.texts.surroundings import (
    ABODE,
    ACTIVE,
    ASIDE_AFTER,
    ASIDE_BEFORE,
    ASIDE_NEXT,
    ASIDE_SENTENCE,
    BODY,
    BORDER,
    CAPITAL,
    DELEGATE,
    ELSEWHERE,
    INSTITUTION,
    MONEY,
    MOVING,
    OFFICE,
    ORGAN,
    PEOPLE,
    PLACING,
    SPEAKING,
    TOGETHER,
    TONGUE,
    WATER,
    Choice,
    Cues,
    begins_sentence,
    follows,
    next_words,
    opens_bare,
    starts_of,
    stops_of,
    unit_code,
    word_before,
    word_in_sentence,
)
from services.texts.terms import words
from services.vocabulary import COUNTRY, REGION, TOWN, UNIT, Place, Places

_SPEECH_WORDS = 2
_BORDER_WORDS = 3
_OWNER_WORDS = 2  # beside an institution or organ, among which another country's name makes it that one's
_SCHEMES: dict[str, Scheme] = {COUNTRY: "country", UNIT: "unit", TOWN: "town"}


class _Seen(NamedTuple):
    """The places of a text: all that it names, which of them stand for a government, those where the rules hold that
    something happened, and, for where there are none, the names of which it says too little, and what hints at a
    country; and what it names abroad."""

    named: list[Choice]
    speaking: set[tuple[int, str]]
    kept: list[Choice]
    doubted: list[Choice]
    hints: list[Choice]
    abroad: list[Choice]


class Gazetteer:
    """Finds places. Built once from the vocabulary's places and the writing rules of `lexicon/places.yaml`."""

    def __init__(self, places: Places, names: Names, weights: Weights) -> None:
        rules = names.rules
        self._weights = weights
        self.version = f"places-{rules.version}"
        self._places = places
        self._terms: list[NameTerm] = [term for place in places if place.level != REGION for term in names.terms(place)]
        cued = [
            *((kind, code, word) for kind, of in (
                (PEOPLE, rules.adjectives), (INSTITUTION, rules.institutions), (INSTITUTION, rules.landmarks),
                (MONEY, rules.money), (ACTIVE, rules.active),
                (TOGETHER, dict.fromkeys(rules.together, rules.together_words)),
              ) for code, given in of.items() if code in places for word in given),
            *((kind, "", word) for kind, given in (
                (BORDER, rules.borders), (SPEAKING, rules.speaking), (OFFICE, rules.offices), (PLACING, rules.placing),
                (ASIDE_BEFORE, rules.aside_before), (ASIDE_AFTER, rules.aside_after), (ASIDE_NEXT, rules.aside_next),
                (ASIDE_SENTENCE, rules.aside_sentence), (CAPITAL, rules.capital_words), (MOVING, rules.moving),
                (ABODE, rules.abode), (BODY, rules.bodies), (WATER, rules.waters), (DELEGATE, rules.delegates),
                (ORGAN, rules.organs), (ELSEWHERE, rules.elsewhere), (TONGUE, rules.tongues),
            ) for word in given),
        ]  # fmt: skip
        self._meant = [(kind, code) for kind, code, _ in cued]
        self._abroad = Abroad(rules, places)
        self._cues_end = len(self._terms) + len(cued)
        self._matcher = Matcher(
            [
                *(term.term for term in self._terms),
                *all_folded([word for _, _, word in cued]),
                *(term.term for term in self._abroad.terms),
            ]
        )
        self._mentions = Mentions(places, rules, self._terms)
        self._capital_of = {code: capital for code, capital in rules.capitals.items() if capital in places}
        self._capitals = frozenset(rules.capitals.values())
        self._homes = rules.homes
        self._chooser = Chooser(places, rules.homes)
        self._country = self._chooser.country
        self._respelling = Respelling(rules.alike, self._matcher, len(self._terms), self._mentions)

    def __len__(self) -> int:
        return len(self._terms)

    def find(
        self,
        text: str,
        within: Folded,
        *,
        sender_countries: Iterable[str] = (),
        language: str | None = None,
        languages: frozenset[str] | None = None,
        themes: Collection[str] = (),
    ) -> list[Tag]:
        """Country, unit and town tags with the words that led to each; a town gives its unit, a unit its country.
        `language` says whose capital "the capital" is where no country is named; `languages`, which endings names may
        have, where the text is in others than that one alone; `themes`, what the text is about."""
        languages = languages or frozenset({language or UNDETERMINED})
        seen = self._seen(text, within, frozenset(sender_countries), language, languages)
        choices, told = seen.kept, None
        if (choices or seen.abroad) and is_passage(within.text):
            passage = self._passage(seen, within.text, themes)
            told = passage.told(self._weights)
            choices = [*choices, *(replace(one, confidence=DOUBTFUL) for one in passage.left_out(told))]
        tags = self._tags(choices, told, within)
        return tags or self._tags(self._otherwise(seen, text, within, languages), None, within)

    def abroad_in(self, text: str, within: Folded) -> list[str]:
        """The countries abroad that a text names, themselves or a place in them."""
        far = self._far(self._matcher.find(within))
        named = self._abroad.named(text, within, far, defaultdict(list), frozenset({UNDETERMINED}), ())
        return list(dict.fromkeys(self._abroad.lies_in(one.place)[0] for one in named))

    def passage(
        self, text: str, within: Folded, language: str, languages: frozenset[str], themes: Collection[str]
    ) -> Passage:
        """The places that a text names, with what is seen of each: to learn what to make of them."""
        return self._passage(self._seen(text, within, frozenset(), language, languages), within.text, themes)

    def _seen(
        self,
        text: str,
        within: Folded,
        sender: frozenset[str],
        language: str | None,
        languages: frozenset[str],
    ) -> "_Seen":
        cues: Cues = defaultdict(list)
        hits: list[Hit] = []
        found = self._matcher.find(within)
        for hit in found:
            if hit.term < len(self._terms):
                hits.append(hit)
            elif hit.term < self._cues_end:
                kind, code = self._meant[hit.term - len(self._terms)]
                cues[kind].append((code, hit))
        mentions = self._mentions.read(text, within, hits, cues, languages)
        tongues = [hit for _, hit in cues[TONGUE]]
        peoples = [(code, hit) for code, hit in cues[PEOPLE] if not self._mentions.is_tongue(within.text, hit, tongues)]
        elsewhere = starts_of(cues[ELSEWHERE])
        owned = {at for _, hit in cues[ELSEWHERE] for at in next_words(within.text, hit.end, _OWNER_WORDS)}

        def ours(hits: Iterable[tuple[str, Hit]]) -> list[tuple[str, Hit]]:
            found = [one for one in hits if not follows(within.text, one[1].end, elsewhere, _OWNER_WORDS)]
            return [one for one in found if one[1].start not in owned]

        own = ours(cues[INSTITUTION])
        once = dict([*cues[MONEY], *cues[ACTIVE]])  # of each country, however often: no more than a tie-break
        evidence = self._chooser.evidence(mentions, [*cues[PEOPLE], *own, *once.items()])
        home = self._homes.get(language or "")
        named, doubted = self._chooser.choose(mentions, evidence, sender, home, neighbours(mentions))
        silent = self._without_governments(named, within, cues)
        further = self._in_capitals(silent, within, evidence, cues[CAPITAL], home)
        further += self._at_borders(peoples, within, starts_of(cues[BORDER]))
        kept = without_asides([*silent, *further], within.text, cues, self._country)
        organs = [(home, hit) for _, hit in ours(cues[ORGAN])] if home else []
        money = [(code, hit) for code, hit in cues[MONEY] if _is_small(text, within, hit)]
        # What a language's own country calls its bodies is said of those of all countries.
        foreign = [one for one in own if self._country(self._places[one[0]]) != home]
        told = foreign or own or peoples or cues[TOGETHER] or money or organs
        hints = [Choice(hit.start, hit.end, self._places[code], WEAK) for code, hit in told]
        abroad = self._abroad.named(text, within, self._far(found), cues, languages, [*named, *further])
        return _Seen(
            [*named, *further], set(map(_where, named)) - set(map(_where, silent)), kept, doubted, hints, abroad
        )

    def _far(self, hits: Iterable[Hit]) -> list[Hit]:
        """Those of names abroad, by the numbers of their terms."""
        return [hit._replace(term=hit.term - self._cues_end) for hit in hits if hit.term >= self._cues_end]

    def _otherwise(self, seen: "_Seen", text: str, within: Folded, languages: frozenset[str]) -> list[Choice]:
        """What a text that names no place for sure is about: in a passage the unsure names, if all are of one country,
        else what hints at countries."""
        unsure = self._unsure(seen, text, within, languages) if is_passage(within.text) else ()
        return next((some for some in unsure if len({self._country(one.place) for one in some}) == 1), seen.hints)

    def _unsure(self, seen: "_Seen", text: str, within: Folded, languages: frozenset[str]) -> Iterator[list[Choice]]:
        """The names that are in doubt; then those that are one of a place but for a letter."""
        yield [one for one in seen.doubted if not opens_bare(one, within.text)]
        yield [
            Choice(start, end, max(places, key=standing), WEAK)
            for (start, end), places in self._respelling.read(text, within, languages)
            if len(set(map(self._country, places))) == 1
        ]

    def _passage(self, seen: "_Seen", text: str, themes: Collection[str]) -> Passage:
        found, kept = words(text), set(map(_where, seen.kept))
        begun = list(accumulate(found.first))

        def sighting(one: Choice, country: str, unit: str) -> Sighting:
            word = bisect_left(found.starts, one.start)
            return Sighting(
                one, country, unit, _where(one) in kept, _where(one) in seen.speaking, one.place.code in self._capitals,
                is_adjective(text[one.start : one.end]), begins_sentence(text, one.start), begun[word] <= EARLY, word,
            )  # fmt: skip

        units = [self._places.unit_of(one.place.code) for one in seen.named]
        return Passage(
            [sighting(one, self._country(one.place), unit.code if unit else "")
             for one, unit in zip(seen.named, units, strict=True)],
            len(found.texts), themes,
            [sighting(one, *self._abroad.lies_in(one.place)) for one in seen.abroad],
        )  # fmt: skip

    def _without_governments(self, choices: list[Choice], within: Folded, cues: Cues) -> list[Choice]:
        """A capital followed by a word of speaking is a government, not the place of an event; after "in" it is one.

        Where another unit of its country is named, a capital in a sentence with a word of speaking or of an office is
        one too: "in Tashkent the ministry replied". Where another country is, a capital's bare name in a sentence with
        a word of speaking is: "Dushanbe to the families of the dead said".
        """
        countries = {self._country(choice.place) for choice in choices}
        said = starts_of(cues[SPEAKING])
        aloud, spoken = sorted(said), sorted(said | starts_of(cues[OFFICE]))
        stops = stops_of(within.text)
        kinds = starts_of(cues[PLACING])
        units = [self._places.unit_of(choice.place.code) for choice in choices]
        named = {unit.code for unit in units if unit} - self._capitals
        elsewhere = {self._country(self._places[code]) for code in named}

        def is_government(choice: Choice) -> bool:
            if choice.place.code not in self._capitals or is_adjective(within.text[choice.start : choice.end]):
                return False
            located = word_before(within.text, choice.start) in self._mentions.locating
            if not located and follows(within.text, choice.end, said, _SPEECH_WORDS):
                return True
            if self._country(choice.place) in elsewhere and word_in_sentence(stops, choice, spoken) is not None:
                return True
            alone = choice.bare and not located and not follows(within.text, choice.end, kinds, 1)
            return alone and len(countries) > 1 and word_in_sentence(stops, choice, aloud) is not None

        return [choice for choice in choices if not is_government(choice)]

    def _in_capitals(
        self,
        choices: list[Choice],
        within: Folded,
        evidence: dict[str, float],
        words: list[tuple[str, Hit]],
        home: str | None,
    ) -> list[Choice]:
        """Capitals that are named by that word alone: of the country named beside it, of the one that the text is of,
        or of the language's own. None where a unit of that country is named."""
        named = [one for one in choices if one.place.level == COUNTRY]
        after = {one.start: one.place.code for one in named}
        before = {one.end: one.place.code for one in named}
        units = {self._country(one.place) for one in choices if one.place.level != COUNTRY}
        weights = {code: weight for code, weight in evidence.items() if code in self._capital_of}
        main = max(weights, key=lambda code: weights[code], default=home)
        if home and not named and not units:  # a people's name alone is of somebody, not of the text's country
            main = home
        found: list[Choice] = []
        for _, hit in words:
            beside = [after[at] for at in next_words(within.text, hit.end, 1) if at in after]
            country = beside[0] if beside else before.get(hit.start - 1, main)
            if country not in units and (capital := self._capital_of.get(country or "")):
                found.append(Choice(hit.start, hit.end, self._places[capital], RESOLVED))
        return found

    def _at_borders(self, peoples: list[tuple[str, Hit]], within: Folded, borders: set[int]) -> list[Choice]:
        """Countries named by their adjective before a border: "the Tajik-Afghan border"."""
        return [
            Choice(hit.start, hit.end, self._places[code], RESOLVED)
            for code, hit in peoples
            if follows(within.text, hit.end, borders, _BORDER_WORDS)
        ]

    def _path(self, place: Place) -> tuple[Place, ...]:
        return self._places.path(place.code) if place.code in self._places else self._abroad.path(place)

    def _tags(self, choices: list[Choice], told: Collection[str] | None, within: Folded) -> list[Tag]:
        """Tags of all that choices name, or of the countries and units that are `told`."""
        spans: dict[tuple[Scheme, str], list[Span]] = defaultdict(list)
        confidence: dict[tuple[Scheme, str], float] = {}
        for choice in choices:
            for place in self._path(choice.place):
                if (scheme := _SCHEMES.get(place.level)) and (told is None or unit_code(place) in told):
                    spans[scheme, place.code].append(within.span(choice.start, choice.end))
                    confidence[scheme, place.code] = max(confidence.get((scheme, place.code), 0), choice.confidence)
        return [
            Tag(scheme, code, confidence[scheme, code], "gazetteer", tuple(sorted(set(where))), self.version)
            for (scheme, code), where in spans.items()
        ]


def _where(choice: Choice) -> tuple[int, str]:
    return choice.start, choice.place.code


def _is_small(text: str, within: Folded, hit: Hit) -> bool:
    """Whether a word is written without great letters: "som", not "SOM"."""
    return text[slice(*within.span(hit.start, hit.end))] == within.text[hit.start : hit.end]
