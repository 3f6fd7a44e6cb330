"""What is looked for in a text: the terms of a lexicon, in which definitions may take the place of some of its own."""

from collections.abc import Sequence

from services.texts.cues import OWN_KINDS, Key, Keys, Source, in_definitions, in_lexicon, sources
from services.texts.definitions import Definition, Lexicon
from services.texts.folding import Folded
from services.texts.matcher import Hit, Matcher


class Terms:
    """Terms, and what each stands for."""

    def __init__(self, wanted: Sequence[Source], first: int = 0) -> None:
        """`first`: the number of the first of them."""
        self.stand_for = [one.key for one in wanted]
        self._first = first
        self._matcher = Matcher((one.written for one in wanted), [one.language for one in wanted])

    def find(self, within: Folded, languages: frozenset[str]) -> list[tuple[Key, Hit]]:
        """What stands where, in the order of the text, and longest first."""
        hits = self._matcher.find(within, languages)
        if self._first:
            return [(self.stand_for[one.term], one._replace(term=self._first + one.term)) for one in hits]
        return [(self.stand_for[one.term], one) for one in hits]


class Sought:
    """What is looked for. To make what a lexicon asks for takes half a second and tens of megabytes: where some
    definitions are replaced, all else is shared."""

    def __init__(self, lexicon: Lexicon, of: "Sought | None" = None, own: Sequence[Definition] = ()) -> None:
        self.keys: Keys = of.keys if of else Keys()
        self.terms: Terms = of.terms if of else Terms(sources(lexicon.groups, in_lexicon(lexicon, self.keys)))
        self._gone = frozenset(self.keys[kind, one.code] for one in own for kind in OWN_KINDS)
        written = sources(lexicon.groups, in_definitions(own, self.keys))
        self._own = Terms(written, len(self.terms.stand_for)) if written else None
        self._count = len(written) + sum(key not in self._gone for key in self.terms.stand_for)

    def __len__(self) -> int:
        return self._count

    def find(self, within: Folded, languages: frozenset[str]) -> list[tuple[Key, Hit]]:
        """What stands where, in the order of the text, and longest first."""
        found = self.terms.find(within, languages)
        if self._gone:
            found = [one for one in found if one[0] not in self._gone]
        if self._own:
            found += self._own.find(within, languages)
            found.sort(key=lambda one: (one[1].start, -one[1].end, one[1].term))
        return found
