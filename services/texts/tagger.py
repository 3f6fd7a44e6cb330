"""What a report is about: one pure function from its words to its tags."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from services import screening, vocabulary
from services.screening import Reading
from services.texts import (
    definitions,
    duplicates,
    learned,
    names,
    quantities,
    quantity_words,
    references,
    scenes,
    spoken,
)
from services.texts import language as languages
from services.texts.actors import Actors
from services.texts.definitions import Definition, Lexicon
from services.texts.evidence import Scheme, Tag
from services.texts.folding import Folded, fold, normalise
from services.texts.gazetteer import Gazetteer
from services.texts.lexicon import Themes
from services.texts.sentences import Sentences
from services.vocabulary import COUNTRY, TOWN, UNIT, Places

_FOLDER = Path(__file__).parent / "lexicon"
_SENDER_VERSION = "sender"
_LANGUAGE_VERSION = "pycld2-0.42"
_LEAST_SHARE = 0.05  # of a passage whose language could not be told
_SCRIPTS = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC"}  # ISO 15924 to the words of Unicode names
_SCHEMES: dict[str, Scheme] = {COUNTRY: "country", UNIT: "unit", TOWN: "town"}


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was found in a text. Near duplicates are looked for under its `bands`, and told by its `sketch`."""

    language: str
    guessed_language: str
    tags: tuple[Tag, ...]
    bands: tuple[int, ...]
    sketch: duplicates.Sketch


def compose(title: str, text: str) -> str:
    """Title and text as one NFC string: the text to which all spans refer."""
    return normalise(f"{title}\n{text}")


def read(title: str, text: str) -> Reading:
    """What is tagged of a text: its cleaned reading, without what is personal in it."""
    return screening.read(normalise(title), normalise(text))


def tag(
    title: str,
    text: str,
    *,
    language: str | None = None,
    place: str | None = None,
    themes: Iterable[str] = (),
    sender_countries: Iterable[str] = (),
    reading: Reading | None = None,
    actors: Sequence[Actors] = (),
    wording: Themes | None = None,
) -> Tagged:
    """Tags of a report: by its sender, and by its words with the spans that led to each.

    `language`, `place` and `themes` are what the sender declared; they stand beside what was found, and the declared
    language wins. A unit or town gives its country too. `sender_countries` help to tell places of one name apart.
    `actors`: who may be named. `reading`: what `read` gives of these words, where it was made before. What is personal
    leads to no tag. `wording`: by which definitions themes are told; the pack's, where none is given.
    """
    reading = reading or read(title, text)
    whole = reading.whole(masked=True)
    within = fold(whole)
    guess = guessed(whole)
    declared = languages.declared(language)
    chosen = declared or guess.code
    parts = spoken.passages(whole, guess, guessed)
    known = guess.present.union((one.code for one in parts), {declared} if declared else ()) - {languages.UNDETERMINED}
    found = [*_by_sender(place, themes), *_language_tags(declared, parts)]
    near = [*sender_countries, *_country(place)]
    sentences = Sentences(within.text)
    told = (wording or packed()).find(within, frozenset(known), sentences)
    found += told
    found += gazetteer().find(
        whole, within, sender_countries=near, language=chosen, languages=frozenset(known), themes=_values(told)
    )
    found += _facts(whole, within, sentences, actors)
    if reading.done:
        found = [replace(one, spans=tuple(reading.back(span) for span in one.spans)) for one in found]
    compared = duplicates.plain_text(*reading.shown(masked=True), within)
    sketch, bands = duplicates.sketch(compared, whole)
    return Tagged(chosen, guess.code, tuple(found), bands, sketch)


def ready() -> None:
    """Build what every text is looked through for: before processes are forked, so that they share it. This text is too
    short to be sketched: what is done by native code that may begin threads is left to each process."""
    packed().ready()
    tag("", "Nothing is told, but all is ready.")


def themes_in(title: str, text: str, *, language: str | None = None, wording: Themes | None = None) -> Tagged:
    """What `tag` gives of a text, its themes alone and without their spans: to try definitions on many texts."""
    whole = read(title, text).whole(masked=True)
    guess = guessed(whole)
    declared = languages.declared(language)
    known = guess.present | ({declared} if declared else set())
    found = (wording or packed()).find(fold(whole), frozenset(known))
    bare = tuple(replace(one, spans=()) for one in found)
    return Tagged(declared or guess.code, guess.code, bare, (), duplicates.Sketch(b"", b""))


def not_judged() -> frozenset[str]:
    """Themes whose definitions are given and not yet judged."""
    return packed().not_judged


def packed() -> Themes:
    """What tells themes by the definitions of the pack."""
    return _built_themes(_folders(), vocabulary.themes().codes())


def lexicon() -> Lexicon:
    """The definitions of the pack, with the groups and senses that they, and a network's own, are built from."""
    return _read_lexicon(_folders(), vocabulary.themes().codes())


def worded(own: Iterable[Definition]) -> Themes:
    """What tells themes by these definitions and, of all other themes, by the pack's."""
    return packed().with_own(own)


def version_of(scheme: str, value: str, *, wording: Themes) -> str:
    """The version of the definitions by which a theme or place is found now; empty of anything else."""
    if scheme == "theme":
        return wording.versions.get(value, "")
    return gazetteer().version if scheme == "place" else ""


