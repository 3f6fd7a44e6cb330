"""Tables as CSV that a spreadsheet opens without taking a cell for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

Cell = str | int | float | date | datetime | None
# What spreadsheets begin a formula with, full-width forms included, and what they skip before it.
FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")
MEDIA_TYPE = "text/csv; charset=utf-8"


def safe(value: Cell) -> str | int | float:
    """A cell that stays what it says: text that would begin a formula gets an apostrophe before it (OWASP)."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = value.isoformat() if isinstance(value, (date, datetime)) else value
    return f"'{text}" if text.startswith(FORMULA) else text


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """CSV by RFC 4180, with the mark by which spreadsheets know that it is UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([safe(one) for one in header])
    writer.writerows([safe(one) for one in row] for row in rows)
    return "\ufeff" + written.getvalue()
