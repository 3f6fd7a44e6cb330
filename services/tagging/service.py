"""Tagging reports: `plan` reads and thinks without a write lock, `write` is one short transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, false, func, insert, or_, select
from sqlmodel import Session

from services import attachments, network, reports, screening, vocabulary
from services.kernel import bulk, clock, db
from services.kernel.errors import Stale
from services.kernel.events import publish_all
from services.kernel.model import table
from services.reports import Kept, Report
from services.tagging import naming
from services.tagging.answers import Named, answers_of, replace_words
from services.tagging.beside import with_answers, with_files
from services.tagging.duplicates import Sketch
from services.tagging.events import ReportTagged
from services.tagging.linking import Groups, Pair, Telling
from services.tagging.models import DuplicateBand, Link, Tagging, TagRow
from services.tagging.tagger import Tagged, read, tag

REPORT = table(Report)
AUDIENCE = table(network.AudienceRow)
TAG = table(TagRow)
TAGGING = table(Tagging)
LINK = table(Link)
BAND = table(DuplicateBand)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a report is about, as counting needs it: the sender's place wins over those found in the text."""

    themes: frozenset[str]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What tagging will write. `replaced`: the reports whose tags and links go; `versions`: all that it was made from,
    near duplicates included; `bands`: where candidates were looked for; `compared`: those, with the revision tagged
    last; `kept`: what was emptied, whose tags and links stay and which is counted anew only; `screened`: what to keep
    of what was found personal or made readable; `answers`: what was written in answers."""

    replaced: frozenset[int]
    versions: dict[int, int]
    tagged: dict[int, tuple[int, Tagged]]
    links: dict[Pair, float]
    bands: dict[int, tuple[int, ...]]
    compared: dict[int, int]
    kept: frozenset[int]
    screened: dict[int, Kept]
    answers: dict[int, list[Named]]


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Tag the current revisions of these reports and find their near duplicates."""
    rows, torn, kept, bare = _subjects(session, subjects)
    known = network.directory(session)
    named = naming.actors(session)
    withheld = _withheld(session, {row.audience_id for row in rows.values()})
    tagged: dict[int, tuple[int, Tagged]] = {}
    files = attachments.words_of(session, sorted(rows))
    standing = [row for row in rows.values() if row.withdrawn_at is None]
    answers = answers_of(session, ((row.id, row.form, row.form_version, row.answers) for row in standing))
    screened: dict[int, Kept] = {}
    for row in rows.values():
        if row.withdrawn_at is None:
            # the homonym that is chosen would show whose country it is
            countries = () if row.audience_id in withheld else known.parties[row.organisation_id].countries
            reading = read(row.title, row.text)
            if (to_keep := reports.kept(row, reading)) is not None:
                screened[row.id] = to_keep
            near: dict[str, Any] = {"place": row.place, "sender_countries": countries, "actors": named}
            found = tag(row.title, row.text, language=row.language, themes=row.themes, reading=reading, **near)
            found = with_answers(found, answers.get(row.id, ()), **near)
            found = with_files(found, files.get(row.id, ()), **near)
            tagged[row.id] = (row.revision, found)
    apart = _incidents_of(session, torn, set(rows))
    bands = _bands_of(session, apart) | {key: found.bands for key, (_, found) in tagged.items()}
    holders = _holders(session, bands)
    compared = _done_of(session, {key for keys in holders.values() for key in keys} - set(rows))
    others = _reports(session, (set(compared) | apart) - set(rows))
    tellings = {key: _telling(row, Sketch(row.signature, row.numbers)) for key, row in others.items() if row.settled}
    stay = joined(session, list(tellings))
    tellings |= {key: _telling(rows[key], found.sketch) for key, (_, found) in tagged.items()}
    gone = apart - tellings.keys()  # withdrawn or revised while this was read: `write` will find it stale
    fixed = _fixed(session, rows, bare)
    known_of = [pair for pair in fixed if set(pair) <= tellings.keys()]
    links = Groups(tellings, [*stay, *known_of]).join({*tagged, *apart}, holders) | fixed
    ends = {one for pair in links for one in pair}
    versions = {key: row.version for key, row in rows.items()}
    versions |= {key: row.version for key, row in others.items() if key in ends}
    versions |= dict.fromkeys(gone, -1)
    return Plan(frozenset(rows), versions, tagged, links, bands, compared, kept, screened, answers)


