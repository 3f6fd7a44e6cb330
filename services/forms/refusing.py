"""What no form may ask about, as far as words can tell: a list of the pack, looked for in every text of a form."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from services import vocabulary
from services.kernel import yaml_files

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n")


class Refused(NamedTuple):
    """Subjects by the words that tell them: each a pattern of rows of beginnings of words, in any grammatical form."""

    subjects: tuple[tuple[str, re.Pattern[str]], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    warning: frozenset[str]


def refused_in(text: str, *, asking: bool = True) -> str | None:
    """The refused subject that a text touches, or None. A text that explains, `asking` being false, may forbid it: a
    sentence with a word such as "never" is left. A network's own list adds to the day-one list."""
    return next((found for one in _lists() if (found := _touched(one, text, asking=asking))), None)


def refused_rows() -> list[tuple[str, tuple[str, ...]]]:
    """Each row of beginnings of words, after its subject, those that tell who a person is among them: for whoever looks
    for words by what they begin with."""
    return [row for one in _lists() for row in one.rows]


def _lists() -> list[Refused]:
    return [_read(path) for path in sorted({vocabulary.file("refused.yaml"), vocabulary.shipped("refused.yaml")})]


def _touched(list_: Refused, text: str, *, asking: bool) -> str | None:
    for sentence in _SENTENCE.split(text):
        words = [one.casefold() for one in _WORD.findall(sentence)]
        if not asking and not list_.warning.isdisjoint(words):
            continue
        said = " ".join(words)
        for subject, told in list_.subjects:
            if told.search(said):
                return subject
    return None


@lru_cache(maxsize=4)
def _read(path: Path) -> Refused:
    read = yaml_files.read(path)
    subjects = tuple((one["subject"], _pattern(one["words"])) for one in read["subjects"])
    told = (*read["subjects"], *read.get("persons", ()))
    rows = tuple((one["subject"], tuple(words.casefold().split())) for one in told for words in one["words"])
    return Refused(subjects, rows, frozenset(word.casefold() for word in read["warning"]))


def _pattern(terms: list[str]) -> re.Pattern[str]:
    """These beginnings one after another, in words that are parted by single spaces."""
    rows = ("[^ ]* ".join(map(re.escape, term.casefold().split())) for term in terms)
    return re.compile(rf"(?:^| )(?:{'|'.join(rows)})")
