"""What no form may ask about, as far as words can tell: a list of the pack, looked for in every text of a form."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from services import vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n")


class Refused(NamedTuple):
    """Subjects by the words that tell them: each a row of beginnings of words, in any grammatical form."""

    subjects: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    warning: frozenset[str]


def refused_in(text: str, *, asking: bool = True) -> str | None:
    """The refused subject that a text touches, or None. A text that explains, `asking` being false, may forbid it: a
    sentence with a word such as "never" is left. A network's own list adds to the day-one list."""
    lists = {vocabulary.file("refused.yaml"), vocabulary.shipped("refused.yaml")}
    return next((found for one in lists if (found := _touched(_read(one), text, asking=asking))), None)


def _touched(list_: Refused, text: str, *, asking: bool) -> str | None:
    for sentence in _SENTENCE.split(text):
        words = [one.casefold() for one in _WORD.findall(sentence)]
        if not asking and not list_.warning.isdisjoint(words):
            continue
        for subject, terms in list_.subjects:
            if any(_holds(words, term) for term in terms):
                return subject
    return None


def _holds(words: list[str], term: tuple[str, ...]) -> bool:
    """Whether these beginnings stand one after another."""
    return any(
        all(word.startswith(stem) for word, stem in zip(words[at : at + len(term)], term, strict=True))
        for at in range(len(words) - len(term) + 1)
    )


@lru_cache(maxsize=4)
def _read(path: Path) -> Refused:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    subjects = tuple(
        (one["subject"], tuple(tuple(term.casefold().split()) for term in one["words"])) for one in read["subjects"]
    )
    return Refused(subjects, frozenset(word.casefold() for word in read["warning"]))
