"""References: symbols of documents and resolutions, also garbled ones, each under the one symbol that it stands for.

What they look like is data (`lexicon/references.yaml`). Each pattern begins with what only it begins with and repeats
nothing without a bound, so that no text costs more than its length.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.kernel import yaml_files
from services.texts.evidence import Span, Tag

_SPACE = r"[ \t\u00a0\u2009\u202f]"
_BREAK = r"[\s\u00a0,№-]{1,3}"
_NUMBER_SIGN = r"(?:№\s?|No\.?\s?|no\.?\s?)?"
_YEAR = rf"(?:{_SPACE}?\({_SPACE}?(?:19|20)\d\d{_SPACE}?\))?"
_FIELD = re.compile(r"\{(?:(?P<year>year)|(?P<low>\d)(?:-(?P<high>\d))?)\}")
_WORD_REST = r"\w{0,5}"
_CERTAIN, _GARBLED = 0.95, 0.85


class Named(BaseModel):
    """A resolution named in words: the symbol that it has, and how it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gives: str
    phrases: tuple[str, ...]


class Rules(BaseModel):
    """`lexicon/references.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    alike: dict[str, str]
    slashes: str
    suffixes: tuple[str, ...]
    symbols: tuple[str, ...]
    named: tuple[Named, ...]


class References:
    """Finds references in texts. Built once from the rules."""

    def __init__(self, rules: Rules) -> None:
        self.version = f"references-{rules.version}"
        self._alike = str.maketrans(rules.alike)
        self._slash = f"{_SPACE}{{0,2}}[{re.escape(rules.slashes)}]{_SPACE}{{0,2}}"
        suffix = rf"(?:{self._slash}(?P<suffix>{'|'.join(rules.suffixes)})\.{_SPACE}?(?P<of>\d{{1,2}}))?"
        self._patterns = [
            (one, re.compile(rf"(?<![\w/]){self._symbol(one)}(?![\d]){suffix}{_YEAR}", _flags(one)))
            for one in rules.symbols
        ]
        self._named = [
            (one.gives, re.compile(rf"(?<!\w){self._phrase(phrase)}", re.IGNORECASE))
            for one in rules.named
            for phrase in one.phrases
        ]
        stems = sorted({phrase.split()[0].rstrip("*") for one in rules.named for phrase in one.phrases})
        self._stems = stems
        letters = "".join({one[0] for one in rules.symbols})
        self._any_slash = re.compile(f"[{re.escape(rules.slashes)}]")
        alike = "".join(cyrillic for cyrillic, latin in rules.alike.items() if latin.upper() in f"{letters}C")
        self._any_symbol = re.compile(f"[{letters}C{alike}]{self._slash}", re.IGNORECASE)

    def find(self, text: str) -> list[Tag]:
        """The references of an NFC text, by the symbol that each has. Nothing is found twice in the same place."""
        spans: dict[str, list[Span]] = defaultdict(list)
        sure: dict[str, float] = {}
        taken: list[Span] = []
        for value, span, confidence in self._matches(text):
            if any(start < span[1] and span[0] < end for start, end in taken):
                continue
            taken.append(span)
            spans[value].append(span)
            sure[value] = max(sure.get(value, 0), confidence)
        return [
            Tag("reference", value, sure[value], "rule", tuple(sorted(where)), self.version)
            for value, where in spans.items()
        ]

    def _matches(self, text: str) -> Iterator[tuple[str, Span, float]]:
        """What the patterns match; most texts hold nothing that a pattern could begin with, and cost little."""
        if self._any_slash.search(text) and self._any_symbol.search(text):
            latin = text.translate(self._alike)  # one letter for one: every offset stays
            for template, pattern in self._patterns:
                for found in pattern.finditer(latin):
                    if latin[found.start()] in "Cc" and text[found.start()] in "Cc":
                        continue  # a Cyrillic one may stand for S, a Latin one is itself
                    value = _written(template, found["suffix"], found["of"], _numbers(found))
                    tidy = text[found.start() : found.end()].startswith(value)
                    yield value, found.span(), _CERTAIN if tidy else _GARBLED
        lowered = text.lower()
        if any(stem in lowered for stem in self._stems):
            for gives, pattern in self._named:
                for found in pattern.finditer(text):
                    yield _written(gives, None, None, _numbers(found)), found.span(), _CERTAIN

    def _symbol(self, template: str) -> str:
        """The pattern of a symbol: its letters, a slash of any kind, its numbers. An S may be written with a Cyrillic
        С, which the table of letters that look alike has made a C."""
        first, rest = template[0], template[1:]
        body = "[SC]" if first == "S" else re.escape(first)
        return body + "".join(self._piece(piece) for piece in re.split(r"(/|\{[^}]*\})", rest))

    def _piece(self, piece: str) -> str:
        if piece == "/":
            return self._slash
        if field := _FIELD.fullmatch(piece):
            return _digits(field)
        return "".join(rf"\.{_SPACE}?" if one == "." else re.escape(one) for one in piece)

    def _phrase(self, phrase: str) -> str:
        words = []
        for word in phrase.split():
            if "{" in word:
                pieces = (self._piece(piece) for piece in re.split(r"(/|\{[^}]*\})", word))
                words.append(f"{_NUMBER_SIGN}{''.join(pieces)}(?!\\d){_YEAR}")
            else:
                words.append(re.escape(word.rstrip("*")) + (_WORD_REST if word.endswith("*") else ""))
        return _BREAK.join(words)


def read(path: Path) -> Rules:
    """The rules from their file."""
    return Rules.model_validate(yaml_files.read(path))


def _digits(field: re.Match[str]) -> str:
    if field["year"]:
        return r"((?:19|20)\d\d)"
    return rf"(\d{{{field['low']},{field['high'] or field['low']}}})"


def _numbers(found: re.Match[str]) -> list[str]:
    """What its numbers are, in order: the unnamed groups."""
    named = set(found.re.groupindex.values())
    return [found[number] for number in range(1, found.re.groups + 1) if number not in named]


def _written(template: str, suffix: str | None, of: str | None, numbers: Sequence[str]) -> str:
    left = iter(numbers)
    symbol = _FIELD.sub(lambda _: next(left), template)
    return f"{symbol}/{suffix.capitalize()}.{int(of or 0)}" if suffix else symbol


def _flags(template: str) -> int:
    """A symbol without a word of three letters is looked for in capitals only: s/2023/370 may be anything."""
    return re.IGNORECASE if re.search(r"[A-Z]{3}", template) else 0
