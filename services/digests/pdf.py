"""The digest on paper: a tagged PDF (PDF/UA-1) set by typst, in which all text is data and never markup."""

import json
import re
import tempfile
from datetime import datetime
from pathlib import Path

from services import figures
from services.digests.document import Block, Document, Figure, Json, Table, as_json

SIZE = re.compile(r' (?:width|height)="([\d.]+)"')
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
            sys_inputs={"digest": json.dumps(_data(document), ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=_stamp(document.cut_off),
            package_path=root,
            package_cache_path=root,
        )


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
    data["tlp"] = document.tlp
    data["drawn"] = [[_drawn(block) for block in section.blocks] for section in document.sections]
    return data


def _drawn(block: Block) -> Json:
    """The SVG of a figure with its size in pixels, or those of a table's cells; None for other blocks."""
    if isinstance(block, Figure):
        drawn = figures.svg(block.spec)
        width, height = (float(size) for size in SIZE.findall(drawn)[:2])
        return {"svg": drawn, "width": width, "height": height}
    return [[cell.picture for cell in row] for row in block.rows] if isinstance(block, Table) else None
