"""XLSX: the first visible sheet of a workbook, cell by cell, read as values; nothing in it is ever computed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # type: ignore[import-untyped]  # it has no types
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel  # type: ignore[import-untyped]  # it has no types
from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]  # it has no types

from services.kernel.errors import TooLarge
from services.sheets.container import Container, Element
from services.sheets.grid import ERROR, FORMULA, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, TIMED, Cell, Faulty, Row
from services.sheets.refusals import SheetNotReadable

_AT = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_LINKS = ("hyperlink",)  # the one kind of outside address that a plain sheet may hold; it is not followed
_LAST = 1_048_576
MOST_EMPTY = 50_000  # rows with nothing in them but a format
_NO_DAY = Faulty("is no day of the calendar: write it as 2026-10-31")


@dataclass(slots=True)
class Workbook:
    """What must be known before the cells: shared texts, which styles are days, and from when days are counted."""

    shared: list[str]
    days: set[int]
    epoch: datetime
    sheet: str


@dataclass(slots=True)
class _Cell:
    at: int
    kind: str
    style: int
    formula: bool = False
    value: str = ""
    texts: list[str] = field(default_factory=list)


def read(raw: bytes) -> Iterator[Row]:
    """The rows of the first visible sheet.

    Raises:
        SheetNotReadable: it is no plain workbook, or cells are merged.
        TooLarge: more rows or cells than one file may have.
    """
    container = Container(raw)
    book = _workbook(container)
    yield from _rows(container, book)


def _workbook(container: Container) -> Workbook:
    main = _main(container)
    links = _relations(container, main)
    sheet, mac = "", False
    for one in container.elements(main):
        if one.name == "workbookPr" and one.attributes.get("date1904", "0") in ("1", "true"):
            mac = True
        if one.name == "sheet" and not sheet and one.attributes.get("state", "visible") == "visible":
            sheet = links.get(one.attributes.get("id", ""), "")
    if not sheet:
        raise SheetNotReadable("The workbook has no visible sheet.")
    _relations(container, sheet)
    folder = posixpath.dirname(main)
    return Workbook(
        shared=list(_shared(container, f"{folder}/sharedStrings.xml")),
        days=_days(container, f"{folder}/styles.xml"),
        epoch=CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900,
        sheet=sheet,
    )


def _main(container: Container) -> str:
    """The part that is the workbook; one with macros has another type."""
    for one in container.elements("[Content_Types].xml"):
        if one.name == "Override" and "macroenabled" in one.attributes.get("ContentType", "").casefold():
            raise SheetNotReadable("The workbook may hold macros: save it as a plain .xlsx workbook.")
        if one.name == "Override" and one.attributes.get("ContentType") == _MAIN:
            return one.attributes.get("PartName", "").lstrip("/")
    raise SheetNotReadable("The file is no .xlsx workbook: save it as one, or as CSV UTF-8.")


def _relations(container: Container, part: str) -> dict[str, str]:
    """The parts that a part leads to, by their ids; whatever lies outside the file is refused."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    found: dict[str, str] = {}
    if not container.has(path):
        return found
    for one in container.elements(path):
        if one.name != "Relationship":
            continue
        kind, target = one.attributes.get("Type", "").rpartition("/")[2], one.attributes.get("Target", "")
        if one.attributes.get("TargetMode") == "External":
            if kind not in _LINKS:
                raise SheetNotReadable("The workbook leads to other files: paste values, and save it anew.")
            continue
        inside = posixpath.normpath(target if target.startswith("/") else posixpath.join("/", folder, target))
        if kind == "worksheet":
            found[one.attributes.get("Id", "")] = inside.lstrip("/")
    return found


def _shared(container: Container, part: str) -> Iterator[str]:
    """The texts that cells point to; readings beside them (rPh) are left out."""
    if not container.has(part):
        return
    parts: list[str] = []
    for one in container.elements(part):
        if not one.ended:
            continue
        if one.name == "t" and "rPh" not in one.within:
            parts.append(one.text)
        if one.name == "si":
            yield unescape("".join(parts))
            parts = []