def write(session: Session, planned: Plan) -> None:
    """Replace tags, bands and links of the planned reports.

    Raises:
        Stale: one of them changed since, or a candidate came, went or was tagged anew since the plan was made.
    """
    subjects = sorted(planned.tagged)
    db.alone(session, "tagging")  # or two that tell the same, tagged at once, would each miss the other
    candidates = {key for keys in _holders(session, planned.bands).values() for key in keys} - planned.replaced
    if _done_of(session, candidates) != planned.compared:
        raise Stale
    replaced = sorted(planned.replaced)
    old = set(linked(session, replaced))
    ends = set(planned.versions) | {one for pair in old for one in pair}
    now = reports.lock(session, sorted(ends))
    if any(now.get(key) != version for key, version in planned.versions.items()):
        raise Stale
    kept = _held(session, planned)
    links = {pair: score for pair, score in sorted(planned.links.items()) if pair not in kept}
    for some in db.batches(replaced, 500):
        for held, column in ((TAG, TAG.c.report_id), (BAND, BAND.c.report_id), (TAGGING, TAGGING.c.report_id)):
            session.execute(delete(held).where(column.in_(some)))
        session.execute(delete(LINK).where(or_(LINK.c.low.in_(some), LINK.c.high.in_(some))))
    reports.keep_found(session, planned.screened)
    replace_words(session, replaced, planned.answers)
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
        ({"low": a, "high": b, "reason": "text", "score": score} for (a, b), score in links.items()),
    )
    changed = old.symmetric_difference(links)
    reports.touch(session, {one for pair in changed for one in pair})
    publish_all(session, ReportTagged, sorted({*replaced, *planned.kept, *(one for pair in changed for one in pair)}))


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
    found = with_answers(tag(said["title"], said["text"], **words), answers, place=said["place"])
    return topic_of(with_files(found, files, place=said["place"]).tags)


def topic_of(tags: Iterable[Any]) -> Topic:
    """What these tags say for counting."""
    tags = list(tags)
    themes = frozenset(row.value for row in tags if row.scheme == "theme")
    given = [row.value for row in tags if row.scheme in PLACES and row.method == "sender"]
    named = given or [row.value for row in tags if row.scheme in PLACES]
    places = vocabulary.places()
    known = {code for code in named if code in places}  # what the pack has lost is counted for the region
    above = {one.code for code in known for one in places.path(code)[1:]}
    return Topic(themes, tuple(sorted(known - above)))


PLACES = ("country", "unit", "town")
_TOPICS = (
    select(TAGGING.c.report_id, TAG.c.scheme, TAG.c.value, TAG.c.method)
    .select_from(
        TAGGING.outerjoin(TAG, and_(TAG.c.report_id == TAGGING.c.report_id, TAG.c.scheme.in_(("theme", *PLACES))))
    )
    .where(bulk.among(TAGGING.c.report_id))
)
_FROM_LOW = select(LINK.c.low, LINK.c.high).where(bulk.among(LINK.c.low))
_LINKED = select(LINK.c.low, LINK.c.high).where(or_(bulk.among(LINK.c.low), bulk.among(LINK.c.high)))


