"""The digest on paper: a tagged PDF (PDF/UA-1) set by typst, in which all text is data and never markup."""

import json
import re
import tempfile
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from services import figures
from services.digests.document import Block, Document, Figure, Json, Table, as_json

SIZE = re.compile(r' (?:width|height)="([\d.]+)"')
# What shows nothing and is set without a glyph: line ends, joiners, marks of direction.
SILENT = frozenset(
    chr(code)
    for first, last in (
        *((0x0A, 0x0A), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E)),
        *((0x2060, 0x2064), (0x2066, 0x206F)),
    )
    for code in range(first, last + 1)
)
# They choose among the looks of one character, and our fonts have one look of each.
VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
COVERAGE = figures.FONTS / "coverage.txt"
TEMPLATE = Path(__file__).parent / "templates" / "digest.typ"


def pdf(document: Document) -> bytes:
    """The document as PDF. The same document gives the same bytes. The compiler sees a folder of its own with nothing
    but the template, and our own fonts; the facts reach it as one JSON string."""
    import typst  # heavy: 30 MB, only where paper is made

    with tempfile.TemporaryDirectory(prefix="ewn-pdf-") as root:
        main = Path(root) / TEMPLATE.name
        main.write_bytes(TEMPLATE.read_bytes())
        return typst.compile(
            str(main),
            root=root,
            format="pdf",
            font_paths=[str(figures.FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"digest": json.dumps(_printable(_data(document)), ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=_stamp(document.cut_off),
            package_path=root,
            package_cache_path=root,
        )


def _printable(value: Json) -> Json:
    """The same data, in which each character that our fonts lack stands as its code, "[U+1F4A3]": PDF/UA-1 allows no
    text without a glyph, and one such title would stop the press for every reader."""
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_printable(one) for one in value]
    return printable(value) if isinstance(value, str) else value


def printable(text: str) -> str:
    """A text of which our fonts can show every character. A letter and its marks are set in one font, so a mark that
    the letter's font lacks is told by its code too."""
    fonts, said, able = _fonts(), [], frozenset[str]()
    for character in VARIATION.sub("", text):
        if character in SILENT:
            said.append(character)
            continue
        have = fonts.get(character, frozenset())
        able = able & have if said and unicodedata.category(character)[0] == "M" else have
        said.append(character if able else _code(character))
        able = able or fonts["]"]
    return "".join(said)


def _code(character: str) -> str:
    return " " if character.isspace() else f"[U+{ord(character):04X}]"


@lru_cache(maxsize=1)
def _fonts() -> dict[str, frozenset[str]]:
    """The families of ours that have a character."""
    found: dict[str, frozenset[str]] = {}
    for line in COVERAGE.read_text("ascii").splitlines()[1:]:
        family, _, codes = line.partition(" ")
        first, _, last = codes.partition("-")
        for code in range(int(first, 16), int(last, 16) + 1):
            found[chr(code)] = found.get(chr(code), frozenset()) | {family}
    return found


def _stamp(at: datetime) -> int:
    """The time written into the file: that of the edition, so that a second rendering is the same."""
    return int(at.timestamp())


def _data(document: Document) -> dict[str, Json]:
    """The JSON document, and what only paper needs: the fixed words, the date, the drawn figures."""
    data = as_json(document)
    labels = document.labels
    at = document.cut_off
    data["labels"] = {
        "contents": labels.contents,
        "edition": labels.edition,
        "network": labels.network,
        "period": labels.period,
        "cut_off": labels.cut_off,
        "page": labels.page,
    }
    data["date"] = [at.year, at.month, at.day]
    data["drawn"] = [[_drawn(block) for block in section.blocks] for section in document.sections]
    return data


def _drawn(block: Block) -> Json:
    """The SVG of a figure with its size in pixels, or those of a table's cells; None for other blocks."""
    if isinstance(block, Figure):
        drawn = figures.svg(block.spec)
        width, height = (float(size) for size in SIZE.findall(drawn)[:2])
        return {"svg": drawn, "width": width, "height": height}
    return [[cell.picture for cell in row] for row in block.rows] if isinstance(block, Table) else None
