"""Sheets: reports as CSV and XLSX files, made with a form's template."""

from services.sheets.api import answered, router
from services.sheets.columns import Column, columns
from services.sheets.csv_file import plain, written
from services.sheets.refusals import HeaderNotValid, SheetNotReadable
from services.sheets.taking import Answer, form_for, take
from services.sheets.templates import as_csv, as_xlsx

__all__ = [
    "Answer",
    "Column",
    "HeaderNotValid",
    "SheetNotReadable",
    "answered",
    "as_csv",
    "as_xlsx",
    "columns",
    "form_for",
    "plain",
    "router",
    "take",
    "written",
]
