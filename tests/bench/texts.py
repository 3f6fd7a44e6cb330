"""Report bodies of about 1.9 kB that are no near duplicates of each other: real words among made-up ones."""

import json
import random
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from services import vocabulary

SIZE = 1900
_REAL = re.findall(
    r"\w+",
    "armed men attacked a border post police found weapons in a cache near the village officers detained two persons "
    "the group crossed the river at night drugs were seized by customs officials said community leaders met teachers "
    "propaganda was shared online families returned from abroad the court heard the case local media reported that",
)
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "ol")]


@lru_cache(maxsize=1)
def _words() -> list[str]:
    """Two in five words real, the others from some ten thousand made-up ones, as a text has rare words."""
    dice = random.Random(7)
    return ["".join(dice.choices(_SYLLABLES, k=3)) for _ in range(12_000)] + _REAL * (8_000 // len(_REAL))


@lru_cache(maxsize=1)
def _units() -> list[str]:
    return [place.code for place in vocabulary.places() if place.level == vocabulary.UNIT]


@lru_cache(maxsize=1)
def _themes() -> list[str]:
    return [theme.code for theme in vocabulary.themes()]


def body(number: int, *, seed: int = 1, **overrides: Any) -> dict[str, Any]:
    """The report of a number; the same number and seed give the same report."""
    dice = random.Random(seed * 1_000_003 + number)
    words = dice.choices(_words(), k=230)
    text = ". ".join(" ".join(words[at : at + 14]).capitalize() for at in range(0, 230, 14))[: SIZE - 420]
    day = f"2026-{dice.randint(1, 10):02d}-{dice.randint(1, 28):02d}"
    made: dict[str, Any] = {
        "title": f"Report {seed}-{number}: {' '.join(dice.choices(_REAL, k=4))}",
        "text": text,
        "kind": "incident",
        "occurred_from": day,
        "occurred_to": day,
        "place": dice.choice(_units()),
        "themes": [dice.choice(_themes())],
        "figures": {"killed": dice.randint(0, 5)},
        "marking": {"tlp": "GREEN", "attribution": "named"},
    }
    return made | overrides


def raw(number: int, *, seed: int = 1, **overrides: Any) -> bytes:
    """The same as JSON bytes."""
    return json.dumps(body(number, seed=seed, **overrides)).encode()


def lines(count: int, *, seed: int = 1) -> Iterator[bytes]:
    """NDJSON lines, each with a reference of its sender's, made as they are asked for."""
    for number in range(count):
        yield raw(number, seed=seed, own_reference=f"{seed}-{number}") + b"\n"
