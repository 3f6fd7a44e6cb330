"""Which of the latest reports may tell the same event as another of them: for the queue of analysts (docs/adr/0028)."""

from itertools import combinations

from sqlmodel import Session

from services import reports
from services.network import Caller
from services.tagging.accounts import accounts
from services.tagging.nearby import REPORT
from services.tagging.pairs import decided
from services.tagging.suggesting import LEAST, NEAR, facts_of, likeness

LATEST = 150  # that the caller sees: what one look at the queue may cost, as each is compared with each


def alike(session: Session, caller: Caller) -> frozenset[int]:
    """Those of the latest reports in the caller's sight for which another of them would be suggested."""
    seen = reports.visible_reports(session, caller).where(REPORT.c.emptied_at.is_(None))
    latest = seen.order_by(REPORT.c.received_at.desc(), REPORT.c.reference)
    rows = {one.key: one for one in session.execute(latest.limit(LATEST)).scalars()}
    facts = facts_of(session, caller, list(rows.values()))
    told = accounts(session, caller, list(rows))
    judged = decided(session, list(rows))
    found: set[int] = set()
    for one, other in combinations(sorted(rows, key=lambda key: facts[key].first), 2):
        low, high = sorted((one, other))
        if rows[one].status != rows[other].status or facts[other].first > facts[one].last + NEAR:
            continue
        if {one, other} <= found or (low, high) in judged.same | judged.apart:
            continue
        if (
            rows[other].reference not in told[one].received
            and sum(likeness(facts[one], facts[other]).values()) >= LEAST
        ):
            found |= {one, other}
    return frozenset(found)
