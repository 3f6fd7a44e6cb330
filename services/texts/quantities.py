"""Quantities: how many were killed, injured or detained, what weight was seized, what money is spoken of.

Words are data (`lexicon/quantities.yaml`). A number is joined to what it counts only by words that are known to stand
between, within one clause; what is negated, denied or supposed gives nothing, nor does what can be read in two ways.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from services.texts.evidence import Span, Tag
from services.texts.folding import Folded
from services.texts.matcher import Matcher
from services.texts.numerals import Part, compose, read_digits
from services.texts.quantity_words import Kind, Rules, terms
from services.texts.sentences import Sentences
from services.texts.terms import parse

_SURE, _UNSURE = 0.9, 0.7
_MOST_ITEMS = 400  # of one sentence: longer ones are no sentences
_LONGEST = 60  # letters of a word that may mean something: what words mean is remembered
_UNKNOWN_WORDS, _FAR = 2, 6
_DIGITS = re.compile(r"(?<![\w.,:/])(?<!\d-)(?:\d{1,3}(?: \d{3}){1,4}(?!\d)|\d{1,12}(?:[.,]\d{1,6}){0,4}(?!\d))")
_AFTER_DIGITS = re.compile(r"(?:[:/]\d| ?%|-\d|- ?(?:year|лет))")
_WORD = re.compile(r"[^\W\d_](?:'?[^\W\d_])*")
_POINTS = {",": "comma", ";": "stop", ":": "stop", "—": "stop", "(": "stop", ")": "stop", "?": "stop"}
_DIGIT = re.compile(r"\d+")
_POINT = re.compile(f"[{re.escape(''.join(_POINTS))}]")
_CYRILLIC = re.compile("[а-я]")


@dataclass(frozen=True, slots=True)
class _Meaning:
    kind: Kind
    value: object = None
    sure: bool = True


_UNKNOWN = _Meaning("word")


class Item(NamedTuple):
    """A word of a sentence that means something here. `value` is what its kind says of it."""

    kind: Kind
    start: int
    end: int
    value: object = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity in a sentence, at the offsets of the folded text."""

    value: str
    start: int
    end: int
    sure: bool


class Quantities:
    """Finds quantities in texts. Built once from the rules."""

    def __init__(self, rules: Rules) -> None:
        self.version = f"quantities-{rules.version}"
        self._symbols = {**dict.fromkeys(rules.symbols, True), **dict.fromkeys(rules.unsure_symbols, False)}
        self._codes = {**rules.symbols, **rules.unsure_symbols}
        self._signs = re.compile(f"[{re.escape(''.join(self._symbols))}]")
        known = [
            (kind, value, sure, term) for words in rules.languages.values() for kind, value, sure, term in terms(words)
        ]
        parsed = [(parse(term), _Meaning(kind, value, sure)) for kind, value, sure, term in known]
        self._stems: dict[str, list[tuple[int, _Meaning]]] = defaultdict(list)
        for term, meaning in parsed:
            if len(term.parts) == 1:
                self._stems[term.parts[0].stem].append((term.parts[0].suffix, meaning))
        self._phrase_means = [meaning for term, meaning in parsed if len(term.parts) > 1]
        self._phrases = Matcher(term for term, _ in parsed if len(term.parts) > 1)
        # What a sentence must hold for it to be read at all, and a number: most hold none of these.
        needed = [
            (term, meaning.kind in _TRIGGERS) for term, meaning in parsed if meaning.kind in _TRIGGERS | _NUMERALS
        ]
        self._needed = Matcher(term for term, _ in needed)
        self._is_trigger = [trigger for _, trigger in needed]
        self._meaning = lru_cache(maxsize=16_384)(self._look_up)

    def _look_up(self, word: str) -> "_Meaning":
        """What a word means: by the longest stem that it begins with, the first written of those."""
        for length in range(len(word), 0, -1):
            for suffix, meaning in self._stems.get(word[:length], ()):
                if len(word) - length <= suffix:
                    return meaning
        return _UNKNOWN

    def find(self, within: Folded, sentences: Sentences | None = None) -> list[Tag]:
        """The quantities of a text, each once with all its places."""
        text = within.text
        needed = self._needed.find(within)
        starts = [one.start() for one in self._signs.finditer(text)]
        starts += [hit.start for hit in needed if self._is_trigger[hit.term]]
        if not starts:
            return []
        sentences = sentences or Sentences(text)
        spans: dict[str, list[Span]] = defaultdict(list)
        sure: dict[str, bool] = defaultdict(bool)
        numerals = [one.start() for one in _DIGIT.finditer(text)]
        numerals += [hit.start for hit in needed if not self._is_trigger[hit.term]]
        for number in sorted({*sentences.numbers(starts)}.intersection(sentences.numbers(numerals))):
            low, high = sentences.bounds(number)
            for one in self.read(text[low:high]):
                spans[one.value].append(within.span(low + one.start, low + one.end))
                sure[one.value] |= one.sure
        return [
            Tag("quantity", value, _SURE if sure[value] else _UNSURE, "rule", tuple(sorted(set(where))), self.version)
            for value, where in spans.items()
        ]

    def read(self, sentence: str) -> Iterator[Found]:
        """The quantities of one folded sentence."""
        items = self._items(sentence)
        if len(items) > _MOST_ITEMS or sentence.rstrip().endswith("?") or any(one.kind == "denial" for one in items):
            return
        doubted = any(one.kind in _DOUBTS for one in items)
        for found in (*_counted(items), *_weighed(items), *_money(items)):
            if not (doubted and _supposed(items, found)):
                yield found

    def _items(self, sentence: str) -> list[Item]:
        """The sentence as items in order; words that are not known are of kind `word`."""
        found = [
            Item(means.kind, hit.start, hit.end, means.value, means.sure)
            for hit in self._phrases.find(Folded(sentence, ()))
            for means in [self._phrase_means[hit.term]]
        ]
        for one in _WORD.finditer(sentence):
            means = self._meaning(one[0]) if one.end() - one.start() <= _LONGEST else _UNKNOWN
            found.append(Item(means.kind, one.start(), one.end(), means.value, means.sure))
        found += [
            Item("currency", one.start(), one.end(), self._codes[one[0]], self._symbols[one[0]])
            for one in self._signs.finditer(sentence)
        ]
        cyrillic = _CYRILLIC.search(sentence) is not None
        for one in _DIGITS.finditer(sentence):
            number = (
                None if _AFTER_DIGITS.match(sentence, one.end()) else read_digits(one[0], comma_is_decimal=cyrillic)
            )
            found.append(Item("other" if number is None else "figure", one.start(), one.end(), number))
        found += [Item(_POINTS[one[0]], one.start(), one.end()) for one in _POINT.finditer(sentence)]
        found.sort(key=lambda one: (one.start, -one.end))
        apart: list[Item] = []
        for item in found:
            if not apart or item.start >= apart[-1].end:
                apart.append(item)
        return _composed(apart)


