"""Counting a span again from what its reports told by an instant: for late editions, and for grains without cells."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session

from services import forms, reports, tagging
from services.indicators.catalogue import Facts, contributions, fed_by
from services.indicators.counting import Spread, Told, spread
from services.indicators.history import CONTRIBUTION, REPORT, TALLY, told_of
from services.indicators.tallying import edges
from services.kernel import db

Rows = list[list[Any]]


def counted_later(session: Session, first: date, last: date, cut_off: datetime) -> bool:
    """Whether what was received or revised later is in the counts of these buckets, or joins what was received before.
    What left these buckets by a revision counts too."""
    late = select(REPORT.c.id).where(REPORT.c.received_at > cut_off)
    counted = _inside(first, last).where(CONTRIBUTION.c.report_id.in_(late))
    joining = select(TALLY.c.report_id).where(TALLY.c.report_id.in_(late), TALLY.c.incident_id.is_not(None))
    revised = reports.revised_after(cut_off)
    return any(session.execute(one.limit(1)).first() is not None for one in (counted, joining, revised))


def recount(
    session: Session, grain: str, first: date, last: date, cut_off: datetime
) -> tuple[Rows, Rows, dict[int, Told]]:
    """Cells and overlaps of what was received by the cut-off, and of it the reports revised since, as they were then.

    Reads the reports that tell of these buckets, and all that are told with them in one incident.
    """
    asked = or_(TALLY.c.report_id.in_(_inside(first, last)), TALLY.c.report_id.in_(reports.revised_after(cut_off)))
    together = select(TALLY.c.incident_id).where(asked, TALLY.c.incident_id.is_not(None))
    rows = session.execute(
        select(TALLY.c.report_id, TALLY.c.audience_id, TALLY.c.status, TALLY.c.incident_id)
        .join(REPORT, REPORT.c.id == TALLY.c.report_id)
        .where(
            REPORT.c.received_at <= cut_off,
            TALLY.c.audience_id.is_not(None),
            or_(asked, TALLY.c.incident_id.in_(together)),
        )
    ).all()
    told: dict[int, Told] = {}
    for some in db.batches(rows, 500):
        told |= told_of(session, [(row.report_id, row.audience_id, row.status) for row in some])
    earlier = as_they_stood(session, told, cut_off)
    incidents = sorted({row.incident_id for row in rows if row.incident_id is not None})
    links = [link for some in db.batches(incidents, 500) for link in edges(session, some)]
    found = Spread.nothing()
    spread(told | earlier, links, found, 1, (grain,))
    cells, overlaps = (
        sorted(
            [k.indicator, k.status, k.place, k.bucket.isoformat(), what, n]
            for (k, what), n in sums.items()
            if first <= k.bucket <= last and n
        )
        for sums in (found.cells, found.overlaps)
    )
    return cells, overlaps, earlier


def as_they_stood(session: Session, told: dict[int, Told], at: datetime) -> dict[int, Told]:
    """Those of these reports that were revised after an instant, with what they told then: tagged anew, for their tags
    are of the present revision. Their audience is that of the present: of two markings neither opens what it told."""
    found: dict[int, Told] = {}
    revised = [key for key in session.execute(reports.revised_after(at)).scalars() if key in told]
    for some in db.batches(revised, 500):
        for key, then in reports.earlier(session, some, at=at).items():
            said = then.body
            topic = tagging.topic_then(session, key, said, at=at)
            begin, end = (date.fromisoformat(said[name]) for name in ("occurred_from", "occurred_to"))
            given = forms.given_by(session, said.get("form"), said.get("form_version"), said.get("answers", {}))
            counted = said["kind"], said["selection"], begin, end, said["figures"]
            facts = Facts(*counted, topic.themes, topic.places, given)
            found[key] = Told(key, told[key].audience_id, said["status"], contributions(facts, fed_by(said["kind"])))
    return found


def _inside(first: date, last: date) -> Select[tuple[int]]:
    return select(CONTRIBUTION.c.report_id).where(
        CONTRIBUTION.c.occurred_to >= first, CONTRIBUTION.c.occurred_from <= last
    )
