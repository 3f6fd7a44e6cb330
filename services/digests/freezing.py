"""Freezing an edition: the facts received by its cut-off become blocks under salted hashes, bounded by audiences."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlmodel import Session

from services import indicators, network, reports, tagging
from services.digests.models import Block, Edition
from services.digests.schedule import Period, Schedule
from services.kernel import audit, clock, ids
from services.kernel.model import table
from services.network import AudienceRow, Caller
from services.reports import Report, ReportRevision

REPORT = table(Report)
PER_AUDIENCE = 40  # reports of one audience that an edition keeps for its items, the latest first
SELECTED = 10
BEFORE = 36  # buckets of history
LINE = "tear-line"
ARRIVED = "arrived"  # the one block that grows with reports: their keys, read only when something was taken back


def freeze(
    session: Session, schedule: Schedule, period: Period, *, cut_off: datetime, owner: Caller | None = None
) -> Edition:
    """Freeze the edition of a period. What is received after the cut-off is not in it."""
    grain = "week" if schedule.period == "week" else "month"
    first = history(period.start, grain)
    counts = indicators.freeze(session, grain=grain, first=first, last=period.end, cut_off=cut_off)
    received, arrived = received_in(session, period.start, period.end, cut_off)
    cells = {one.name: getattr(counts, one.name) for one in fields(counts)}
    blocks: list[tuple[str, Any]] = [("counts", cells), ("received", received), (ARRIVED, arrived)]
    kept = _kept(session, period, cut_off)
    blocks += [("report", body) for body in _reports(session, kept, cut_off)]
    blocks.append(("links", tagging.joined(session, [row.id for row in kept])))
    lines = reports.lines_of_period(session, period.start, period.end, cut_off=cut_off, most=PER_AUDIENCE)
    blocks += [(LINE, body) for body in lines]
    salt = secrets.token_hex(16)
    named = [(salted(salt, [kind, body]), kind, body) for kind, body in blocks]
    manifest = [[name, kind] for name, kind, _ in named]
    row = Edition(
        reference=ids.reference(),
        schedule=schedule.code,
        grain=grain,
        start=period.start,
        end=period.end,
        cut_off=cut_off,
        frozen_at=clock.now(),
        salt=salt,
        manifest=manifest,
        digest=salted(salt, manifest),
        owner_id=owner.organisation_id if owner else None,
    )
    session.add(row)
    session.flush()
    once = {name: Block(edition_id=row.key, hash=name, kind=kind, body=body) for name, kind, body in named}
    session.add_all(once.values())
    audit.record(session, owner, "edition.frozen", row.reference, blocks=len(once), digest=row.digest)
    return row


def salted(salt: str, body: Any) -> str:
    """The hash by which an edition names a value."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def history(start: date, grain: str) -> date:
    """The first bucket that an edition keeps counts of."""
    if grain == "week":
        return start - timedelta(weeks=BEFORE)
    months = start.year * 12 + start.month - 1 - BEFORE
    return date(months // 12, months % 12 + 1, 1)


def received_in(
    session: Session, start: date, last: date, cut_off: datetime
) -> tuple[list[list[Any]], list[list[Any]]]:
    """How many reports came in a period: [audience, status, selection, nothing to report, origin, reports,
    originator]; and of the same rows the audience and the keys of their reports, joined by commas."""
    begin = datetime.combine(start, time(), UTC)
    end = min(cut_off, datetime.combine(last + timedelta(days=1), time(), UTC))
    what = (
        REPORT.c.audience_id,
        REPORT.c.status,
        REPORT.c.selection,
        (REPORT.c.kind == "zero").label("zero"),
        REPORT.c.origin,
        REPORT.c.organisation_id,
    )
    keys = func.aggregate_strings(cast(REPORT.c.id, String), ",")
    statement = (
        select(*what, func.count().label("reports"), keys.label("keys"))
        .where(REPORT.c.received_at >= begin, REPORT.c.received_at < end, REPORT.c.withdrawn_at.is_(None))
        .group_by(*what)
    )
    rows = sorted(session.execute(statement).all())
    return (
        [
            [r.audience_id, r.status, bool(r.selection), bool(r.zero), r.origin, r.reports, r.organisation_id]
            for r in rows
        ],
        [[r.audience_id, r.keys] for r in rows],
    )


def _kept(session: Session, period: Period, cut_off: datetime) -> list[Any]:
    """The latest reports of each audience that tell of the period: bounded by audiences, not by reports."""
    kept: list[Any] = []
    for audience in session.execute(select(table(AudienceRow).c.id)).scalars():
        for selection, most in ((False, PER_AUDIENCE), (True, SELECTED)):
            statement = (
                select(REPORT)
                .where(
                    REPORT.c.audience_id == audience,
                    REPORT.c.received_at >= datetime.combine(period.start, time(), UTC) - timedelta(days=1),
                    REPORT.c.received_at <= cut_off,
                    REPORT.c.occurred_to >= period.start,
                    REPORT.c.occurred_from <= period.end,
                    REPORT.c.withdrawn_at.is_(None),
                    REPORT.c.selection.is_(selection),
                    REPORT.c.kind != "zero",
                )
                .order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc())
                .limit(most)
            )
            kept += session.execute(statement).all()
    return kept


def _reports(session: Session, rows: Sequence[Any], cut_off: datetime) -> list[dict[str, Any]]:
    """Reports as they stood at the cut-off, with their tags. Who may read them is decided at each rendering, by the
    audience then and now."""
    earlier = reports.earlier(session, [row.id for row in rows], at=cut_off)
    topics = tagging.topics(session, [row.id for row in rows])
    languages = tagging.languages_of(session, [row.id for row in rows])
    parties = network.directory(session).parties
    bodies = []
    for row in rows:
        topic = topics.get(row.id)
        body = {
            "id": row.id,
            "reference": row.reference,
            "revision": row.revision,
            "audience": row.audience_id,
            "organisation": row.organisation_id,
            "origin": row.origin,
            "reliability": parties[row.organisation_id].reliability,
            "credibility": row.credibility,
            "status": row.status,
            "selection": row.selection,
            "language": languages.get(row.id) or row.language,
            "title": row.title,
            "text": row.text,
            "occurred_from": row.occurred_from.isoformat(),
            "occurred_to": row.occurred_to.isoformat(),
            "figures": row.figures,
            "terms": row.terms,
        }
        if row.id in earlier:
            body, topic = _as_it_was(body, earlier[row.id])
        themes, places = (sorted(topic.themes), list(topic.places)) if topic else ([], [])
        bodies.append({**body, "themes": themes, "places": places})
    return bodies


def _as_it_was(body: dict[str, Any], then: ReportRevision) -> tuple[dict[str, Any], tagging.Topic]:
    """A report revised after the cut-off, as it stood before: tagged anew, for its tags are of the present revision."""
    said = then.body
    words = {name: said[name] for name in ("language", "place", "themes")}
    topic = tagging.topic_of(tagging.tag(said["title"], said["text"], **words).tags)
    old = {name: said[name] for name in body if name in said}
    return {**body, **old, "revision": then.revision, "audience": then.audience_id}, topic