def _days(container: Container, part: str) -> set[int]:
    """The cell styles that show a number as a day."""
    if not container.has(part):
        return set()
    own: dict[int, str] = {}
    styles: list[int] = []
    for one in container.elements(part):
        if one.ended:
            continue
        if one.name == "numFmt":
            own[_whole(one.attributes.get("numFmtId"))] = one.attributes.get("formatCode", "")[:200]
        if one.name == "xf" and one.within[-1:] == ("cellXfs",):
            styles.append(_whole(one.attributes.get("numFmtId")))
    return {n for n, code in enumerate(styles) if is_date_format(own.get(code, BUILTIN_FORMATS.get(code, "General")))}


def _rows(container: Container, book: Workbook) -> Iterator[Row]:
    number, total, rows, seen = 0, 0, 0, 0
    cells: dict[int, Cell] = {}
    cell: _Cell | None = None
    for one in container.elements(book.sheet):
        if one.name == "mergeCell":
            raise SheetNotReadable(f"Cells {one.attributes.get('ref', '')[:20]} are merged: take them apart.")
        if one.name == "row" and not one.ended:
            seen += 1
            number, cells = _row_number(one.attributes.get("r"), number), {}
        elif one.name == "c" and not one.ended:
            at = _column(one.attributes.get("r"), max(cells, default=-1) + 1)
            cell = _Cell(at, one.attributes.get("t", "n"), _whole(one.attributes.get("s", "0")))
            total += 1
        elif cell is not None:
            _part(cell, one)
            if one.name == "c" and one.ended:
                cells[cell.at] = _value(cell, book)
                cell = None
        if one.name == "row" and one.ended and cells:
            rows += 1
            yield Row(number, tuple(cells.get(n) for n in range(max(cells) + 1)))
        if total > MOST_CELLS or rows > 2 * MOST_ROWS or seen > MOST_EMPTY:
            raise TooLarge(f"A file may have {MOST_ROWS} rows and {MOST_CELLS} cells.")


def _part(cell: _Cell, one: Element) -> None:
    if one.name == "f":
        cell.formula = True
    elif one.ended and one.name == "v":
        cell.value = one.text
    elif one.ended and one.name == "t" and "rPh" not in one.within:
        cell.texts.append(one.text)


def _value(cell: _Cell, book: Workbook) -> Cell:  # noqa: PLR0911 -- one kind of cell after another
    if cell.formula:
        return FORMULA
    match cell.kind:
        case "s":
            place = _whole(cell.value)
            return book.shared[place].strip() if 0 <= place < len(book.shared) else ERROR
        case "inlineStr":
            return str(unescape("".join(cell.texts))).strip()
        case "str":
            return str(unescape(cell.value)).strip()
        case "b":
            return cell.value.strip() == "1"
        case "e":
            return ERROR
        case "d":
            day, _, time = cell.value.strip().partition("T")
            return f"{day}T{time}" if time.strip("0:.Z") else day
        case "n":
            return _number(cell, book) if cell.value.strip() else None
    return ERROR


def _number(cell: _Cell, book: Workbook) -> Cell:
    try:
        value = float(cell.value)
    except ValueError:
        return ERROR
    if cell.style in book.days:
        return _day(value, book.epoch)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _day(value: float, epoch: datetime) -> Cell:
    if not 0 < value < 2_958_466:  # 31 December 9999
        return _NO_DAY
    try:
        found = from_excel(value, epoch)
    except (OverflowError, ValueError):  # by a part of a day, or by the other epoch
        return _NO_DAY
    if not isinstance(found, datetime):
        return TIMED
    return found.date() if value.is_integer() else found


def _row_number(given: str | None, before: int) -> int:
    number = _whole(given) if given is not None else before + 1
    if not before < number <= _LAST:
        raise SheetNotReadable("The rows of the sheet are not in order: open the file, and save it anew.")
    return number


def _column(given: str | None, following: int) -> int:
    """The column of a cell, from 0: as it says, or the one after the last."""
    at = following
    if given is not None:
        found = _AT.fullmatch(given)
        if found is None:
            raise SheetNotReadable("A cell has no place in the sheet: open the file, and save it anew.")
        at = 0
        for letter in found.group(1):
            at = at * 26 + ord(letter) - 64
        at -= 1
    if at < following:
        raise SheetNotReadable("The cells of a row are not in order: open the file, and save it anew.")
    if at >= MOST_COLUMNS:
        raise TooLarge(f"A sheet may have {MOST_COLUMNS} columns: take away what stands to the right.")
    return at


def _whole(text: str | None) -> int:
    """A number of a file's making; -1 where it is none."""
    return int(text) if text is not None and text.isascii() and text.strip().isdigit() and len(text) < 12 else -1
