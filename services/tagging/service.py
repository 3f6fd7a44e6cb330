"""Tagging reports: `plan` reads and thinks without a write lock, `write` is one short transaction."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, or_, select
from sqlmodel import Session

from services import attachments, definitions, network, reports, screening, vocabulary
from services.kernel import bulk, clock, db
from services.kernel.errors import Stale
from services.kernel.events import publish_all
from services.kernel.model import table
from services.reports import Kept
from services.tagging import indexing, naming
from services.tagging.answers import Named, answers_of, replace_words
from services.tagging.corrections import corrected
from services.tagging.events import ReportTagged
from services.tagging.joining import Joins, joins_of
from services.tagging.linking import Pair
from services.tagging.models import TagRow
from services.tagging.nearby import (
    BAND,
    LINK,
    REPORT,
    TAGGING,
    done_of,
    ends_of,
    holders_of,
    linked,
    neighbours,
    told_of,
)
from services.tagging.overlay import decisions_of, words_in, words_of
from services.tagging.pairs import BY_ANALYST, BY_TEXT
from services.texts import Tagged, read, tag, with_answers, with_files

AUDIENCE = table(network.AudienceRow)
TAG = table(TagRow)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a report is about, as counting needs it: the sender's place wins over those found in the text. `abroad`:
    countries that the network has no places in; what happened there is counted for the region."""

    themes: frozenset[str]
    places: tuple[str, ...]
    abroad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What tagging will write. `replaced`: the reports whose tags and links go; `kept`: what was emptied, whose tags
    and links stay and which is counted anew only; `screened`: what to keep of what was found personal or made readable;
    `answers`: what was written in answers; `dropped`: links between reports that are not replaced, which go; `since`:
    when what was tagged in this revision before was tagged first; `found_by`: the words by which they are found;
    `again`: makes this plan anew where others that tell the same came meanwhile, without what is slow; Stale where more
    than that has changed."""

    replaced: frozenset[int]
    joins: Joins
    tagged: dict[int, tuple[int, Tagged]]
    kept: frozenset[int]
    screened: dict[int, Kept]
    answers: dict[int, list[Named]]
    dropped: frozenset[Pair]
    since: dict[int, datetime]
    definitions: int | None
    """The generation of the definitions that it was made by; None where no theme was looked for."""
    again: Callable[[Session], "Plan"]
    found_by: dict[int, indexing.Documents] = field(default_factory=dict)


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Tag the current revisions of these reports and find their near duplicates."""
    rows, torn, kept, bare = _subjects(session, subjects)
    known = network.directory(session)
    named = naming.actors(session)
    told_by = definitions.wording(session)
    withheld = _withheld(session, {row.audience_id for row in rows.values()})
    tagged: dict[int, tuple[int, Tagged]] = {}
    files = attachments.words_of(session, sorted(rows))
    standing = [row for row in rows.values() if row.withdrawn_at is None]
    answers = answers_of(session, ((row.id, row.form, row.form_version, row.answers) for row in standing))
    said = decisions_of(session, sorted(rows))
    screened: dict[int, Kept] = {}
    found_by: dict[int, indexing.Documents] = {}
    for row in rows.values():
        if row.withdrawn_at is None:
            # the homonym that is chosen would show whose country it is
            countries = () if row.audience_id in withheld else known.parties[row.organisation_id].countries
            reading = read(row.title, row.text)
            if (to_keep := reports.kept(row, reading)) is not None:
                screened[row.id] = to_keep
            found_by[row.id] = indexing.documents(row, reading, answers.get(row.id, ()), files.get(row.id, ()))
            near: dict[str, Any] = {"place": row.place, "sender_countries": countries, "actors": named}
            near["wording"] = told_by.themes
            found = tag(row.title, row.text, language=row.language, themes=row.themes, reading=reading, **near)
            found = with_answers(found, answers.get(row.id, ()), **near)
            found = with_files(found, files.get(row.id, ()), **near)
            if row.id in said:
                words = words_of(row, files.get(row.id, ()))
                found = replace(found, tags=corrected(found.tags, said[row.id], words))
            tagged[row.id] = (row.revision, found)
    since = {key: row.tagged_at for key, row in rows.items() if row.settled and row.tagged_at is not None}

    def made(joins: Joins) -> Plan:
        return Plan(
            replaced=frozenset(rows),
            joins=joins,
            tagged=tagged,
            kept=kept,
            screened=screened,
            answers=answers,
            dropped=frozenset(),
            since=since,
            found_by=found_by,
            definitions=told_by.generation,
            again=again,
        )

    def again(session: Session) -> Plan:
        now, *around = _subjects(session, subjects)
        if around != [torn, kept, bare] or _versions(now) != _versions(rows):
            raise Stale
        return made(joins_of(session, rows, torn, bare, tagged))

    return made(joins_of(session, rows, torn, bare, tagged))


def _versions(rows: Mapping[int, Any]) -> dict[int, int]:
    return {key: row.version for key, row in rows.items()}


