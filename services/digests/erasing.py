"""Erasing recalled and emptied reports from editions: a signed tombstone takes the place of each block that held their
words, and their notes on handling leave the rights on record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from services import indicators, reports
from services.digests.models import Block, Edition, Rendering
from services.kernel import db, seals
from services.kernel.errors import Stale
from services.kernel.model import table

BLOCK = table(Block)
EDITION = table(Edition)
RENDERING = table(Rendering)
USE = "tombstone of an edition's block"
ERASED = "erased"
REPORTED = "report"
LINE = "tear-line"
_HOLDING = (
    select(BLOCK.c.edition_id, BLOCK.c.hash, BLOCK.c.report_id, EDITION.c.reference)
    .join(EDITION, EDITION.c.id == BLOCK.c.edition_id)
    .where(BLOCK.c.report_id.in_(bindparam("keys", expanding=True)))
    .order_by(BLOCK.c.edition_id, BLOCK.c.hash)
)
_BURY = (
    update(BLOCK)
    .where(BLOCK.c.edition_id == bindparam("of"), BLOCK.c.hash == bindparam("named"))
    .values(body=bindparam("stone"), report_id=None)
)
_RENDERED = select(RENDERING.c.edition_id, RENDERING.c.hash, RENDERING.c.viewer, RENDERING.c.rights)
_UNSAY = (
    update(RENDERING)
    .where(
        RENDERING.c.edition_id == bindparam("of"),
        RENDERING.c.hash == bindparam("named"),
        RENDERING.c.viewer == bindparam("whose"),
    )
    .values(rights=bindparam("left"))
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased: the recalled reports; tombstones by edition and address of the block; what is left of
    rights on record, as rows."""

    subjects: list[int]
    stones: dict[tuple[int, str], dict[str, Any]]
    left: list[dict[str, Any]]


def plan_erasure(session: Session, subjects: Sequence[int]) -> Erasure:
    """The tombstones for all blocks that hold one of these reports, if its words are gone."""
    gone = reports.wordless(session, list(subjects))
    stones = {}
    for row in session.execute(_HOLDING, {"keys": list(gone)}).all():
        at, by = gone[row.report_id]
        stones[(row.edition_id, row.hash)] = tombstone(row.reference, row.hash, at=at.isoformat(), by=by)
    rendered = session.execute(_RENDERED.where(RENDERING.c.edition_id.in_({edition for edition, _ in stones})))
    left = [
        {"of": row.edition_id, "named": row.hash, "whose": row.viewer, "left": _without(row.rights, gone)}
        for row in rendered.all()
        if _noted(row.rights) & gone.keys()
    ]
    return Erasure(list(gone), stones, left)


def erase(session: Session, planned: Erasure) -> None:
    """Put the tombstones in place.

    Raises:
        Stale: an edition that was being frozen when the plan was made holds one of the reports too.
    """
    indicators.unfrozen(session)
    held = {(row.edition_id, row.hash) for row in session.execute(_HOLDING, {"keys": planned.subjects}).all()}
    if not held <= planned.stones.keys():
        raise Stale
    for some in db.batches(sorted(held), 500):
        rows = [{"of": of, "named": named, "stone": planned.stones[of, named]} for of, named in some]
        session.connection().execute(_BURY, rows)
    for left in db.batches(planned.left, 500):
        session.connection().execute(_UNSAY, left)
    db.wash(session)


def unspoken(session: Session, rights: dict[str, Any]) -> dict[str, Any]:
    """Rights to be put on record, without the notes of what was recalled since they were read. None is recalled until
    this transaction ends: whoever erases will find the record."""
    noted = sorted(_noted(rights))
    return _without(rights, reports.wordless(session, noted, hold=True)) if noted else rights


def _noted(rights: Mapping[str, Any]) -> set[int]:
    """The reports whose originators wrote a note in their terms: the only words that rights hold."""
    return {key for key, said in rights["terms"] if "handling_note" in said}


def _without(rights: Mapping[str, Any], gone: Collection[int]) -> dict[str, Any]:
    return {**rights, "terms": [one for one in rights["terms"] if one[0] not in gone]}


def tombstone(edition: str, address: str, *, at: str, by: int | str) -> dict[str, Any]:
    """What stands for an erased block: its address, the organisation that recalled it or the retention rule that took
    it, when, and our signature."""
    return {ERASED: address, "by": by, "at": at, "signature": seals.sign(USE, [edition, address, at, by])}


def is_tombstone(kind: str, body: Any) -> bool:
    """Whether a block of a report or of its tear-line says that its content was erased, rightly or not."""
    return kind in (REPORTED, LINE) and isinstance(body, Mapping) and ERASED in body


def rightly_erased(edition: str, address: str, body: Mapping[str, Any]) -> bool:
    """Whether a tombstone is of this block of this edition, and signed by us."""
    said = [edition, address, body.get("at"), body.get("by")]
    return body[ERASED] == address and seals.signed(USE, said, body.get("signature"))
