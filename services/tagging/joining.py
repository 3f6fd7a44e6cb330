"""How reports that are tagged hang together with each other and with all that is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services.kernel import bulk
from services.tagging.linking import Groups, Pair
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
from services.tagging.pairs import SURE, decided
from services.texts import Sketch, Tagged


@dataclass(frozen=True, slots=True)
class Joins:
    """How reports hang together. `versions`: all that was looked at for it, near duplicates included; `bands`: where
    candidates were looked for; `compared`: those, with the revision tagged last and their audience; `same`: those of
    the links that an analyst made."""

    versions: dict[int, int]
    links: dict[Pair, float]
    bands: dict[int, tuple[int, ...]]
    compared: dict[int, tuple[int, int]]
    same: frozenset[Pair]


def joins_of(
    session: Session,
    rows: Mapping[int, Any],
    torn: Collection[int],
    bare: Collection[int],
    tagged: Mapping[int, tuple[int, Tagged]],
) -> Joins:
    """How these reports hang together with each other and with all that is stored."""
    apart = incidents_of(session, set(torn), set(rows))
    bands = bands_of(session, apart) | {key: found.bands for key, (_, found) in tagged.items()}
    holders = holders_of(session, bands)
    compared = done_of(session, {key for keys in holders.values() for key in keys} - set(rows))
    judged = decided(session, {*rows, *apart})
    others = told_of(session, ({*compared, *apart, *ends_of(judged.same)}) - set(rows))
    tellings = {key: telling_of(row, Sketch(row.signature, row.numbers)) for key, row in others.items() if row.settled}
    stay = joined(session, list(tellings))
    tellings |= {key: telling_of(rows[key], found.sketch) for key, (_, found) in tagged.items()}
    gone = apart - tellings.keys()  # withdrawn or revised while this was read: `write` will find it stale
    same = together(judged.same, {key: rows[key] for key in tagged} | others)
    fixed = {pair: score for pair, score in _fixed(session, rows, bare).items() if pair not in judged.apart}
    fixed |= dict.fromkeys(same, SURE)
    known_of = [pair for pair in fixed if set(pair) <= tellings.keys()]
    links = Groups(tellings, [*stay, *known_of], judged.apart).join({*tagged, *apart}, holders) | fixed
    ends = ends_of(links)
    versions = {key: row.version for key, row in rows.items()}
    versions |= {key: row.version for key, row in others.items() if key in ends}
    versions |= dict.fromkeys(gone, -1)
    return Joins(versions, links, bands, compared, same)


def _fixed(session: Session, rows: Mapping[int, Any], bare: Collection[int]) -> dict[Pair, float]:
    """The links to what was emptied that stay: those of reports that say what they said when they were linked."""
    same = {key for key, row in rows.items() if row.settled and row.withdrawn_at is None}
    held = session.execute(select(LINK).where(bulk.among(LINK.c.low)), {"keys": {*bare, *same}}).all() if bare else ()
    return {
        (row.low, row.high): row.score
        for row in held
        if (row.low in bare and row.high in same) or (row.low in same and row.high in bare)
    }