def write(session: Session, planned: Plan) -> None:
    """Replace tags, bands and links of the planned reports.

    Others that tell the same may have been tagged since the plan was made: then it is made again here, where nobody
    else can be. To send it back would send most back where many tell the same at once.

    Raises:
        Stale: one of them, what they are linked to or a definition has changed since the plan was made.
    """
    subjects = sorted(planned.tagged)
    db.alone(session, "tagging")  # or two that tell the same, tagged at once, would each miss the other
    if planned.definitions not in (None, definitions.generation(session)):
        raise Stale
    holders = holders_of(session, planned.joins.bands)
    candidates = {key for keys in holders.values() for key in keys} - planned.replaced
    if done_of(session, candidates) != planned.joins.compared:
        with db.snapshot() as fresh:  # versions and what analysts decided, of one instant
            planned = planned.again(fresh)
    joins = planned.joins
    replaced = sorted(planned.replaced)
    old = set(linked(session, replaced))
    ends = set(joins.versions) | ends_of(old)
    now = reports.lock(session, sorted(ends))
    if any(now.get(key) != version for key, version in joins.versions.items()):
        raise Stale
    kept = _held(session, planned) - planned.dropped
    links = {pair: score for pair, score in sorted(joins.links.items()) if pair not in kept}
    for low, high in sorted(planned.dropped):
        session.execute(delete(LINK).where(LINK.c.low == low, LINK.c.high == high))
    for some in db.batches(replaced, 500):
        for held, column in ((TAG, TAG.c.report_id), (BAND, BAND.c.report_id), (TAGGING, TAGGING.c.report_id)):
            session.execute(delete(held).where(column.in_(some)))
        session.execute(delete(LINK).where(or_(LINK.c.low.in_(some), LINK.c.high.in_(some))))
    reports.keep_found(session, planned.screened)
    replace_words(session, replaced, planned.answers)
    indexing.replace(session, replaced, planned.found_by)
    _insert(session, TAG, (row for key in subjects for row in _tag_rows(key, planned.tagged[key][1])))
    _insert(
        session,
        BAND,
        ({"band": band, "report_id": key} for key in subjects for band in sorted(set(planned.tagged[key][1].bands))),
    )
    done = (_done(key, *planned.tagged[key]) for key in subjects)
    _insert(
        session, TAGGING, (one | {"tagged_at": planned.since.get(one["report_id"], one["tagged_at"])} for one in done)
    )
    _insert(
        session,
        LINK,
        (
            {"low": a, "high": b, "reason": BY_ANALYST if (a, b) in joins.same else BY_TEXT, "score": score}
            for (a, b), score in links.items()
        ),
    )
    changed = ends_of(old.symmetric_difference(links) | planned.dropped)
    reports.touch(session, changed)
    publish_all(session, ReportTagged, sorted({*replaced, *planned.kept, *changed}))