def linked(session: Session, report_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The links that have an end among these reports, whoever may see them: for counting, never for showing."""
    return [(row.low, row.high) for row in session.execute(_LINKED, {"keys": report_ids}).all()]


def joined(session: Session, report_ids: Sequence[int]) -> list[Pair]:
    """The links whose both ends are among these reports."""
    wanted = set(report_ids)
    rows = session.execute(_FROM_LOW, {"keys": wanted}).all()
    return [(row.low, row.high) for row in rows if row.high in wanted]


def languages_of(session: Session, report_ids: Sequence[int]) -> dict[int, str]:
    """The language of each of these reports that is tagged: as declared, else as guessed."""
    found: dict[int, str] = {}
    for some in db.batches(report_ids, 500):
        statement = select(TAGGING.c.report_id, TAGGING.c.language).where(TAGGING.c.report_id.in_(some))
        found |= {row.report_id: row.language for row in session.execute(statement).all()}
    return found


def tags_of(session: Session, report_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The tags of reports that the caller was allowed to see, as plain rows: of a list of fifty there are hundreds."""
    found: dict[int, list[Any]] = defaultdict(list)
    statement = select(TAG).where(bulk.among(TAG.c.report_id)).order_by(TAG.c.scheme, TAG.c.value, TAG.c.method)
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
        inside = [one.code for one in places if places.within(one.code, place)]
        named = select(TAG.c.report_id).where(TAG.c.scheme.in_(PLACES), TAG.c.value.in_(inside))
        met.append(or_(REPORT.c.place.is_(None), REPORT.c.id.in_(named.where(TAG.c.method == "sender"))))
        met.append(REPORT.c.id.in_(named))
    return met


def _holders(session: Session, bands: dict[int, tuple[int, ...]]) -> dict[int, set[int]]:
    """Which reports hold each of these bands: those stored, and those given."""
    holders: dict[int, set[int]] = defaultdict(set)
    for key, held in bands.items():
        for band in held:
            holders[band].add(key)
    for some in db.batches(sorted(holders), 500):
        for row in session.execute(select(BAND.c.band, BAND.c.report_id).where(BAND.c.band.in_(some))).all():
            holders[row.band].add(row.report_id)
    return holders


def _bands_of(session: Session, keys: set[int]) -> dict[int, tuple[int, ...]]:
    """The stored bands of these reports."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    for some in db.batches(sorted(keys), 500):
        for row in session.execute(select(BAND.c.report_id, BAND.c.band).where(BAND.c.report_id.in_(some))).all():
            found[row.report_id].append(row.band)
    return {key: tuple(held) for key, held in found.items()}


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
        found = _reports(session, new, withdrawn=True, text=True)
        kept |= {key for key, row in found.items() if emptied(row)}
        rows |= {key: row for key, row in found.items() if key not in kept}
        near = _reports(session, _neighbours(session, new - kept) - set(rows), withdrawn=True)
        torn |= set(near)
        bare |= {key for key, row in near.items() if emptied(row)}
        gone = {key for key, row in near.items() if row.withdrawn_at is not None or not row.settled}
        new = gone - bare
    return rows, torn - set(rows), frozenset(kept), frozenset(bare)


def emptied(row: Any) -> bool:
    """Whether a report was emptied by a rule and still stands: there are no words to tag it by again."""
    return row.emptied_at is not None and row.withdrawn_at is None


def _fixed(session: Session, rows: dict[int, Any], bare: Collection[int]) -> dict[Pair, float]:
    """The links to what was emptied that stay: those of reports that say what they said when they were linked."""
    same = {key for key, row in rows.items() if row.settled and row.withdrawn_at is None}
    held = session.execute(select(LINK).where(bulk.among(LINK.c.low)), {"keys": {*bare, *same}}).all() if bare else ()
    return {
        (row.low, row.high): row.score
        for row in held
        if (row.low in bare and row.high in same) or (row.low in same and row.high in bare)
    }


def _incidents_of(session: Session, torn: set[int], replaced: set[int]) -> set[int]:
    """All that may come apart when the `replaced` go: what is still in one incident with those linked to them.

    A group, or a link to a group, may have held through one that goes; with only one such neighbour none did.
    """
    if len(torn) < 2:
        return set()
    found, new = set(torn), set(torn)
    while new:
        new = _neighbours(session, new) - replaced - found
        found |= new
    return found


def _neighbours(session: Session, keys: set[int]) -> set[int]:
    """The reports that are linked to these."""
    return {key for pair in linked(session, sorted(keys)) for key in pair}


_FACTS = ("id", "audience_id", "status", "occurred_from", "occurred_to", "place", "version", "emptied_at")
_TOLD = [REPORT.c[name] for name in _FACTS]


def _reports(session: Session, keys: set[int], *, withdrawn: bool = False, text: bool = False) -> dict[int, Any]:
    """These reports with their sketches; `settled`: they were tagged in this revision. Texts only where asked for."""
    found: dict[int, Any] = {}
    columns = [REPORT] if text else [*_TOLD, REPORT.c.withdrawn_at, TAGGING.c.signature, TAGGING.c.numbers]
    settled = func.coalesce(TAGGING.c.revision == REPORT.c.revision, false()).label("settled")
    both = REPORT.outerjoin(TAGGING, TAGGING.c.report_id == REPORT.c.id)
    for some in db.batches(sorted(keys), 500):
        statement = select(*columns, settled).select_from(both).where(REPORT.c.id.in_(some))
        if not withdrawn:
            statement = statement.where(REPORT.c.withdrawn_at.is_(None))
        found |= {row.id: row for row in session.execute(statement).all()}
    return found


def _done_of(session: Session, keys: set[int]) -> dict[int, int]:
    """The revision of each of these reports that was tagged last."""
    found: dict[int, int] = {}
    for some in db.batches(sorted(keys), 500):
        statement = select(TAGGING.c.report_id, TAGGING.c.revision).where(TAGGING.c.report_id.in_(some))
        found |= {row.report_id: row.revision for row in session.execute(statement).all()}
    return found


NAMED = str(network.Attribution.NAMED)


def _withheld(session: Session, audiences: set[int]) -> set[int]:
    """Those of the audiences that are not told who reports."""
    statement = select(AUDIENCE.c.id).where(AUDIENCE.c.id.in_(sorted(audiences)), AUDIENCE.c.attribution != NAMED)
    return set(session.execute(statement).scalars())


def _held(session: Session, planned: Plan) -> set[Pair]:
    """The planned links that are there already, between reports that are not replaced."""
    lows = {low for low, high in planned.links if not {low, high} & planned.replaced}
    found: set[Pair] = set()
    for some in db.batches(sorted(lows), 500):
        rows = session.execute(select(LINK.c.low, LINK.c.high).where(LINK.c.low.in_(some))).all()
        found |= {(row.low, row.high) for row in rows}
    return {pair for pair in found if not set(pair) & planned.replaced}


def _telling(row: Any, said: Sketch) -> Telling:
    return Telling(row.audience_id, row.status, row.occurred_from, row.occurred_to, row.place, said)


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
