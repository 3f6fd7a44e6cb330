"""The parts of an XLSX file, opened only after the whole of it was found to be small, plain and without programs."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it has no types
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # it has no types

from services.kernel.errors import TooLarge
from services.sheets.refusals import SheetNotReadable

MOST_PARTS = 300
MOST_UNPACKED = 32 << 20
MOST_PART = 12 << 20
MOST_ELEMENTS = 1_500_000
DEEPEST = 24  # a cell with formatted text stands eight deep
_PLAIN = "save it as a plain .xlsx workbook without a password, macros or links to other files"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Parts that run, fetch or hide something. Nothing of them is read; a file that has them is not what we asked for.
_REFUSED = ("vbaproject", "externallinks/", "embeddings/", "activex/", "macrosheets/", "dialogsheets/", "ctrlprops/")
_REFUSED_NAMES = ("connections.xml", "encryptedpackage", "encryptioninfo")


class Element:
    """One element as it passes: local name, attributes by local name; once it has `ended`, also its own text."""

    __slots__ = ("attributes", "ended", "name", "text", "within")

    def __init__(self, name: str, attributes: dict[str, str], within: tuple[str, ...]) -> None:
        self.name = name
        self.attributes = attributes
        self.within = within
        self.text = ""
        self.ended = False


class Container:
    """An XLSX file that has been looked over."""

    def __init__(self, raw: bytes) -> None:
        if raw.startswith(_OLE):
            raise SheetNotReadable(f"The file is an old .xls workbook, or has a password: {_PLAIN}.")
        if raw.count(b"PK\x01\x02") > MOST_PARTS:  # before any list is made of them
            raise TooLarge(f"A workbook may have {MOST_PARTS} parts.")
        with _reading():
            self._zip = ZipFile(io.BytesIO(raw))
        self._look()

    def _look(self) -> None:
        names: set[str] = set()
        unpacked = 0
        for one in self._zip.infolist():
            name = one.filename.casefold().replace("\\", "/").lstrip("/")
            unpacked += one.file_size
            if name in names or ".." in name.split("/"):
                raise SheetNotReadable("The file holds a part twice, or one outside itself.")
            if one.flag_bits & 0x1 or one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise SheetNotReadable(f"The file is packed in a way that spreadsheets do not use: {_PLAIN}.")
            if any(part in name for part in _REFUSED) or name.rpartition("/")[2] in _REFUSED_NAMES:
                raise SheetNotReadable(f"The file holds macros, links to other files or objects: {_PLAIN}.")
            if one.file_size > MOST_PART or unpacked > MOST_UNPACKED:
                raise TooLarge(f"Unpacked, a workbook may have {MOST_UNPACKED >> 20} MB, a part {MOST_PART >> 20} MB.")
            names.add(name)
        self._names = {one.casefold(): one for one in self._zip.namelist()}

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._names

    def elements(self, name: str) -> Iterator[Element]:
        """The elements of a part, each as it begins and again as it has ended. Nothing of the part is kept."""
        if not self.has(name):
            raise SheetNotReadable(f"The part {name[:80]} is missing: {_PLAIN}.")
        with _reading(), self._zip.open(self._names[name.casefold()]) as part:
            yield from _passing(part)


def _passing(part: IO[bytes]) -> Iterator[Element]:
    open_: list[tuple[Element, object]] = []
    seen = 0
    for event, found in iterparse(part, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            seen += 1
            if seen > MOST_ELEMENTS or len(open_) >= DEEPEST:
                raise TooLarge("The workbook has more elements, or deeper ones, than any sheet needs.")
            attributes = {name.rpartition("}")[2]: value for name, value in found.attrib.items()}
            within = (*open_[-1][0].within, open_[-1][0].name) if open_ else ()
            one = Element(found.tag.rpartition("}")[2], attributes, within)
            open_.append((one, found))
            yield one
        else:
            one, _ = open_.pop()
            one.text, one.ended = found.text or "", True
            yield one
            found.clear()
            if open_:
                open_[-1][1].remove(found)  # type: ignore[attr-defined]  # or empty ones would pile up


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever is wrong with the file's making is one refusal."""
    try:
        yield
    except DefusedXmlException:
        raise SheetNotReadable(f"The workbook declares document types or entities: {_PLAIN}.") from None
    except (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError, LookupError):
        raise SheetNotReadable(f"The workbook is damaged: open it, and {_PLAIN}.") from None
    except ParseError:
        raise SheetNotReadable(f"A part of the workbook is no readable XML: open it, and {_PLAIN}.") from None
