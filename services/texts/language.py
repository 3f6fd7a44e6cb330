"""Language of a text: what the sender declares wins, the guess is kept beside it, and "und" where honest.

pycld2 was chosen by measurement (`reference/language.md` section 3): 1.0 on seven of eight languages, 51 µs a sentence.
It is asked twice where it is unsure: the second time with a hint, its own first candidate or the script's language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.vocabulary import SAME_LANGUAGE

UNDETERMINED = "und"
_SHORTEST = 12  # letters; for the hint of a script alone, _SHORTEST_FOR_SCRIPT
_SHORTEST_FOR_SCRIPT = 40
_SURE_PERCENT, _SURE_HINTED = 60, 40
_PRESENT_PERCENT = 10
_UNKNOWN = "un"
# pycld2 raises on control and format characters, and on code points outside Unicode text.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# Both sides of an address are bounded (RFC 5321 section 4.5.3.1): else one word of 50,000 letters costs its square.
_NOISE = re.compile(r"https?://\S+|(?<!\S)\S{1,64}@\S{1,255}|[\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A guessed language (ISO 639-1, "und" where unsure), its share of the text, and all languages seen in it."""

    code: str
    share: float
    present: frozenset[str]


_NONE = Guess(UNDETERMINED, 0.0, frozenset())


def guess(text: str, known: frozenset[str], by_script: Mapping[str, str]) -> Guess:
    """The language of the text among `known`; "und" for short, mixed or unreliable text.

    `by_script` names the language to try for a script ("LATIN", "CYRILLIC", "ARABIC") where nothing else is to go by.
    """
    cleaned = _NOISE.sub(" ", _UNSAFE.sub(" ", text))
    letters = [character for character in cleaned if character.isalpha()]
    if len(letters) < _SHORTEST:
        return _NONE
    first, candidate = _ask(cleaned, known, None)
    if first.code != UNDETERMINED:
        return first
    if candidate is None and len(letters) >= _SHORTEST_FOR_SCRIPT:
        candidate = by_script.get(_script(letters))
    if candidate is None:
        return first
    second, _ = _ask(cleaned, known, candidate)
    return second if second.code == candidate else first


def declared(code: str | None) -> str | None:
    """A declared code in the form that is stored: Dari and Persian are both `fa`; "und" declares nothing."""
    if not code or code == UNDETERMINED:
        return None
    return SAME_LANGUAGE.get(code, code)


def _ask(text: str, known: frozenset[str], hint: str | None) -> tuple[Guess, str | None]:
    """What pycld2 says, and the leading language that it named, sure or not."""
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text, isPlainText=True, bestEffort=True, hintLanguage=hint)
    except pycld2.error:
        return _NONE, None
    shares = {SAME_LANGUAGE.get(code, code): percent for _, code, percent, _ in details if code != _UNKNOWN}
    present = frozenset(code for code, percent in shares.items() if code in known and percent >= _PRESENT_PERCENT)
    if not shares:
        return _NONE, None
    code, percent = max(shares.items(), key=lambda item: item[1])
    candidate = code if code in known else None
    # Called unreliable for its length, but nothing else is there.
    alone = all(one == code or share < _PRESENT_PERCENT for one, share in shares.items())
    sure = _SURE_PERCENT if hint is None else _SURE_HINTED
    if candidate is None or percent < sure or not (reliable or alone):
        return Guess(UNDETERMINED, percent / 100, present), candidate
    return Guess(code, percent / 100, present), candidate


def _script(letters: list[str]) -> str:
    """The script of most letters, by their Unicode names."""
    return Counter(unicodedata.name(letter, "?").split()[0] for letter in letters).most_common(1)[0][0]
