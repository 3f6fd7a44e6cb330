"""What tells a theme by its definition, laid out for reading: points, words, groups, what speaks against it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services import texts
from services.console.words import Words
from services.kernel.i18n import translator
from services.texts import Definition, Example

Line = tuple[str | None, tuple[str, ...]]
"""Words of one language; of none where they are of several."""


@dataclass(frozen=True, slots=True)
class Row:
    """Some words under a name: those of a language, or of a group. `anchor`: what leads to it."""

    name: str
    lines: tuple[Line, ...]
    anchor: str = ""

    @property
    def count(self) -> int:
        """How many words there are."""
        return sum(len(words) for _, words in self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a definition: what its words do; rows of words, or rows of groups that must stand together."""

    title: str
    rows: tuple[Row, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition for reading. `facts`: its numbers and what it yields to, each with its name."""

    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    examples: tuple[tuple[str, tuple[Example, ...]], ...]
    learned: tuple[Row, ...]
    """Of the learned words those that speak most for it, by language."""


def defined(definition: Definition, w: Words, learned: Mapping[str, tuple[str, ...]]) -> Defined:
    """A definition laid out in the reader's language. `learned`: what learned words speak for it, by language."""
    _ = translator(w.language).gettext
    weight = definition.hint_weight
    several = translator(w.language).ngettext("%(num)s point each", "%(num)s points each", weight) % {"num": weight}
    parts = (
        Part(_("Strong words, 2 points each"), _by_language(definition.terms, w)),
        Part(_("Groups of strong words, 2 points each"), groups=_each(definition.any)),
        Part(_("Groups of hints") + f", {several}", groups=_each(definition.hints)),
        Part(_("Groups that tell it together in one sentence, 2 points"), groups=definition.together),
        Part(_("Weak words, 1 point each; alone no fewer than three count"), _by_language(definition.weak, w)),
        Part(
            _("Weak words count only near one of these"), _by_language(definition.setting, w), _each(definition.beside)
        ),
        Part(_("In long texts all counts only near a word of each of these"), groups=_each(definition.within)),
        Part(_("Not: what stands in a sentence with one of these does not count"), _against(definition, _("Words"))),
        Part(_("Other senses: near two words of one, nothing counts"), _senses(definition)),
        Part(_("The groups, word by word"), _groups(definition)),
    )
    examples = (
        (_("Texts that are tagged with it"), definition.examples.positive),
        (_("Texts that are not"), definition.examples.negative),
    )
    return Defined(
        tuple(_facts(definition, w)),
        tuple(one for one in parts if one.rows or one.groups),
        examples,
        _by_language(learned, w),
    )


def _facts(definition: Definition, w: Words) -> Iterable[tuple[str, str]]:
    _ = translator(w.language).gettext
    yield _("Points from which on a text is tagged"), str(definition.threshold)
    if definition.enough:
        yield _("Points that are enough by themselves in a long text"), str(definition.enough)
    if definition.firm:
        names = ", ".join(w.tongue(code) for code in definition.firm)
        yield _("Told beside a far stronger theme too, in"), names
    if definition.yields_to:
        yield _("Left out beside"), ", ".join(w.theme(code) for code in definition.yields_to)
    yield (
        _("Told by many learned words together, too"),
        _("yes, with a confidence of its own") if definition.learned else _("no"),
    )


def _by_language(terms: Mapping[str, tuple[str, ...]], w: Words) -> tuple[Row, ...]:
    return tuple(Row(w.tongue(code), ((code, words),)) for code, words in terms.items() if words)


def _each(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((name,) for name in names)


def _against(definition: Definition, name: str) -> tuple[Row, ...]:
    return (Row(name, ((None, definition.excluded),)),) if definition.excluded else ()


def _senses(definition: Definition) -> tuple[Row, ...]:
    known = texts.lexicon().senses.senses
    return tuple(Row(name, ((None, known.get(name, ())),)) for name in definition.unless)


def _groups(definition: Definition) -> tuple[Row, ...]:
    """Each group that is named, once, with the pack's words of it."""
    known = texts.lexicon().groups.groups
    rows = (name for row in definition.together for name in row)
    named = dict.fromkeys([*definition.any, *definition.hints, *rows, *definition.beside, *definition.within])
    order = list(dict.fromkeys(code for name in named for code in known.get(name, {})))
    return tuple(
        Row(name, tuple((code, known[name][code]) for code in order if code in known.get(name, {})), f"group-{name}")
        for name in named
    )
