"""Language of a text: what the sender declares wins, the guess is kept beside it, and "und" where honest.

pycld2 was chosen by measurement: 1.0 on seven of eight languages, 51 µs a sentence. It is asked twice where it is
unsure: the second time with a hint, its own first candidate or the script's language. The second opinion is the
alphabet's: `lexicon/languages.yaml` says which letters a language writes, and a text full of letters that the guessed
one lacks is in the one that has them, where only one has, else undetermined.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.kernel import yaml_files
from services.vocabulary import SAME_LANGUAGE

UNDETERMINED = "und"
_SHORTEST = 12  # letters; for the hint of a script alone, _SHORTEST_FOR_SCRIPT
_SHORTEST_FOR_SCRIPT = 40
_SURE_PERCENT, _SURE_HINTED = 60, 40
_PRESENT_PERCENT = 10
_UNKNOWN = "un"
_FOREIGN_LETTERS, _FOREIGN_SHARE, _OFTEN = 6, 0.04, 2  # that contradict: so many, of so many; seen more than by chance
_MANY_SIGNS, _MORE_OFTEN = 3, 2  # that tell one language from others that are alike
_WORD = re.compile(r"\w+")
# pycld2 raises on control and format characters, and on code points outside Unicode text.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# Both sides of an address are bounded (RFC 5321 section 4.5.3.1): else one word of 50,000 letters costs its square.
_NOISE = re.compile(r"https?://\S+|(?<!\S)\S{1,64}@\S{1,255}|[\ufdd0-\ufdef\ufffe\uffff]")


_NOISY = re.compile("[@\ufdd0-\ufdef\ufffe\uffff]|://")


@dataclass(frozen=True, slots=True)
class Guess:
    """A guessed language (ISO 639-1, "und" where unsure), its share of the text, and all languages seen in it."""

    code: str
    share: float
    present: frozenset[str]


_NONE = Guess(UNDETERMINED, 0.0, frozenset())


class Alphabets(BaseModel):
    """`lexicon/languages.yaml`: by script (ISO 15924) and language the letters that not all of its languages write; and
    `signs` of languages that are alike where they are typed without their own letters, each with a space for the start
    or end of a word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    letters: dict[str, dict[str, str]]
    signs: dict[str, tuple[str, ...]] = {}


def read(path: Path) -> Alphabets:
    """The alphabets from their file."""
    return Alphabets.model_validate(yaml_files.read(path))


def guess(text: str, known: frozenset[str], by_script: Mapping[str, str], alphabets: Alphabets | None = None) -> Guess:
    """The language of the text among `known`; "und" for short, mixed or unreliable text.

    `by_script` names the language to try for a script ("LATIN", "CYRILLIC", "ARABIC") where nothing else is to go by.
    `alphabets`: the second opinion.
    """
    first = _guess(text, known, by_script)
    return _by_signs(_seconded(first, text, known, alphabets), text, known, alphabets) if alphabets else first


def _by_signs(first: Guess, text: str, known: frozenset[str], alphabets: Alphabets) -> Guess:
    """Of languages that are alike, the one whose signs the text holds, where it holds many more than of the others."""
    alike = alphabets.signs.keys() & known
    if first.code not in alike and not (first.code == UNDETERMINED and first.present and first.present <= alike):
        return first
    words = f" {'  '.join(_WORD.findall(text.lower()))} "
    *others, (most, code) = sorted((sum(map(words.count, alphabets.signs[code])), code) for code in alike)
    if most < _MANY_SIGNS or most <= _MORE_OFTEN * sum(count for count, _ in others):
        return first
    return Guess(code, first.share, first.present | {code})


def _seconded(first: Guess, text: str, known: frozenset[str], alphabets: Alphabets) -> Guess:
    """The guess, where its language writes the letters of the text; else the one language that does, or none."""
    lowered = text.lower()
    for letters in alphabets.letters.values():
        if first.code not in letters:
            continue
        seen = {letter: lowered.count(letter) for own in letters.values() for letter in own}
        special = {letter for letter, times in seen.items() if times}
        foreign = sum(seen[letter] for letter in special.difference(letters[first.code]))
        if foreign < _FOREIGN_LETTERS or foreign < _FOREIGN_SHARE * sum(map(str.isalpha, text)):
            return first
        often = {letter for letter in special if seen[letter] >= _OFTEN}
        able = [code for code, own in letters.items() if code in known and often and often.issubset(own)]
        code = able[0] if len(able) == 1 else UNDETERMINED
        present = first.present | ({code} - {UNDETERMINED})
        return Guess(code, first.share, present)
    return first


def _guess(text: str, known: frozenset[str], by_script: Mapping[str, str]) -> Guess:
    cleaned = _UNSAFE.sub(" ", text)
    if _NOISY.search(cleaned):
        cleaned = _NOISE.sub(" ", cleaned)
    if not has_letters(cleaned, _SHORTEST):
        return _NONE
    first, candidate = _ask(cleaned, known, None)
    if first.code != UNDETERMINED:
        return first
    if candidate is None and has_letters(cleaned, _SHORTEST_FOR_SCRIPT):
        candidate = by_script.get(_script(cleaned))
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


def has_letters(text: str, least: int) -> bool:
    """Whether a text has so many letters; it is read no further than that."""
    return next(islice(filter(str.isalpha, text), least - 1, None), None) is not None


def _script(text: str) -> str:
    """The script of most letters, by their Unicode names."""
    return Counter(unicodedata.name(letter, "?").split()[0] for letter in filter(str.isalpha, text)).most_common(1)[0][
        0
    ]
