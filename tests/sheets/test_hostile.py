"""Hostile files: each is refused in clear words or read as what it says; nothing runs, grows or is lost."""

import io
import json
import random
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest

from services.kernel.errors import Problem
from services.sheets import csv_file, xlsx_file
from tests.sheets.making import (
    BOOK,
    ROW,
    SHEET,
    answers,
    as_csv,
    as_xlsx,
    cell,
    line,
    plain_rows,
    rows,
    send,
    workbook,
)
from tests.world import World

pytestmark = pytest.mark.one_kind
MOST_MEMORY = 160_000_000  # bytes at the worst moment, whatever a file of a few kilobytes claims
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BODY = SHEET.partition("\n")[2]
OUTSIDE = (
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"'
    ' Target="file://host/share" TargetMode="External"/>'
)


def sheet(rows_: str, before: str = "", after: str = "") -> str:
    return SHEET.format(rows=rows_, before=before, after=after)


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    return world


def whole(world: World, raw: bytes | str) -> str:
    """The words with which a file is refused whole; nothing of it is stored."""
    answer = send(world, raw)
    assert 400 <= answer.status_code < 500, answer.text
    assert len(answer.json().get("detail", "")) < 400
    assert world.get("north", "/v1/reports")["reports"] == []
    return str(answer.json()["detail"])


