"""The label of a series or a map: the strictest of what this caller was told any of it by."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, vocabulary
from services.indicators.catalogue import Indicator, catalogue
from services.indicators.counting import GRAINS, Pattern, told_by
from services.indicators.service import OBSERVATION, buckets
from services.indicators.tallying import CELL, OVERLAP, PATTERN
from services.indicators.wider import Wanted, counted
from services.network import Caller, Tlp


def label(
    session: Session,
    caller: Caller,
    indicator: Indicator,
    *,
    places: Sequence[str],
    grain: str,
    first: date,
    last: date,
    status: str = "actual",
) -> Tlp | None:
    """The strictest label over the visible audiences that told any value of these places and buckets; None where
    nobody told anything."""
    starts = buckets(first, last, grain)
    seen = frozenset(network.visible(session, caller))
    where: dict[str, Any] = {"indicator": indicator.code, "grain": grain}
    if indicator.source == "external":
        told = _told(session, OBSERVATION, where, places, starts) if status == "actual" else set()
        told &= seen
    elif grain not in GRAINS:
        told = counted(session, seen, Wanted(indicator.code, status, grain, places, starts)).told
    else:
        where["status"] = status
        told = (_told(session, CELL, where, places, starts) & seen) | _folded(session, where, places, starts, seen)
    return network.strictest(network.labels(session, told).values()) if told else None


def strictest_told(
    session: Session, caller: Caller, *, grain: str, first: date, last: date, status: str = "actual"
) -> Tlp | None:
    """The strictest label over the visible audiences that told anything of these buckets, of any indicator anywhere:
    for whatever is chosen among all series. None where nobody told anything."""
    starts, places = buckets(first, last, grain), vocabulary.places()
    seen = frozenset(network.visible(session, caller))
    where: dict[str, Any] = {"indicator": [one.code for one in catalogue()], "grain": grain}
    told = set()
    if status == "actual":
        told = _told(session, OBSERVATION, where, [one.code for one in places.countries()], starts)
    where["status"] = status
    root = [places.root.code]  # whatever is counted anywhere is counted here too
    told |= _told(session, CELL, where, root, starts)
    found = (told & seen) | _folded(session, where, root, starts, seen)
    return network.strictest(network.labels(session, found).values()) if found else None


def _held(rows: Any, where: dict[str, Any], places: Sequence[str], starts: Sequence[date]) -> list[Any]:
    within = (rows.c.place.in_(places), rows.c.bucket.between(starts[0], starts[-1]))
    counted = [] if rows is OBSERVATION else [rows.c.value != 0]  # an observed zero was told
    wanted = (rows.c[name].in_(one) if isinstance(one, list) else rows.c[name] == one for name, one in where.items())
    return [*wanted, *within, *counted]


def _told(
    session: Session, rows: Any, where: dict[str, Any], places: Sequence[str], starts: Sequence[date]
) -> set[int]:
    held = _held(rows, where, places, starts)
    return set(session.execute(select(rows.c.audience_id).where(*held).distinct()).scalars())


def _folded(
    session: Session, where: dict[str, Any], places: Sequence[str], starts: Sequence[date], seen: frozenset[int]
) -> set[int]:
    """The visible audiences of incidents told under several, where what is visible of them counts."""
    held = select(OVERLAP.c.pattern_id).where(*_held(OVERLAP, where, places, starts))
    texts = session.execute(select(PATTERN.c.text).where(PATTERN.c.id.in_(held))).scalars()
    return {audience for text in texts for audience in told_by(Pattern.read(text), seen)}
