"""Lexicon: themes of a text by the words of their definitions, with the words that led to each."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.texts.definitions import Definition, Lexicon
from services.texts.evidence import Span, Tag
from services.texts.folding import Folded, folded, in_word
from services.texts.sentences import Sentences
from services.texts.terms import Hit, Matcher, Term, parse, word_end

_FULL, _TOGETHER, _WEAK = 2, 2, 1
_WEAK_ALONE = 3  # so many weak cues stand for a strong one; with a strong one each adds to it
_NEGATED_WORDS, _NEGATED_REACH = 4, 200  # words, and characters, from a cue to what it negates
_MOST_HITS = 100  # of one key in one sentence: a text that says one thing over and over must not cost its square
_SHARE_OF_LEADER, _LEADER_MOST = 0.4, 15
_LEAST, _PER_POINT, _MOST = 0.45, 0.1, 0.95
_BEFORE, _NEAR, _AFTER, _CONTRAST = "before", "near", "after", "contrast"
_PAUSE, _STOP = re.compile("[,،]"), re.compile("[;:؛]")
_NEIGHBOURS = 8  # sentences, in which cues of one theme count together: a passage, not a whole report
_SENSE_REACH = 3  # sentences, to which a sense reaches that two of its words show
Key = tuple[str, str]  # kind (group, sense, theme, weak, setting, not, negation) and name


@dataclass(slots=True)
class _Found:
    """Hits of one text by what they stand for; those that do not count are already out."""

    by_key: dict[Key, list[tuple[Hit, int]]] = field(default_factory=lambda: defaultdict(list))
    barred: dict[str, set[int]] = field(default_factory=dict)
    near: dict[str, set[int]] = field(default_factory=dict)

    def barred_by(self, sense: str) -> set[int]:
        """Sentences that a sense bars; many definitions ask for each."""
        if sense not in self.barred:
            self.barred[sense] = _reached(self.by_key.get(("sense", sense), []))
        return self.barred[sense]

    def near_to(self, group: str) -> set[int]:
        """Sentences near which a word of a group stands."""
        if group not in self.near:
            numbers = {number for _, number in self.by_key.get(("group", group), ())}
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

    def __init__(self, text: str, cues: Iterable[tuple[str, Hit, int]]) -> None:
        self._text = text
        self._cues: dict[str, dict[int, list[int]]] = {name: defaultdict(list) for name in (_BEFORE, _NEAR, _AFTER)}
        turns: list[int] = []
        for name, cue, number in cues:
            if name == _CONTRAST:
                turns.append(cue.start)
            else:
                self._cues[name][number].append(cue.end if name == _BEFORE else cue.start)
        for places in (places for of_kind in self._cues.values() for places in of_kind.values()):
            places.sort()
        self._stops = sorted([*turns, *(found.start() for found in _STOP.finditer(text))])
        self._pauses = sorted([*self._stops, *(found.start() for found in _PAUSE.finditer(text))])

    def reach(self, hit: Hit, number: int) -> bool:
        """Whether a cue of the same sentence negates the hit."""
        return (
            _follows(hit, self._cues[_AFTER].get(number, []), self._stops)
            or _follows(hit, self._cues[_NEAR].get(number, []), self._pauses)
            or self._is_before(hit, self._cues[_BEFORE].get(number, []))
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

    def __init__(self, lexicon: Lexicon) -> None:
        self._definitions = lexicon.definitions
        self.not_judged = frozenset(one.code for one in lexicon.definitions if not one.judged)
        self.versions = {one.code: f"{one.code}-{one.version}" for one in lexicon.definitions}
        self._spoken = {name: frozenset(terms) for name, terms in lexicon.groups.groups.items()}
        self._keys: list[Key] = []
        self._languages: list[str | None] = []
        terms = tuple(self._collect(lexicon))
        self._matcher = Matcher(terms, self._languages)

    def __len__(self) -> int:
        return len(self._matcher.terms)

    def _collect(self, lexicon: Lexicon) -> Iterator[Term]:
        for key, language, source in _sources(lexicon):
            self._keys.append(key)
            self._languages.append(language)
            longest = lexicon.groups.endings.get(language or "", max(lexicon.groups.endings.values()))
            yield parse(source.replace("*", f"/{longest}"))

    def find(self, within: Folded, languages: frozenset[str], sentences: Sentences | None = None) -> list[Tag]:
        """Themes of the text, leading first. Terms of `languages` count; of every language where it is empty."""
        sentences = sentences or Sentences(within.text)
        found = self._found(within, sentences, languages)
        scored: dict[str, tuple[int, list[Span]]] = {}
        for definition in self._definitions:
            needed = self._needed(definition, languages)
            score, hits = _score(definition, found, needed)
            if not score and needed and definition.enough:
                score, hits = _score(definition, found, [])
                score = score if score >= definition.enough else 0
            if score >= definition.threshold:
                scored[definition.code] = score, sorted({within.span(hit.start, hit.end) for hit in hits})
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
            for definition in self._definitions
            if definition.code in scored
            for score, spans in [scored[definition.code]]
            if not languages.isdisjoint(definition.firm) or score >= min(leader, _LEADER_MOST) * _SHARE_OF_LEADER
            if not _yields(definition, scored)
        ]
        return sorted(tags, key=lambda tag: (-scored[tag.value][0], tag.value))

    def _needed(self, definition: Definition, languages: frozenset[str]) -> list[str]:
        """Groups of which a word must stand near: those that have words in all languages of the text."""
        return [name for name in definition.within if languages and languages <= self._spoken[name]]

    def _found(self, within: Folded, sentences: Sentences, languages: frozenset[str]) -> _Found:
        counts: Counter[tuple[Key, int]] = Counter()
        hits = [
            (self._keys[hit.term], hit, sentences.number(hit.start)) for hit in self._matcher.find(within, languages)
        ]
        negations = _Negations(
            within.text, ((name, hit, number) for (kind, name), hit, number in hits if kind == "negation")
        )
        found = _Found()
        for key, hit, number in hits:
            if counts[key, number] == _MOST_HITS:
                continue
            if key[0] in {"sense", "not"} or not negations.reach(hit, number):
                counts[key, number] += 1
                found.by_key[key].append((hit, number))
        return found


def _sources(lexicon: Lexicon) -> Iterator[tuple[Key, str | None, str]]:
    """What to find: each term once, as it is written, in the language's second script, and as it is typed where marks
    are often left out."""
    typed = {language: str.maketrans(letters) for language, letters in lexicon.groups.typed.items()}
    seen: set[tuple[Key, str | None, str]] = set()
    for key, language, term in _written(lexicon):
        forms = [term]
        if letters := lexicon.groups.scripts.get(language or ""):
            forms.append(_in_script(term, letters))
        if marks := typed.get(language or ""):
            forms += [form.translate(marks) for form in forms]
        for form in forms:
            source = key, language, folded(form)
            if source not in seen:
                seen.add(source)
                yield source


def _in_script(term: str, letters: dict[str, str]) -> str:
    """The term in the other script: letters and groups of them, in the order in which they are given."""
    written = f" {term}"
    for one, other in letters.items():
        written = written.replace(one, other)
    return written[1:]


def _written(lexicon: Lexicon) -> Iterator[tuple[Key, str | None, str]]:
    for name, languages in lexicon.groups.groups.items():
        yield from ((("group", name), language, term) for language, terms in languages.items() for term in terms)
    for definition in lexicon.definitions:
        code = definition.code
        yield from ((("theme", code), language, term) for language, terms in definition.terms.items() for term in terms)
        yield from ((("weak", code), language, term) for language, terms in definition.weak.items() for term in terms)
        yield from (
            (("setting", code), language, term) for language, terms in definition.setting.items() for term in terms
        )
        yield from ((("not", code), None, term) for term in definition.excluded)
    senses = lexicon.senses
    for name, terms in senses.senses.items():
        yield from ((("sense", name), None, term) for term in terms)
    negations = {
        _BEFORE: senses.before,
        _NEAR: senses.after_near,
        _AFTER: senses.after,
        _CONTRAST: senses.contrast,
    }
    for name, terms in negations.items():
        yield from ((("negation", name), None, term) for term in terms)


def _score(definition: Definition, found: _Found, needed_groups: list[str]) -> tuple[int, list[Hit]]:
    """The score of a definition and the hits that make it: the best of any sentences that stand near each other. Hits
    count near words of each of the needed groups."""
    keys = [(("theme", definition.code), _FULL), (("weak", definition.code), _WEAK)]
    keys += [(("group", name), _FULL) for name in definition.any]
    keys += [(("group", name), definition.hint_weight) for name in definition.hints]
    rows = [row for row in definition.together if all(("group", name) in found.by_key for name in row)]
    if not rows and not any(key in found.by_key for key, _ in keys):
        return 0, []
    barred = {number for _, number in found.by_key.get(("not", definition.code), [])}
    for sense in definition.unless:
        barred |= found.barred_by(sense)

    near = [found.near_to(name) for name in needed_groups]
    if not all(near):
        return 0, []

    def hits(key: Key) -> list[tuple[Hit, int]]:
        return [
            (hit, number)
            for hit, number in found.by_key.get(key, ())
            if number not in barred and all(number in some for some in near)
        ]

    cues = [(hit, number, weight) for key, weight in keys for hit, number in hits(key)]
    settings = [("setting", definition.code), *(("group", name) for name in definition.beside)]
    needed = bool(definition.setting or definition.beside) and not near  # what must stand near is setting enough
    points = [_Points(number, 0, None, [hit]) for key in settings for hit, number in hits(key)]
    points += [_Points(number, weight, hit.term, [hit]) for hit, number, weight in _apart(cues)]
    for row in rows:
        by_sentence = [_by_sentence(hits(("group", name))) for name in row]
        for number in set.intersection(*(set(group) for group in by_sentence)):
            if together := _distinct([group[number] for group in by_sentence]):
                points.append(_Points(number, _TOGETHER, None, together))
    return _best(sorted(points, key=lambda one: one.sentence), setting=needed)


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
    best, chosen = 0, list[Hit]()
    seen: Counter[int | None] = Counter()
    scores: Counter[int] = Counter()  # by weight
    first = 0
    for last, point in enumerate(points):
        seen[point.term] += 1
        scores[point.weight] += point.term is None or seen[point.term] == 1
        while points[first].sentence <= point.sentence - _NEIGHBOURS:
            gone = points[first]
            seen[gone.term] -= 1
            scores[gone.weight] -= gone.term is None or not seen[gone.term]
            first += 1
        weak = not setting or scores[0]
        counted = {weight: count for weight, count in scores.items() if weight != _WEAK or weak}
        score = sum(weight * count for weight, count in counted.items())
        if score < _WEAK_ALONE and score == counted.get(_WEAK, 0):
            continue
        if score and score >= best:
            best = score
            chosen = [hit for one in points[first : last + 1] if one.weight in counted for hit in one.hits]
    return best, chosen


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
