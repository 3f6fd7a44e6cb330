"""What an auditor sees of an entry: of RED the reference alone (docs/adr/0015). Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

REFERENCE = re.compile(r"EWN(-[0-9A-Z]{4}){3}")
SHOWN_APART = ("references", "report", "label")


@dataclass(frozen=True, slots=True)
class Face:
    """`bare`: all that it is about is RED, so that only the references are shown."""

    bare: bool
    references: tuple[str, ...]
    label: str | None
    detail: Mapping[str, Any]


def references(subject: str, detail: Mapping[str, Any]) -> frozenset[str]:
    """The reports that an entry is about."""
    named = [subject, detail.get("report", ""), *detail.get("references", ())]
    return frozenset(one for one in named if isinstance(one, str) and REFERENCE.fullmatch(one))


def face(subject: str, detail: Mapping[str, Any], red: Collection[str]) -> Face:
    """An entry as it is shown, given which reports are RED now. One that is about RED and others too shows the others,
    and no trace of the RED: whoever is named beside them would be known to read it."""
    about = references(subject, detail)
    hidden = about & set(red)
    if hidden and hidden == about:
        return Face(bare=True, references=tuple(sorted(hidden)), label="RED", detail={})
    label = detail.get("label")
    rest = {name: value for name, value in detail.items() if name not in SHOWN_APART}
    return Face(
        bare=False, references=tuple(sorted(about - hidden)), label=None if label == "RED" else label, detail=rest
    )