NAMED: dict[str, tuple[bytes, str]] = {
    "an old workbook, or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    "no zip at all": (b"PK\x03\x04 and nothing more", "damaged"),
    "a zip that is no workbook": (workbook(kind="template.main+xml"), "no .xlsx workbook"),
    "a type with macros": (workbook(kind="sheet.macroEnabled.main+xml"), "macros"),
    "a program inside": (workbook(parts={"xl/vbaProject.bin": b"x"}), "macros"),
    "links to other files": (workbook(parts={"xl/externalLinks/externalLink1.xml": "<x/>"}), "links"),
    "an object inside": (workbook(parts={"xl/embeddings/oleObject1.bin": b"x"}), "objects"),
    "data connections": (workbook(parts={"xl/connections.xml": "<x/>"}), "links"),
    "a relation that leads outside": (workbook(links=OUTSIDE), "other files"),
    "an external entity": (workbook(ENTITY + BODY.format(rows=plain_rows(), before="&e;", after="")), "entities"),
    "a thousand laughs": (workbook(LAUGHS + BODY.format(rows=plain_rows(), before="&b;", after="")), "entities"),
    "an entity in the shared texts": (
        workbook(parts={"xl/sharedStrings.xml": ENTITY + "<sst><si><t>&e;</t></si></sst>"}), "entities",
    ),
    "an entity in the types": (workbook(parts={"[Content_Types].xml": ENTITY + "<Types>&e;</Types>"}), "entities"),
    "an entity in UTF-16": (
        workbook((ENTITY.replace("1.0", '1.0" encoding="UTF-16') + "<worksheet>&e;</worksheet>").encode("utf-16")),
        "entities",
    ),
    "merged cells": (workbook(sheet(plain_rows(), after='<mergeCell ref="A2:B2"/>')), "Cells A2:B2 are merged"),
    "rows out of order": (workbook(sheet(line(5, ROW) + line(2, ROW.values()))), "not in order"),
    "a row beyond the last": (workbook(sheet('<row r="1048577"><c/></row>')), "not in order"),
    "cells out of order": (workbook(sheet(f'<row r="1">{cell("C1", "a")}{cell("A1", "b")}</row>')), "not in order"),
    "a cell far to the right": (workbook(sheet(f'<row r="1">{cell("XFD1", "a")}</row>')), "columns"),
    "a cell nowhere": (workbook(sheet(f'<row r="1">{cell("R1C1", "a")}</row>')), "no place"),
    "no visible sheet": (
        workbook(parts={"xl/workbook.xml": BOOK.format(pr="").replace("r:id", 'state="veryHidden" r:id')}), "visible",
    ),
    "a part outside": (workbook(parts={"../../etc/cron.d/x": "x"}), "outside itself"),
    "an XML that breaks off": (workbook(sheet(plain_rows())[:-40]), "no readable XML"),
    "no XML": (workbook("\0\1\2"), "no readable XML"),
    "an unknown encoding": (workbook('<?xml version="1.0" encoding="x-none"?><worksheet/>'), ""),
    "elements a mile deep": (workbook(sheet("<row><c>" + "<is>" * 5_000 + "</is>" * 5_000 + "</c></row>")), "deeper"),
    "an empty file": (b"", "empty"),
    "an empty sheet": (workbook(sheet("")), "empty"),
    "blank lines": (b"\n\n\n", "empty"),
    "Windows-1251 that lost letters": (
        as_csv([ROW, ROW | {"title": "Шабуыл, Қызылорда облысы"}]).encode("cp1251", "replace"), "Line 3: a letter",
    ),
    "UTF-16 without its mark": (as_csv([ROW]).encode("utf-16-le"), "UTF-16"),
    "broken UTF-16": (b"\xff\xfe\x00", "UTF-16"),
    "broken UTF-8": (as_csv([ROW]).encode() + b"\xe2\x28\xa1", "not UTF-8"),
    "Latin-1": (as_csv([ROW | {"title": "d\u00e9j\u00e0 vu \u00a9\u00a7"}]).encode("latin-1"), "not UTF-8"),
    "U+0000 inside": (as_csv([ROW]).encode().replace(b"attacked", b"att\0cked"), "UTF-8"),
    "a quote that is never closed": ((as_csv([ROW]) + '"').encode(), "quote"),
    "a field without an end": ((as_csv([ROW]) + '"' + "x" * 300_000).encode(), ""),
    "five hundred columns": (",".join(f"c{n}" for n in range(500)).encode(), "columns"),
    "an HTML page named csv": (b"<html><table><tr><td>1</td></tr></table></html>", "template"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", ""),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_file_that_is_no_plain_sheet_is_refused_whole_in_clear_words(north: World, name: str) -> None:
    raw, word = NAMED[name]
    assert word in whole(north, raw)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "is a formula"),
        ('<c r="B2" t="str"><f>cmd|"/c calc"!A0</f><v>x</v></c>', "is a formula"),
        ('<c r="B2"><f t="shared" si="0"/><v>2</v></c>', "is a formula"),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "error of the sheet"),
        ('<c r="B2" t="s"><v>99999</v></c>', "error of the sheet"),
        ('<c r="B2" t="zz"><v>1</v></c>', "error of the sheet"),
        ('<c r="B2"><v>1e400x</v></c>', "error of the sheet"),
    ],
)
def test_a_cell_that_computes_or_errs_is_refused_in_its_row(north: World, value: str, rule: str) -> None:
    second = line(2, ROW.values()).replace(cell("B2", ROW["title"]), value)
    third = line(3, (ROW | {"own_reference": "S-3"}).values())
    found = answers(send(north, workbook(sheet(line(1, ROW) + second + third))))
    assert [(one["row"], one["status"]) for one in found] == [(2, 422), (3, 202)]
    assert (found[0]["field"], rule in found[0]["detail"]) == ("title", True)


def test_formulas_are_refused_in_csv_too(north: World) -> None:
    (one,) = answers(send(north, as_csv([ROW | {"title": '=HYPERLINK("http://x")'}])))
    assert (one["status"], one["field"]) == (422, "title")


@pytest.mark.parametrize(
    ("value", "rule"),
    [("46305", "is a number"), ("46305.5", "is a number"), ("-1", "is a number"), ("1e300", "is a number")],
)
def test_a_day_given_as_a_number_is_refused_and_said_how_to_give_it(north: World, value: str, rule: str) -> None:
    row = line(2, ROW.values()).replace(cell("D2", ROW["occurred_from"]), f'<c r="D2"><v>{value}</v></c>')
    (one,) = answers(send(north, workbook(sheet(line(1, ROW) + row))))
    assert (one["status"], one["field"], "is a number" in one["detail"]) == (422, "occurred_from", True)


