"""What a network's own definition must keep to: sizes, what it says of itself, and subjects that none may tell."""

import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from services import forms, vocabulary
from services.definitions.refusing import open_term, refused_by
from services.kernel.text import Text
from services.texts import Definition, Example, Examples, Lexicon, Themes, parse_term, themes_in

MOST_TERMS = 4_000  # of one definition; the largest of the pack has 1,800
MOST_WORDS, LONGEST_ENDING = 8, 20
MOST_SHOWN = 100_000  # characters of all examples: they are tried while others wait
LEAST_NEXT = 2  # letters of a word that must follow at once, by which terms are told apart before they are tried
MOST_ALIKE = 40  # terms that begin alike: each is tried wherever these words stand, which may be thousands of times
Sentence = Annotated[Text, Field(min_length=10, max_length=2_000)]
Term = Annotated[Text, Field(min_length=2, max_length=100)]
Code = Annotated[str, Field(min_length=1, max_length=80)]
Codes = Annotated[tuple[Code, ...], Field(max_length=30)]
Row = Annotated[tuple[Code, ...], Field(min_length=2, max_length=4)]
Terms = Annotated[dict[str, Annotated[tuple[Term, ...], Field(max_length=600)]], Field(max_length=20)]
ZWNJ = "\u200c"  # which Persian words need
Begun = defaultdict[str, defaultdict[str, list[tuple[int, str]]]]
"""Terms by the stem of their first word, then by that of the word that must follow at once, if one must: how far the
first may go on, and where the term stands."""
_TOLD_BY = ("terms", "weak", "setting")
_NOT_THERE = "names what the pack does not have"


class OwnExample(Example):
    """A text with its language, written for the definition: never words of a report, which not all may see."""

    language: Code
    text: Annotated[Text, Field(min_length=3, max_length=2_000)]


class OwnExamples(Examples):
    """Texts that must be tagged with the theme, and texts that must not."""

    positive: tuple[OwnExample, ...] = Field(min_length=2, max_length=200)
    negative: tuple[OwnExample, ...] = Field(min_length=2, max_length=200)


class OwnDefinition(Definition):
    """A definition of the network's own, within bounds. What each part does is told of the pack's."""

    code: Code
    version: int = Field(default=1, ge=1, le=100_000)
    purpose: Sentence
    cannot_tell: Sentence
    harm: Sentence
    review_on: date
    threshold: int = Field(2, ge=1, le=20)
    any: Codes = ()
    hints: Codes = ()
    hint_weight: int = Field(1, ge=0, le=5)
    together: tuple[Row, ...] = Field((), max_length=30)
    terms: Terms = Field({})
    weak: Terms = Field({})
    beside: Codes = ()
    setting: Terms = Field({})
    within: Codes = ()
    enough: int | None = Field(None, ge=1, le=50)
    unless: Codes = ()
    excluded: Annotated[tuple[Term, ...], Field(max_length=600)] = Field((), alias="not")
    yields_to: Codes = ()
    firm: Codes = ()
    examples: OwnExamples


class Fault(NamedTuple):
    """A part that breaks a rule, as a path such as terms.en.3, and the rule."""

    field: str
    rule: str


def faults(definition: Definition, lexicon: Lexicon) -> list[Fault]:
    """Where a definition breaks a rule that its shape does not show. `lexicon`: the pack's."""
    found = [*_names(definition, lexicon), *_written(definition, lexicon), *_refused(definition, lexicon)]
    examples = (*definition.examples.positive, *definition.examples.negative)
    if sum(len(one.text) for one in examples) > MOST_SHOWN:
        found.append(Fault("examples", f"hold more than {MOST_SHOWN} characters"))
    spoken = {language for name in ("terms", "weak") for language, terms in getattr(definition, name).items() if terms}
    shown = {one.language for one in definition.examples.positive}
    found += [Fault("examples.positive", f"holds no text in {one}, in which it has terms") for one in spoken - shown]
    return sorted(found)


def failing(definition: Definition, wording: Themes) -> list[Fault]:
    """The examples that do not hold. `wording`: what tells themes with this definition in its place."""
    found = []
    for name, wanted in (("positive", True), ("negative", False)):
        for number, one in enumerate(getattr(definition.examples, name)):
            tags = themes_in("", one.text, language=one.language, wording=wording).tags
            if any(tag.value == definition.code for tag in tags) is not wanted:
                found.append(Fault(f"examples.{name}.{number}", "is not tagged" if wanted else "is tagged"))
    return found


def plain(definition: Definition) -> dict[str, Any]:
    """A definition as plain data that YAML and JSON hold, without its number and what is left at its default."""
    made: dict[str, Any] = definition.model_dump(
        mode="json", by_alias=True, exclude={"version"}, exclude_defaults=True, exclude_none=True
    )
    return made


def _names(definition: Definition, lexicon: Lexicon) -> Iterator[Fault]:
    """Names of what is not there: themes, languages, groups, senses."""
    if definition.code not in vocabulary.themes():
        yield Fault("code", "is not a theme of the pack")
    groups, senses, themes = lexicon.groups.groups, lexicon.senses.senses, vocabulary.themes()
    named: dict[str, Container[str]] = {
        "any": groups,
        "hints": groups,
        "beside": groups,
        "within": groups,
        "unless": senses,
        "yields_to": themes,
        "firm": vocabulary.languages(),
    }
    for field, known in named.items():
        there = enumerate(getattr(definition, field))
        yield from (Fault(f"{field}.{number}", _NOT_THERE) for number, name in there if name not in known)
    for number, row in enumerate(definition.together):
        if any(name not in groups for name in row):
            yield Fault(f"together.{number}", _NOT_THERE)
    for field, language in _languages(definition):
        if language not in vocabulary.languages():
            yield Fault(field, f"{language[:20]} is not a language of the pack")


