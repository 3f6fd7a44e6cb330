"""Values of cells for one viewer, in three statements: visible cells summed, overlaps by cell, and their patterns."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache, lru_cache
from operator import mul
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, bindparam, func, select, type_coerce
from sqlmodel import Session

from services.indicators.counting import Pattern, fold
from services.indicators.tallying import CELL, OVERLAP, PATTERN
from services.kernel import bulk, db

MOST_KEPT = 50_000
_PATTERNS = select(PATTERN.c.id, PATTERN.c.text).where(bulk.among(PATTERN.c.id))


def summed(
    session: Session,
    seen: Sequence[int],
    where: dict[str, Any],
    first: date,
    last: date,
    places: Sequence[str] | None = None,
) -> dict[tuple[str, date], int]:
    """Values by place and bucket for a viewer who sees these audiences; `where`: the rest of the cells' key."""
    sums: dict[tuple[str, date], int] = defaultdict(int)
    if not seen:
        return sums
    names, placed = tuple(where), places is not None
    given = where | {"first": first, "last": last} | ({"places": list(places)} if places is not None else {})
    for row in session.execute(_cells(names, placed=placed), given | {"keys": seen}).all():
        sums[(row.place, row.bucket)] += int(row.value)
    found = session.execute(_overlaps(names, placed=placed, lite=db.is_sqlite(session)), given).all()
    worth = _worth(session, {one for _, _, patterns, _ in found for one in patterns}, frozenset(seen))
    for place, start, patterns, times in found:
        sums[(place, start)] += sum(map(mul, map(worth.__getitem__, patterns), times))
    return sums


# Made once for each set of names: to write these statements takes longer than to run them.
@cache
def _cells(names: tuple[str, ...], *, placed: bool) -> Select[Any]:
    at = CELL.c.place, CELL.c.bucket
    cells = select(*at, func.sum(CELL.c.value).label("value"))
    return cells.where(*_held(CELL.c, names, placed=placed), bulk.among(CELL.c.audience_id)).group_by(*at)


@cache
def _overlaps(names: tuple[str, ...], *, placed: bool, lite: bool) -> Select[Any]:
    """Place, bucket, the patterns there, and how often each: a list is brought here in a tenth of its rows' time."""
    listed = func.json_group_array if lite else func.json_agg
    at = OVERLAP.c.place, OVERLAP.c.bucket
    lists = (type_coerce(listed(column), JSON) for column in (OVERLAP.c.pattern_id, OVERLAP.c.value))
    return select(*at, *lists).where(*_held(OVERLAP.c, names, placed=placed)).group_by(*at)


def _held(columns: Any, names: tuple[str, ...], *, placed: bool) -> list[ColumnElement[bool]]:
    terms = [columns[name] == bindparam(name) for name in names]
    terms.append(columns.bucket.between(bindparam("first"), bindparam("last")))
    return [*terms, columns.place.in_(bindparam("places", expanding=True))] if placed else terms


def _worth(session: Session, patterns: Collection[int], seen: frozenset[int]) -> dict[int, int]:
    """What each of these patterns is worth to whoever sees these audiences. Asked also when there are none: how many
    statements a series takes must not tell of overlaps that its viewer does not see."""
    known = _worths(seen)
    if len(known) > MOST_KEPT:
        known.clear()
    found = {}
    for key, text in session.execute(_PATTERNS, {"keys": patterns}).all():
        worth = known.get(text)  # another thread may empty it at any moment
        if worth is None:
            worth = known[text] = fold(Pattern.read(text), seen)
        found[key] = worth
    return found


@lru_cache(maxsize=32)
def _worths(_seen: frozenset[int]) -> dict[str, int]:
    """Patterns folded before for whoever sees these audiences: folding is pure, so what it gave may be kept."""
    return {}
