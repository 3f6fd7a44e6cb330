"""Freezing an edition: the facts received by its cut-off become blocks under salted hashes, bounded by audiences."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, func, select
from sqlmodel import Session

from services import assignments, indicators, network, reports, screening, tagging
from services.digests.erasing import LINE, REPORTED, tombstone
from services.digests.models import Block, Edition
from services.digests.reporting import EXPECTED
from services.digests.schedule import Period, Schedule, series_grain
from services.kernel import audit, clock, ids
from services.kernel.config import settings
from services.kernel.model import table
from services.network import Caller
from services.reports import Report, ReportRevision

REPORT = table(Report)
PER_AUDIENCE = 40  # reports of one audience that an edition keeps for its items, the latest first
SELECTED = 10
BEFORE = 36  # buckets of history
ABOUT = "about"  # what the edition is, whatever becomes of its schedule
ARRIVED = "arrived"  # the one block that grows with reports: their keys, read only when something was taken back


@dataclass(frozen=True, slots=True)
class Gathered:
    """An edition's facts, read and not written yet. `at`: when its freezing began."""

    schedule: Schedule
    period: Period
    cut_off: datetime
    at: datetime
    blocks: list[tuple[str, Any]]


def freeze(
    session: Session, schedule: Schedule, period: Period, *, cut_off: datetime, owner: Caller | None = None
) -> Edition:
    """Freeze the edition of a period. What is received after the cut-off is not in it."""
    mark, at = indicators.mark(session), clock.now()
    return store(session, gather(session, schedule, period, cut_off=cut_off, mark=mark, at=at), owner)


def gather(
    session: Session, schedule: Schedule, period: Period, *, cut_off: datetime, mark: int, at: datetime
) -> Gathered:
    """Read the facts of an edition; writes nothing. The session shows the state in which the freezing began."""
    grain = series_grain(schedule.period)
    first = history(period.start, grain)
    counts = indicators.freeze(session, mark=mark, grain=grain, first=first, last=period.end, cut_off=cut_off)
    received, arrived = received_in(session, period.start, period.end, cut_off)
    about = {"name": schedule.name, "overview": schedule.overview, "solo": settings().solo}
    blocks: list[tuple[str, Any]] = [(ABOUT, about), ("counts", _plain(counts))]
    if schedule.period != grain:  # months are not additive: the whole period is counted for itself
        whole = indicators.freeze(
            session, mark=mark, grain=schedule.period, first=period.start, last=period.end, cut_off=cut_off
        )
        blocks.append(("whole", _plain(whole)))
    blocks += [("received", received), (ARRIVED, arrived)]
    kept = _kept(session, period, cut_off)
    blocks += [(REPORTED, body) for body in _reports(session, kept, cut_off)]
    blocks.append((EXPECTED, assignments.freeze(session, first=period.start, last=period.end, at=cut_off)))
    blocks.append(("links", tagging.joined(session, [row.id for row in kept])))
    lines = reports.lines_of_period(session, period.start, period.end, cut_off=cut_off, most=PER_AUDIENCE)
    blocks += [(LINE, body) for body in lines]
    return Gathered(schedule, period, cut_off, at, blocks)


def store(session: Session, given: Gathered, owner: Caller | None = None) -> Edition:
    """Write an edition whose facts were gathered: one that a person asked for as a draft."""
    person = owner.member_id if owner else None
    salt = secrets.token_hex(16)
    named = [(salted(salt, [kind, body]), kind, body) for kind, body in given.blocks]
    manifest = [[name, kind] for name, kind, _ in named]
    row = Edition(
        reference=ids.reference(),
        schedule=given.schedule.code,
        name=given.schedule.name,
        grain=given.schedule.period,
        start=given.period.start,
        end=given.period.end,
        cut_off=given.cut_off,
        frozen_at=given.at,
        salt=salt,
        manifest=manifest,
        digest=salted(salt, manifest),
        owner_id=owner.organisation_id if owner else None,
        made_by=person,
        released_at=given.at if person is None else None,
    )
    session.add(row)
    session.flush()
    # What was recalled since it was gathered is buried at once; what is recalled from now on finds the block.
    told = [body["id"] for _, kind, body in named if kind in (REPORTED, LINE)]
    gone = reports.wordless(session, told, hold=True)
    once = {name: _block(row, name, kind, body, gone) for name, kind, body in named}
    session.add_all(once.values())
    if owner is None:
        reports.note_step(session, reports.FROZEN, told, at=given.at)
    audit.record(
        session, owner, "edition.frozen", row.reference, blocks=len(once), digest=row.digest, draft=person is not None
    )
    return row


def _block(edition: Edition, name: str, kind: str, body: Any, gone: Mapping[int, tuple[datetime, int | str]]) -> Block:
    report_id = body["id"] if kind in (REPORTED, LINE) else None
    if report_id is not None and report_id in gone:
        at, by = gone[report_id]
        stone = tombstone(edition.reference, name, at=at.isoformat(), by=by)
        return Block(edition_id=edition.key, hash=name, kind=kind, body=stone)
    return Block(edition_id=edition.key, hash=name, kind=kind, body=body, report_id=report_id)


