"""What is done with a file of each kind: opened to the last part and copied, or its copy read."""

from pathlib import Path
from typing import Any

from services.attachments.opening.kinds import sniffed
from services.attachments.opening.limits import MOST_WORDS


def copy(source: Path, target: Path) -> dict[str, Any]:
    """Write the copy for others, and say what the file is, what keeps it from them, and what the copy is without."""
    kind = sniffed(source)
    return {"kind": kind, **_made(kind, source, target)}


def words(copied: Path) -> dict[str, Any]:
    """The words of a copy, as many as are kept."""
    kind = sniffed(copied)
    match kind:
        case "pdf":
            from services.attachments.opening import pdfs

            found = pdfs.words(copied)
        case "docx":
            from services.attachments.opening import documents

            found = documents.words(copied)
        case "text":
            found = copied.read_text(encoding="utf-8")
        case _:
            found = ""
    return {"kind": kind, "text": found[:MOST_WORDS]}


def _made(kind: str, source: Path, target: Path) -> dict[str, Any]:
    match kind:
        case "png" | "jpeg":
            from services.attachments.opening import pictures

            left_out = pictures.check(source, kind)
            pictures.copy(source, kind, target)
            return {"why": [], "left_out": left_out}
        case "pdf":
            from services.attachments.opening import pdfs

            return pdfs.copy(source, target)
        case "docx":
            from services.attachments.opening import documents

            return documents.copy(source, target)
        case _:
            from services.attachments.opening import texts

            texts.copy(source, target)
            return {"why": [], "left_out": []}