_TRIGGERS = frozenset({"passive", "active", "either", "seized", "currency"})
_DOUBTS = frozenset({"negation", "hypothetical"})
_NUMERALS = frozenset({"number", "scale", "figure"})


def _composed(items: Sequence[Item]) -> list[Item]:
    """The items with each run of numbers and scales made one number, or something other where it makes none."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        last = at
        while last < len(items) and items[last].kind in _NUMERALS:
            last += 1
        if last == at:
            made.append(items[at])
            at += 1
            continue
        parts = [
            Part(one.value, one.kind == "scale", one.kind == "figure")
            for one in items[at:last]
            if isinstance(one.value, Decimal)
        ]
        value = compose(parts)
        made.append(Item("other" if value is None else "number", items[at].start, items[last - 1].end, value))
        at = last
    return made


def _counted(items: Sequence[Item]) -> Iterator[Found]:
    """Persons that something happened to."""
    for at, item in enumerate(items):
        if item.kind not in {"passive", "active", "either"}:
            continue
        before = _before(items, at) if item.kind != "active" else None
        after = _after(items, at)
        if before is not None and after is not None and item.kind == "either" and not before[1]:
            before = None  # "five soldiers killed three": who did it stands before
        chosen = before or after
        if chosen is None:
            continue
        place, _, known = chosen
        number = items[place]
        if isinstance(number.value, Decimal) and _is_count(number) and not _one_of_several(items, place, at):
            start, end = min(number.start, item.start), max(number.end, item.end)
            yield Found(f"{item.value}:{number.value:f}", start, end, known and not _hedged(items, place))


def _is_count(number: Item) -> bool:
    """Whether it may count persons: whole, and no year."""
    value = number.value
    year = number.end - number.start == 4
    return (
        isinstance(value, Decimal)
        and value == int(value)
        and 0 < value < 1_000_000
        and not (year and 1900 <= value < 2100)
    )


Place = tuple[int, bool, bool]
"""Where the number stands; whether the words say that it is about those to whom it happened; whether all are known."""


def _before(items: Sequence[Item], at: int) -> Place | None:
    """The number before an event: "five armed men were killed"."""
    unknown, person, passive = 0, False, items[at].kind == "passive"
    for place in range(at - 1, max(-1, at - 1 - _FAR), -1):
        kind = items[place].kind
        if kind == "number":
            ends = at + 1 == len(items) or items[at + 1].kind in _ENDS
            return (place, passive, not unknown) if (passive or ends) and not _ranged(items, place) else None
        if kind == "passive_word":
            passive = True
        elif kind == "person":
            person = True
        elif kind == "word" and person and unknown < _UNKNOWN_WORDS:
            unknown += 1
        elif kind != "bridge":
            return None
    return None


def _ranged(items: Sequence[Item], place: int) -> bool:
    """Whether the number is the end of a range, as in "10 to 12 people"."""
    return place > 1 and items[place - 1].kind in {"break", "hedge"} and items[place - 2].kind == "number"


_ENDS = frozenset({"comma", "stop", "join", "break", "within", "contrast"})


def _after(items: Sequence[Item], at: int) -> Place | None:
    """The number after an event: "killing five", "задержаны в городе 12 человек"."""
    within = False
    for place in range(at + 1, min(len(items), at + 1 + _FAR)):
        kind = items[place].kind
        if kind == "number":
            return _closed(items, place, person=within)
        if kind == "within":
            within = True
        elif kind not in {"hedge", "bridge", "passive_word"} and not (kind == "word" and within):
            return None
    return None


def _closed(items: Sequence[Item], place: int, *, person: bool) -> Place | None:
    """The number if what follows it are persons, after at most two other words, or nothing that it might count."""
    for step, item in enumerate(items[place + 1 : place + 2 + _UNKNOWN_WORDS]):
        if item.kind == "person":
            return place, True, step == 0
        if step == 0 and item.kind in {"comma", "stop", "join"} and not person:
            return place, True, True
        if item.kind not in {"word", "bridge"}:
            return None
    return (place, True, True) if place + 1 == len(items) and not person else None


def _one_of_several(items: Sequence[Item], place: int, event: int) -> bool:
    """Whether another number of persons is joined to this one, as in "two officers and three men were killed": then
    neither of them is the number."""
    if place < event:
        joined = place > 0 and items[place - 1].kind == "join"
        return joined and _owned(items, place - 1) is False
    for after in range(place + 1, min(len(items) - 1, place + 4)):
        if items[after].kind == "join":
            if items[after + 1].kind not in {"number", "hedge"}:
                return False
            rest = items[after + 2 : after + 2 + _FAR]
            return not any(one.kind in _EVENTS | {"passive_word", "seized"} for one in rest)
    return False


_EVENTS = frozenset({"passive", "active", "either"})


def _owned(items: Sequence[Item], join: int) -> bool | None:
    """Of a number of persons before a joining word, whether it belongs to an event of its own; None: there is none."""
    clause = range(join - 1, max(-1, join - 1 - _FAR), -1)
    number = next((at for at in clause if items[at].kind == "number"), None)
    between = items[number + 1 : join] if number is not None else ()
    if number is None or not all(one.kind in {"person", "word", "bridge", *_EVENTS, "passive_word"} for one in between):
        return None
    near = [*items[max(0, number - 3) : number], *between]
    return any(one.kind in _EVENTS for one in near)


def _weighed(items: Sequence[Item]) -> Iterator[Found]:
    """Weights in a sentence in which something is seized, in grams."""
    if not any(item.kind == "seized" for item in items):
        return
    for number, unit in pairwise(range(len(items))):
        grams, value = items[unit].value, items[number].value
        if items[unit].kind == "weight" and isinstance(value, Decimal) and isinstance(grams, int) and value > 0:
            yield _amount("seized", value * grams, "g", items, number, unit)


def _money(items: Sequence[Item]) -> Iterator[Found]:
    """Amounts with their currency: its sign or code before the number, or its name after it."""
    taken: set[int] = set()
    for left, right in pairwise(range(len(items))):
        pair = {items[left].kind: left, items[right].kind: right}
        if pair.keys() == {"number", "currency"} and not taken & {left, right}:
            number, currency = pair["number"], pair["currency"]
            value = items[number].value
            if isinstance(value, Decimal) and value > 0:
                taken |= {left, right}
                yield _amount("money", value, str(items[currency].value), items, number, currency)


def _amount(what: str, value: Decimal, unit: str, items: Sequence[Item], number: int, of: int) -> Found:
    start, end = min(items[number].start, items[of].start), max(items[number].end, items[of].end)
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Found(f"{what}:{plain} {unit}", start, end, items[of].sure and not _hedged(items, number))


def _hedged(items: Sequence[Item], place: int) -> bool:
    return place > 0 and items[place - 1].kind == "hedge"


def _supposed(items: Sequence[Item], found: Found) -> bool:
    """Whether the clause of a quantity says that it is not so, or only might be."""
    first = next(at for at, one in enumerate(items) if one.end > found.start)
    last = max(at for at, one in enumerate(items) if one.start < found.end)
    return any(
        one.kind == kind
        for kind, ends, reach in (
            ("negation", frozenset({"stop", "contrast", "comma"}), _FAR),
            ("hypothetical", frozenset({"stop", "contrast"}), _MOST_ITEMS),
        )
        for one in _clause(items, first, last, ends, reach)
    )


def _clause(items: Sequence[Item], first: int, last: int, ends: frozenset[Kind], reach: int) -> Iterator[Item]:
    """What stands about some items as far as the clause goes, or so many items."""
    for at in range(first - 1, max(-1, first - 1 - reach), -1):
        if items[at].kind in ends:
            break
        yield items[at]
    yield from items[first : last + 1]
    for at in range(last + 1, min(len(items), last + 1 + reach)):
        if items[at].kind in ends:
            break
        yield items[at]
