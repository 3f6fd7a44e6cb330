"""Near duplicates: MinHash bands to find candidates, and a comparison of the texts to be sure.

rensa MinHash over character 5-grams of folded text, candidates verified with rapidfuzz: chosen by the measurements of
`reference/language.md` section 7 (100,000 synthetic texts of 150 words: recall 1.0, 1.0, 1.0, .98 at 5, 10, 20, 30 %
of words edited; verified pairs scored 97, 95, 90, 85, and 84 with 30 words put before and 20 cut off). Real boilerplate
was not measured. Translations are not caught.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

from services.tagging.folding import folded, in_word

GRAM = 5
PERMUTATIONS = 128
BANDS = 32
SEED = 20_260_101
SIMILAR = 80.0
SHORTEST = 60  # characters; shorter texts are alike by chance
TELLING_NUMBERS, SHARED_NUMBERS = 4, 0.5  # chosen on filled-in forms: 11 of 77 pairs of like events were joined without
_ROWS = PERMUTATIONS // BANDS
_NUMBER = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Folded text with only its words, one space between: what is compared."""
    words = "".join(character if in_word(character) else " " for character in folded(text))
    return _SPACES.sub(" ", words).strip()


def bands(text: str) -> list[int]:
    """Band keys: texts that share one are candidates. Signed 64-bit integers; none for a text too short to tell."""
    compared = plain(text)
    if len(compared) < SHORTEST:
        return []
    import rensa

    sketch = rensa.RMinHash(PERMUTATIONS, SEED)
    sketch.update(sorted({compared[start : start + GRAM] for start in range(len(compared) - GRAM + 1)}))
    values = sketch.digest()
    return [_key(band, values[band * _ROWS : (band + 1) * _ROWS]) for band in range(BANDS)]


@dataclass(frozen=True, slots=True)
class Wording:
    """A title and a text as they are compared, made once: equal ones are alike, and alike to the same others."""

    title: str
    text: str
    numbers: frozenset[str]

    @property
    def words(self) -> str:
        """All of it, one space between."""
        return f"{self.title} {self.text}".strip()


def wording(title: str, text: str) -> Wording:
    """The wording of a report."""
    return Wording(plain(title), plain(text), frozenset(_NUMBER.findall(f"{title}\n{text}")))


def likeness(one: Wording, other: Wording) -> float:
    """How alike two wordings are, 0 to 100 (rapidfuzz ratio over their words); `SIMILAR` and more is a near duplicate.

    Texts of one form with other figures and dates tell other events: 0.
    """
    from rapidfuzz import fuzz

    if _other_numbers(one.numbers, other.numbers):
        return 0.0
    return fuzz.ratio(one.words, other.words, score_cutoff=SIMILAR)


def similarity(first: str, second: str) -> float:
    """How alike two texts are: the likeness of their wordings."""
    return likeness(wording("", first), wording("", second))


def _other_numbers(numbers: frozenset[str], others: frozenset[str]) -> bool:
    """Whether the texts hold enough numbers to tell, and share too few of them."""
    every = numbers | others
    return len(every) >= TELLING_NUMBERS and len(numbers & others) < SHARED_NUMBERS * len(every)


def _key(band: int, values: list[int]) -> int:
    digest = blake2b(digest_size=8)
    digest.update(band.to_bytes(2, "big"))
    for value in values:
        digest.update(value.to_bytes(8, "big"))
    return int.from_bytes(digest.digest(), "big", signed=True)
