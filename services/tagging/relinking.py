"""Linking reports anew when an analyst has said of two whether they tell the same event (docs/adr/0026)."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import or_, select
from sqlmodel import Session

from services.kernel import bulk
from services.tagging.joining import Joins
from services.tagging.linking import Groups
from services.tagging.nearby import (
    LINK,
    bands_of,
    done_of,
    ends_of,
    holders_of,
    incidents_of,
    joined,
    telling_of,
    together,
    told_of,
)
from services.tagging.pairs import BY_ANALYST, SURE, decided
from services.tagging.service import Plan
from services.texts import Sketch

_LINKED_WITH = select(LINK).where(or_(bulk.among(LINK.c.low), bulk.among(LINK.c.high)))


def plan_links(session: Session, subjects: Sequence[int]) -> Plan:
    """Link these reports by what analysts now say of them. No tag is touched: that a hidden report was linked to one
    must not show in when, or by which definitions, that one was tagged."""
    judged = decided(session, subjects)
    dropped = {
        (row.low, row.high)
        for row in session.execute(_LINKED_WITH, {"keys": subjects}).all()
        if (row.low, row.high) in judged.apart or (row.reason == BY_ANALYST and (row.low, row.high) not in judged.same)
    }
    around = incidents_of(session, ends_of(dropped), set()) | ends_of(judged.undecided)
    judged = decided(session, {*subjects, *around})
    bands = bands_of(session, around)
    holders = holders_of(session, bands)
    compared = done_of(session, {key for keys in holders.values() for key in keys})
    rows = told_of(session, {*compared, *around, *ends_of(judged.same), *ends_of(dropped)})
    dropped = {pair for pair in dropped if set(pair) <= rows.keys()}  # what was withdrawn has its own turn
    tellings = {key: telling_of(row, Sketch(row.signature, row.numbers)) for key, row in rows.items() if row.settled}
    same = together(judged.same, rows)
    stay = {*joined(session, list(tellings)), *(pair for pair in same if set(pair) <= tellings.keys())} - dropped
    links = Groups(tellings, sorted(stay), judged.apart).join(around & tellings.keys(), holders)
    links |= dict.fromkeys(same, SURE)
    versions = {key: rows[key].version for key in ends_of([*links, *dropped])}
    joins = Joins(versions, links, bands, compared, same)
    return Plan(
        replaced=frozenset(),
        joins=joins,
        tagged={},
        kept=frozenset(),
        screened={},
        answers={},
        dropped=frozenset(dropped),
        since={},
        definitions=None,
        again=partial(plan_links, subjects=subjects),
    )
