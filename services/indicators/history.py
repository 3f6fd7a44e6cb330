"""What counting replaced after a freezing: kept as it was counted then, to be taken out of frozen counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, text
from sqlmodel import Session

from services.indicators.counting import Contribution, Told, components
from services.indicators.models import ContributionRow, CountedBefore, Freezing, IncidentRow, Tally
from services.kernel import bulk, clock, db
from services.kernel.model import table
from services.reports import Report

BEFORE = table(CountedBefore)
CONTRIBUTION = table(ContributionRow)
FREEZING = table(Freezing)
INCIDENT = table(IncidentRow)
REPORT = table(Report)
TALLY = table(Tally)


_COUNTING = text("LOCK TABLE tally IN ROW EXCLUSIVE MODE")
_RECORDED = select(CONTRIBUTION).where(bulk.among(CONTRIBUTION.c.report_id))


def mark(session: Session) -> int:
    """Begin a freezing: until this transaction ends nothing is counted, so what it reads is one state, and so is any
    `db.snapshot` taken in it."""
    if not db.is_sqlite(session):  # SQLite has one writer, and this is it
        session.execute(text("LOCK TABLE tally IN SHARE MODE"))
    row = Freezing(at=clock.now())
    session.add(row)
    session.flush()
    return row.key


def latest(session: Session) -> int:
    """The last freezing, 0 if there was none; no other begins until the end."""
    unfrozen(session)
    return session.execute(select(func.max(FREEZING.c.id))).scalar() or 0


def unfrozen(session: Session) -> None:
    """Wait for whoever is freezing, whose reads are then committed, and keep others from it until the end."""
    if not db.is_sqlite(session):
        session.execute(_COUNTING)


def keep(
    session: Session,
    before: Mapping[int, Told],
    links: Sequence[tuple[int, int]],
    *,
    since: Mapping[int, int],
    until: int,
) -> None:
    """Keep what is about to be counted anew, if a freezing saw it: at most once for each report and freezing."""
    if all(one >= until for one in since.values()):
        return
    head = {one: part[0] for part in components(before.keys(), links) for one in part}
    after: dict[int, list[int]] = defaultdict(list)
    for low, high in links:
        after[low].append(high)
    rows = [
        {
            "report_id": key,
            "since": since[key],
            "until": until,
            "head": head[key],
            "audience_id": told.audience_id,
            "status": told.status,
            "contributions": plain(told),
            "links": sorted(after[key]),
        }
        for key, told in before.items()
        if since[key] < until
    ]
    session.execute(insert(BEFORE), rows)


def plain(told: Told) -> list[list[Any]]:
    """The contributions of a report as plain values."""
    return [
        [one.indicator, " ".join(one.path), one.occurred_from.isoformat(), one.occurred_to.isoformat(), one.value]
        for one in told.contributions
    ]


def told_from(report_id: int, audience_id: int, status: str, said: Sequence[Sequence[Any]]) -> Told:
    """A report with the contributions that `plain` made plain."""
    return Told(
        report_id,
        audience_id,
        status,
        tuple(
            Contribution(indicator, tuple(path.split()), date.fromisoformat(begin), date.fromisoformat(end), value)
            for indicator, path, begin, end, value in said
        ),
    )


def moved(session: Session, frozen: int, seen: Collection[int]) -> set[int]:
    """The reports counted for these audiences in a freezing that have since been withdrawn or marked otherwise, as far
    as that has been counted."""
    statement = (
        select(BEFORE.c.report_id)
        .join(REPORT, REPORT.c.id == BEFORE.c.report_id)
        .where(
            _held(frozen),
            BEFORE.c.audience_id.in_(seen),
            or_(REPORT.c.withdrawn_at.is_not(None), REPORT.c.audience_id != BEFORE.c.audience_id),
        )
    )
    return set(session.execute(statement).scalars())


def as_of(
    session: Session, frozen: int, report_ids: Collection[int], seen: Collection[int], *, cut_off: datetime
) -> tuple[dict[int, Told], list[tuple[int, int]]]:
    """These reports and all that were told with them in one incident, as a freezing counted them, and their links; of
    what was received by the cut-off, and told to these audiences only: nothing hangs on what they do not see."""
    told: dict[int, Told] = {}
    links: set[tuple[int, int]] = set()
    for some in db.batches(sorted(report_ids), 500):
        for found in (_kept(session, frozen, some, seen, cut_off), _standing(session, frozen, some, seen, cut_off)):
            told |= found[0]
            links |= found[1]
    return told, sorted((a, b) for a, b in links if a in told and b in told)


def _held(frozen: int) -> ColumnElement[bool]:
    return and_(BEFORE.c.until >= frozen, BEFORE.c.since < frozen)


def _kept(
    session: Session, frozen: int, some: Sequence[int], seen: Collection[int], cut_off: datetime
) -> tuple[dict[int, Told], set[tuple[int, int]]]:
    heads = select(BEFORE.c.head).where(BEFORE.c.report_id.in_(some), _held(frozen))
    statement = (
        select(BEFORE)
        .join(REPORT, REPORT.c.id == BEFORE.c.report_id)
        .where(_held(frozen), BEFORE.c.head.in_(heads), BEFORE.c.audience_id.in_(seen), REPORT.c.received_at <= cut_off)
    )
    rows = session.execute(statement).all()
    told = {row.report_id: told_from(row.report_id, row.audience_id, row.status, row.contributions) for row in rows}
    return told, {(row.report_id, other) for row in rows for other in row.links}


def _standing(
    session: Session, frozen: int, some: Sequence[int], seen: Collection[int], cut_off: datetime
) -> tuple[dict[int, Told], set[tuple[int, int]]]:
    incidents = select(TALLY.c.incident_id).where(
        TALLY.c.report_id.in_(some), TALLY.c.since < frozen, TALLY.c.incident_id.is_not(None)
    )
    statement = (
        select(TALLY)
        .join(REPORT, REPORT.c.id == TALLY.c.report_id)
        .where(
            or_(TALLY.c.report_id.in_(some), TALLY.c.incident_id.in_(incidents)),
            TALLY.c.since < frozen,
            TALLY.c.audience_id.in_(seen),
            REPORT.c.received_at <= cut_off,
        )
    )
    rows = session.execute(statement).all()
    told = told_of(session, [(row.report_id, row.audience_id, row.status) for row in rows])
    edges = session.execute(select(INCIDENT.c.edges).where(INCIDENT.c.id.in_(incidents))).scalars()
    return told, {(a, b) for of_one in edges for a, b in of_one}


def told_of(session: Session, counted: Sequence[tuple[int, int, str]]) -> dict[int, Told]:
    """Reports as they are counted: given their keys, the audience and the status they are counted under."""
    if not counted:  # most reports are new
        return {}
    said: dict[int, list[Contribution]] = {key: [] for key, _, _ in counted}
    for row in session.execute(_RECORDED, {"keys": said}).all():
        said[row.report_id].append(
            Contribution(row.indicator, tuple(row.path.split()), row.occurred_from, row.occurred_to, row.value)
        )
    return {key: Told(key, audience, status, tuple(said[key])) for key, audience, status in counted}
