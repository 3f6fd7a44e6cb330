"""Counting reports: `plan` works out what changes without a write lock, `write` applies it in one short transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from services import reports, tagging
from services.indicators.catalogue import Facts, catalogue, contributions
from services.indicators.counting import Contribution, Key, Spread, Told, components, spread
from services.indicators.history import CONTRIBUTION, INCIDENT, REPORT, TALLY, keep, latest, told_of
from services.indicators.models import Cell, Overlap, PatternRow
from services.kernel import db
from services.kernel.errors import Stale
from services.kernel.model import table

CELL = table(Cell)
OVERLAP = table(Overlap)
PATTERN = table(PatternRow)


@dataclass(frozen=True, slots=True)
class Plan:
    """What counting will write, and what must still be true for it to be right."""

    versions: dict[int, int]
    times: dict[int, int]
    told: dict[int, Told]
    incidents: list[tuple[list[int], list[tuple[int, int]]]]
    old_incidents: list[int]
    before: dict[int, Told]
    before_links: list[tuple[int, int]]
    since: dict[int, int]
    change: Spread


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Recount these reports and all that are, or were, told with them in one incident."""
    tallies, links = _around(session, set(subjects))
    members = set(tallies) | set(subjects)
    rows = {row.id: row for row in session.execute(select(REPORT).where(REPORT.c.id.in_(members))).all()}
    told = _told_now(session, [row for row in rows.values() if row.withdrawn_at is None])
    change = Spread.nothing()
    before = told_of(session, [row for row in tallies.values() if row.audience_id is not None])
    old_incidents = sorted({row.incident_id for row in tallies.values() if row.incident_id is not None})
    before_links = edges(session, old_incidents)
    spread(before, before_links, change, -1)
    spread(told, links, change, +1)
    joined = [(a, b) for a, b in links if a in told and b in told and told[a].status == told[b].status]
    return Plan(
        versions={key: row.version for key, row in rows.items()},
        times={key: tallies[key].times if key in tallies else 0 for key in rows},
        told=told,
        incidents=_joined_parts(told, joined),
        old_incidents=old_incidents,
        before=before,
        before_links=before_links,
        since={key: tallies[key].since for key in before},
        change=change,
    )


def _joined_parts(
    told: dict[int, Told], joined: Sequence[tuple[int, int]]
) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """The incidents of more than one report, each with its links."""
    parts = [part for part in components(told.keys(), joined) if len(part) > 1]
    part_of = {one: number for number, part in enumerate(parts) for one in part}
    edges: list[list[tuple[int, int]]] = [[] for _ in parts]
    for a, b in joined:
        edges[part_of[a]].append((a, b))
    return list(zip(parts, edges, strict=True))


def write(session: Session, planned: Plan) -> None:
    """Apply a plan: cells pre-summed and in order, then what each report has added.

    Raises:
        Stale: a report changed, or was counted by another, since the plan was made.
    """
    touched = list(planned.versions)
    if reports.lock(session, touched) != planned.versions:
        raise Stale
    now = {
        row.report_id: row.times
        for row in session.execute(select(TALLY.c.report_id, TALLY.c.times).where(TALLY.c.report_id.in_(touched))).all()
    }
    if any(now.get(key, 0) != times for key, times in planned.times.items()):
        raise Stale
    _add(session, planned.change)
    incident_of = _incidents(session, planned)
    session.execute(delete(CONTRIBUTION).where(CONTRIBUTION.c.report_id.in_(touched)))
    rows = [row for one in planned.told.values() for row in _rows(one)]
    if rows:
        session.execute(insert(CONTRIBUTION), rows)
    session.execute(delete(TALLY).where(TALLY.c.report_id.in_(touched)))
    frozen = latest(session)  # after the first write to the tallies, which waits for whoever is freezing
    keep(session, planned.before, planned.before_links, since=planned.since, until=frozen)
    session.execute(
        insert(TALLY),
        [
            {
                "report_id": key,
                "times": planned.times[key] + 1,
                "version": planned.versions[key],
                "audience_id": planned.told[key].audience_id if key in planned.told else None,
                "status": planned.told[key].status if key in planned.told else "",
                "incident_id": incident_of.get(key),
                "since": frozen,
            }
            for key in touched
        ],
    )


