"""How names of places are written: from the gazetteer's names to terms that find them in running text."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from sys import intern

from pydantic import BaseModel, ConfigDict

from services.kernel import yaml_files
from services.texts.folding import ZWNJ, folded
from services.texts.terms import Part, Term, parse
from services.vocabulary import TOWN, UNIT, Place, Places

_TRUSTED_TOWN = 15_000
_SHORTEST_TOWN = 4
_SHORTEST_WORD = 2  # letters, of the last word of a longer name: "Алма-Ата"
_ADJECTIVE = "ск"
_LONG_NAME = 7  # letters, that name even a small town after "in"


@dataclass(frozen=True, slots=True)
class NameTerm:
    """A name as a term. `stem`: of its last word. `plain` says that the words alone name the place, without other
    evidence of its country; `located`, that they do after a word such as "in"; `common`, that they mean something else
    too."""

    term: Term | str
    stem: str
    place: str
    endings: frozenset[str]
    plain: bool
    located: bool
    common: bool


class Elsewhere(BaseModel):
    """How a country is named, and places in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    places: tuple[str, ...] = ()


class Rules(BaseModel):
    """`lexicon/places.yaml`: data on how places are written in the network's languages; `written`: place_names.json;
    `landmarks`: landmarks.json; `abroad`: abroad.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    endings: dict[str, tuple[str, ...]]
    own_endings: dict[str, tuple[str, ...]] = {}
    changing: str
    changed: tuple[str, ...]
    kinds: dict[str, str]
    capitals: dict[str, str]
    speaking: tuple[str, ...]
    offices: tuple[str, ...] = ()
    adjectives: dict[str, tuple[str, ...]]
    borders: tuple[str, ...]
    homonyms: tuple[str, ...]
    locating: tuple[str, ...] = ()
    placing: tuple[str, ...] = ()
    locative: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    attributive: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    waters: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    adjectival: tuple[str, ...] = ()
    softening: dict[str, str] = {}
    softened: tuple[str, ...] = ()
    institutions: dict[str, tuple[str, ...]] = {}
    landmarks: dict[str, tuple[str, ...]] = {}
    tongues: tuple[str, ...] = ()
    active: dict[str, tuple[str, ...]] = {}
    elsewhere: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    together_words: tuple[str, ...] = ()
    money: dict[str, tuple[str, ...]] = {}
    aside_before: tuple[str, ...] = ()
    aside_after: tuple[str, ...] = ()
    aside_next: tuple[str, ...] = ()
    aside_sentence: tuple[str, ...] = ()
    toward: tuple[str, ...] = ()
    toward_endings: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    there_endings: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    inside_endings: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    abode: tuple[str, ...] = ()
    capital_words: tuple[str, ...] = ()
    delegates: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    homes: dict[str, str] = {}
    written: dict[str, tuple[str, ...]] = {}
    abroad: dict[str, Elsewhere] = {}


class Names:
    """Turns places into terms by the rules."""

    def __init__(self, rules: Rules, places: Places) -> None:
        self.rules = rules
        self._endings = {script: frozenset(map(folded, given)) for script, given in rules.endings.items()}
        self._changed = frozenset(map(folded, rules.changed))
        self._adjectival = frozenset(map(folded, rules.adjectival))
        self._softened = frozenset(map(folded, rules.softened))
        self._kinds = {folded(word): term for word, term in rules.kinds.items()}
        self._homonyms = frozenset(map(folded, rules.homonyms))
        self._written = {
            code: frozenset(one for name in names for one in _joined_and_apart(name))
            for code, names in rules.written.items()
        }
        self._towns = {
            unit.code: {
                written
                for town in places.children(unit.code)
                for name in town.every_name
                if len(written := folded(name)) >= _SHORTEST_TOWN
            }
            for unit in places
            if unit.level == UNIT
        }
        self._leading = frozenset(
            below[0].code for unit in places if unit.level == UNIT and (below := places.children(unit.code))
        )

    def terms(self, place: Place) -> Iterator[NameTerm]:
        """Every way to write the place's names."""
        own = dict.fromkeys(one for name in place.every_name for one in _joined_and_apart(name))
        written = dict.fromkeys(
            one for name in self.rules.written.get(place.code, ()) for one in _joined_and_apart(name)
        )
        towns = self._towns.get(place.code, set())  # a name of a town is the town's, and its unit's through it
        names = own | {name: None for name in written if name not in towns}
        for name in [*names, *(bare for name in names if (bare := _bare(name)) not in names)]:
            if place.level == TOWN and len(name) < _SHORTEST_TOWN:
                continue
            yield from self._of(name, place)

    def _of(self, name: str, place: Place) -> Iterator[NameTerm]:
        known = self._known(place) or name in self._written.get(place.parent or "", ())
        common = name in self._homonyms
        plain = not common and known
        known = known or len(name) >= _LONG_NAME
        script = _script(name)
        if script is None:
            return
        words = name.replace("-", " ").split()
        if any(word in self._kinds for word in words):
            written = " ".join(self._kinds.get(word, _adjective(word)) for word in words)
            yield NameTerm(written, parse(written).parts[-1].stem, place.code, frozenset(), plain, known, common)
            return
        endings = self._endings.get(script, frozenset())  # of a script without rules: as it stands
        yield NameTerm(*_open(words, max(map(len, endings), default=0)), place.code, endings, plain, known, common)
        last = words[-1]
        if script == "CYRILLIC" and last.endswith(_ADJECTIVE):  # "Кундузск" of a unit, "Актюбинск" of a town
            yield NameTerm(
                *_open(words, max(map(len, self._adjectival), default=0)),
                place.code,
                self._adjectival,
                plain,
                known,
                common,
            )
        if (
            script == "CYRILLIC"
            and last[-1] in self.rules.changing
            and len(name) > _SHORTEST_TOWN
            and len(last) > _SHORTEST_WORD
        ):
            stem = [*words[:-1], last[:-1]]
            yield NameTerm(*_open(stem, max(map(len, self._changed))), place.code, self._changed, plain, known, common)
        if (soft := self.rules.softening.get(last[-1])) and script == "LATIN" and len(last) > _SHORTEST_TOWN:
            stem = [*words[:-1], last[:-1] + soft]
            yield NameTerm(
                *_open(stem, max(map(len, self._softened))), place.code, self._softened, plain, known, common
            )

    def _known(self, place: Place) -> bool:
        return place.level != TOWN or place.population >= _TRUSTED_TOWN or place.code in self._leading