def test_days_are_counted_as_the_workbook_counts_them(north: World) -> None:
    styles = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"

    def dated(value: str, pr: str = "") -> dict:
        row = line(2, ROW.values()).replace(cell("D2", ROW["occurred_from"]), f'<c r="D2" s="1"><v>{value}</v></c>')
        raw = workbook(sheet(line(1, ROW) + row), pr=pr, parts={"xl/styles.xml": styles})
        return answers(send(north, raw, validate=True))[0]

    assert dated("46305")["status"] == 200
    assert dated("44843", '<workbookPr date1904="1"/>')["status"] == 200
    for value in ("0", "-5", "2958466", "1e300", "46305.25"):
        assert (dated(value)["status"], dated(value)["field"]) == (422, "occurred_from")


def test_what_a_workbook_says_of_its_size_is_not_believed(north: World) -> None:
    huge = sheet(line(1, ROW) + line(1_048_576, ROW.values()), before='<dimension ref="A1:XFD1048576"/>')
    tracemalloc.start()
    (one,) = answers(send(north, workbook(huge)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (one["row"], one["status"]) == (1_048_576, 202)
    assert peak < MOST_MEMORY


BOMBS: dict[str, Callable[[], bytes]] = {
    "a large sheet": lambda: workbook(sheet(f'<row r="1">{cell("A1", "x" * 17_000_000)}</row>')),
    "large shared texts": lambda: workbook(parts={"xl/sharedStrings.xml": "<sst>" + "<si/>" * 4_000_000 + "</sst>"}),
    "many small parts": lambda: workbook(parts={f"xl/media/{n}.bin": b"\0" * 1_000_000 for n in range(40)}),
    "very many parts": lambda: workbook(parts={f"xl/{n}": b"" for n in range(2_000)}),
    "a million empty cells": lambda: workbook(sheet('<row r="1">' + "<c/>" * 1_000_000 + "</row>")),
    "two million empty rows": lambda: workbook(sheet("<row/>" * 2_000_000)),
    "many rows": lambda: workbook(sheet(line(1, ROW) + "<row><c><v>1</v></c></row>" * 20_000)),
    "a part that is longer than it says": lambda: lying(workbook(sheet(plain_rows() + "<row/>" * 500_000))),
    "many lines": lambda: as_csv([ROW]).encode() + b"a,b\n" * 900_000,
    "many commas": lambda: as_csv([ROW]).encode() + b"," * 3_000_000,
    "a zip in a zip": lambda: workbook(parts={"xl/media/inner.zip": zlib.compress(b"\0" * 15_000_000)}),
}


def lying(raw: bytes) -> bytes:
    """The same with the unpacked sizes written small."""
    held = bytearray(raw)
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        held[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = raw.find(b"PK\x01\x02", at + 4)
    return bytes(held)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_bounded_memory(north: World, name: str) -> None:
    raw = BOMBS[name]()
    assert len(raw) < 5_000_000
    reader = xlsx_file.read if raw.startswith(b"PK") else csv_file.read
    tracemalloc.start()
    try:
        for _ in reader(raw):
            pass
    except Problem:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MEMORY, peak
    if name != "a zip in a zip":
        whole(north, raw)


def test_a_file_over_the_limit_is_refused_before_it_is_read(north: World) -> None:
    assert "5000000 bytes" in whole(north, b"x" * 5_000_001)
    too_many = as_csv(rows(5_001, text="Text."))
    assert "5000 rows" in whole(north, too_many)


PIECES = (
    "<c>", "</c>", '<c r="A1"/>', "<row>", "</row>", "&amp;", "&x;", "<f>1</f>", '<mergeCell ref="A1:B2"/>', "]]>",
    "<v>1e999</v>", '<c t="s"><v>-1</v></c>', '<c s="99999999999"><v>5</v></c>', "<is><t>_xD800_</t></is>",
    '<row r="0"/>', '<row r="99999999999999"/>', '<c r="AAAA1"/>', "\ufffe", "<!-- -->", "<?php ?>",
)  # fmt: skip
ODD = (
    "=1+1", "+1", "-1", "@a", "NaN", "inf", "1e400", "9" * 400, "\u202e", "\ufeff", "x" * 60_000, "true", "31.02.2026",
    "2026-02-31", "0000-00-00", "99.99.9999", "1,5,5", "killed=1;killed=2", "killed=-1", ";;;", "#", "'=1",
    "\u0301" * 90, "no change", "rising", "\U0001f600", "\x07", "null", "{}",
)  # fmt: skip
NAMES = [
    *ROW, "weapons_seized", "opiates_kg", "stage", "help_wanted", "figures", "credibility", "occurred_to",
    "language", "selection", "status", "organisations", "persons", "weapons_seized.trend",
]  # fmt: skip


def mutated(seed: int, good: list[bytes]) -> bytes:
    """A good file with something done to it."""
    chance = random.Random(seed)
    raw = bytearray(chance.choice(good))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw))
        match chance.randrange(6):
            case 0:
                raw[at] ^= 1 << chance.randrange(8)
            case 1:
                del raw[at : at + chance.randint(1, 200)]
            case 2:
                raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 50)))
            case 3:
                raw[at:at] = chance.choice(
                    (b"\0", b'"', b"\xff\xfe", b"<!DOCTYPE a>", b"=cmd|' /c'!A0", b";;;", b"\r\n")
                )
            case 4:
                raw[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"PK\x01\x02", b"PK\x05\x06"))
            case _:
                raw = raw[: max(at, 1)]
        raw = raw or bytearray(b"x")
    return bytes(raw)


