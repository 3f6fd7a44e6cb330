"""Definitions of themes as data: groups of words, rules over them, and the examples that are their tests."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kernel import yaml_files

GROUPS, SENSES, THEMES = "groups.yaml", "senses.yaml", "themes"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Groups(_Data):
    """Words by what they mean. `endings`: the most letters that `*` stands for, by language. `typed`: letters that many
    type without their marks; each term of the language is found either way. `scripts`: letters of a second script, in
    the order to try them, with a space for the start of a word; each term is found in both. `softened`: last letters of
    a stem that change before an ending; each open word is found either way. `wary`: languages in which a text must say
    more, for their words are met in other senses more often than the lists of those know."""

    version: int
    endings: dict[str, int]
    typed: dict[str, dict[str, str]] = {}
    scripts: dict[str, dict[str, str]] = {}
    softened: dict[str, dict[str, str]] = {}
    wary: frozenset[str] = frozenset()
    groups: dict[str, dict[str, tuple[str, ...]]]


class Senses(_Data):
    """Other senses of the field's words, the words that negate, and those that end what a negation reaches."""

    version: int
    senses: dict[str, tuple[str, ...]]
    before: tuple[str, ...]
    contrast: tuple[str, ...]
    after_near: tuple[str, ...]
    after: tuple[str, ...]


class Example(_Data):
    """A text with its language."""

    language: str
    text: str


class Examples(_Data):
    """Texts that must be tagged with the theme, and texts that must not."""

    positive: tuple[Example, ...] = Field(min_length=2)
    negative: tuple[Example, ...] = Field(min_length=2)


class Definition(_Data):
    """What makes a text speak of a theme.

    Score: 2 for each term found of `terms` or of a group in `any`; 1 for each of `weak`, which count only near a
    word of `setting` or of a group in `beside` where there are such, and of which three are the least that count
    alone; `hint_weight` for each of a
    group in `hints`; 2 for each sentence that holds all groups of a row of `together`. What counts is the best score
    among sentences that stand near each other. The theme is given at `threshold`, and in a text of more than 30 words
    in a language that is wary (see the groups) at 4 at least. A hit does not count
    where it is negated, lies in a sentence with a word of a sense under `unless` or a term under `not`, or near
    sentences that hold two words of such a sense, or, in a text of more than 30 words, where near it
    no word stands of a group in `within`: one of each
    is needed, in languages that the group has words in, unless the score is
    `enough`. In the languages that it is
    `firm` in, it is told beside a leading theme that says far more. A theme that
    `yields_to` another of at least its own score is left out. What is not yet `judged` stands beside the totals of an
    evaluation.
    """

    code: str
    version: int = Field(ge=1)
    purpose: str = Field(min_length=10)
    cannot_tell: str = Field(min_length=10)
    harm: str = Field(min_length=10)
    review_on: date | None = Field(default=None, description="The day by which it is looked at again.")
    threshold: int = Field(2, ge=1)
    any: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    hint_weight: int = 1
    together: tuple[tuple[str, ...], ...] = ()
    terms: dict[str, tuple[str, ...]] = {}
    weak: dict[str, tuple[str, ...]] = {}
    beside: tuple[str, ...] = ()
    setting: dict[str, tuple[str, ...]] = {}
    within: tuple[str, ...] = ()
    enough: int | None = Field(None, ge=1)
    unless: tuple[str, ...] = ()
    excluded: tuple[str, ...] = Field((), alias="not")
    yields_to: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()
    learned: bool = False
    judged: bool = True
    examples: Examples


class Lexicon(_Data):
    """All definitions with what they are built from. Names of groups and senses are checked."""

    groups: Groups
    senses: Senses
    definitions: tuple[Definition, ...]

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for definition in self.definitions:
            if wrong := self.unknown_to(definition):
                raise ValueError(f"{definition.code}: {wrong}")
        return self

    def unknown_to(self, definition: Definition) -> str:
        """Which groups or senses a definition names that are not there; nothing where it fits."""
        named = {*definition.any, *definition.hints, *definition.beside, *definition.within}
        named |= {name for row in definition.together for name in row}
        if unknown := named - self.groups.groups.keys():
            return f"no group {sorted(unknown)}"
        if unknown := set(definition.unless) - self.senses.senses.keys():
            return f"no sense {sorted(unknown)}"
        return ""

    def find(self, code: str) -> Definition | None:
        """The definition of a theme."""
        return next((one for one in self.definitions if one.code == code), None)

    def with_own(self, own: Iterable[Definition]) -> Self:
        """The same with these definitions in the place of those of the same themes."""
        others = {one.code: one for one in own}
        mixed = tuple(others.get(one.code, one) for one in self.definitions)
        return type(self)(groups=self.groups, senses=self.senses, definitions=mixed)


def read(*folders: Path, themes: Collection[str] | None = None) -> Lexicon:
    """The lexicon from its folders: what a folder holds stands before the file of the same name in a later one.

    Definitions of other `themes` than these are left out; a theme without a definition is the sender's to say.
    """
    files = {path.name: path for folder in reversed(folders) for path in sorted((folder / THEMES).glob("*.yaml"))}
    definitions = [Definition.model_validate(_load(files[name])) for name in sorted(files)]
    return Lexicon(
        groups=Groups.model_validate(_load(first(folders, GROUPS))),
        senses=Senses.model_validate(_load(first(folders, SENSES))),
        definitions=tuple(one for one in definitions if themes is None or one.code in themes),
    )


def first(folders: Iterable[Path], name: str) -> Path:
    """The file of this name in the first folder that holds it."""
    return next(path for folder in folders if (path := folder / name).exists())


def _load(path: Path) -> object:
    return yaml_files.read(path)
