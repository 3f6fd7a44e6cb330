"""Names with a letter that writers put for another: "Boʻxtar", "Aqtov", "Noʻokat"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from services.texts.evidence import Span
from services.texts.folding import Folded, fold, folded
from services.texts.matcher import Matcher
from services.texts.mentions import Mention, Mentions
from services.texts.terms import words
from services.vocabulary import Place

_SHORTEST, _LONGEST = 5, 30  # letters: a shorter word is one letter from too much, a longer one is no name
_APART = ". "


class Respelling:
    """Reads words that begin with a great letter as names, with one letter exchanged. `alike`: letters that are put for
    each other; the first `names` terms of the matcher are those that the mentions know."""

    def __init__(self, alike: Iterable[Sequence[str]], matcher: Matcher, names: int, mentions: Mentions) -> None:
        pairs = [tuple(map(folded, pair)) for pair in alike]
        self._alike = [*pairs, *((other, one) for one, other in pairs)]
        self._matcher, self._names, self._mentions = matcher, names, mentions

    def read(self, text: str, within: Folded, languages: frozenset[str]) -> Iterator[tuple[Span, list[Place]]]:
        """Where in a folded text such words stand, and the places that each names, then without any doubt."""
        tried: list[str] = []
        origins: dict[int, Span] = {}
        length, known = 0, words(within.text)
        for span in zip(known.starts, known.ends, strict=True):
            if _may_be_name(text[slice(*within.span(*span))]):
                for one in self._others(within.text[slice(*span)]):
                    tried.append(one.title())
                    origins[length] = span
                    length += len(one) + len(_APART)
        found: dict[Span, dict[str, Place]] = defaultdict(dict)
        for mention in self._read(_APART.join(tried), languages):
            if origin := origins.get(mention.start):
                found[origin] |= {place.code: place for place in mention.candidates if place.code in mention.plain}
        for span, places in found.items():
            yield span, list(places.values())

    def _read(self, text: str, languages: frozenset[str]) -> list[Mention]:
        within = fold(text)
        hits = [hit for hit in self._matcher.find(within) if hit.term < self._names]
        return self._mentions.read(text, within, hits, defaultdict(list), languages)

    def _others(self, word: str) -> list[str]:
        """A word with letters exchanged: each where it stands, and all of them at once."""
        made: dict[str, None] = {}
        for one, other in self._alike:
            at = word.find(one)
            while at >= 0:
                made[word[:at] + other + word[at + len(one) :]] = None
                at = word.find(one, at + 1)
            made[word.replace(one, other)] = None
        made.pop(word, None)
        return list(made)


def _may_be_name(written: str) -> bool:
    return _SHORTEST <= len(written) <= _LONGEST and written[0].isupper() and not written.isupper()
