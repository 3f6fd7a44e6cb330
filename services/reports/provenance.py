"""Where a report comes from, as one text key: equal keys are one independent origin.

A rumour told by three bodies that heard it from one is one origin; what a body saw itself is its own origin.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 3  # originators that are not named, told together only


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


def telling(key: str, *, originator: int, attributed: bool) -> tuple[str, str]:
    """A report as `independent` takes it. All whose attribution the reader may not know are one: else a near copy
    "relayed from" a suspect would tell whether the suspect wrote it, and one body could corroborate itself unseen."""
    return (key, f"organisation:{originator}") if attributed else ("withheld", "withheld")


def independent(tellings: Iterable[tuple[str, str]]) -> int:
    """How many independent origins stand behind what is told, given (origin, originator) of each report.

    What an organisation relays does not count beside what it observed itself, and there are never more origins than
    originators: no one organisation can corroborate itself.
    """
    told = set(tellings)
    observers = {originator for key, originator in told if key == originator}
    origins = {key for key, originator in told if key == originator or originator not in observers}
    return min(len(origins), len({originator for _, originator in told}))


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Reports by originator. `rest`: how many others there are; None where that would tell whose, or there are none."""

    named: dict[int, int]
    rest: int | None


def breakdown(rows: Iterable[tuple[int, bool, int]], *, filtered: bool) -> Breakdown:
    """Count reports by originator, given (originator, whether the reader may know it, reports) (docs/adr/0013).

    `filtered`: these are not all that the reader sees. Then nothing is said of the rest: filters that overlap would
    tell by one's answer and another's which unnamed reports are of one originator.
    """
    named: dict[int, int] = {}
    hidden: dict[int, int] = {}
    for originator, known, reports in rows:
        into = named if known else hidden
        into[originator] = into.get(originator, 0) + reports
    return Breakdown(named, sum(hidden.values()) if not filtered and len(hidden) >= FEWEST else None)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))[:200]