def pattern_count() -> int:
    """How many words and phrases are looked for in each text, themes and places together."""
    return len(packed()) + len(gazetteer())


def found_in(
    words: str,
    *,
    place: str | None = None,
    sender_countries: Iterable[str] = (),
    language: str | None = None,
    actors: Sequence[Actors] = (),
    wording: Themes | None = None,
) -> list[Tag]:
    """Themes, places, actors, references and quantities that words name which stand beside the report's own. `place` is
    the report's. `language`: one that they may be in whatever is guessed, which of a few words says little."""
    whole = normalise(words)
    within = fold(whole)
    near = [*sender_countries, *_country(place)]
    known = guessed(whole).present | ({language} if language else set())
    sentences = Sentences(within.text)
    told = (wording or packed()).find(within, frozenset(known), sentences)
    return [
        *told,
        *gazetteer().find(
            whole, within, sender_countries=near, language=language, languages=frozenset(known), themes=_values(told)
        ),
        *_facts(whole, within, sentences, actors),
    ]


def _values(tags: Iterable[Tag]) -> list[str]:
    return [one.value for one in tags]


def _facts(whole: str, within: Folded, sentences: Sentences, actors: Sequence[Actors]) -> Iterator[Tag]:
    """Who is named, which documents, and which quantities."""
    for some in actors:
        yield from some.find(whole, within)
    folders = _folders()
    yield from _built_references(_file(folders, "references.yaml")).find(whole)
    yield from _built_quantities(_file(folders, "quantities.yaml")).find(within, sentences)


def guessed(whole: str) -> languages.Guess:
    """The language of a text, and those that it is partly in."""
    known = vocabulary.languages()
    by_script: dict[str, str] = {}
    for one in known:  # in the order of the pack, so the network's leading language of each script
        for script in one.scripts:
            by_script.setdefault(_SCRIPTS.get(script, script), one.code)
    alphabets = _built_alphabets(_file(_folders(), "languages.yaml"))
    return languages.guess(whole, frozenset(known.codes()), by_script, alphabets)


def _by_sender(place: str | None, themes: Iterable[str]) -> list[Tag]:
    tags = [Tag("theme", code, 1.0, "sender", (), _SENDER_VERSION) for code in dict.fromkeys(themes)]
    if place is not None and place in vocabulary.places():
        tags += [
            Tag(scheme, above.code, 1.0, "sender", (), _SENDER_VERSION)
            for above in vocabulary.places().path(place)
            if (scheme := _SCHEMES.get(above.level))
        ]
    return tags


def _language_tags(declared: str | None, parts: Sequence[spoken.Passage]) -> list[Tag]:
    """The declared language, and that of each passage: of a text in one language that of the whole, if it was told."""
    tags = [Tag("language", declared, 1.0, "sender", (), _SENDER_VERSION)] if declared else []
    if len(parts) == 1 and parts[0].code == languages.UNDETERMINED:
        return tags
    for code in dict.fromkeys(one.code for one in parts):
        told = [one for one in parts if one.code == code]
        share = max(_LEAST_SHARE, sum(one.share for one in told) / len(told))
        spans = tuple((one.start, one.end) for one in told)
        tags.append(Tag("language", code, round(share, 2), "model", spans, _LANGUAGE_VERSION))
    return tags


def _country(place: str | None) -> list[str]:
    if place is None or place not in vocabulary.places():
        return []
    country = vocabulary.places().country_of(place)
    return [country.code] if country else []


def abroad_in(words: str) -> list[str]:
    """The countries abroad that some words name, in any language and however great their letters are."""
    whole = normalise(words.title())
    return gazetteer().abroad_in(whole, fold(whole))


def gazetteer() -> Gazetteer:
    """What finds places."""
    folders = _folders()
    rules = (_file(folders, name) for name in ("places.yaml", "place_names.json", "landmarks.json", "abroad.json"))
    return _built_gazetteer(vocabulary.places(), _file(folders, "place_weights.json"), *rules)


def _folders() -> tuple[Path, ...]:
    """Where the lexicon is read from: the pack's own comes first."""
    return vocabulary.file("lexicon"), _FOLDER


@cache
def _file(folders: tuple[Path, ...], name: str) -> Path:
    return definitions.first(folders, name)


@cache
def _built_themes(folders: tuple[Path, ...], themes: tuple[str, ...]) -> Themes:
    return Themes(_read_lexicon(folders, themes), learned.read(*folders))


@lru_cache(maxsize=2)
def _read_lexicon(folders: tuple[Path, ...], themes: tuple[str, ...]) -> Lexicon:
    return definitions.read(*folders, themes=themes)


@cache
def _built_gazetteer(places: Places, weights: Path, *rules: Path) -> Gazetteer:
    return Gazetteer(places, names.Names(names.read(*rules), places), scenes.read(weights))


@cache
def _built_alphabets(rules: Path) -> languages.Alphabets:
    return languages.read(rules)


@cache
def _built_references(rules: Path) -> references.References:
    return references.References(references.read(rules))


@cache
def _built_quantities(rules: Path) -> quantities.Quantities:
    return quantities.Quantities(quantity_words.read(rules))