def _plain(counts: indicators.Frozen) -> dict[str, Any]:
    return {one.name: getattr(counts, one.name) for one in fields(counts)}


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
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    what = (
        REPORT.c.audience_id,
        REPORT.c.status,
        REPORT.c.selection,
        (REPORT.c.kind == "zero").label("zero"),
        REPORT.c.origin,
        REPORT.c.organisation_id,
    )
    keys = func.aggregate_strings(cast(REPORT.c.id, String), ",")
    came = (
        REPORT.c.received_at >= begin,
        REPORT.c.received_at < end,
        REPORT.c.received_at <= cut_off,
        REPORT.c.withdrawn_at.is_(None),
    )
    revised = reports.revised_after(cut_off)
    statement = (
        select(*what, func.count().label("reports"), keys.label("keys"))
        .where(*came, REPORT.c.id.not_in(revised))
        .group_by(*what)
    )
    rows = [tuple(row) for row in session.execute(statement).all()]
    since = session.execute(select(REPORT).where(*came, REPORT.c.id.in_(revised))).all()
    then = reports.earlier(session, [row.id for row in since], at=cut_off)
    for row in since:  # each a row of its own: there are few
        stood = row.status, row.selection, row.kind == "zero"  # of what was emptied since, nothing earlier is left
        if row.id in then:
            said = then[row.id].body
            stood = said["status"], said["selection"], said["kind"] == "zero"
        rows.append((row.audience_id, *stood, row.origin, row.organisation_id, 1, str(row.id)))
    rows.sort()
    return (
        [
            [audience, status, bool(selected), bool(zero), origin, n, originator]
            for audience, status, selected, zero, origin, originator, n, _ in rows
        ],
        [[row[0], row[-1]] for row in rows],
    )


def _kept(session: Session, period: Period, cut_off: datetime) -> list[Any]:
    """The latest reports of each audience that tell of the period: bounded by audiences, not by reports. To which of
    them anything is told is asked once, over the period's reports."""
    begin = datetime.combine(period.start, time(), UTC) - timedelta(days=1)
    asked = {"begin": begin, "cut_off": cut_off, "first": period.start, "last": period.end}
    kept: list[Any] = []
    for audience, selection in session.execute(_TELLING, asked).all():
        of_one = {"audience": audience, "selection": selection, "most": SELECTED if selection else PER_AUDIENCE}
        kept += session.execute(_LATEST, asked | of_one).all()
    return kept


_TELLS = (
    REPORT.c.received_at >= bindparam("begin"),
    REPORT.c.received_at <= bindparam("cut_off"),
    REPORT.c.occurred_to >= bindparam("first"),
    REPORT.c.occurred_from <= bindparam("last"),
    REPORT.c.withdrawn_at.is_(None),
    REPORT.c.emptied_at.is_(None),
    REPORT.c.kind != "zero",
)
# To whom anything is told: most audiences of a network had nothing in a period, and would be asked for it in vain.
_TELLING = (
    select(REPORT.c.audience_id, REPORT.c.selection)
    .where(*_TELLS)
    .group_by(REPORT.c.audience_id, REPORT.c.selection)
    .order_by(REPORT.c.audience_id, REPORT.c.selection)
)
_LATEST = (
    select(REPORT)
    .where(REPORT.c.audience_id == bindparam("audience"), REPORT.c.selection == bindparam("selection"), *_TELLS)
    .order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc())
    .limit(bindparam("most", type_=Integer))
)


def _reports(session: Session, rows: Sequence[Any], cut_off: datetime) -> list[dict[str, Any]]:
    """Reports as they stood at the cut-off, with their tags. Who may read them is decided at each rendering, by the
    audience then and now."""
    earlier = reports.earlier(session, [row.id for row in rows], at=cut_off)
    topics = tagging.topics(session, [row.id for row in rows])
    languages = tagging.languages_of(session, [row.id for row in rows])
    translated = reports.titles_of(session, [row.id for row in rows], at=cut_off)
    parties = network.directory(session).parties
    bodies = []
    for row in rows:
        topic = topics.get(row.id)
        said = reports.words_of(row, mine=False)
        body = {
            "id": row.id,
            "reference": row.reference,
            "revision": row.revision,
            "audience": row.audience_id,
            "organisation": row.organisation_id,
            "origin": row.origin,
            "path": row.path,
            "reliability": parties[row.organisation_id].reliability,
            "credibility": row.credibility,
            "status": row.status,
            "selection": row.selection,
            "language": languages.get(row.id) or row.language,
            "title": said.title,
            "text": said.text,
            "occurred_from": row.occurred_from.isoformat(),
            "occurred_to": row.occurred_to.isoformat(),
            "figures": row.figures,
            "terms": reports.told_terms(row.terms),
        }
        if row.id in earlier:
            body = _as_it_was(body, earlier[row.id])
            topic = tagging.topic_then(session, row.id, earlier[row.id].body, at=cut_off)
        if titles := translated.get((row.id, body["revision"])):
            body["titles"] = titles
        themes, places = (sorted(topic.themes), [*topic.places, *topic.abroad]) if topic else ([], [])
        bodies.append({**body, "themes": themes, "places": places})
    return bodies


def _as_it_was(body: dict[str, Any], then: ReportRevision) -> dict[str, Any]:
    """A report revised after the cut-off, as it stood before. It is tagged anew, for its tags are of the present
    revision."""
    said = then.body
    reading = screening.read(said["title"], said["text"])
    old = {name: said[name] for name in body if name in said}
    old |= {"title": reading.title.shown(masked=True), "text": reading.text.shown(masked=True)}
    old["terms"] = reports.told_terms(said["terms"])
    return {**body, **old, "revision": then.revision, "audience": then.audience_id}
