"""Texts read in a wrong encoding: UTF-8 taken for Windows-1252 or Windows-1251, and Windows-1251 taken for 1252."""

import re
from collections.abc import Iterator

from services.screening.offsets import Edit

_LEAST_RUN, _LEAST_WORDS = 3, 2


def _table(codec: str) -> dict[str, int]:
    """Of each character above ASCII, the byte that it was read from."""
    found: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            found[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            continue  # a byte without a character in this encoding
    return found


def _class(table: dict[str, int], first: int, last: int) -> str:
    return "[" + "".join(re.escape(one) for one, byte in table.items() if first <= byte <= last) + "]"


def _sequences(table: dict[str, int]) -> str:
    """One character of UTF-8 as its two or three bytes look in the encoding."""
    follows = _class(table, 0x80, 0xBF)
    return f"(?:{_class(table, 0xC2, 0xDF)}{follows}|{_class(table, 0xE2, 0xE2)}{follows}{follows})"


_WESTERN, _CYRILLIC = _table("cp1252"), _table("cp1251")
_IN_WESTERN = re.compile(f"{_sequences(_WESTERN)}+")
_IN_CYRILLIC = re.compile(f"{_sequences(_CYRILLIC)}+")
# These begin with plain sets of characters, which are searched for ten times as fast as alternatives.
_ACCENTED = re.compile("[À-ÿ]")
_FOUR_ACCENTED = re.compile("[À-ÿ¸¨]{4}")
_MAYBE_WESTERN = re.compile(_class(_WESTERN, 0xC2, 0xE2) + _class(_WESTERN, 0x80, 0xBF))
_MAYBE_CYRILLIC = re.compile((_class(_CYRILLIC, 0xC2, 0xDF) + _class(_CYRILLIC, 0x80, 0xBF)) * _LEAST_RUN)
# A letter of a language written in Latin script here, a quotation mark or dash: what may stand alone.
_LATIN = frozenset("ÄäÇçĞğİıÖöŞşÜüÝýŽžŇňÂâÉéÈèÊêËëÎîÏïÔôÙùÛû")
_MARKS = frozenset("‘’“”„–—…•«»№")
_WORD = re.compile("(?<![^\\W\\d_])[À-ÿ¸¨]+(?![^\\W\\d_])")
_LONG_WORD = re.compile("(?<![^\\W\\d_])[À-ÿ¸¨]{4,}(?![^\\W\\d_])")


def mended(text: str) -> list[Edit]:
    """What to put in the place of wrongly read characters; nothing unless it is certain that they were."""
    if text.isascii():
        return []
    if _ACCENTED.search(text):
        found = (_MAYBE_WESTERN.search(text) and _utf8_in_western(text)) or _cyrillic_in_western(text)
        if found:
            return found
    return _utf8_in_cyrillic(text) if _MAYBE_CYRILLIC.search(text) else []


def _utf8_in_western(text: str) -> list[Edit]:
    edits: list[Edit] = []
    alone: list[Edit] = []
    for run in _IN_WESTERN.finditer(text):
        found = list(_decoded(run.group(), run.start(), _WESTERN))
        said = "".join(edit.new for edit in found)
        of_three = len(said) == 1 and said in _MARKS and run.group()[0] == "â"
        if of_three or (len(said) > 1 and all(_expected(one) for one in said)):
            edits += found
        elif len(said) == 1 and _expected(said):
            alone += found
    # One that stands alone might be meant, and one alone that makes no letter of a language written so.
    if edits or sum(1 for one in alone if one.new in _LATIN) > 1:
        edits += alone
    return sorted(edits, key=lambda edit: edit.start)


def _utf8_in_cyrillic(text: str) -> list[Edit]:
    edits: list[Edit] = []
    certain = False
    for run in _IN_CYRILLIC.finditer(text):
        found = list(_decoded(run.group(), run.start(), _CYRILLIC))
        if found and all(_expected(edit.new) for edit in found):
            edits += found
            certain = certain or len(found) >= _LEAST_RUN
    return edits if certain else []


def _cyrillic_in_western(text: str) -> list[Edit]:
    """Whole words of accented letters, more than one and long: no language here writes so."""
    if not _FOUR_ACCENTED.search(text) or sum(1 for _ in _LONG_WORD.finditer(text)) < _LEAST_WORDS:
        return []
    return [
        Edit(word.start(), word.end(), word.group().encode("cp1252").decode("cp1251")) for word in _WORD.finditer(text)
    ]


def _decoded(run: str, start: int, table: dict[str, int]) -> Iterator[Edit]:
    """The characters of a run of sequences, each in the place of its own bytes; those that are no UTF-8 left out."""
    at = 0
    while at < len(run):
        long = 3 if table[run[at]] >= 0xE0 else 2
        part = run[at : at + long]
        try:
            new = bytes(table[one] for one in part).decode("utf-8")
        except UnicodeDecodeError:
            new = ""
        if new:
            yield Edit(start + at, start + at + len(part), new)
        at += long


def _expected(one: str) -> bool:
    """Whether a character is of a script that partners write, or punctuation."""
    return "\u00a0" <= one <= "\u024f" or "\u0400" <= one <= "\u052f" or "\u0600" <= one <= "\u06ff" or one in _MARKS
