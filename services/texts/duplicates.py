"""Near duplicates: MinHash bands to find candidates, and a comparison of stored sketches to be sure.

rensa MinHash over character 5-grams of folded text (measured: of 100,000 synthetic texts of
150 words the bands find 1.0, 1.0, 1.0, .98 at 5, 10, 20, 30 % of words edited). Two texts are compared by their
signatures alone, in well under a microsecond whatever their length: a flood of long texts must not cost what comparing
texts does. `SIMILAR` was chosen where the signatures of 243 natural texts, edited, agree with a rapidfuzz ratio of 80:
at 5, 10, 20, 30, 40 % of words edited 1.0, 1.0, .89, .49, .09 are near duplicates, by the ratio 1.0, 1.0, .89, .47,
.07. Real boilerplate was not measured. Translations are not caught.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from hashlib import blake2b
from struct import Struct

from services.texts.folding import Folded, folded
from services.texts.terms import words

GRAM = 5
PERMUTATIONS = 128
BANDS = 32
SEED = 20_260_101
SIMILAR = 45.0  # percent of 5-grams shared
SHORTEST = 60  # characters; shorter texts are alike by chance
TELLING_NUMBERS, SHARED_NUMBERS = 4, 0.5  # chosen on filled-in forms: 11 of 77 pairs of like events were joined without
MOST_NUMBERS, _WIDTH = 64, 4  # of a sketch, and the bytes of each
_ROWS = PERMUTATIONS // BANDS
_NUMBER = re.compile(r"\d+")
_BAND, _SIGNED, _VALUES, _WIDE = Struct(f">H{_ROWS}Q"), Struct(">q"), Struct(f"<{PERMUTATIONS}Q"), 8


@dataclass(frozen=True, slots=True)
class Sketch:
    """All of a report's words that comparing needs: a byte of each MinHash value, and the least hashes of its numbers.

    The signature is empty for a text too short to tell.
    """

    signature: bytes
    numbers: bytes


def plain(text: str) -> str:
    """Folded text with only its words, one space between: what is compared."""
    return " ".join(words(folded(text)).texts)


def plain_text(title: str, text: str, within: Folded) -> str:
    """The same of a text that is folded already, below its title and a line break."""
    if not unicodedata.is_normalized("NFC", text):
        return plain(text)
    known = words(within.text)
    below = bisect_left(known.starts, len(title) + 1, key=within.offsets.__getitem__)
    return " ".join(known.texts[below:])


def sketch(compared: str, numbered: str) -> tuple[Sketch, tuple[int, ...]]:
    """A report's sketch and band keys: texts that share a band are candidates. The keys are signed 64-bit integers.

    `compared`: what `plain` gives of its text. `numbered`: where its numbers stand, those of its title too.
    """
    values = _minima(compared)
    numbers = sorted({_hash(number) for number in _NUMBER.findall(numbered)})[:MOST_NUMBERS]
    if not values:
        return Sketch(b"", b"".join(numbers)), ()
    made = Sketch(_VALUES.pack(*values)[::_WIDE], b"".join(numbers))
    return made, tuple(_key(band, values[band * _ROWS : (band + 1) * _ROWS]) for band in range(BANDS))


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of 5-grams that two texts have in common, in percent, within 4 or so; 0 below `SIMILAR`.

    Texts of one form with other figures and dates tell other events: 0. It depends on the two texts and nothing else.
    """
    from rapidfuzz.distance import Hamming

    if not one.signature or not other.signature or _other_numbers(one.numbers, other.numbers):
        return 0.0
    share = 100 * Hamming.similarity(one.signature, other.signature) / PERMUTATIONS
    return share if share >= SIMILAR else 0.0


def _other_numbers(one: bytes, other: bytes) -> bool:
    """Whether the texts hold enough numbers to tell, and share too few: of all, or of the least hashes of very many."""
    if one == other:
        return False
    numbers, others = ({held[at : at + _WIDTH] for at in range(0, len(held), _WIDTH)} for held in (one, other))
    every = sorted(numbers | others)[:MOST_NUMBERS]
    return len(every) >= TELLING_NUMBERS and len(numbers & others & set(every)) < SHARED_NUMBERS * len(every)


def _minima(compared: str) -> list[int]:
    if len(compared) < SHORTEST:
        return []
    import rensa

    made = rensa.RMinHash(PERMUTATIONS, SEED)
    made.update([compared[start : start + GRAM] for start in range(len(compared) - GRAM + 1)])
    return list(made.digest())


def _hash(number: str) -> bytes:
    return blake2b(number.encode(), digest_size=_WIDTH).digest()


def _key(band: int, values: list[int]) -> int:
    made: int = _SIGNED.unpack(blake2b(_BAND.pack(band, *values), digest_size=8).digest())[0]
    return made
