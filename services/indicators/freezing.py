"""Counts as they stood at a cut-off, by audience: what an edition keeps, and how it is read for one viewer."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services.indicators.counting import GRAINS, Pattern, Spread, Told, fold, spread, told_by
from services.indicators.history import plain, told_from
from services.indicators.recounting import counted_later, recount
from services.indicators.service import OBSERVATION
from services.indicators.tallying import CELL, OVERLAP, PATTERN


@dataclass(frozen=True, slots=True)
class Frozen:
    """Rows of plain values: cells [indicator, status, place, bucket, audience, value], overlaps with a pattern's text
    in place of the audience, observations [indicator, place, bucket, audience, value or None]. `mark`: the
    freezing that they are of, by which what was counted then is found again."""

    cells: list[list[Any]]
    overlaps: list[list[Any]]
    observations: list[list[Any]]
    mark: int
    earlier: list[list[Any]]
    """Reports revised between the cut-off and the freezing, [report, status, contributions] as they were counted here:
    as they stood at the cut-off."""

    def told_by(self, visible: Collection[int]) -> set[int]:
        """Those of the visible audiences by which whoever sees them is told anything here."""
        found = {row[4] for row in self.cells} | {row[3] for row in self.observations}
        texts = {row[4] for row in self.overlaps}
        return found.intersection(visible).union(*(told_by(Pattern.read(text), visible) for text in texts))


@dataclass(frozen=True, slots=True)
class Seen:
    """One viewer's values: sums by (indicator, status, place, bucket); external ones by (indicator, place, bucket)."""

    sums: dict[tuple[str, str, str, str], int]
    observed: dict[tuple[str, str, str], int | None]


def freeze(session: Session, *, mark: int, grain: str, first: date, last: date, cut_off: datetime) -> Frozen:
    """The counts of these buckets from what was received by the cut-off, as it stood then. `mark`: the freezing that
    they belong to; the session shows the state of its beginning.

    Grows with cells, not with reports, unless something that came or was revised later has been counted, or the grain
    has no cells (a quarter, a year): then it is a recount of what those buckets tell.
    """
    earlier: dict[int, Told] = {}
    if grain not in GRAINS or counted_later(session, first, last, cut_off):
        cells, overlaps, earlier = recount(session, grain, first, last, cut_off)
    else:
        cells, overlaps = _held(session, grain, first, last)
    outside = select(OBSERVATION).where(
        OBSERVATION.c.grain == grain, OBSERVATION.c.bucket.between(first, last), OBSERVATION.c.released_at <= cut_off
    )
    observations = [
        [row.indicator, row.place, row.bucket.isoformat(), row.audience_id, row.value]
        for row in session.execute(outside.order_by(OBSERVATION.c.released_at, *OBSERVATION.primary_key.columns)).all()
    ]
    was = [[key, one.status, plain(one)] for key, one in sorted(earlier.items())]
    return Frozen(cells, overlaps, observations, mark, was)


def as_frozen(frozen: Frozen, told: Mapping[int, Told]) -> dict[int, Told]:
    """Reports as frozen counts hold them, given as they had been tallied at the freezing."""
    was = {key: (status, said) for key, status, said in frozen.earlier}
    return {key: told_from(key, one.audience_id, *was[key]) if key in was else one for key, one in told.items()}


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
    spread(before, links, change, -1, (grain,))
    spread({key: one for key, one in before.items() if key not in lost}, links, change, +1, (grain,))
    sums = dict(known.sums)
    for (key, _), worth in change.cells.items():
        if worth and first <= key.bucket <= last:
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
