"""How names of places are written: from the gazetteer's names to terms that find them in running text."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.kernel import yaml_files
from services.texts.folding import folded
from services.texts.terms import Part, Term, parse
from services.vocabulary import TOWN, UNIT, Place, Places

_TRUSTED_TOWN = 15_000
_SHORTEST_TOWN = 4


@dataclass(frozen=True, slots=True)
class NameTerm:
    """A name as a term. `plain` says that the words alone name the place, without other evidence of its country;
    `located`, that they do after a word such as "in"."""

    term: Term
    place: str
    endings: frozenset[str]
    plain: bool
    located: bool


class Rules(BaseModel):
    """`lexicon/places.yaml`: data on how places are written in the network's languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    endings: dict[str, tuple[str, ...]]
    changing: str
    changed: tuple[str, ...]
    kinds: dict[str, str]
    capitals: dict[str, str]
    speaking: tuple[str, ...]
    adjectives: dict[str, tuple[str, ...]]
    borders: tuple[str, ...]
    homonyms: tuple[str, ...]
    locating: tuple[str, ...] = ()
    placing: tuple[str, ...] = ()
    aside_before: tuple[str, ...] = ()
    aside_after: tuple[str, ...] = ()
    written: dict[str, tuple[str, ...]] = {}


class Names:
    """Turns places into terms by the rules."""

    def __init__(self, rules: Rules, places: Places) -> None:
        self.rules = rules
        self._endings = {script: frozenset(map(folded, given)) for script, given in rules.endings.items()}
        self._changed = frozenset(map(folded, rules.changed))
        self._kinds = {folded(word): term for word, term in rules.kinds.items()}
        self._homonyms = frozenset(map(folded, rules.homonyms))
        self._leading = frozenset(
            below[0].code for unit in places if unit.level == UNIT and (below := places.children(unit.code))
        )

    def terms(self, place: Place) -> Iterator[NameTerm]:
        """Every way to write the place's names."""
        written = self.rules.written.get(place.code, ())
        for name in {folded(name): name for name in (*place.every_name, *written)}:
            if place.level == TOWN and len(name) < _SHORTEST_TOWN:
                continue
            yield from self._of(name, place)

    def _of(self, name: str, place: Place) -> Iterator[NameTerm]:
        known = self._known(place)
        plain = name not in self._homonyms and known
        script = _script(name)
        if script is None:
            return
        words = name.replace("-", " ").split()
        if any(word in self._kinds for word in words):
            written = " ".join(self._kinds.get(word, _adjective(word)) for word in words)
            yield NameTerm(parse(written), place.code, frozenset(), plain, known)
            return
        endings = self._endings.get(script, frozenset())  # of a script without rules: as it stands
        yield NameTerm(_open(words, max(map(len, endings), default=0)), place.code, endings, plain, known)
        last = words[-1]
        if script == "CYRILLIC" and last[-1] in self.rules.changing and len(last) > _SHORTEST_TOWN:
            stem = [*words[:-1], last[:-1]]
            yield NameTerm(_open(stem, max(map(len, self._changed))), place.code, self._changed, plain, known)

    def _known(self, place: Place) -> bool:
        return place.level != TOWN or place.population >= _TRUSTED_TOWN or place.code in self._leading


def read(path: Path) -> Rules:
    """The rules from their file."""
    return Rules.model_validate(yaml_files.read(path))


def _open(words: list[str], suffix: int) -> Term:
    parts = [Part(word, 0, 0) for word in words[:-1]]
    return Term(" ".join(words), (*parts, Part(words[-1], suffix, 0)))


def _adjective(word: str) -> str:
    """A Russian adjective inside a name, open to its endings; any other word as it is."""
    if word.endswith(("ая", "ый", "ий", "ое")):
        return f"{word[:-2]}/3"
    return word


def _script(name: str) -> str | None:
    """The script of a name's first letter; none of a name without letters."""
    first = next((character for character in name if character.isalpha()), None)
    return None if first is None else unicodedata.name(first, "?").split()[0]
