"""The words that say quantities, as data: read from their file, and told one by one with what each means."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.kernel import yaml_files

Kind = str


class Words(BaseModel):
    """What one language says quantities with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: dict[str, int]
    scales: dict[str, int]
    hedges: tuple[str, ...]
    persons: tuple[str, ...]
    bridges: tuple[str, ...]
    passive_words: tuple[str, ...]
    joins: tuple[str, ...]
    breaks: tuple[str, ...]
    within: tuple[str, ...]
    contrast: tuple[str, ...]
    negations: tuple[str, ...]
    hypotheticals: tuple[str, ...]
    denials: tuple[str, ...]
    events: dict[str, dict[str, tuple[str, ...]]]
    seized: tuple[str, ...]
    weights: dict[str, int]
    currencies: dict[str, tuple[str, ...]]
    unsure_currencies: dict[str, tuple[str, ...]]


class Rules(BaseModel):
    """`lexicon/quantities.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    languages: dict[str, Words]
    symbols: dict[str, str]
    unsure_symbols: dict[str, str]


def read(path: Path) -> Rules:
    """The rules from their file."""
    return Rules.model_validate(yaml_files.read(path))


def terms(words: Words) -> Iterator[tuple[Kind, object, bool, str]]:
    """Every term of a language with what it is."""
    for kind, terms in (
        ("hedge", words.hedges), ("denial", words.denials), ("negation", words.negations),
        ("hypothetical", words.hypotheticals), ("contrast", words.contrast), ("join", words.joins),
        ("within", words.within), ("break", words.breaks), ("passive_word", words.passive_words),
        ("person", words.persons), ("bridge", words.bridges), ("seized", words.seized),
    ):  # fmt: skip
        yield from ((kind, None, True, term) for term in terms)
    for name, directions in words.events.items():
        yield from ((direction, name, True, term) for direction, terms in directions.items() for term in terms)
    yield from (("number", Decimal(value), True, term) for term, value in words.numbers.items())
    yield from (("scale", Decimal(value), True, term) for term, value in words.scales.items())
    yield from (("weight", value, True, term) for term, value in words.weights.items())
    yield from (("currency", code, True, term) for code, terms in words.currencies.items() for term in terms)
    yield from (("currency", code, False, term) for code, terms in words.unsure_currencies.items() for term in terms)
