"""Tagging reports: `plan` reads and thinks without a write lock, `write` is one short transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, insert, or_, select
from sqlmodel import Session

from services import network, reports, vocabulary
from services.kernel import db
from services.kernel.errors import Stale
from services.kernel.events import publish_all
from services.kernel.model import table
from services.reports import Report
from services.tagging.duplicates import SIMILAR, similarity
from services.tagging.events import ReportTagged
from services.tagging.models import DuplicateBand, Link, Tagging, TagRow
from services.tagging.tagger import Tagged, tag

REPORT = table(Report)
TAG = table(TagRow)
TAGGING = table(Tagging)
LINK = table(Link)
BAND = table(DuplicateBand)
MOST_CANDIDATES = 200
NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a report is about, as counting needs it: the sender's place wins over those found in the text."""

    themes: frozenset[str]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What tagging will write. `versions`: the reports it was made from, near duplicates included; `compared`: all that
    were looked at as candidates."""

    versions: dict[int, int]
    tagged: dict[int, tuple[int, Tagged]]
    links: dict[tuple[int, int], float]
    compared: frozenset[int]


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Tag the current revisions of these reports and find their near duplicates."""
    rows = {row.id: row for row in session.execute(select(REPORT).where(REPORT.c.id.in_(subjects))).all()}
    known = network.directory(session)
    tagged: dict[int, tuple[int, Tagged]] = {}
    for row in rows.values():
        if row.withdrawn_at is None:
            countries = known.parties[row.organisation_id].countries
            found = tag(
                row.title,
                row.text,
                language=row.language,
                place=row.place,
                themes=row.themes,
                sender_countries=countries,
            )
            tagged[row.id] = (row.revision, found)
    holders = _holders(session, tagged)
    compared = frozenset(key for keys in holders.values() for key in keys)
    others = _reports(session, set(compared) - set(rows))
    links = _duplicates(tagged, holders, rows | others)
    linked = {one for pair in links for one in pair}
    versions = {key: row.version for key, row in rows.items()}
    versions |= {key: row.version for key, row in others.items() if key in linked}
    return Plan(versions, tagged, links, compared)


def write(session: Session, planned: Plan) -> None:
    """Replace tags, bands and links of the planned reports.

    Raises:
        Stale: one of them changed since, or a candidate came that was not there when the plan was made.
    """
    subjects = sorted(planned.tagged)
    db.alone(session, "tagging")  # or two that tell the same, tagged at once, would each miss the other
    if any(not keys <= planned.compared for keys in _holders(session, planned.tagged).values()):
        raise Stale
    gone = [key for key in planned.versions if key not in planned.tagged]
    before = linked(session, sorted(planned.versions))
    ends = set(planned.versions) | {one for pair in before for one in pair}
    now = reports.lock(session, sorted(ends))
    if any(now.get(key) != version for key, version in planned.versions.items()):
        raise Stale
    withdrawn = set(
        session.execute(select(REPORT.c.id).where(REPORT.c.id.in_(gone), REPORT.c.withdrawn_at.is_not(None))).scalars()
    )
    replaced = [*subjects, *withdrawn]
    old = {pair for pair in before if set(pair) & set(replaced)}
    for held, column in ((TAG, TAG.c.report_id), (BAND, BAND.c.report_id), (TAGGING, TAGGING.c.report_id)):
        session.execute(delete(held).where(column.in_(replaced)))
    session.execute(delete(LINK).where(or_(LINK.c.low.in_(replaced), LINK.c.high.in_(replaced))))
    _insert(session, TAG, (row for key in subjects for row in _tag_rows(key, planned.tagged[key][1])))
    _insert(
        session,
        BAND,
        ({"band": band, "report_id": key} for key in subjects for band in sorted(set(planned.tagged[key][1].bands))),
    )
    _insert(session, TAGGING, (_done(key, *planned.tagged[key]) for key in subjects))
    _insert(
        session,
        LINK,
        ({"low": a, "high": b, "reason": "text", "score": score} for (a, b), score in sorted(planned.links.items())),
    )
    changed = old.symmetric_difference(planned.links)
    reports.touch(session, {one for pair in changed for one in pair})
    publish_all(session, ReportTagged, sorted({*replaced, *(one for pair in changed for one in pair)}))


def topics(session: Session, report_ids: Sequence[int]) -> dict[int, Topic]:
    """What these reports are about; reports that are not tagged yet are left out."""
    done = set(session.execute(select(TAGGING.c.report_id).where(TAGGING.c.report_id.in_(report_ids))).scalars())
    found: dict[int, list[Any]] = defaultdict(list)
    statement = select(TAG.c.report_id, TAG.c.scheme, TAG.c.value, TAG.c.method).where(TAG.c.report_id.in_(done))
    for row in session.execute(statement).all():
        found[row.report_id].append(row)
    return {key: topic_of(found[key]) for key in done}


