"""What is done with a file of each kind: opened to the last part, or copied with its words."""

from pathlib import Path
from typing import Any

from services.attachments.opening.kinds import sniffed
from services.attachments.opening.limits import MOST_WORDS


def examine(source: Path, target: Path) -> dict[str, Any]:
    """What a file is, and what a copy of it would be without; the copy is made to be sure, and thrown away."""
    kind = sniffed(source)
    return {"kind": kind, **_made(kind, source, target), "text": ""}


def copy(source: Path, target: Path) -> dict[str, Any]:
    """Write the copy for others, and say its words."""
    kind = sniffed(source)
    made = _made(kind, source, target)
    return {"kind": kind, **made, "text": made["text"][:MOST_WORDS]}


def _made(kind: str, source: Path, target: Path) -> dict[str, Any]:
    match kind:
        case "png" | "jpeg":
            from services.attachments.opening import pictures

            left_out = pictures.check(source, kind)
            pictures.copy(source, kind, target)
            return {"why": [], "left_out": left_out, "text": ""}
        case "pdf":
            from services.attachments.opening import pdfs

            return pdfs.copy(source, target)
        case "docx":
            from services.attachments.opening import documents

            return documents.copy(source, target)
        case _:
            from services.attachments.opening import texts

            return {"why": [], "left_out": [], "text": texts.copy(source, target)}
