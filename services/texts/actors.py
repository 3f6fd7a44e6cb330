"""Actors: names of organisations, groups and persons in running text.

Each name is found by itself, whatever other names lie on the same words: who may not know of one of them would else see
that another is missing (docs/adr/0025).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import Folded, folded
from services.texts.matcher import Matcher
from services.texts.terms import Part, Term

_WORD = re.compile(r"[^\W_](?:'?[^\W_])*")
_ADJECTIVE = ("ая", "ый", "ий", "ое", "ые", "ие", "ых", "их", "ой", "ого", "его")
_VOWELS = "аяоеёыиьйу"
_STEM, _ENDING, _ACRONYM, _SHORTEST, _PLAIN_FROM = 5, 3, 8, 4, 3
_ONE_WORD, _MORE_WORDS = 0.75, 0.9
_NEAR = 40  # characters to each side that tell whether all is in capitals


@dataclass(frozen=True, slots=True)
class Named:
    """An actor with what it is called. `exact`: only its full name of two words or more, as it stands, is it."""

    scheme: Scheme
    value: str
    names: tuple[str, ...]
    version: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    actor: Named
    words: tuple[str, ...]
    """As they are written, capitals included."""
    begins: str
    """How its first two words begin, folded, one space apart; empty where those may stand otherwise."""


class Actors:
    """Finds actors in texts. Built once from who there is."""

    def __init__(self, named: Iterable[Named]) -> None:
        self._names: list[_Name] = []
        terms: list[Term] = []
        for actor in named:
            for written in dict.fromkeys(actor.names):
                words = tuple(_WORD.findall(written))
                if _tells(words, exact=actor.exact):
                    term = Term(written, tuple(_part(word, exact=actor.exact) for word in words))
                    self._names.append(_Name(actor, words, _begins(term.parts)))
                    terms.append(term)
        self._matcher = Matcher(terms) if terms else None

    def find(self, whole: str, within: Folded) -> Iterator[Tag]:
        """The actors of an NFC text, which is also given folded."""
        if self._matcher is None:
            return
        spans: dict[Named, list[Span]] = defaultdict(list)
        sure: dict[Named, float] = {}
        spaced = Folded(within.text.replace("-", " ").replace("\n", " "), within.offsets)
        for hit in self._matcher.find(spaced):
            name = self._names[hit.term]
            if not spaced.text.startswith(name.begins, hit.start):
                continue
            span = within.span(hit.start, hit.end)
            if name.actor.exact or _written_so(name.words, whole, span):
                if not (held := spans[name.actor]) or span[0] >= held[-1][1]:  # the longest of those that begin first
                    held.append(span)
                confidence = _ONE_WORD if len(name.words) == 1 else _MORE_WORDS
                sure[name.actor] = max(sure.get(name.actor, 0), confidence)
        for actor, where in spans.items():
            if where:
                yield Tag(actor.scheme, actor.value, sure[actor], "lexicon", tuple(where), actor.version)


def _tells(words: tuple[str, ...], *, exact: bool) -> bool:
    """Whether a name can be looked for at all: one word of a script without capitals may be any word."""
    if len(words) != 1:
        return len(words) > 1
    return not exact and words[0][0].isupper() and (len(words[0]) >= _SHORTEST or (_is_acronym(words[0])))


def _begins(parts: tuple[Part, ...]) -> str:
    return f"{parts[0].stem} {parts[1].stem}" if len(parts) > 1 and not parts[0].suffix else ""


def _is_acronym(word: str) -> bool:
    return word.isupper() and 3 <= len(word) <= _ACRONYM


def _part(word: str, *, exact: bool) -> Part:
    """A word of a name: a Russian one open to its endings."""
    plain = folded(word)
    if exact or len(plain) < _STEM or word.isupper() or not all("а" <= one <= "я" for one in plain):
        return Part(plain, 0, 0)
    ending = next((one for one in _ADJECTIVE if plain.endswith(one)), None)
    stem = plain[: -len(ending)] if ending else plain.rstrip(_VOWELS) if plain[-1] in _VOWELS else plain
    return Part(stem, _ENDING, 0) if len(stem) >= _SHORTEST else Part(plain, 0, 0)


def _written_so(words: tuple[str, ...], whole: str, span: Span) -> bool:
    """Whether the text writes a short name with the capitals that it has. A long one says enough by its words."""
    if len(words) >= _PLAIN_FROM:
        return True
    start, end = span
    found = _WORD.findall(whole[start:end])
    if len(words) == 1 and words[0].isupper():
        around = whole[max(0, start - _NEAR) : start] + whole[end : end + _NEAR]
        return found[0].isupper() and (not any(one.isalpha() for one in around) or not around.isupper())
    return all(one[0].isupper() or not word[0].isupper() for one, word in zip(found, words, strict=False))