def topic_of(tags: Iterable[Any]) -> Topic:
    """What these tags say for counting."""
    tags = list(tags)
    themes = frozenset(row.value for row in tags if row.scheme == "theme")
    given = [row.value for row in tags if row.scheme in _PLACES and row.method == "sender"]
    named = given or [row.value for row in tags if row.scheme in _PLACES]
    places = vocabulary.places()
    above = {one.code for code in named for one in places.path(code)[1:]}
    return Topic(themes, tuple(sorted(set(named) - above)))


_PLACES = ("country", "unit", "town")


def linked(session: Session, report_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The links that have an end among these reports, whoever may see them: for counting, never for showing."""
    statement = select(LINK.c.low, LINK.c.high).where(or_(LINK.c.low.in_(report_ids), LINK.c.high.in_(report_ids)))
    return [(row.low, row.high) for row in session.execute(statement).all()]


def languages_of(session: Session, report_ids: Sequence[int]) -> dict[int, str]:
    """The language of each of these reports that is tagged: as declared, else as guessed."""
    statement = select(TAGGING.c.report_id, TAGGING.c.language).where(TAGGING.c.report_id.in_(report_ids))
    return {row.report_id: row.language for row in session.execute(statement).all()}


def tags_of(session: Session, report_ids: Sequence[int]) -> dict[int, list[TagRow]]:
    """The tags of reports that the caller was allowed to see."""
    found: dict[int, list[TagRow]] = defaultdict(list)
    statement = select(TagRow).where(TAG.c.report_id.in_(report_ids)).order_by(TAG.c.scheme, TAG.c.value, TAG.c.method)
    for row in session.execute(statement).scalars():
        found[row.report_id].append(row)
    return found


def about(theme: str | None, place: str | None) -> list[ColumnElement[bool]]:
    """Conditions on the report table: tagged with this theme, at this place or in it."""
    met: list[ColumnElement[bool]] = []
    if theme is not None:
        met.append(REPORT.c.id.in_(select(TAG.c.report_id).where(TAG.c.scheme == "theme", TAG.c.value == theme)))
    if place is not None:
        inside = [one.code for one in vocabulary.places() if vocabulary.places().within(one.code, place)]
        met.append(REPORT.c.id.in_(select(TAG.c.report_id).where(TAG.c.scheme.in_(_PLACES), TAG.c.value.in_(inside))))
    return met


def _holders(session: Session, tagged: dict[int, tuple[int, Tagged]]) -> dict[int, set[int]]:
    """Which reports hold each band: those stored, and those of this batch."""
    holders: dict[int, set[int]] = defaultdict(set)
    for key, (_, found) in tagged.items():
        for band in found.bands:
            holders[band].add(key)
    for some in db.batches(sorted(holders), 500):
        for row in session.execute(select(BAND.c.band, BAND.c.report_id).where(BAND.c.band.in_(some))).all():
            holders[row.band].add(row.report_id)
    return holders


def _reports(session: Session, keys: set[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in db.batches(sorted(keys), 500):
        statement = select(REPORT).where(REPORT.c.id.in_(some), REPORT.c.withdrawn_at.is_(None))
        found |= {row.id: row for row in session.execute(statement).all()}
    return found


def _duplicates(
    tagged: dict[int, tuple[int, Tagged]], holders: dict[int, set[int]], rows: dict[int, Any]
) -> dict[tuple[int, int], float]:
    """Verified near duplicates among candidates whose facts do not contradict each other, with their scores."""
    links: dict[tuple[int, int], float] = {}
    tried: set[tuple[int, int]] = set()
    for key, (_, found) in tagged.items():
        shared = Counter(mate for band in found.bands for mate in holders[band] if mate != key and mate in rows)
        mates = [mate for mate, _ in shared.most_common() if agree(rows[key], rows[mate])]
        for mate in mates[:MOST_CANDIDATES]:
            pair = (min(key, mate), max(key, mate))
            if pair in tried:
                continue
            tried.add(pair)
            score = similarity(*(f"{rows[one].title}\n{rows[one].text}" for one in pair))
            if score >= SIMILAR:
                links[pair] = score
    return links


def agree(one: Row[Any], other: Row[Any]) -> bool:
    """Whether two reports may tell one incident: same status, near in time, places that do not exclude each other."""
    if one.status != other.status or one.withdrawn_at or other.withdrawn_at:
        return False
    apart = max(one.occurred_from - other.occurred_to, other.occurred_from - one.occurred_to)
    if apart > NEAR:
        return False
    if one.place is None or other.place is None:
        return True
    places = vocabulary.places()
    return places.within(one.place, other.place) or places.within(other.place, one.place)


def _tag_rows(key: int, found: Tagged) -> Iterable[dict[str, Any]]:
    for one in found.tags:
        yield {
            "report_id": key,
            "scheme": one.scheme,
            "value": one.value,
            "confidence": one.confidence,
            "method": one.method,
            "spans": [list(span) for span in one.spans],
            "version": one.version,
        }


def _done(key: int, revision: int, found: Tagged) -> dict[str, Any]:
    return {
        "report_id": key,
        "revision": revision,
        "language": found.language,
        "guessed_language": found.guessed_language,
    }


def _insert(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    given = list(rows)
    if given:
        session.execute(insert(table), given)
