"""Where a report comes from, as one text key: equal keys are one independent origin.

A rumour told by three bodies that heard it from one is one origin; what a body saw itself is its own origin.
"""

import re
import unicodedata


def origin(kind: str, *, originator: int, organisation: int | None, document: str | None, name: str | None) -> str:
    """The origin of a report: of whoever observed, not of whoever relayed.

    A relayed report names an organisation (key), a document or a source; the first of these that is given decides.
    """
    if kind == "own":
        return f"organisation:{originator}"
    if organisation is not None:
        return f"organisation:{organisation}"
    if document:
        return f"document:{_folded(document)}"
    if name:
        return f"name:{_folded(name)}"
    return f"unnamed:{originator}"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))[:200]
