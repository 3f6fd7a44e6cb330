"""CSV: read as spreadsheets write it, if that can be told for certain; written so that no cell becomes a formula."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

from services.kernel.errors import TooLarge
from services.sheets import windows_1251
from services.sheets.grid import FORMULA, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Row
from services.sheets.refusals import SheetNotReadable

SEPARATORS = (",", ";", "\t")
STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for the start of a formula
_UTF8 = "save it as CSV UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(raw: bytes) -> Iterator[Row]:
    """The rows of a CSV file, as `decoded` and `rows` give them."""
    return rows(decoded(raw)[0])


def rows(text: str) -> Iterator[Row]:
    """The rows of a CSV file's text.

    Raises:
        SheetNotReadable: quotes do not match.
        TooLarge: more rows or cells than one file may have.
    """
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            cells += len(line)
            if number > 2 * MOST_ROWS or cells > MOST_CELLS or len(line) > MOST_COLUMNS:
                raise TooLarge(f"A file may have {MOST_ROWS} rows, {MOST_COLUMNS} columns and {MOST_CELLS} cells.")
            yield Row(number, tuple(_cell(one) for one in line))
    except csv.Error as error:
        raise SheetNotReadable(f"Line {reader.line_num}: {error}. Look whether every quote is closed.") from None


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a CSV file, and the name of its encoding where that had to be told from the text: whoever sent it is
    to be told; empty for UTF-8 and UTF-16.

    Raises:
        SheetNotReadable: the encoding cannot be told or is broken.
    """
    text, encoding = _decoded(raw)
    if "\0" in text:
        raise SheetNotReadable(f"The file holds the character U+0000: {_UTF8}.")
    return text, encoding


def _decoded(raw: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding), ""
            except UnicodeDecodeError as error:
                raise SheetNotReadable(f"Byte {error.start} is broken {encoding.upper()}: {_UTF8}.") from None
    if b"\0" in raw[:4096]:
        raise SheetNotReadable(f"The file is UTF-16 without its mark, or no text: {_UTF8}.")
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        where = error.start
    text = windows_1251.read(raw)
    if text is None:
        raise SheetNotReadable(f"Byte {where} is not UTF-8, and the file not Windows-1251 for certain: {_UTF8}.")
    return text, windows_1251.NAME


def _separator(text: str) -> str:
    """The separator that the first line has most of, quoted parts left out; a comma where it has none."""
    outside = "".join(text[:20_000].partition("\n")[0].split('"')[::2])
    best = max(SEPARATORS, key=outside.count)
    return best if outside.count(best) else ","


def _cell(text: str) -> Cell:
    text = text.strip()
    if text.startswith("'") and text[1:].startswith(STARTS):
        return text[1:]  # as `written` writes it
    return FORMULA if text.startswith("=") else text


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(STARTS) else cell


def written(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV in UTF-8 with a mark, as spreadsheets expect it; no cell starts as a formula does."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    for row in rows:
        writer.writerow([plain("" if one is None else str(one)) for one in row])
    return codecs.BOM_UTF8 + held.getvalue().encode()
