"""Counts as they stood at a cut-off, by audience: what an edition keeps, and how it is read for one viewer."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services.indicators.counting import Contribution, Pattern, Spread, Told, fold, spread
from services.indicators.history import CONTRIBUTION, REPORT, TALLY, mark
from services.indicators.service import OBSERVATION
from services.indicators.tallying import CELL, OVERLAP, PATTERN, edges
from services.kernel import db


@dataclass(frozen=True, slots=True)
class Frozen:
    """Rows of plain values: cells [indicator, status, place, bucket, audience, value], overlaps with a pattern's text
    in place of the audience, observations [indicator, place, bucket, audience, value or None]. `mark`: the
    freezing that they are of, by which what was counted then is found again."""

    cells: list[list[Any]]
    overlaps: list[list[Any]]
    observations: list[list[Any]]
    mark: int

    def audiences(self) -> set[int]:
        """The audiences that anything here was told to."""
        found = {row[4] for row in self.cells} | {row[3] for row in self.observations}
        return found.union(*(_told_to(text) for text in {row[4] for row in self.overlaps}))


def _told_to(text: str) -> set[int]:
    return {node.audience for node in Pattern.read(text).nodes}


@dataclass(frozen=True, slots=True)
class Seen:
    """One viewer's values: sums by (indicator, status, place, bucket); external ones by (indicator, place, bucket)."""

    sums: dict[tuple[str, str, str, str], int]
    observed: dict[tuple[str, str, str], int | None]


def freeze(session: Session, *, grain: str, first: date, last: date, cut_off: datetime) -> Frozen:
    """The counts of these buckets from what was received by the cut-off.

    Grows with cells, not with reports, unless something that came later has been counted: then it is a recount.
    """
    at = mark(session)
    if _counted_later(session, first, last, cut_off):
        cells, overlaps = _recount(session, grain, first, last, cut_off)
    else:
        cells, overlaps = _held(session, grain, first, last)
    outside = select(OBSERVATION).where(
        OBSERVATION.c.grain == grain, OBSERVATION.c.bucket.between(first, last), OBSERVATION.c.released_at <= cut_off
    )
    observations = [
        [row.indicator, row.place, row.bucket.isoformat(), row.audience_id, row.value]
        for row in session.execute(outside.order_by(OBSERVATION.c.released_at, *OBSERVATION.primary_key.columns)).all()
    ]
    return Frozen(cells, overlaps, observations, at)


def seen(frozen: Frozen, visible: Collection[int]) -> Seen:
    """What a viewer who sees these audiences may know of frozen counts."""
    sums: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for indicator, status, place, start, audience, value in frozen.cells:
        if audience in visible:
            sums[(indicator, status, place, start)] += value
    worth: dict[str, int] = {}
    for indicator, status, place, start, text, times in frozen.overlaps:
        if text not in worth:
            worth[text] = fold(Pattern.read(text), visible)
        if worth[text]:
            sums[(indicator, status, place, start)] += worth[text] * times
    observed = {(row[0], row[1], row[2]): row[4] for row in frozen.observations if row[3] in visible}
    return Seen(dict(sums), observed)


def without(
    known: Seen,
    told: Mapping[int, Told],
    links: Sequence[tuple[int, int]],
    lost: Collection[int],
    *,
    grain: str,
    first: date,
    last: date,
) -> Seen:
    """What a viewer knew of frozen counts, less the reports lost since.

    `told`: the lost ones and all that the viewer was told with them in one incident, as they were frozen;
    `links`: theirs. For one viewer all are of one audience: no pattern is left, and what is left is a plain recount.
    """
    if not lost:
        return known
    before = {key: replace(one, audience_id=0) for key, one in told.items()}
    change = Spread.nothing()
    spread(before, links, change, -1)
    spread({key: one for key, one in before.items() if key not in lost}, links, change, +1)
    sums = dict(known.sums)
    for (key, _), worth in change.cells.items():
        if worth and key.grain == grain and first <= key.bucket <= last:
            name = (key.indicator, key.status, key.place, key.bucket.isoformat())
            sums[name] = sums.get(name, 0) + worth
    return Seen(sums, known.observed)


def _held(session: Session, grain: str, first: date, last: date) -> tuple[list[list[Any]], list[list[Any]]]:
    held = select(CELL).where(CELL.c.grain == grain, CELL.c.bucket.between(first, last), CELL.c.value != 0)
    cells = [
        [row.indicator, row.status, row.place, row.bucket.isoformat(), row.audience_id, row.value]
        for row in session.execute(held.order_by(*CELL.primary_key.columns)).all()
    ]
    folded = (
        select(OVERLAP, PATTERN.c.text)
        .where(OVERLAP.c.grain == grain, OVERLAP.c.bucket.between(first, last), PATTERN.c.id == OVERLAP.c.pattern_id)
        .order_by(*OVERLAP.primary_key.columns)
    )
    overlaps = [
        [row.indicator, row.status, row.place, row.bucket.isoformat(), row.text, row.value]
        for row in session.execute(folded).all()
    ]
    return cells, overlaps


def _counted_later(session: Session, first: date, last: date, cut_off: datetime) -> bool:
    """Whether what was received later is in the counts of these buckets, or joins what was received before."""
    late = select(REPORT.c.id).where(REPORT.c.received_at > cut_off)
    counted = select(CONTRIBUTION.c.report_id).where(
        CONTRIBUTION.c.report_id.in_(late), CONTRIBUTION.c.occurred_to >= first, CONTRIBUTION.c.occurred_from <= last
    )
    joining = select(TALLY.c.report_id).where(TALLY.c.report_id.in_(late), TALLY.c.incident_id.is_not(None))
    return any(session.execute(one.limit(1)).first() is not None for one in (counted, joining))


def _recount(
    session: Session, grain: str, first: date, last: date, cut_off: datetime
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Count again from the contributions of the reports received by the cut-off."""
    rows = session.execute(
        select(TALLY.c.report_id, TALLY.c.audience_id, TALLY.c.status, TALLY.c.incident_id)
        .join(REPORT, REPORT.c.id == TALLY.c.report_id)
        .where(REPORT.c.received_at <= cut_off, TALLY.c.audience_id.is_not(None))
    ).all()
    said: dict[int, list[Contribution]] = defaultdict(list)
    for row in session.execute(
        select(CONTRIBUTION).where(CONTRIBUTION.c.occurred_to >= first, CONTRIBUTION.c.occurred_from <= last)
    ).all():
        said[row.report_id].append(
            Contribution(row.indicator, tuple(row.path.split()), row.occurred_from, row.occurred_to, row.value)
        )
    told = {
        row.report_id: Told(row.report_id, row.audience_id, row.status, tuple(said.get(row.report_id, ())))
        for row in rows
    }
    found = Spread.nothing()
    incidents = sorted({row.incident_id for row in rows if row.incident_id is not None})
    links = [link for some in db.batches(incidents, 500) for link in edges(session, some)]
    spread(told, links, found)
    inside = [
        (key, audience, n)
        for (key, audience), n in found.cells.items()
        if key.grain == grain and first <= key.bucket <= last and n
    ]
    folded = [
        (key, text, n)
        for (key, text), n in found.overlaps.items()
        if key.grain == grain and first <= key.bucket <= last and n
    ]
    cells: list[list[Any]] = [[k.indicator, k.status, k.place, k.bucket.isoformat(), a, n] for k, a, n in inside]
    overlaps: list[list[Any]] = [[k.indicator, k.status, k.place, k.bucket.isoformat(), t, n] for k, t, n in folded]
    return sorted(cells), sorted(overlaps)
