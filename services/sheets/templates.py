"""Templates: an empty sheet of a form, its columns by code and explained, with drop-downs for what is chosen."""

import io
import re
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook  # type: ignore[import-untyped]  # it has no types
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]  # it has no types
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # it has no types
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]  # it has no types
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]  # it has no types

from services import vocabulary
from services.forms import Form, said
from services.sheets import csv_file
from services.sheets.columns import Column, columns
from services.sheets.grid import MOST_ROWS
from services.sheets.words import labels, words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")
_HEAD = PatternFill("solid", fgColor="FFE7EEF5")


def as_csv(form: Form, language: str) -> bytes:
    """The template as CSV: the header, and a row that explains it and is left out when the file is read."""
    listed = columns(form, language)
    return csv_file.written([[one.code for one in listed], _explaining(listed)])


def as_xlsx(form: Form, language: str) -> bytes:
    """The template as a workbook: the same two rows, drop-downs below them, and a sheet that explains each column."""
    listed = columns(form, language)
    book = Workbook()
    book.properties.creator, book.properties.title = "ewn", f"{form.code} {form.version}"
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = form.code[:31]
    sheet.append([one.code for one in listed])
    sheet.append(_explaining(listed))
    for row in (1, 2):
        for cell in sheet[row]:
            cell.font, cell.fill = Font(bold=row == 1, italic=row == 2), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B3"
    _explain(book, form, listed, language)
    _offer(book, sheet, listed)
    held = io.BytesIO()
    book.save(held)
    return _dateless(held)


def _dateless(book: io.BytesIO) -> bytes:
    """The same workbook without the hour in which it was made: one form is one file, byte for byte."""
    held = io.BytesIO()
    with ZipFile(book) as made, ZipFile(held, "w", ZIP_DEFLATED) as plain:
        for one in made.infolist():
            body = made.read(one)
            if one.filename == "docProps/core.xml":
                body = _WRITTEN.sub(rb"\g<1>2026-01-01T00:00:00Z\g<2>", body)
            plain.writestr(ZipInfo(one.filename, (2026, 1, 1, 0, 0, 0)), body, ZIP_DEFLATED)
    return held.getvalue()


def _explaining(listed: Sequence[Column]) -> list[str]:
    """The second row: names in the reader's language, the required ones with a star; the first begins with #."""
    names = [f"{one.label}{' *' if one.required else ''}" for one in listed]
    return [f"# {names[0]}", *names[1:]]


def _explain(book: Workbook, form: Form, listed: Sequence[Column], language: str) -> None:
    about = labels(language)
    sheet = book.create_sheet(about["explanations"][0])
    sheet.append([said(form.title, language), said(form.help, language)])
    sheet.append([])
    sheet.append([about[name][0] for name in ("column", "about", "needed", "allowed")])
    for one in listed:
        yes = words(language)["yes" if one.required else "no"]
        sheet.append([_safe(text) for text in (one.code, f"{one.label}. {one.guidance}", yes, _allowed(one, language))])
    for column, width in (("A", 32), ("B", 80), ("C", 14), ("D", 60)):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=1, max_row=sheet.max_row):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 3)


def _allowed(one: Column, language: str) -> str:
    if one.choices:
        return "; ".join(one.choices)
    scale = {"count": "number", "date": "day", "moment": "moment"}.get(one.scale)
    return labels(language)[scale][0] if scale else ""


def _offer(book: Workbook, sheet: Worksheet, listed: Sequence[Column]) -> None:
    """Drop-downs. Their choices stand in a hidden sheet, for in a cell's own rule they may have 255 characters only."""
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    used: dict[tuple[str, ...], str] = {}
    for at, one in enumerate(listed, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = 44 if one.code == "text" else 22
        if shown := {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}.get(one.scale):
            for row in range(3, 53):
                sheet[f"{letter}{row}"].number_format = shown
        offered = one.choices or (vocabulary.languages().codes() if one.scale == "language" else ())
        if not offered:
            continue
        if offered not in used:
            place = get_column_letter(len(used) + 1)
            for row, word in enumerate(offered, start=1):
                lists[f"{place}{row}"] = _safe(word)
            used[offered] = f"lists!${place}$1:${place}${len(offered)}"
        rule = DataValidation(type="list", formula1=used[offered], allow_blank=True)
        rule.add(f"{letter}3:{letter}{MOST_ROWS + 2}")
        sheet.add_data_validation(rule)


def _safe(text: str) -> str:
    """Words of a form that begin as a formula does are words."""
    return csv_file.plain(text)