def read(rules: Path, written: Path, landmarks: Path, abroad: Path) -> Rules:
    """The rules from their file, with further ways to write names that running text uses, by country or unit, from
    theirs: spellings of all languages and both scripts, old names, districts and crossings that give their unit; with
    what shows a local in which unit a text is that names no place: theatres, bazaars, quarters; and how other countries
    and places in them are named."""
    beside = {"written": written, "landmarks": landmarks, "abroad": abroad}
    told = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in beside.items()}
    return Rules.model_validate({**told, **yaml_files.read(rules)})  # a pack's own rules may name them too


def _open(words: list[str], suffix: int) -> tuple[Term | str, str]:
    """A name as a term whose last word is open to endings, and that word. Plain words are left as they are written: a
    term takes five times the room, and is made of them when a text has the first. The last is the matcher's own."""
    *before, last = words
    if all(len(word) > 1 and word.isalnum() for word in words):
        return " ".join([*before, f"{last}/{suffix}" if suffix else last]), intern(last)
    return Term(" ".join(words), (*(Part(word, 0, 0) for word in before), Part(last, suffix, 0))), last


def _adjective(word: str) -> str:
    """A Russian adjective inside a name, open to its endings; any other word as it is."""
    if word.endswith(("ая", "ый", "ий", "ое")):
        return f"{word[:-2]}/3"
    return word


def _joined_and_apart(name: str) -> tuple[str, ...]:
    """A name folded; one in Arabic script also with its words joined and apart, as the zero-width non-joiner between
    them is typed, left out or made a space."""
    apart = folded(name.replace(ZWNJ, " "))
    if " " not in apart or _script(apart) != "ARABIC":
        return (folded(name),)
    return tuple(dict.fromkeys((folded(name), apart, apart.replace(" ", ""))))


def _bare(name: str) -> str:
    """A Latin name as it is typed without its marks; any other as it is."""
    if _script(name) != "LATIN":
        return name
    parted = unicodedata.normalize("NFD", name.replace("'", "").replace("ı", "i"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _script(name: str) -> str | None:
    """The script of a name's first letter; none of a name without letters."""
    first = next(filter(str.isalpha, name), None)
    return None if first is None else _script_of(first)


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]
