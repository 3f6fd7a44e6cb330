"""Plain text: UTF-8, or UTF-16 that says so, without characters that no text holds."""

import codecs
import re
from pathlib import Path

from services.attachments.opening.limits import Refused

# Controls other than tab, line ends and form feed; halves of pairs; what is no character.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n?")


def read(path: Path) -> str:
    """The text.

    Raises:
        Refused: it is none: other bytes, or another encoding than those two.
    """
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("kind") from None
    if _NO_TEXT.search(text) or not text.strip():
        raise Refused("kind")
    return text


def copy(path: Path, target: Path) -> None:
    """Write the text anew, in UTF-8 without a mark and without characters that turn the direction."""
    text = _TURNING.sub("", _LINE_ENDS.sub("\n", read(path)))
    target.write_text(text, encoding="utf-8", newline="\n")
