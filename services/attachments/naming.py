"""The name of a file: what may be shown and saved under, made of what was sent; it never becomes a path here."""

import re
import unicodedata
from pathlib import PurePosixPath

from services.kernel.errors import Invalid

MOST = 120
# Characters that change the order in which others are shown: a name that reads otherwise than it is.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]")
_UNSAVEABLE = str.maketrans(dict.fromkeys('<>:"|?*', "_"))  # on some system
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
ENDINGS = {
    "docx": (".docx",),
    "pdf": (".pdf",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "text": (".txt", ".text", ".md", ".csv", ".log"),
}


class BadFileName(Invalid):
    """The name of the file holds what no name may hold."""

    title = "Not a name for a file"


def named(sent: str, kind: str) -> str:
    """The last part of the name that was sent, composed, without what cannot be shown or saved, ending as its kind.

    Raises:
        BadFileName: it holds control characters, or ones that turn the direction of writing.
    """
    if _TURNING.search(sent):
        raise BadFileName(
            "The name holds a character that turns the direction of writing: rename the file.", field="file"
        )
    if _CONTROL.search(sent):
        raise BadFileName("The name holds a control character, or is not UTF-8: rename the file.", field="file")
    last = re.split(r"[/\\]", sent)[-1]
    shown = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one) not in ("Cf", "Co", "Cn")
    )
    plain = " ".join(shown.translate(_UNSAVEABLE).split()).strip(". ")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    ending = PurePosixPath(plain).suffix.lower()
    stem = plain[: -len(ending)] if ending in ENDINGS[kind] else plain
    ending = ending if ending in ENDINGS[kind] else ENDINGS[kind][0]
    return f"{stem.strip('. ')[: MOST - len(ending)].strip('. ') or 'attachment'}{ending}"