def _languages(definition: Definition) -> Iterator[tuple[str, str]]:
    for field in _TOLD_BY:
        yield from ((field, language) for language in getattr(definition, field))
    for field in ("positive", "negative"):
        texts = enumerate(getattr(definition.examples, field))
        yield from ((f"examples.{field}.{number}", one.language) for number, one in texts)


def _written(definition: Definition, lexicon: Lexicon) -> Iterator[Fault]:
    """Terms that cannot be read, or would cost too much to look for."""
    count = 0
    begun: Begun = defaultdict(lambda: defaultdict(list))
    for field, term in _terms(definition):
        count += 1
        if wrong := _unseen(term) or _unreadable(term):
            yield Fault(field, wrong)
            continue
        begins, *further = open_term(term, field.split(".")[1], lexicon.groups).parts
        at_once = bool(further) and not further[0].gap and len(further[0].stem) >= LEAST_NEXT
        following = further[0].stem if at_once else ""
        begun[begins.stem][following].append((begins.suffix, field))
    yield from _alike(begun)
    if count > MOST_TERMS:
        yield Fault("terms", f"are more than {MOST_TERMS} with those of the other parts")
    if not (definition.terms or definition.weak or definition.any or definition.together):
        yield Fault("terms", "are missing: nothing would be tagged")


def _alike(begun: Begun) -> Iterator[Fault]:
    """Terms of which too many would be tried at one place of a text: those that a word may begin, but of those that go
    on with a word at once only what the next word there begins."""
    for word, by_next in begun.items():
        shorter = [(word[:long], len(word) - long) for long in range(1, len(word) + 1) if word[:long] in begun]
        for following, own in by_next.items():
            beginnings = {following[:long] for long in range(len(following) + 1)}
            tried = sum(
                ending >= left
                for stem, left in shorter
                for beginning in beginnings & begun[stem].keys()
                for ending, _ in begun[stem][beginning]
            )
            if tried > MOST_ALIKE:
                _, field = own[max(0, MOST_ALIKE - (tried - len(own)))]
                yield Fault(field, f"is one of more than {MOST_ALIKE} terms that begin alike")


def _unseen(term: str) -> str:
    """Whether whoever reviews a term would read another than stands there; nothing where not."""
    unseen = any(one != ZWNJ and unicodedata.category(one) == "Cf" for one in term)
    return "holds a character that nobody sees" if unseen else ""


def _unreadable(term: str) -> str:
    """What is wrong with a term; nothing where it can be read."""
    words = term.replace("-", " ").split()
    if len(words) > MOST_WORDS:
        return f"has more than {MOST_WORDS} words"
    for word in words:
        stem, slash, ending = word.partition("/")
        if slash and not (ending.isascii() and ending.isdigit() and len(ending) < 4 and int(ending) <= LONGEST_ENDING):
            return f"has an ending that is no number up to {LONGEST_ENDING}"
        if "*" in stem.removesuffix("*") or (slash and "*" in stem):
            return "has a star that is not at the end of a word"
    if ".." in (words[0], words[-1]) if words else True:
        return "begins or ends with a gap"
    try:
        parse_term(term.replace("*", "/1"))
    except ValueError:
        return "is no term: two letters are the least that an ending may follow"
    return ""


def _refused(definition: Definition, lexicon: Lexicon) -> Iterator[Fault]:
    """What would tell of a subject that none may. What the pack's own definition of the theme says is left: there it
    was weighed with the harm that it may do."""
    rule = "tells of {}, which no definition may: take it out"
    packed, groups = lexicon.find(definition.code), lexicon.groups
    known = {term for _, term in _terms(packed)} if packed else set()
    if subject := forms.refused_in(definition.purpose):
        yield Fault("purpose", rule.format(subject))
    for field, term in _terms(definition):
        excluded, language = field.startswith("not."), field.split(".")[1]
        if (
            not excluded
            and term not in known
            and not _unreadable(term)
            and (subject := refused_by(term, language, groups))
        ):
            yield Fault(field, rule.format(subject))
    before = {name for _, name in _groups(packed)} if packed else set()
    for field, name in _groups(definition):
        words = groups.groups.get(name, {}) if name not in before else {}
        told = (refused_by(word, language, groups) for language, some in words.items() for word in some)
        if subject := _first(told):
            yield Fault(field, rule.format(subject))


def _terms(definition: Definition) -> Iterator[tuple[str, str]]:
    for field in _TOLD_BY:
        for language, terms in getattr(definition, field).items():
            yield from ((f"{field}.{language}.{number}", term) for number, term in enumerate(terms))
    yield from ((f"not.{number}", term) for number, term in enumerate(definition.excluded))


def _groups(definition: Definition) -> Iterator[tuple[str, str]]:
    """The groups of words that it is built from, wherever they count."""
    for field in ("any", "hints", "beside", "within"):
        yield from ((f"{field}.{number}", name) for number, name in enumerate(getattr(definition, field)))
    yield from ((f"together.{number}", name) for number, row in enumerate(definition.together) for name in row)


def _first(subjects: Iterable[str | None]) -> str | None:
    return next((one for one in subjects if one), None)
