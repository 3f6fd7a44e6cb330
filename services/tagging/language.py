"""Language of a text: what the sender declares wins, the guess is kept beside it, and "und" where honest.

pycld2 was chosen by measurement (`reference/language.md` section 3): 1.0 on seven of eight languages, 51 µs a sentence.
"""

import re
from dataclasses import dataclass

UNDETERMINED = "und"
_SHORTEST = 12
_SURE_PERCENT = 60
_PRESENT_PERCENT = 10
_UNKNOWN = "un"
_SAME = {"prs": "fa", "fa-AF": "fa", "pes": "fa"}
# pycld2 raises on control and format characters, and on code points outside Unicode text.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A guessed language (ISO 639-1, "und" where unsure), its share of the text, and all languages seen in it."""

    code: str
    share: float
    present: frozenset[str]


_NONE = Guess(UNDETERMINED, 0.0, frozenset())


def guess(text: str, known: tuple[str, ...]) -> Guess:
    """The language of the text among `known`; "und" for short, mixed or unreliable text."""
    import pycld2

    cleaned = _NOISE.sub(" ", _UNSAFE.sub(" ", text))
    if sum(character.isalpha() for character in cleaned) < _SHORTEST:
        return _NONE
    try:
        reliable, _, details = pycld2.detect(cleaned, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return _NONE
    shares = {_SAME.get(code, code): percent for _, code, percent, _ in details}
    present = frozenset(code for code, percent in shares.items() if code in known and percent >= _PRESENT_PERCENT)
    code, percent = next(iter(shares.items()))
    alone = (
        len([other for other in shares if other != _UNKNOWN]) == 1
    )  # unreliable by length, but nothing else is there
    if code not in known or percent < _SURE_PERCENT or not (reliable or alone):
        return Guess(UNDETERMINED, percent / 100, present)
    return Guess(code, percent / 100, present)


def declared(code: str | None) -> str | None:
    """A declared code in the form that is stored: Dari and Persian are both `fa`."""
    if not code:
        return None
    return _SAME.get(code, code)
