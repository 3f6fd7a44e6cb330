"""Incidents as one reader has them: which visible reports tell the same, and how many origins stand behind them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import AudienceRow, Caller, Shown
from services.tagging.nearby import REPORT, linked

AUDIENCE = table(AudienceRow)
_FACTS = [
    REPORT.c[name]
    for name in ("id", "reference", "status", "audience_id", "organisation_id", "origin", "path", "received_at")
]


@dataclass(frozen=True, slots=True)
class Account:
    """What a reader is told of the incident of a report, the report included."""

    received: Mapping[str, datetime]
    """When each of its reports was received, by reference."""
    origins: int
    confirmed: bool
    circular: bool


def accounts(session: Session, caller: Caller, report_ids: Collection[int]) -> dict[int, Account]:
    """Of each of these visible reports its incident: what can be reached over visible reports of the same status.
    Hidden reports join nothing."""
    visible = network.visible(session, caller)
    facts = {row.id: row for row in session.execute(select(*_FACTS).where(among(REPORT.c.id)), {"keys": report_ids})}
    near: dict[int, set[int]] = defaultdict(set)
    edge = set(facts)
    while edge:
        pairs = linked(session, sorted(edge))
        ends = {one for pair in pairs for one in pair}
        # Asked also where nothing is near: how many statements it takes tells nothing of hidden neighbours.
        statement = select(*_FACTS).where(
            among(REPORT.c.id), REPORT.c.audience_id.in_(visible), REPORT.c.withdrawn_at.is_(None)
        )
        new = {row.id: row for row in session.execute(statement, {"keys": ends - facts.keys()})}
        facts |= new
        for low, high in pairs:
            if low in facts and high in facts and facts[low].status == facts[high].status:
                near[low].add(high)
                near[high].add(low)
        edge = set(new)
    shown = _shown(session, caller, {row.audience_id for row in facts.values()})
    found: dict[int, Account] = {}
    for key in report_ids:
        if key not in found:
            group = {key, *reports.reached(key, near.__getitem__)}
            account = _account([facts[one] for one in sorted(group)], shown)
            found |= dict.fromkeys(group, account)
    return found


def _shown(session: Session, caller: Caller, audiences: Collection[int]) -> Mapping[int, Shown]:
    rows = session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(sorted(audiences)))).scalars()
    return network.shown_to(session, caller, rows)


def _account(told: Sequence[Any], shown: Mapping[int, Shown]) -> Account:
    """Named reports are compared though their provenance is not shown, which is what corroboration means; whoever
    withholds attribution is compared with nobody. That it goes round is told of what the reader may know alone."""
    named = [one for one in told if shown[one.audience_id].originator]
    known = [one for one in told if shown[one.audience_id].names]
    return Account(
        received={one.reference: one.received_at for one in told},
        origins=reports.independent(_telling(one, attributed=shown[one.audience_id].originator) for one in told),
        confirmed=reports.corroborated(_telling(one, attributed=True) for one in named),
        circular=reports.circular(
            ((f"organisation:{one.organisation_id}", _path(one)) for one in known), whole=len(known) == len(told)
        ),
    )


def _telling(one: Any, *, attributed: bool) -> tuple[str, str]:
    return reports.telling(one.origin, originator=one.organisation_id, attributed=attributed)


def _path(one: Any) -> tuple[str, ...]:
    """Whom it was heard from; of a report of before paths were kept, its origin."""
    if one.path is not None:
        return tuple(one.path)
    return () if one.origin == f"organisation:{one.organisation_id}" else (one.origin,)
