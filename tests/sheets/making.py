"""Files as partners make them: the template filled in, as CSV and as XLSX; and workbooks put together by hand."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from httpx2 import Response
from openpyxl import load_workbook

from tests.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ROW = {
    "own_reference": "S-1", "title": "A post was attacked", "text": "Armed men attacked a post at night.",
    "occurred_from": "2026-10-10", "place": "KG-B", "themes": "armed-attack", "tlp": "GREEN", "attribution": "named",
}  # fmt: skip


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    """Rows that differ."""
    return [ROW | {"own_reference": f"S-{n}", "title": f"Post {n} was attacked"} | more for n in range(1, count + 1)]


def as_csv(given: Iterable[Mapping[str, Any]], separator: str = ",", names: list[str] | None = None) -> str:
    """Rows under their names."""
    given = list(given)
    names = names or list(dict.fromkeys(name for row in given for name in row))
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(given)
    return held.getvalue()


def as_xlsx(world: World, given: Iterable[Mapping[str, Any]], form: str = "incident", slug: str = "north") -> bytes:
    """The template of a form, as downloaded, with rows filled in."""
    book = load_workbook(io.BytesIO(world.raw(slug, f"/v1/forms/{form}/template.xlsx").content))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(given, start=3):
        for name, value in row.items():
            sheet.cell(number, at[name]).value = value
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def send(world: World, raw: bytes | str, form: str = "incident", slug: str = "north", **query: Any) -> Response:
    """Hand in a file as an organisation."""
    body = raw.encode() if isinstance(raw, str) else raw
    kind = XLSX if body.startswith(b"PK") else CSV
    query = {"form": form} | query
    return world.client.post(
        "/v1/reports/sheet", params=query, content=body, headers={"Content-Type": kind, **world.auth(slug)}
    )


def answers(answer: Response) -> list[dict[str, Any]]:
    """What became of each row."""
    import json

    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}"/>
</Types>"""
BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{pr}
<sheets><sheet name="one" sheetId="1" r:id="rId1"/></sheets></workbook>"""
LINKS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
 Target="worksheets/sheet1.xml"/>{more}</Relationships>"""
SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}
<sheetData>{rows}</sheetData>{after}</worksheet>"""


def cell(name: str, value: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>'


def line(number: int, values: Iterable[str]) -> str:
    """A row of texts."""
    letters = [chr(65 + n) for n in range(26)]
    found = "".join(cell(f"{letter}{number}", value) for letter, value in zip(letters, values, strict=False))
    return f'<row r="{number}">{found}</row>'


def plain_rows() -> str:
    """A header and one row, as XML."""
    return line(1, ROW) + line(2, ROW.values())


def workbook(
    sheet: str | bytes | None = None,
    *,
    kind: str = "sheet.main+xml",
    pr: str = "",
    links: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook put together by hand, with any part in the place of the usual one."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(kind=kind),
        "xl/workbook.xml": BOOK.format(pr=pr),
        "xl/_rels/workbook.xml.rels": LINKS.format(more=links),
        "xl/worksheets/sheet1.xml": sheet or SHEET.format(rows=plain_rows(), before="", after=""),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in (made | dict(parts or {})).items():
            file.writestr(name, body)
    return held.getvalue()
