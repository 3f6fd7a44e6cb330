"""Counting reports: `plan` works out what changes without a write lock, `write` applies it in one short transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from services import forms, reports, tagging
from services.indicators.catalogue import Facts, contributions, fed_by
from services.indicators.counting import Contribution, Spread, Told, components, spread
from services.indicators.history import CONTRIBUTION, INCIDENT, REPORT, TALLY, keep, latest, told_of
from services.indicators.models import Cell, Overlap, PatternRow
from services.kernel import bulk, db
from services.kernel.errors import Stale
from services.kernel.model import table

CELL = table(Cell)
OVERLAP = table(Overlap)
PATTERN = table(PatternRow)

_COUNTED = (
    select(
        *(REPORT.c[name] for name in ("id", "version", "audience_id", "status", "kind", "selection")),
        *(REPORT.c[name] for name in ("occurred_from", "occurred_to", "figures", "form", "form_version", "answers")),
        REPORT.c.withdrawn_at.is_not(None).label("withdrawn"),
        REPORT.c.emptied_at.is_not(None).label("emptied"),
        TALLY.c.times,
        TALLY.c.incident_id,
        TALLY.c.since,
        TALLY.c.audience_id.label("counted_audience"),
        TALLY.c.status.label("counted_status"),
    )
    .select_from(REPORT.outerjoin(TALLY, TALLY.c.report_id == REPORT.c.id))
    .where(bulk.among(REPORT.c.id))
)
_TOGETHER = select(TALLY.c.report_id).where(bulk.among(TALLY.c.incident_id))
_EDGES = select(INCIDENT.c.edges).where(bulk.among(INCIDENT.c.id))
_APART = delete(INCIDENT).where(bulk.among(INCIDENT.c.id))
_RECORDED = select(CONTRIBUTION).where(bulk.among(CONTRIBUTION.c.report_id))
_NOT_RECORDED = delete(CONTRIBUTION).where(bulk.among(CONTRIBUTION.c.report_id))
_TALLIED = ("report_id", "times", "audience_id", "status", "incident_id", "since")
# A row that is there has been counted `times` times: one that another counted meanwhile has another number, and stays.
_UNLESS_COUNTED = (
    "ON CONFLICT (report_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _TALLIED[1:])
    + " WHERE tally.times = excluded.times - 1"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What counting will write, and what must still be true for it to be right."""

    versions: dict[int, int]
    times: dict[int, int]
    recorded: list[int]
    told: dict[int, Told]
    incidents: list[tuple[list[int], list[tuple[int, int]]]]
    old_incidents: list[int]
    before: dict[int, Told]
    before_links: list[tuple[int, int]]
    since: dict[int, int]
    change: Spread


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Recount these reports and all that are, or were, told with them in one incident."""
    found, links = _around(session, subjects)
    asked = set(subjects)
    rows = {key: row for key, row in found.items() if key in asked or row.times is not None}
    told = _told_now(session, [row for row in rows.values() if not row.withdrawn])
    change = Spread.nothing()
    counted = [row for row in rows.values() if row.counted_audience is not None]
    before = told_of(session, [(row.id, row.counted_audience, row.counted_status) for row in counted])
    old_incidents = sorted({row.incident_id for row in rows.values() if row.incident_id is not None})
    before_links = edges(session, old_incidents)
    spread(before, before_links, change, -1)
    spread(told, links, change, +1)
    joined = [(a, b) for a, b in links if a in told and b in told and told[a].status == told[b].status]
    return Plan(
        versions={key: row.version for key, row in rows.items()},
        times={key: row.times or 0 for key, row in rows.items()},
        recorded=[key for key, one in before.items() if one.contributions],
        told=told,
        incidents=_joined_parts(told, joined),
        old_incidents=old_incidents,
        before=before,
        before_links=before_links,
        since={row.id: row.since for row in counted},
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
    if reports.lock(session, list(planned.versions)) != planned.versions:
        raise Stale
    frozen = latest(session)
    keep(session, planned.before, planned.before_links, since=planned.since, until=frozen)
    _tally(session, planned, _incidents(session, planned), frozen)
    _add(session, planned.change)
    if planned.recorded:
        session.execute(_NOT_RECORDED, {"keys": planned.recorded})
    bulk.insert(session, CONTRIBUTION, [row for one in planned.told.values() for row in _rows(one)])


def _tally(session: Session, planned: Plan, incident_of: dict[int, int], frozen: int) -> None:
    """Write how each report is counted now, unless another has counted it since: then the plan is stale."""
    rows = []
    for key in planned.versions:
        told = planned.told.get(key)
        audience, status = (told.audience_id, told.status) if told else (None, "")
        rows.append((key, planned.times[key] + 1, audience, status, incident_of.get(key), frozen))
    if bulk.insert(session, TALLY, rows, columns=_TALLIED, then=_UNLESS_COUNTED) != len(rows):
        raise Stale


def _around(session: Session, start: Iterable[int]) -> tuple[dict[int, Any], list[tuple[int, int]]]:
    """All reports reachable from these by links, or by incidents as counted last; with their tallies, and the links."""
    rows: dict[int, Any] = {}
    links: set[tuple[int, int]] = set()
    seen: set[int] = set()
    incidents: set[int] = set()
    new = set(start)
    while new:
        seen |= new
        found = session.execute(_COUNTED, {"keys": new}).all()
        rows |= {row.id: row for row in found}
        near = tagging.linked(session, sorted(new))
        links |= set(near)
        new = {one for pair in near for one in pair}
        fresh = {row.incident_id for row in found} - {None} - incidents
        if fresh:
            incidents |= fresh
            new |= set(session.execute(_TOGETHER, {"keys": fresh}).scalars())
        new -= seen
    return rows, sorted(links)


def _told_now(session: Session, rows: Sequence[Any]) -> dict[int, Told]:
    # What was emptied has no figures to count again: it adds what it was counted for.
    bare = [row for row in rows if row.emptied and row.counted_audience is not None]
    told = told_of(session, [(row.id, row.audience_id, row.status) for row in bare])
    topics = tagging.topics(session, [row.id for row in rows if row.id not in told])
    for row in rows:
        if row.id in told:
            continue
        topic = topics.get(row.id)
        counted: tuple[Contribution, ...] = ()
        if topic is not None:
            facts = Facts(
                row.kind, row.selection, row.occurred_from, row.occurred_to, row.figures, topic.themes, topic.places,
                forms.given_by(session, row.form, row.form_version, row.answers),
            )  # fmt: skip
            counted = contributions(facts, fed_by(row.kind))
        told[row.id] = Told(row.id, row.audience_id, row.status, counted)
    return told


def edges(session: Session, incidents: Sequence[int]) -> list[tuple[int, int]]:
    """The links of these incidents, as they were counted."""
    rows = session.execute(_EDGES, {"keys": incidents}).scalars() if incidents else ()
    return [(a, b) for edges in rows for a, b in edges]


def _rows(told: Told) -> Iterable[bulk.Row]:
    for one in told.contributions:
        at = one.path[0], " ".join(one.path)
        yield told.report_id, one.indicator, *at, one.occurred_from, one.occurred_to, one.value


def _incidents(session: Session, planned: Plan) -> dict[int, int]:
    if planned.old_incidents:
        session.execute(_APART, {"keys": planned.old_incidents})
    if not planned.incidents:
        return {}
    keys = db.next_keys(session, INCIDENT, len(planned.incidents))
    rows = [(key, edges) for key, (_, edges) in zip(keys, planned.incidents, strict=True)]
    bulk.insert(session, INCIDENT, rows, columns=("id", "edges"))
    return {one: key for key, (part, _) in zip(keys, planned.incidents, strict=True) for one in part}


def _add(session: Session, change: Spread) -> None:
    bulk.add_to(session, CELL, [(*key, audience, n) for (key, audience), n in change.cells.items() if n])
    folded = {at: n for at, n in change.overlaps.items() if n}
    if not folded:
        return
    texts = sorted({text for _, text in folded})
    known = _patterns(session, texts)
    missing = [{"text": text} for text in texts if text not in known]
    if missing:
        db.insert_new(session, PATTERN, missing, returning=("id",))
        known = _patterns(session, texts)
    bulk.add_to(session, OVERLAP, [(*key, known[text], n) for (key, text), n in folded.items()])


def _patterns(session: Session, texts: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in db.batches(texts, 500):
        found |= {row.text: row.id for row in session.execute(select(PATTERN).where(PATTERN.c.text.in_(some))).all()}
    return found
