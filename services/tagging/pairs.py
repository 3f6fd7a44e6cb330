"""What analysts decided of pairs of reports, as linking needs it: whoever may see it (docs/adr/0026)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from services.kernel import bulk
from services.kernel.model import table
from services.tagging.linking import Pair
from services.tagging.models import PairDecision

PAIR = table(PairDecision)
SAME, APART, UNDECIDED = "same", "apart", "undecided"
BY_ANALYST, BY_TEXT = "analyst", "text"  # reasons of links
SURE = 100.0  # the score of what a person said
_TOUCHING = select(PAIR).where(or_(bulk.among(PAIR.c.low), bulk.among(PAIR.c.high))).order_by(PAIR.c.id)


@dataclass(frozen=True, slots=True)
class Decided:
    """The pairs that an analyst's word joins, those that it keeps apart whatever their words, and those of which it was
    taken back."""

    same: frozenset[Pair]
    apart: frozenset[Pair]
    undecided: frozenset[Pair]


def decided(session: Session, report_ids: Collection[int]) -> Decided:
    """What stands of the pairs that have an end among these reports."""
    return standing(touching(session, report_ids))


def touching(session: Session, report_ids: Collection[int]) -> list[Any]:
    """All decisions on pairs with an end among these reports, oldest first."""
    return list(session.execute(_TOUCHING, {"keys": report_ids}).all())


def standing(rows: Iterable[Any]) -> Decided:
    """The latest decision on each pair stands; `rows` are in order."""
    last = {(row.low, row.high): row.decided for row in rows}
    by = {word: frozenset(pair for pair, one in last.items() if one == word) for word in (SAME, APART, UNDECIDED)}
    return Decided(by[SAME], by[APART], by[UNDECIDED])
