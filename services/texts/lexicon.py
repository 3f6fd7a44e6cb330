"""Lexicon: themes of a text by the words of their definitions, with the words that led to each."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.texts.cues import AFTER, BEFORE, CONTRAST, NEAR, NOT, WEAK, Key, Rule, rule
from services.texts.definitions import Definition, Lexicon
from services.texts.evidence import Span, Tag
from services.texts.folding import Folded, fold, in_word, normalise
from services.texts.learned import Learned, Negations, Told
from services.texts.matcher import Hit
from services.texts.sentences import Sentences
from services.texts.sought import Sought
from services.texts.terms import word_end, words

_TOGETHER = 2
_WEAK_ALONE = 3  # so many weak cues stand for a strong one; with a strong one each adds to it
_NEGATED_WORDS, _NEGATED_REACH = 4, 200  # words, and characters, from a cue to what it negates
_MOST_HITS = 100  # of one key in one sentence: a text that says one thing over and over must not cost its square
_SHARE_OF_LEADER, _SHARE_OF_FEW, _LEADER_MOST = 0.4, 0.5, 15  # few: less than two strong cues of its own
_LONG_TEXT = 30  # words; one cue among so many seldom says what they are about
_LEAST_LONG = 4  # points there, in a wary language
_LEAST, _PER_POINT, _MOST = 0.45, 0.1, 0.95
_LEAST_LEARNED, _PER_OVER = 0.5, 0.5  # of what only learned words tell
_PAUSE, _STOP = re.compile("[,،]"), re.compile("[;:؛]")
_NEIGHBOURS = 8  # sentences, in which cues of one theme count together: a passage, not a whole report
_EVEN_NEGATED = frozenset({"sense", NOT})  # kinds that count where they are negated too
_SENSE_REACH = 3  # sentences, to which a sense reaches that two of its words show


@dataclass(slots=True)
class _Found:
    """Hits of one text by what they stand for; those that do not count are already out."""

    negations: "_Negations"
    by_key: dict[Key, list[tuple[Hit, int]]] = field(default_factory=lambda: defaultdict(list))
    barred: dict[Key, set[int]] = field(default_factory=dict)
    near: dict[Key, set[int]] = field(default_factory=dict)

    def barred_by(self, sense: Key) -> set[int]:
        """Sentences that a sense bars; many definitions ask for each."""
        if sense not in self.barred:
            self.barred[sense] = _reached(self.by_key.get(sense, []))
        return self.barred[sense]

    def near_to(self, group: Key) -> set[int]:
        """Sentences near which a word of a group stands."""
        if group not in self.near:
            numbers = {number for _, number in self.by_key.get(group, ())}
            steps = range(1 - _NEIGHBOURS, _NEIGHBOURS)
            self.near[group] = {number + step for number in numbers for step in steps}
        return self.near[group]


class _Points(NamedTuple):
    """What a sentence adds to a score. A `term` counts once however often it is found; none: each time."""

    sentence: int
    weight: int
    term: int | None
    hits: list[Hit]


class _Negations:
    """Where a text negates, by sentence, to answer for each hit in logarithmic time."""

    def __init__(self, text: str, cues: Iterable[tuple[Key, Hit, int]]) -> None:
        self._text = text
        self._cues: dict[str, dict[int, list[int]]] = {name: defaultdict(list) for name in (BEFORE, NEAR, AFTER)}
        turns: list[int] = []
        told: set[int] = set()
        for key, cue, number in cues:
            if key.name == CONTRAST:
                turns.append(cue.start)
            else:
                self._cues[key.name][number].append(cue.end if key.name == BEFORE else cue.start)
                told.add(number)
        self.told = frozenset(told)
        if not told:
            return
        for places in (places for of_kind in self._cues.values() for places in of_kind.values()):
            places.sort()
        self._stops = sorted([*turns, *(found.start() for found in _STOP.finditer(text))])
        self._pauses = sorted([*self._stops, *(found.start() for found in _PAUSE.finditer(text))])

    def reach(self, hit: Hit, number: int) -> bool:
        """Whether a cue of the same sentence negates the hit."""
        return number in self.told and (
            _follows(hit, self._cues[AFTER].get(number, []), self._stops)
            or _follows(hit, self._cues[NEAR].get(number, []), self._pauses)
            or self._is_before(hit, self._cues[BEFORE].get(number, []))
        )

    def _is_before(self, hit: Hit, ends: list[int]) -> bool:
        """The nearest cue before the hit decides: fewest words lie between."""
        nearest = bisect_right(ends, hit.start) - 1
        if nearest < 0 or hit.start - ends[nearest] > _NEGATED_REACH:
            return False
        if bisect_left(self._stops, ends[nearest]) < bisect_left(self._stops, hit.start):
            return False
        return _words(self._text, ends[nearest], hit.start) < _NEGATED_WORDS


def _follows(hit: Hit, starts: list[int], stops: list[int]) -> bool:
    """The nearest cue after the hit decides: with a stop before it, every further one has the same stop. A cue may be
    the last word of the hit itself."""
    nearest = bisect_right(starts, hit.start)
    if nearest == len(starts):
        return False
    return bisect_left(stops, hit.end) >= bisect_left(stops, starts[nearest])


class Themes:
    """Tags texts with themes. Built once from a lexicon."""

    def __init__(
        self, lexicon: Lexicon, learned: Learned, sought: Sought | None = None, own: tuple[Definition, ...] = ()
    ) -> None:
        self._lexicon, self._learned, self._sought = lexicon, learned, sought or Sought(lexicon)
        self._own = own
        keys = self._sought.keys
        self._by_learned = frozenset(one.code for one in lexicon.definitions if one.learned)
        self._rules = tuple(rule(one, keys) for one in lexicon.definitions)
        self.not_judged = frozenset(one.code for one in lexicon.definitions if not one.judged)
        self.versions = {one.code: f"{one.code}-{one.version}" for one in lexicon.definitions}
        self._wary = lexicon.groups.wary
        self._spoken = {keys["group", name]: frozenset(terms) for name, terms in lexicon.groups.groups.items()}

    def with_own(self, own: Iterable[Definition]) -> "Themes":
        """The same with these definitions in the place of those of their themes."""
        given = tuple({one.code: one for one in (*self._own, *own)}.values())
        lexicon = self._lexicon.with_own(given)
        return Themes(lexicon, self._learned, Sought(lexicon, self._sought, given), given)

    def __len__(self) -> int:
        return len(self._sought)

    def ready(self) -> None:
        """Load what is loaded when a text first asks for it."""
        self._learned.ready()

    def find(self, within: Folded, languages: frozenset[str], sentences: Sentences | None = None) -> list[Tag]:
        """Themes of the text, leading first. Terms of `languages` count; of every language where it is empty."""
        sentences = sentences or Sentences(within.text)
        found = self._found(within, sentences, languages)
        wary = bool(languages) and languages <= self._wary
        long = len(words(within.text).texts) > _LONG_TEXT
        least = _LEAST_LONG if wary and long else 0
        scored: dict[str, tuple[int, list[Span]]] = {}
        shares: dict[str, float] = {}
        for one in self._rules:
            needed = self._needed(one, languages) if long else []
            score, hits = _score(one, found, needed)
            if not score and needed and (enough := one.definition.enough):
                score, hits = _score(one, found, [])
                score = score if score >= enough else 0
            if score >= max(one.definition.threshold, least):
                scored[one.definition.code] = score, sorted({within.span(hit.start, hit.end) for hit in hits})
                shares[one.definition.code] = _SHARE_OF_FEW if wary and not _many(one, found) else _SHARE_OF_LEADER
        leader = max((score for score, _ in scored.values()), default=0)
        tags = [
            Tag(
                "theme",
                definition.code,
                _confidence(score),
                "lexicon",
                tuple(spans),
                self.versions[definition.code],
            )
            for definition in (one.definition for one in self._rules)
            if definition.code in scored
            for score, spans in [scored[definition.code]]
            if not languages.isdisjoint(definition.firm) or score >= min(leader, _LEADER_MOST) * shares[definition.code]
            if not _yields(definition, scored)
        ]
        tags.sort(key=lambda tag: (-scored[tag.value][0], tag.value))
        if not long:
            return tags
        told = self._learned.tell(within, sentences, languages, found.negations)
        return [*self._borne_out(tags, told), *self._further(tags, told, found)]

    def _borne_out(self, tags: list[Tag], told: Told) -> Iterator[Tag]:
        """Themes told by their definitions' words, without those that the words around them speak against; of what a
        definition tells for sure, less: the words of passages that were learned from are not those of every office."""
        doubted, denied = told.doubted & self._by_learned, told.denied & self._by_learned
        return (tag for tag in tags if tag.value not in (denied if tag.confidence >= _MOST else doubted))

    def _further(self, tags: list[Tag], told: Told, found: _Found) -> Iterator[Tag]:
        """Themes that no single word tells, and all of them together do; the surest first. Not one word of a definition
        is too few for them to tell it."""
        known = {tag.value for tag in tags}
        known |= {one.definition.code for one in self._rules if one.leading.isdisjoint(found.by_key)}
        for code, (over, spans) in sorted(told.themes.items(), key=lambda one: (-one[1][0], one[0])):
            if code in self._by_learned and code not in known:
                sure = round(min(_MOST, _LEAST_LEARNED + _PER_OVER * over), 2)
                yield Tag("theme", code, sure, "lexicon", tuple(spans), self.versions[code])

    def learned_words(self, code: str) -> dict[str, tuple[str, ...]]:
        """How the learned words begin that speak most for a theme, by language; nothing where they tell it not."""
        return self._learned.strongest(code) if code in self._by_learned else {}

    def by_learned(self, code: str, version: str, confidence: float, pieces: Collection[str]) -> bool:
        """Whether learned words alone told a theme, by what is kept of its tag: points come to few confidences, and
        learned words are single ones, of which a definition of this version does not look for each. `pieces`: the words
        behind it as they stand in the text; without them what its confidence does not show is not known, so False."""
        if confidence not in _BY_POINTS:
            return True
        if code not in self._by_learned or version != self.versions[code]:
            return False
        keys = next(one for one in self._rules if one.definition.code == code).keys
        folded = [fold(normalise(one)) for one in pieces]
        return all(one.text.isalpha() for one in folded) and not all(self._stands_for(one, keys) for one in folded)

    def _stands_for(self, piece: Folded, keys: Collection[Key]) -> bool:
        """Whether some words, all of them, are a term of one of these keys, in any language."""
        return any(
            key in keys and (hit.start, hit.end) == (0, len(piece.text))
            for key, hit in self._sought.find(piece, frozenset())
        )

    def negations(self, within: Folded, sentences: Sentences, languages: frozenset[str]) -> Negations:
        """Where the text negates."""
        return self._found(within, sentences, languages).negations

    def _needed(self, rule: Rule, languages: frozenset[str]) -> list[Key]:
        """Groups of which a word must stand near: those that have words in all languages of the text."""
        return [key for key in rule.within if languages and languages <= self._spoken[key]]

    def _found(self, within: Folded, sentences: Sentences, languages: frozenset[str]) -> _Found:
        hits = self._sought.find(within, languages)
        numbers = sentences.numbers(hit.start for _, hit in hits)
        numbered = [(key, hit, number) for (key, hit), number in zip(hits, numbers, strict=True)]
        negations = _Negations(within.text, [one for one in numbered if one[0].kind == "negation"])
        found = _Found(negations)
        for key, hit, number in numbered:  # in the order of the sentences
            held = found.by_key.get(key, ())
            if len(held) >= _MOST_HITS and held[-_MOST_HITS][1] == number:
                continue
            if key.kind in _EVEN_NEGATED or not negations.reach(hit, number):
                found.by_key[key].append((hit, number))
        return found


def _score(rule: Rule, found: _Found, needed: list[Key]) -> tuple[int, list[Hit]]:
    """The score of a definition and the hits that make it: the best of any sentences that stand near each other.

    0 where too little was found for its threshold, wherever it stands. Hits count near words of each needed group.
    """
    definition, by_key = rule.definition, found.by_key
    if rule.leading.isdisjoint(by_key):
        return 0, []
    rows = [row for row in rule.rows if all(map(by_key.get, row))]
    most = sum(weight * len(by_key[key]) for key, weight in rule.cues if key in by_key)
    if not rows and most < definition.threshold:
        return 0, []
    near = [found.near_to(key) for key in needed]
    if not all(near):
        return 0, []
    barred = {number for _, number in by_key.get(rule.excluded, ())}
    for sense in rule.senses:
        barred |= found.barred_by(sense)

    def hits(key: Key) -> list[tuple[Hit, int]]:
        return [one for one in by_key.get(key, ()) if one[1] not in barred and all(one[1] in some for some in near)]

    cues = [(hit, number, weight) for key, weight in rule.cues for hit, number in hits(key)]
    setting = bool(definition.setting or definition.beside) and not near  # what must stand near is setting enough
    points = [_Points(number, 0, None, [hit]) for key in rule.settings for hit, number in hits(key)]
    points += [_Points(number, weight, hit.term, [hit]) for hit, number, weight in _apart(cues)]
    for row in rows:
        by_sentence = [_by_sentence(hits(key)) for key in row]
        for number in set.intersection(*(set(group) for group in by_sentence)):
            if together := _distinct([group[number] for group in by_sentence]):
                points.append(_Points(number, _TOGETHER, None, together))
    return _best(sorted(points, key=lambda one: one.sentence), setting=setting)


def _many(rule: Rule, found: _Found) -> bool:
    """Whether two strong cues or more speak for a definition."""
    return len({hit.term for key in rule.strong for hit, _ in found.by_key.get(key, ())}) > 1


def _reached(hits: list[tuple[Hit, int]]) -> set[int]:
    """Sentences that a sense bars: those with a word of it, and those near two different words."""
    by_sentence: dict[int, set[int]] = defaultdict(set)
    for hit, number in hits:
        by_sentence[number].add(hit.term)
    barred = set(by_sentence)
    for number, terms in by_sentence.items():
        around = terms.union(*(by_sentence.get(number + step, ()) for step in range(1, _SENSE_REACH)))
        if len(around) > 1:
            barred.update(range(number - _SENSE_REACH, number + 2 * _SENSE_REACH))
    return barred


def _best(points: list[_Points], *, setting: bool) -> tuple[int, list[Hit]]:
    """The best score among neighbouring sentences, each term counted once, and its hits; points are in order.

    `setting`: weak points count only where there is one of no weight, a setting.
    """
    best, chosen = 0, (0, 0, False)
    seen: dict[int | None, int] = defaultdict(int)
    scores = {point.weight: 0 for point in points}
    first = 0
    for last, point in enumerate(points):
        seen[point.term] += 1
        scores[point.weight] += point.term is None or seen[point.term] == 1
        while points[first].sentence <= point.sentence - _NEIGHBOURS:
            gone = points[first]
            seen[gone.term] -= 1
            scores[gone.weight] -= gone.term is None or not seen[gone.term]
            first += 1
        counts = not setting or scores.get(0, 0) > 0
        weak = scores.get(WEAK, 0) if counts else 0
        score = weak + sum(weight * count for weight, count in scores.items() if weight != WEAK)
        if score < _WEAK_ALONE and score == weak:
            continue
        if score and score >= best:
            best, chosen = score, (first, last + 1, counts)
    first, end, counts = chosen
    return best, [hit for one in points[first:end] if counts or one.weight != WEAK for hit in one.hits]


def _by_sentence(hits: Iterable[tuple[Hit, int]]) -> dict[int, list[Hit]]:
    grouped: dict[int, list[Hit]] = defaultdict(list)
    for hit, number in hits:
        grouped[number].append(hit)
    return grouped


def _apart(cues: list[tuple[Hit, int, int]]) -> list[tuple[Hit, int, int]]:
    """Cues without those that lie in the words of an earlier one; of one start the weightiest, then the longest."""
    kept: list[tuple[Hit, int, int]] = []
    for cue in sorted(cues, key=lambda one: (one[0].start, -one[2], -one[0].end)):
        if not kept or cue[0].start >= kept[-1][0].end:
            kept.append(cue)
    return kept


def _distinct(groups: list[list[Hit]]) -> list[Hit]:
    """One hit of each group, no two of them on the same words; empty where that cannot be."""
    if not groups:
        return []
    first, *rest = groups
    for hit in first:
        apart = [[other for other in group if other.start >= hit.end or other.end <= hit.start] for group in rest]
        if all(apart):
            chosen = _distinct(apart)
            if len(chosen) == len(rest):
                return [hit, *chosen]
    return []


def _words(text: str, start: int, end: int) -> int:
    """How many words begin between two offsets, counted no further than it matters."""
    count, position = 0, start
    while position < end and count < _NEGATED_WORDS:
        if in_word(text[position]):
            count += 1
            position = word_end(text, position)
        else:
            position += 1
    return count


def _yields(definition: Definition, scored: dict[str, tuple[int, list[Span]]]) -> bool:
    own = scored[definition.code][0]
    return any(other in scored and scored[other][0] >= own for other in definition.yields_to)


def _confidence(score: int) -> float:
    return round(min(_MOST, _LEAST + _PER_POINT * score), 2)


_BY_POINTS = frozenset(map(_confidence, range(1, 11)))
