"""Whether a judgement says how likely in one word of one scale, and how sure apart from that. Pure; it never blocks.

ICD 203 keeps likelihood and analytic confidence out of one sentence, and the PHIA yardstick knows its own words only:
what is "possible", or "may" be, is of no scale and may be read as anything.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.vocabulary import Likelihood, LikelihoodWord, Said

Rule = Literal["no-word", "several-words", "other-scale", "unlisted-word", "with-confidence"]
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept, and where: code points of the text, from `start` up to before `end`."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A listed word of likelihood in a text; `words` are all that it may be, of several scales or of one."""

    start: int
    end: int
    words: tuple[tuple[str, LikelihoodWord], ...]

    def of(self, scale: str | None) -> bool:
        """Whether it is a word of the scale; of any, where none is asked for."""
        return scale is None or any(code == scale for code, _ in self.words)


@dataclass(frozen=True, slots=True)
class _Terms:
    likelihood: dict[str, tuple[tuple[str, LikelihoodWord], ...]]
    confidence: frozenset[str]
    pattern: re.Pattern[str]


def check(text: str, scale: str | None, known: Likelihood) -> list[Finding]:
    """What is wrong with a judgement, in the order of the text; `scale`: the code of the one that is meant, if known.
    Words of all languages of the pack are looked for at once."""
    terms = _terms(known)
    listed, sure, loose = _spotted(text, terms)
    findings = [Finding("unlisted-word", *span) for span in loose]
    findings += [Finding("other-scale", one.start, one.end) for one in listed if not one.of(scale)]
    kept = [one for one in listed if one.of(scale)]
    if not kept:
        findings.append(Finding("no-word", 0, len(text)))
    findings += [Finding("several-words", one.start, one.end) for one in kept[1:]]
    if scale is None and len(kept) > 1 and not _share(kept):
        findings += [Finding("other-scale", one.start, one.end) for one in kept[1:]]
    for sentence in _SENTENCE.finditer(text):
        spans = [(one.start, one.end) for one in listed]
        if _within(sentence, spans) and (both := _within(sentence, sure)):
            findings.append(Finding("with-confidence", *both[0]))
    return sorted(findings, key=lambda one: (one.start, one.end, one.rule))


def words(text: str, known: Likelihood) -> list[Found]:
    """The words of likelihood that a text holds."""
    return _spotted(text, _terms(known))[0]


def _share(found: Sequence[Found]) -> bool:
    """Whether one scale has all of these words."""
    return bool(set.intersection(*({code for code, _ in one.words} for one in found)))


def _within(sentence: re.Match[str], spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [span for span in spans if sentence.start() <= span[0] < sentence.end()]


def _spotted(text: str, terms: _Terms) -> tuple[list[Found], list[tuple[int, int]], list[tuple[int, int]]]:
    """Words of likelihood, of confidence and of no scale; the longest at each place, so that "unlikely" is never
    "likely", nor a "realistic possibility" a mere one."""
    listed, sure, loose = [], [], []
    for match in terms.pattern.finditer(text):
        said, span = _plain(match[0]), match.span()
        if said in terms.likelihood:
            listed.append(Found(*span, terms.likelihood[said]))
        elif said in terms.confidence:
            sure.append(span)
        elif not _month(text, match):
            loose.append(span)
    return listed, sure, loose


def _month(text: str, match: re.Match[str]) -> bool:
    """Whether it is written as a name is, inside a sentence or before a year: in May, May 2026."""
    named = match[0][:1].isupper() and not match[0].isupper()
    inside = bool(text[: match.start()].strip()) and not re.search(r"[.!?…:\n]\s*$", text[: match.start()])
    return named and (inside or bool(re.match(r"\s*\d", text[match.end() :])))


def _plain(said: str) -> str:
    return " ".join(said.casefold().replace("ё", "е").split())


def _terms(known: Likelihood) -> _Terms:
    likelihood: dict[str, tuple[tuple[str, LikelihoodWord], ...]] = {}
    for scale in known.scales:
        for word in scale.words:
            for said in _forms(word.said):
                likelihood[said] = (*likelihood.get(said, ()), (scale.code, word))
    confidence = frozenset(said for forms in known.confidence.values() for said in _forms(forms))
    every = {*likelihood, *confidence, *_forms(known.unlisted)}
    longest_first = sorted(every, key=lambda one: (-len(one), one))
    spelled = "|".join(re.escape(one).replace(r"\ ", r"\s+").replace("е", "[её]") for one in longest_first)
    return _Terms(likelihood, confidence, re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE))


def _forms(said: Said) -> list[str]:
    return [_plain(form) for forms in said.values() for form in forms]
