"""PDF: opened strictly by pypdf, and its pages written anew without anything that is not needed to draw them."""

import time
from pathlib import Path
from typing import Any

import pypdf
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from services.attachments.opening.drawing import Copier
from services.attachments.opening.limits import MEGABYTE, MOST_DEPTH, MOST_PAGES, MOST_WORDS, Refused

BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": 50 * MEGABYTE,
    "array_based_stream_maximum_output_length": 50 * MEGABYTE,
    "jbig2_maximum_output_length": 20 * MEGABYTE,
    "lzw_maximum_output_length": 20 * MEGABYTE,
    "run_length_maximum_output_length": 20 * MEGABYTE,
    "zlib_maximum_output_length": 50 * MEGABYTE,
    "zlib_maximum_recovery_input_length": 0,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 100 * MEGABYTE,
    "page_tree_maximum_entries": MOST_PAGES * 2,
    "page_tree_maximum_depth": MOST_DEPTH,
    "jbig2dec_binary": None,  # no further program
}
READ_PAGES, READ_SECONDS = 300, 5.0  # for their words
# Of the catalogue: what the copy cannot do without and cannot be given with ...
_KEEPS = {"/OCProperties": "layers", "/Collection": "portfolio"}
# ... and what it is without.
_LEAVES = {
    "/Metadata": "metadata", "/Outlines": "bookmarks", "/OpenAction": "scripts", "/AA": "scripts",
    "/StructTreeRoot": "structure", "/PieceInfo": "metadata", "/Threads": "bookmarks",
}  # fmt: skip
_NAMES = {"/JavaScript": "scripts", "/EmbeddedFiles": "embedded", "/Dests": "bookmarks"}


def copy(source: Path, target: Path) -> dict[str, Any]:
    """Write the pages anew, with nothing of the old file around them; say what is missing."""
    pypdf.overwrite_configuration(**BOUNDS)
    try:
        with source.open("rb") as file:
            reader = PdfReader(file, strict=True)
            if reader.is_encrypted:
                raise Refused("locked")
            why, left_out = _around(reader)
            count = len(reader.pages)
            if not 0 < count <= MOST_PAGES:
                raise Refused("bomb" if count else "damaged")
            copier = Copier()
            for page in reader.pages:
                copier.page(page)
            with target.open("wb") as written:
                copier.write(written)
        return {"why": sorted(why | copier.why), "left_out": sorted(left_out | copier.left_out)}
    except pypdf.errors.LimitReachedError:
        raise Refused("bomb") from None
    except (PyPdfError, NotImplementedError):
        raise Refused("damaged") from None


def _around(reader: PdfReader) -> tuple[set[str], set[str]]:
    """What keeps a file from being given as a copy, and what the copy is without, by what stands around its pages."""
    catalogue = reader.root_object
    why = {code for name, code in _KEEPS.items() if name in catalogue}
    left_out = {code for name, code in _LEAVES.items() if name in catalogue}
    form = _under(catalogue, "/AcroForm")
    if form and ("/XFA" in form or len(form.get("/Fields", ()) or ()) > 0):
        why.add("form")
    names = _under(catalogue, "/Names")
    left_out |= {code for name, code in _NAMES.items() if name in names}
    if reader.metadata:
        left_out.add("metadata")
    return why, left_out


def _under(catalogue: DictionaryObject, name: str) -> DictionaryObject:
    found = catalogue.get(name)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def words(copied: Path) -> str:
    """The words of a copy, page by page, as many as are kept and can be read in READ_SECONDS."""
    pypdf.overwrite_configuration(**BOUNDS)
    found: list[str] = []
    held = 0
    for page in PdfReader(copied, strict=True).pages[:READ_PAGES]:
        text = page.extract_text()
        found.append(text)
        held += len(text)
        if held > MOST_WORDS or time.process_time() > READ_SECONDS:
            break
    return "\n\n".join(found)
