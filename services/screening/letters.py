"""Letters: marks that nobody sees, look-alikes of another script inside a word, and disguised addresses."""

import re

from services.screening.offsets import Edit

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_JOINER = re.compile("[\u200c\u200d]")
# Between these a joiner means something: Arabic letters, and pictures made of several.
_JOINED = re.compile("[\u0600-\u08ff\u200c\u200d\u2190-\uffff\U00010000-\U0010ffff]")
_MIXED = re.compile("[A-Za-z](?:(?<=[\u0400-\u052f].)|(?=[\u0400-\u052f]))")
_WORD = re.compile("[A-Za-z\u0400-\u052f]+")
_LATIN = "ABCEHKMOPTXYaceopxyiIhj"
_CYRILLIC = "АВСЕНКМОРТХУасеорхуіІһј"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_LATIN_ALIKE, _CYRILLIC_ALIKE = frozenset(_LATIN), frozenset(_CYRILLIC)
_DISGUISED = re.compile(r"(?<=\w)\s?[\[({]\s?(?P<what>at|dot|собака|точка|тчк|@|\.)\s?[\])}]\s?(?=\w)", re.IGNORECASE)
_MAYBE_DISGUISED = re.compile(
    r"[\[({]\s?(?:at|At|AT|dot|Dot|DOT|соб|Соб|СОБ|точ|Точ|ТОЧ|тчк|Тчк|ТЧК|@|\.)\w{0,3}\s?[\])}]"
)
_SIGNS = {"at": "@", "собака": "@", "@": "@"}
_SYMBOL = re.compile(r"\b[A-Z]('|’)(?=\d{4}/\d)")


def unseen(text: str) -> list[Edit]:
    """Soft hyphens, zero-width marks and marks of direction, taken out; joiners where they join nothing."""
    if text.isascii():
        return []
    edits = [Edit(found.start(), found.end(), "") for found in _UNSEEN.finditer(text)]
    if "\u200c" in text or "\u200d" in text:
        edits += [Edit(found.start(), found.end(), "") for found in _JOINER.finditer(text) if not _joins(text, found)]
        edits.sort(key=lambda edit: edit.start)
    return edits


def _joins(text: str, found: re.Match[str]) -> bool:
    return bool(_JOINED.search(text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]))


def one_script(text: str) -> list[Edit]:
    """Words of both Latin and Cyrillic letters, in the one script in which all of their letters can be read."""
    if text.isascii() or not _MIXED.search(text):
        return []
    edits = []
    for found in _WORD.finditer(text):
        word = found.group()
        if not word.isascii():
            new = _alike(word)
            if new != word:
                edits.append(Edit(found.start(), found.end(), new))
    return edits


def _alike(word: str) -> str:
    latin = [one for one in word if one.isascii()]
    if not latin:
        return word
    cyrillic = [one for one in word if not one.isascii()]
    to_cyrillic, to_latin = _LATIN_ALIKE.issuperset(latin), _CYRILLIC_ALIKE.issuperset(cyrillic)
    if to_cyrillic and (not to_latin or len(cyrillic) >= len(latin)):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN) if to_latin else word


def addresses(text: str) -> list[Edit]:
    """`name [at] example [dot] org` as the address it is."""
    if not _MAYBE_DISGUISED.search(text):
        return []
    edits = [
        Edit(found.start(), found.end(), _SIGNS.get(found["what"].lower(), ".")) for found in _DISGUISED.finditer(text)
    ]
    if "@" in text or any(edit.new == "@" for edit in edits):
        return edits
    return [edit for edit in edits if " " not in text[edit.start : edit.end]]  # else it is a word in brackets


def symbols(text: str) -> list[Edit]:
    """Symbols of documents whose stroke was misread: a capital, an apostrophe, a year, a stroke."""
    if "'" not in text and "’" not in text:
        return []
    return [Edit(found.start(1), found.end(1), "/") for found in _SYMBOL.finditer(text)]