def remade(seed: int) -> bytes:
    """A workbook whose XML, not its packing, is broken."""
    chance = random.Random(seed)
    text = sheet(plain_rows())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(60, len(text))
        text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 3, 30)) :]
    return workbook(text.encode("utf-8", "replace"))


def odd_cells(seed: int) -> bytes:
    """A CSV whose cells hold what no column wants."""
    chance = random.Random(seed)
    given = []
    for number in range(3):
        row = ROW | {"own_reference": f"S-{seed}-{number}"}
        given.append(row | {chance.choice(NAMES): chance.choice(ODD) for _ in range(chance.randint(1, 5))})
    return as_csv(given, chance.choice(",;\t"), NAMES).encode(chance.choice(("utf-8", "utf-8-sig", "utf-16")))


def test_six_hundred_hostile_files_are_refused_or_read_and_nothing_is_lost_or_broken(north: World) -> None:
    good = [as_xlsx(north, rows(3)), as_csv(rows(3)).encode(), workbook(), as_csv(rows(3), ";").encode("utf-16")]
    files = (
        [mutated(n, good) for n in range(300)] + [remade(n) for n in range(200)] + [odd_cells(n) for n in range(100)]
    )
    stored: set[str] = set()
    refused = taken = 0
    for raw in files:
        answer = send(north, raw)
        assert answer.status_code < 500, (answer.text, raw[:200])
        if answer.status_code != 200:
            assert answer.json()["detail"], raw[:200]
            refused += 1
            continue
        for one in map(json.loads, answer.text.splitlines()):
            assert one["status"] in (202, 409, 413, 422), one
            assert one["status"] == 202 or one["detail"]
            taken += one["status"] == 202
            stored |= {one["reference"]} if one["status"] == 202 else set()
    assert refused > 150
    assert taken > 50
    listed: set[str] = set()
    query: dict = {"size": 200}
    while True:
        page = north.get("north", "/v1/reports", **query)
        listed |= {one["reference"] for one in page["reports"]}
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert listed == stored, "what was answered 202 is there, and nothing else"


def test_a_name_given_twice_in_a_zip_is_refused(north: World) -> None:
    held = io.BytesIO(workbook())
    with zipfile.ZipFile(held, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("xl/workbook.xml", "<x/>")
    assert "twice" in whole(north, held.getvalue())
