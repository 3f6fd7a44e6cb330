"""What is stored of reports for linking them: their facts and sketches, the bands they share, and their links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlmodel import Session

from services.kernel import bulk, db
from services.kernel.model import table
from services.reports import Report
from services.tagging.linking import Pair, Telling
from services.tagging.models import DuplicateBand, Link, Tagging
from services.texts import Sketch

REPORT = table(Report)
TAGGING = table(Tagging)
LINK = table(Link)
BAND = table(DuplicateBand)
_FROM_LOW = select(LINK.c.low, LINK.c.high).where(bulk.among(LINK.c.low))
_LINKED = select(LINK.c.low, LINK.c.high).where(or_(bulk.among(LINK.c.low), bulk.among(LINK.c.high)))
_FACTS = ("id", "audience_id", "status", "occurred_from", "occurred_to", "place", "version", "emptied_at")
_TOLD = [REPORT.c[name] for name in _FACTS]


def ends_of(pairs: Iterable[Pair]) -> set[int]:
    """The reports of these pairs."""
    return {one for pair in pairs for one in pair}


def together(pairs: Iterable[Pair], rows: Mapping[int, Any]) -> frozenset[Pair]:
    """Those of the pairs whose both ends stand, with one status: an exercise never joins what is real."""
    return frozenset(
        pair for pair in pairs if set(pair) <= rows.keys() and rows[pair[0]].status == rows[pair[1]].status
    )


def linked(session: Session, report_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The links that have an end among these reports, whoever may see them: for counting, never for showing."""
    return [(row.low, row.high) for row in session.execute(_LINKED, {"keys": report_ids}).all()]


def joined(session: Session, report_ids: Sequence[int]) -> list[Pair]:
    """The links whose both ends are among these reports."""
    wanted = set(report_ids)
    rows = session.execute(_FROM_LOW, {"keys": wanted}).all()
    return [(row.low, row.high) for row in rows if row.high in wanted]


def holders_of(session: Session, bands: dict[int, tuple[int, ...]]) -> dict[int, set[int]]:
    """Which reports hold each of these bands: those stored, and those given."""
    holders: dict[int, set[int]] = defaultdict(set)
    for key, held in bands.items():
        for band in held:
            holders[band].add(key)
    for some in db.batches(sorted(holders), 500):
        for row in session.execute(select(BAND.c.band, BAND.c.report_id).where(BAND.c.band.in_(some))).all():
            holders[row.band].add(row.report_id)
    return holders


def bands_of(session: Session, keys: set[int]) -> dict[int, tuple[int, ...]]:
    """The stored bands of these reports."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    for some in db.batches(sorted(keys), 500):
        for row in session.execute(select(BAND.c.report_id, BAND.c.band).where(BAND.c.report_id.in_(some))).all():
            found[row.report_id].append(row.band)
    return {key: tuple(held) for key, held in found.items()}


def incidents_of(session: Session, torn: set[int], replaced: set[int]) -> set[int]:
    """All that may come apart when the `replaced` go: what is still in one incident with those linked to them.

    A group, or a link to a group, may have held through one that goes; with only one such neighbour none did.
    """
    if len(torn) < 2:
        return set()
    found, new = set(torn), set(torn)
    while new:
        new = neighbours(session, new) - replaced - found
        found |= new
    return found


def neighbours(session: Session, keys: set[int]) -> set[int]:
    """The reports that are linked to these."""
    return {key for pair in linked(session, sorted(keys)) for key in pair}


def told_of(session: Session, keys: set[int], *, withdrawn: bool = False, text: bool = False) -> dict[int, Any]:
    """These reports with their sketches; `settled`: they were tagged in this revision. Texts only where asked for."""
    found: dict[int, Any] = {}
    sketch = [REPORT.c.withdrawn_at, TAGGING.c.signature, TAGGING.c.numbers]
    columns = [REPORT, TAGGING.c.tagged_at] if text else [*_TOLD, *sketch]
    settled = func.coalesce(TAGGING.c.revision == REPORT.c.revision, false()).label("settled")
    both = REPORT.outerjoin(TAGGING, TAGGING.c.report_id == REPORT.c.id)
    for some in db.batches(sorted(keys), 500):
        statement = select(*columns, settled).select_from(both).where(REPORT.c.id.in_(some))
        if not withdrawn:
            statement = statement.where(REPORT.c.withdrawn_at.is_(None))
        found |= {row.id: row for row in session.execute(statement).all()}
    return found


def done_of(session: Session, keys: set[int]) -> dict[int, tuple[int, int]]:
    """The revision of each of these reports that was tagged last, and the audience that each is told to now."""
    found: dict[int, tuple[int, int]] = {}
    both = TAGGING.join(REPORT, REPORT.c.id == TAGGING.c.report_id)
    for some in db.batches(sorted(keys), 500):
        statement = select(TAGGING.c.report_id, TAGGING.c.revision, REPORT.c.audience_id).select_from(both)
        rows = session.execute(statement.where(TAGGING.c.report_id.in_(some))).all()
        found |= {row.report_id: (row.revision, row.audience_id) for row in rows}
    return found


def telling_of(row: Any, said: Sketch) -> Telling:
    return Telling(row.audience_id, row.status, row.occurred_from, row.occurred_to, row.place, said)
