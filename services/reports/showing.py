"""A report's words as they are shown: cleaned for everybody, and masked for others than its owner (docs/adr/0018).

What screening found is kept in `Report.personal` and `Report.told` when the report is worked on. Where that is not yet
done, or was done by other rules or for another revision, the same pure function does it at each reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import bindparam, update
from sqlmodel import Session

from services import screening
from services.kernel import clock
from services.network import Caller
from services.reports.ownership import REPORT
from services.screening import Reading

MASK, NEEDED = "mask", "needed"
_FOUND = ("rules", "revision", "done", "long", "spans")


class Kept(TypedDict):
    """What screening found in a report, as its row keeps it."""

    personal: dict[str, Any] | None
    told: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Title and text as a reader is given them; `cleaned`: what was done to make them readable; `masked`: whether
    anything in them is covered; `found`: how much is personal, covered or not."""

    title: str
    text: str
    cleaned: Sequence[str]
    masked: bool
    found: int


def words_of(row: Any, *, mine: bool) -> Words:
    """The words of a report's row for its owner, or for others. Where its owner decided so, for nobody unmasked."""
    whole = mine and decision_of(row) != MASK
    held = row.personal or {}
    if not _stands(row):
        return _shown(screening.read(row.title, row.text), whole=whole)
    found = len(held["spans"])
    if whole and found and held["done"]:
        return _shown(screening.read(row.title, row.text), whole=True)
    title, text = row.title, row.text
    if row.told is not None and not (whole and found):
        title, text = row.told[: held["long"]], row.told[held["long"] + 1 :]
    return Words(title, text, held["done"], bool(found) and not whole, found)


def reading_of(row: Any) -> Reading:
    """A report's reading, made anew: for spans of the original."""
    return screening.read(row.title, row.text)


def decision_of(row: Any) -> str | None:
    """What the owner of a report decided about what is personal in it."""
    found: str | None = (row.personal or {}).get("decision")
    return found


def masks_all(row: Any) -> bool:
    """Whether its owner, too, is given a report masked: it decided so."""
    return decision_of(row) == MASK


def decided(caller: Caller, decision: str | None) -> dict[str, Any] | None:
    """A decision as a report keeps it, with who made it and when; None where none was made."""
    if decision is None:
        return None
    by = {"by_member": caller.member_id, "by_key": caller.key_id}
    return {"decision": decision, "decided_at": clock.now().isoformat(), **by}


def told_terms(terms: Mapping[str, str]) -> dict[str, str]:
    """What may be done with a report, as others than its owner are told."""
    return {name: screening.told(said) if name == "handling_note" else said for name, said in terms.items()}


def kept(row: Any, reading: Reading) -> Kept | None:
    """What to keep of a report's screening; None where that is nothing, and nothing is kept. Of most there is nothing:
    they are as quickly looked at again."""
    before = row.personal or {}
    decision = {name: value for name, value in before.items() if name not in _FOUND}
    if not (reading.done or reading.personal or reading.dear):
        return None if decision == before and row.told is None else Kept(personal=decision or None, told=None)
    spans = [
        [name, *one]
        for name, field in (("title", reading.title), ("text", reading.text))
        for one in field.found
    ]  # fmt: skip
    found = {
        "rules": screening.version(),
        "revision": row.revision,
        "done": reading.done,
        "long": len(reading.title.cleaned.text),
        "spans": spans,
    }
    as_told = reading.whole(masked=True) if reading.done or spans else None
    return Kept(personal=found | decision, told=as_told)


def keep_found(session: Session, found: Mapping[int, Kept]) -> None:
    """Keep what was found in these reports, which are locked and as they were when it was found."""
    if found:
        rows = [{"of": key, "now": one["personal"], "as_told": one["told"]} for key, one in sorted(found.items())]
        session.connection().execute(_KEEP, rows)


_KEEP = (
    update(REPORT)
    .where(REPORT.c.id == bindparam("of"))
    .values(personal=bindparam("now", type_=REPORT.c.personal.type), told=bindparam("as_told"))
)


def _stands(row: Any) -> bool:
    held = row.personal or {}
    return held.get("revision") == row.revision and held.get("rules") == screening.version()


def _shown(reading: Reading, *, whole: bool) -> Words:
    masked = reading.personal and not whole
    found = len(reading.title.inside) + len(reading.text.inside)
    return Words(
        reading.title.shown(masked=masked), reading.text.shown(masked=masked), reading.done, masked, found
    )  # fmt: skip