def _around(session: Session, start: set[int]) -> tuple[dict[int, Any], list[tuple[int, int]]]:
    """The tallies and links of all reports reachable from `start` by links, or by incidents as counted last."""
    tallies: dict[int, Any] = {}
    links: set[tuple[int, int]] = set()
    seen: set[int] = set()
    incidents: set[int] = set()
    while new := start - seen:
        seen |= new
        for row in session.execute(select(TALLY).where(TALLY.c.report_id.in_(new))).all():
            tallies[row.report_id] = row
        fresh = {tallies[key].incident_id for key in new if key in tallies} - {None} - incidents
        if fresh:
            incidents |= fresh
            start |= set(session.execute(select(TALLY.c.report_id).where(TALLY.c.incident_id.in_(fresh))).scalars())
        found = tagging.linked(session, sorted(new))
        links |= set(found)
        start = start | {one for pair in found for one in pair}
    return tallies, sorted(links)


def _told_now(session: Session, rows: Sequence[Any]) -> dict[int, Told]:
    topics = tagging.topics(session, [row.id for row in rows])
    watched = list(catalogue())
    told = {}
    for row in rows:
        topic = topics.get(row.id)
        counted: tuple[Contribution, ...] = ()
        if topic is not None:
            facts = Facts(
                row.kind, row.selection, row.occurred_from, row.occurred_to, row.figures, topic.themes, topic.places
            )
            counted = contributions(facts, watched)
        told[row.id] = Told(row.id, row.audience_id, row.status, counted)
    return told


def edges(session: Session, incidents: Sequence[int]) -> list[tuple[int, int]]:
    """The links of these incidents, as they were counted."""
    rows = session.execute(select(INCIDENT.c.edges).where(INCIDENT.c.id.in_(incidents))).scalars() if incidents else ()
    return [(a, b) for edges in rows for a, b in edges]


def _rows(told: Told) -> Iterable[dict[str, Any]]:
    for one in told.contributions:
        yield {
            "report_id": told.report_id,
            "indicator": one.indicator,
            "place": one.path[0],
            "occurred_from": one.occurred_from,
            "occurred_to": one.occurred_to,
            "value": one.value,
        }


def _incidents(session: Session, planned: Plan) -> dict[int, int]:
    if planned.old_incidents:
        session.execute(delete(INCIDENT).where(INCIDENT.c.id.in_(planned.old_incidents)))
    if not planned.incidents:
        return {}
    keys = db.next_keys(session, INCIDENT, len(planned.incidents))
    session.execute(
        insert(INCIDENT),
        [
            {"id": key, "edges": [list(edge) for edge in edges]}
            for key, (_, edges) in zip(keys, planned.incidents, strict=True)
        ],
    )
    return {one: key for key, (part, _) in zip(keys, planned.incidents, strict=True) for one in part}


def _add(session: Session, change: Spread) -> None:
    db.add_to(
        session,
        CELL,
        [_cell(key) | {"audience_id": audience, "value": n} for (key, audience), n in change.cells.items() if n],
    )
    folded = {at: n for at, n in change.overlaps.items() if n}
    if not folded:
        return
    texts = sorted({text for _, text in folded})
    known = _patterns(session, texts)
    missing = [{"text": text} for text in texts if text not in known]
    if missing:
        db.insert_new(session, PATTERN, missing, returning=("id",))
        known = _patterns(session, texts)
    db.add_to(
        session, OVERLAP, [_cell(key) | {"pattern_id": known[text], "value": n} for (key, text), n in folded.items()]
    )


def _patterns(session: Session, texts: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in db.batches(texts, 500):
        found |= {row.text: row.id for row in session.execute(select(PATTERN).where(PATTERN.c.text.in_(some))).all()}
    return found


def _cell(key: Key) -> dict[str, Any]:
    return key._asdict()