def topics(session: Session, report_ids: Sequence[int]) -> dict[int, Topic]:
    """What these reports are about; reports that are not tagged yet are left out."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_TOPICS, {"keys": report_ids}).all():
        found[row.report_id].append(row)
    return {key: topic_of(tags) for key, tags in found.items()}


def topic_then(session: Session, report_id: int, said: Mapping[str, Any], *, at: datetime) -> Topic:
    """What a report was about at an instant after which it was revised: `said` is the body that was kept of it."""
    words = {name: said[name] for name in ("language", "place", "themes")}
    files = attachments.words_of(session, [report_id], at=at).get(report_id, ())
    asked = (report_id, said.get("form"), said.get("form_version"), said.get("answers", {}))
    answers = answers_of(session, [asked]).get(report_id, ())
    near: dict[str, Any] = {"place": said["place"], "wording": definitions.wording(session).themes}
    found = with_answers(tag(said["title"], said["text"], **words, wording=near["wording"]), answers, **near)
    tags = with_files(found, files, **near).tags
    decisions = [one for one in decisions_of(session, [report_id]).get(report_id, ()) if one.made_at <= at]
    read_then = words_in(said["title"], said["text"], said.get("answers"), files)
    return topic_of(corrected(tags, decisions, read_then))


def topic_of(tags: Iterable[Any]) -> Topic:
    """What these tags say for counting."""
    tags = list(tags)
    themes = frozenset(row.value for row in tags if row.scheme == "theme")
    given = [row.value for row in tags if row.scheme in PLACES and row.method == "sender"]
    named = given or [row.value for row in tags if row.scheme in PLACES]
    places = vocabulary.places()
    known = {code for code in named if code in places}  # what the pack has lost is counted for the region
    above = {one.code for code in known for one in places.path(code)[1:]}
    return Topic(themes, tuple(sorted(known - above)), tuple(sorted(filter(vocabulary.is_abroad, {*named}))))


PLACES = ("country", "unit", "town")
_TOPICS = (
    select(TAGGING.c.report_id, TAG.c.scheme, TAG.c.value, TAG.c.method)
    .select_from(
        TAGGING.outerjoin(TAG, and_(TAG.c.report_id == TAGGING.c.report_id, TAG.c.scheme.in_(("theme", *PLACES))))
    )
    .where(bulk.among(TAGGING.c.report_id))
)


def languages_of(session: Session, report_ids: Sequence[int]) -> dict[int, str]:
    """The language of each of these reports that is tagged: as declared, else as guessed."""
    found: dict[int, str] = {}
    for some in db.batches(report_ids, 500):
        statement = select(TAGGING.c.report_id, TAGGING.c.language).where(TAGGING.c.report_id.in_(some))
        found |= {row.report_id: row.language for row in session.execute(statement).all()}
    return found


def tags_of(
    session: Session, report_ids: Sequence[int], schemes: Collection[str] | None = None
) -> dict[int, list[Any]]:
    """The tags of reports that the caller was allowed to see, as plain rows: of a list of fifty there are hundreds.
    `schemes`: those of these only."""
    found: dict[int, list[Any]] = defaultdict(list)
    statement = select(TAG).where(bulk.among(TAG.c.report_id)).order_by(TAG.c.scheme, TAG.c.value, TAG.c.method)
    statement = statement if schemes is None else statement.where(TAG.c.scheme.in_(schemes))
    for row in session.execute(statement, {"keys": report_ids}):
        found[row.report_id].append(row)
    return found


def about(themes: Sequence[str], place: str | None) -> list[ColumnElement[bool]]:
    """Conditions on the report table: tagged with any of these themes, at this place or in it.

    As in counting, the sender's place wins over those in the text, and everything lies in the root.
    """
    met: list[ColumnElement[bool]] = []
    if themes:
        met.append(REPORT.c.id.in_(select(TAG.c.report_id).where(TAG.c.scheme == "theme", TAG.c.value.in_(themes))))
    places = vocabulary.places()
    if place is not None and place != places.root.code:
        inside = [place, *(one.code for one in places if places.within(one.code, place))]
        named = select(TAG.c.report_id).where(TAG.c.scheme.in_(PLACES), TAG.c.value.in_(inside))
        met.append(or_(REPORT.c.place.is_(None), REPORT.c.id.in_(named.where(TAG.c.method == "sender"))))
        met.append(REPORT.c.id.in_(named))
    return met


def _subjects(
    session: Session, wanted: Iterable[int]
) -> tuple[dict[int, Any], set[int], frozenset[int], frozenset[int]]:
    """The reports to replace, those that stay but are linked to one of them, those asked for that were emptied, and
    those linked that were emptied.

    A neighbour that has changed and waits for its turn is taken along: what its links still mean is not known.
    """
    rows: dict[int, Any] = {}
    torn: set[int] = set()
    kept: set[int] = set()
    bare: set[int] = set()
    new = set(wanted)
    while new:
        found = told_of(session, new, withdrawn=True, text=True)
        kept |= {key for key, row in found.items() if emptied(row)}
        rows |= {key: row for key, row in found.items() if key not in kept}
        near = told_of(session, neighbours(session, new - kept) - set(rows), withdrawn=True)
        torn |= set(near)
        bare |= {key for key, row in near.items() if emptied(row)}
        gone = {key for key, row in near.items() if row.withdrawn_at is not None or not row.settled}
        new = gone - bare
    return rows, torn - set(rows), frozenset(kept), frozenset(bare)


def emptied(row: Any) -> bool:
    """Whether a report was emptied by a rule and still stands: there are no words to tag it by again."""
    return row.emptied_at is not None and row.withdrawn_at is None


NAMED = str(network.Attribution.NAMED)


def _withheld(session: Session, audiences: set[int]) -> set[int]:
    """Those of the audiences that are not told who reports."""
    statement = select(AUDIENCE.c.id).where(AUDIENCE.c.id.in_(sorted(audiences)), AUDIENCE.c.attribution != NAMED)
    return set(session.execute(statement).scalars())


def _held(session: Session, planned: Plan) -> set[Pair]:
    """The planned links that are there already, between reports that are not replaced."""
    lows = {low for low, high in planned.joins.links if not {low, high} & planned.replaced}
    found: set[Pair] = set()
    for some in db.batches(sorted(lows), 500):
        rows = session.execute(select(LINK.c.low, LINK.c.high).where(LINK.c.low.in_(some))).all()
        found |= {(row.low, row.high) for row in rows}
    return {pair for pair in found if not set(pair) & planned.replaced}


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
            "attachment": one.attachment,
            "answer": one.answer,
        }


def _done(key: int, revision: int, found: Tagged) -> dict[str, Any]:
    return {
        "report_id": key,
        "revision": revision,
        "language": found.language,
        "guessed_language": found.guessed_language,
        "signature": found.sketch.signature,
        "numbers": found.sketch.numbers,
        "screened": screening.version(),
        "tagged_at": clock.now(),
    }


def _insert(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    given = list(rows)
    if given:
        session.execute(insert(table), given)
