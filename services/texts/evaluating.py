"""Evaluating: how well tagging does on passages whose right tags are known, and how sure the figures are.

Pure arithmetic over what was expected and what was found. Intervals are at 95 %. Precision, recall and shares are
proportions: Wilson's score interval (1927). F1 rises with the Jaccard index, 2J/(1+J), and that is a proportion of the
decisions: its Wilson interval, transformed. A mean over values: the intervals of its parts combined by squares (MOVER,
Zou and Donner 2008). Decisions are taken for independent, which those of one passage are not quite.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services.texts.evidence import Scheme, Tag
from services.texts.language import declared
from services.texts.shares import Interval, wilson
from services.texts.tagger import Tagged, compose, tag

SCHEMES: dict[str, Scheme] = {"themes": "theme", "countries": "country", "subdivisions": "unit"}


class BadLine(ValueError):
    """A line that is not a labelled passage: which, and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Line {number}: {reason}")


class Passage(BaseModel):
    """A text with its right tags. Places are where the event or measure is, not who speaks: ISO 3166-1 and 3166-2."""

    model_config = ConfigDict(frozen=True)

    id: str
    language: str
    text: str
    themes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    subdivisions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Miss:
    """What was wrong of one passage in one scheme: values missed, and values given with the words that led to each."""

    id: str
    scheme: str
    missed: tuple[str, ...]
    given: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A passage, the values found in each scheme with their words, and the language found."""

    passage: Passage
    found: dict[str, dict[str, tuple[str, ...]]]
    language: str

    @property
    def right_language(self) -> str:
        """The passage's language as tagging names it: Dari is `fa`."""
        return declared(self.passage.language) or self.passage.language

    def misses(self) -> Iterator[Miss]:
        """What was wrong, scheme by scheme."""
        for scheme, found in self.found.items():
            expected: frozenset[str] = getattr(self.passage, scheme)
            if expected != found.keys():
                given = {value: words for value, words in found.items() if value not in expected}
                yield Miss(self.passage.id, scheme, tuple(sorted(expected - found.keys())), given)
        if self.language != self.right_language:
            yield Miss(self.passage.id, "language", (self.right_language,), {self.language: ()})


@dataclass(slots=True)
class Tally:
    """Decisions on one scheme, by value: right, given wrongly, missed; and passages with all of them right."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    exact: int = 0

    def add(self, expected: Iterable[str], found: Iterable[str]) -> None:
        """Count one passage."""
        wanted, given = set(expected), set(found)
        self.right.update(wanted & given)
        self.wrong.update(given - wanted)
        self.missed.update(wanted - given)
        self.passages += 1
        self.exact += wanted == given

    def values(self) -> dict[str, dict[str, Any]]:
        """Precision, recall and F1 of each value."""
        names = sorted({*self.right, *self.wrong, *self.missed})
        return {name: _scores(self.right[name], self.wrong[name], self.missed[name]) for name in names}

    def totals(self) -> dict[str, Any]:
        """Over all values: micro counts decisions, macro takes the mean of the values that were expected."""
        micro = _scores(self.right.total(), self.wrong.total(), self.missed.total())
        single = [scores for name, scores in self.values().items() if self.right[name] + self.missed[name]]
        told: dict[str, Any] = {"passages": self.passages, "exact": _share(self.exact, self.passages)}
        told["exact_interval"] = wilson(self.exact, self.passages)
        for name in ("precision", "recall", "f1"):
            told[f"{name}_micro"], told[f"{name}_micro_interval"] = micro[name], micro[f"{name}_interval"]
            told[f"{name}_macro"], told[f"{name}_macro_interval"] = _mean(single, name)
        return told


def _tallies() -> dict[str, Tally]:
    return {name: Tally() for name in (*SCHEMES, "language")}


@dataclass(slots=True)
class Evaluation:
    """Tallies by language and over all passages, filled one passage at a time.

    Themes of `beside` are told one by one and left out of all totals: their definitions are not yet judged.
    """

    beside: frozenset[str] = frozenset()
    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    whole: dict[str, Tally] = field(default_factory=_tallies)
    themes: Tally = field(default_factory=Tally)

    def add(self, outcome: Outcome) -> None:
        """Count one passage."""
        language = outcome.right_language
        for tallies in (self.whole, self.tallies.setdefault(language, _tallies())):
            for scheme, found in outcome.found.items():
                expected = getattr(outcome.passage, scheme)
                tallies[scheme].add(expected - self.beside, found.keys() - self.beside)
            tallies["language"].add([language], [outcome.language])
        self.themes.add(outcome.passage.themes, outcome.found["themes"])

    def told(self) -> dict[str, Any]:
        """All figures, as `--json` prints them."""
        return {
            "languages": {language: _told(tallies) for language, tallies in sorted(self.tallies.items())},
            "themes": {
                code: scores | {"judged": code not in self.beside} for code, scores in self.themes.values().items()
            },
            "all": _told(self.whole),
        }


def passages(lines: Iterable[str]) -> Iterator[Passage]:
    """Labelled passages from JSON lines, one at a time; empty lines are passed over. Raises `BadLine`."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield Passage.model_validate_json(line)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                where = ".".join(map(str, first["loc"]))
                raise BadLine(number, f"{where}: {first['msg']}" if where else first["msg"]) from None


def judge(passage: Passage, tagging: Callable[[str, str], Tagged] = tag) -> Outcome:
    """Tag a passage by its words alone, nothing declared."""
    done = tagging("", passage.text)
    whole = compose("", passage.text)
    found: dict[str, dict[str, tuple[str, ...]]] = {
        name: {one.value: _words(one, whole) for one in done.tags if one.scheme == scheme}
        for name, scheme in SCHEMES.items()
    }
    return Outcome(passage, found, done.guessed_language)


def _told(tallies: dict[str, Tally]) -> dict[str, Any]:
    language = tallies["language"]
    return {name: tallies[name].totals() for name in SCHEMES} | {
        "language": {
            "passages": language.passages,
            "accuracy": _share(language.exact, language.passages),
            "accuracy_interval": wilson(language.exact, language.passages),
        }
    }


def _scores(right: int, wrong: int, missed: int) -> dict[str, Any]:
    decided = right + wrong + missed
    jaccard = wilson(right, decided)
    return {
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "precision": _share(right, right + wrong),
        "precision_interval": wilson(right, right + wrong),
        "recall": _share(right, right + missed),
        "recall_interval": wilson(right, right + missed),
        "f1": _share(2 * right, decided + right),
        "f1_interval": jaccard and tuple(round(2 * one / (1 + one), 4) for one in jaccard),
    }


def _mean(scores: list[dict[str, Any]], name: str) -> tuple[float | None, Interval | None]:
    """The mean of a figure over values; a value that was never given has no precision and counts as 0."""
    if not scores:
        return None, None
    known = [(one[name] or 0.0, one[f"{name}_interval"] or (0.0, 1.0)) for one in scores]
    mean = sum(value for value, _ in known) / len(known)
    below = sqrt(sum((value - low) ** 2 for value, (low, _) in known)) / len(known)
    above = sqrt(sum((high - value) ** 2 for value, (_, high) in known)) / len(known)
    return round(mean, 4), (round(max(0.0, mean - below), 4), round(min(1.0, mean + above), 4))


def _share(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None


def _words(one: Tag, whole: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(whole[start:end] for start, end in one.spans))
