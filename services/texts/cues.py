"""What is looked for by a lexicon: each term with what it stands for, and what counts for each definition."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.texts.definitions import Definition, Groups, Lexicon
from services.texts.folding import all_folded

FULL, WEAK = 2, 1
_SHORTEST_SOFTENED = 3  # letters
_OPEN = re.compile(r"(.*?)([*/]?)(\d*)")  # a word of a term, with what it leaves open
BEFORE, NEAR, AFTER, CONTRAST = "before", "near", "after", "contrast"
OWN_KINDS = THEME, WEAKLY, SETTING, NOT = "theme", "weak", "setting", "not"  # of what a definition has of its own


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """What a term stands for: a kind (group, sense, theme, weak, setting, not, negation) and a name. There is one of
    each, told apart by which it is: a text asks for that a thousand times."""

    kind: str
    name: str


class Keys(dict[tuple[str, str], Key]):
    """The one key of each kind and name."""

    def __missing__(self, of: tuple[str, str]) -> Key:
        made = self[of] = Key(*of)
        return made


Written = tuple[Key, str | None, str]  # what a term stands for, its language (None: any), and the term


class Source(NamedTuple):
    """A folded term as it is written, its language (None: any), and what it stands for."""

    key: Key
    language: str | None
    written: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A definition with the keys of what counts for it: cues with their weights, the strong ones among them, settings,
    groups that count together, those that must stand near, and what bars a sentence. `leading`: without any of these
    there is no score."""

    definition: Definition
    cues: tuple[tuple[Key, int], ...]
    strong: tuple[Key, ...]
    settings: tuple[Key, ...]
    rows: tuple[tuple[Key, ...], ...]
    within: tuple[Key, ...]
    excluded: Key
    senses: tuple[Key, ...]
    leading: frozenset[Key]

    @property
    def keys(self) -> frozenset[Key]:
        """All whose words may be among those behind a tag."""
        return frozenset((*(key for key, _ in self.cues), *self.settings, *(key for row in self.rows for key in row)))


def rule(definition: Definition, keys: Keys) -> Rule:
    """What counts for a definition."""
    code = definition.code
    cues = (
        (keys[THEME, code], FULL),
        (keys[WEAKLY, code], WEAK),
        *((keys["group", name], FULL) for name in definition.any),
        *((keys["group", name], definition.hint_weight) for name in definition.hints),
    )
    rows = tuple(tuple(keys["group", name] for name in row) for row in definition.together)
    return Rule(
        definition,
        cues,
        strong=(keys[THEME, code], *(keys["group", name] for name in definition.any)),
        settings=(keys[SETTING, code], *(keys["group", name] for name in definition.beside)),
        rows=rows,
        within=tuple(keys["group", name] for name in definition.within),
        excluded=keys[NOT, code],
        senses=tuple(keys["sense", name] for name in definition.unless),
        leading=frozenset((*(key for key, _ in cues), *(row[0] for row in rows if row))),
    )


def sources(groups: Groups, written: Iterable[Written]) -> list[Source]:
    """What to find: each term once, as it is written, with open words softened, in the language's second script, and as
    it is typed where marks are often left out."""
    typed = {language: str.maketrans(letters) for language, letters in groups.typed.items()}
    endings = {language: f"/{longest}" for language, longest in groups.endings.items()}
    most = f"/{max(groups.endings.values())}"
    wanted: list[Written] = []
    for key, language, term in written:
        soft = groups.softened.get(language or "")
        forms = [term, *_softened(term, soft)] if soft else [term]
        if letters := groups.scripts.get(language or ""):
            forms += [in_script(form, letters) for form in forms]
        if marks := typed.get(language or ""):
            forms += [form.translate(marks) for form in forms]
        wanted += [(key, language, form) for form in forms]
    plain = all_folded([form for _, _, form in wanted])
    found = dict.fromkeys((key, language, form) for (key, language, _), form in zip(wanted, plain, strict=True))
    return [
        Source(key, language, form.replace("*", endings.get(language or "", most))) for key, language, form in found
    ]


def _softened(term: str, letters: dict[str, str]) -> Iterator[str]:
    """The term with the last letter of an open word as it is before a vowel: "qishloq*" as "qishlogʻ*" too."""
    words = term.split()
    for at, word in enumerate(words):
        stem, mark, most = _OPEN.fullmatch(word).groups()  # type: ignore[union-attr]
        if mark and len(stem) >= _SHORTEST_SOFTENED and (soft := letters.get(stem[-1])):
            yield " ".join([*words[:at], f"{stem[:-1]}{soft}{mark}{most}", *words[at + 1 :]])


def in_script(term: str, letters: dict[str, str]) -> str:
    """The term in the other script: letters and groups of them, in the order in which they are given."""
    written = f" {term}"
    for one, other in letters.items():
        written = written.replace(one, other)
    return written[1:]


def in_lexicon(lexicon: Lexicon, keys: Keys) -> Iterator[Written]:
    """All terms of a lexicon."""
    for name, languages in lexicon.groups.groups.items():
        yield from _by_language(keys["group", name], languages)
    yield from in_definitions(lexicon.definitions, keys)
    senses = lexicon.senses
    for name, terms in senses.senses.items():
        yield from ((keys["sense", name], None, term) for term in terms)
    for name, terms in (
        (BEFORE, senses.before), (NEAR, senses.after_near), (AFTER, senses.after), (CONTRAST, senses.contrast),
    ):  # fmt: skip
        yield from ((keys["negation", name], None, term) for term in terms)


def in_definitions(definitions: Iterable[Definition], keys: Keys) -> Iterator[Written]:
    """The terms that definitions have of their own, beside those of groups and senses."""
    for definition in definitions:
        code = definition.code
        yield from _by_language(keys[THEME, code], definition.terms)
        yield from _by_language(keys[WEAKLY, code], definition.weak)
        yield from _by_language(keys[SETTING, code], definition.setting)
        yield from ((keys[NOT, code], None, term) for term in definition.excluded)


def _by_language(key: Key, given: dict[str, tuple[str, ...]]) -> Iterator[Written]:
    return ((key, language, term) for language, terms in given.items() for term in terms)
