"""A list as its file gives it: read whole or refused whole, within bounds, and without following anything outside it.

The format is that of the Security Council's Consolidated List (sc-sanctions.xsd).
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Literal
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it has no types
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # it has no types

MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, MOST_ENTRIES = 64_000_000, 8, 2_000_000, 50_000
LONGEST_TEXT, LONGEST_NAME = 20_000, 500
_AT_ONCE = 65_536
_REFERENCE = re.compile(r"[A-Za-z]{2,6}\.\d{1,6}")
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ROOT, _ORIGINAL, _ALIAS, _KEY = "CONSOLIDATED_LIST", "NAME_ORIGINAL_SCRIPT", "ALIAS_NAME", "REFERENCE_NUMBER"
EntryKind = Literal["entity", "individual"]
_KINDS: dict[str, EntryKind] = {"INDIVIDUAL": "individual", "ENTITY": "entity"}
_SECTIONS = {"INDIVIDUALS": "INDIVIDUAL", "ENTITIES": "ENTITY"}


class NotAList(ValueError):
    """The file is no list that can be read whole. It says where and why, and no name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `names`: of an entity its name, the one in its own script and its aliases; of an individual the full
    name and the one in its own script only. `digest` tells whether anything in the entry was amended."""

    reference: str
    kind: EntryKind
    programme: str
    names: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list, dated by whoever made it, entries in the order of their references."""

    dated: datetime
    entries: tuple[Entry, ...]

    def count(self, kind: EntryKind) -> int:
        """How many entries are of a kind."""
        return sum(one.kind == kind for one in self.entries)


def parse(file: BinaryIO) -> Listing:
    """Read a list.

    Raises:
        NotAList: the file is damaged, cut short, too large, nested too deep, or no such list.
    """
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    read = 0
    try:
        while given := file.read(_AT_ONCE):
            read += len(given)
            if read > MOST_BYTES:
                raise NotAList(f"The file is larger than {MOST_BYTES} bytes.")
            parser.feed(given)
        parser.close()
    except ParseError as error:
        line, column = error.position
        raise NotAList(f"The file is damaged or cut short: line {line}, column {column}.") from None
    except (DefusedXmlException, LookupError, UnicodeError):
        raise NotAList("The file declares a document type, an entity or a character set that is not taken.") from None
    return target.listing()


@dataclass(slots=True)
class _Open:
    """An entry while it is read."""

    kind: EntryKind
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    fields: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)


class _Target:
    """What the parser tells goes here; it holds one entry at a time."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._elements = 0
        self._text: list[str] = []
        self._length = 0
        self._dated: datetime | None = None
        self._sections: set[str] = set()
        self._open: _Open | None = None
        self._entries: dict[str, Entry] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        if len(self._path) >= MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise NotAList("The file is nested too deep, or holds too many elements.")
        if not self._path:
            if tag != _ROOT:
                raise NotAList(f"The file is no {_ROOT}.")
            self._dated = _instant(attributes.get("dateGenerated", ""))
        elif len(self._path) == 1:
            if tag not in _SECTIONS or tag in self._sections:
                raise NotAList("The file has a section that is not known, or one twice.")
            self._sections.add(tag)
        elif len(self._path) == 2:
            if tag != _SECTIONS[self._path[1]]:
                raise NotAList("A section holds what does not belong there.")
            self._open = _Open(_KINDS[tag])
        self._path.append(tag)
        self._text, self._length = [], 0

    def data(self, text: str) -> None:
        """Text of an element."""
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise NotAList(f"An element is longer than {LONGEST_TEXT} characters.")
        self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._path.pop()
        text = " ".join("".join(self._text).split())
        self._text, self._length = [], 0
        if self._open is None:
            return
        if len(self._path) == 2:
            self._keep(self._open)
            self._open = None
            return
        self._open.hash.update(f"{tag}\x1f{text}\x1e".encode())
        if len(self._path) == 3:
            self._open.fields[tag] = text
        elif tag == _ALIAS and text:
            self._open.aliases.append(text)

    def close(self) -> None:
        """The document ends."""

    def _keep(self, one: _Open) -> None:
        key = one.fields.get(_KEY, "")
        if not _REFERENCE.fullmatch(key) or key in self._entries:
            raise NotAList(f"Entry {len(self._entries) + 1} has no reference number, or one that stands there twice.")
        full = " ".join(name for part in _NAMES if (name := one.fields.get(part, "")))
        if not full:
            raise NotAList(f"The entry {key} has no name.")
        names = [full, one.fields.get(_ORIGINAL, "")]
        if one.kind == "entity":
            names += one.aliases
        kept = tuple(dict.fromkeys(name for name in names if name and len(name) <= LONGEST_NAME))
        self._entries[key] = Entry(key, one.kind, one.fields.get("UN_LIST_TYPE", "")[:80], kept, one.hash.hexdigest())
        if len(self._entries) > MOST_ENTRIES:
            raise NotAList(f"The list has more than {MOST_ENTRIES} entries.")

    def listing(self) -> Listing:
        """What was read, once all of it was."""
        if self._dated is None or self._sections != _SECTIONS.keys() or not self._entries:
            raise NotAList("The list has no date, lacks a section, or is empty.")
        return Listing(self._dated, tuple(self._entries[key] for key in sorted(self._entries)))


def _instant(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise NotAList("The list has no date (dateGenerated).") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
