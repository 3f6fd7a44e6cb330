"""A definition tried on what happened in the last twelve months: what it would tag otherwise than it is tagged now.

Of the reports that the caller sees, and of no other; of very many an even part, and it says how large.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import Session

from services import attachments, definitions, network, reports
from services.kernel import bulk, clock, db
from services.network import Caller
from services.tagging.answers import Named, answers_of
from services.tagging.corrections import corrected
from services.tagging.nearby import REPORT, TAGGING
from services.tagging.overlay import decisions_of, words_of
from services.tagging.schemas import OtherView, TrialMonth, TrialView
from services.tagging.service import TAG
from services.texts import Definition, Themes, themes_in, with_answers, with_files

MOST = 1_000  # reports that are read
MOST_CHARACTERS = 3_000_000  # of these: twice what so many usual ones have, and half a minute
SHOWN = 20  # of each kind
_BACK = timedelta(days=365)
_AT_ONCE = 200
_ROWS = select(
    *(REPORT.c[name] for name in ("id", "reference", "title", "text", "language", "occurred_from", "audience_id")),
    *(REPORT.c[name] for name in ("form", "form_version", "answers")),
    TAGGING.c.language.label("found_language"),
).join(TAGGING, TAGGING.c.report_id == REPORT.c.id)

_LONG = select(REPORT.c.id, (func.length(REPORT.c.title) + func.length(REPORT.c.text)).label("long")).where(
    bulk.among(REPORT.c.id)
)


@dataclass(slots=True)
class _Tally:
    """What was found so far. `others`: of themes that the definition is not about, which it moves nonetheless."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shown: dict[str, list[str]] = field(default_factory=lambda: {"gained": [], "lost": []})
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    audiences: set[int] = field(default_factory=set)


def try_definition(session: Session, caller: Caller, wanted: Definition, status: str) -> tuple[TrialView, Any]:
    """What a definition would change in the reports that the caller sees, and the strictest label of those read.

    Compared with what is stored: with what analysts confirmed, rejected and added, and without what senders gave.
    """
    until = clock.now().date()
    since = until - _BACK
    keys = _keys(session, caller, status, since, until)
    read = _part(session, keys)
    wording = definitions.tried(session, wanted)
    tally = _Tally()
    for some in db.batches(read, _AT_ONCE):
        _read(session, some, wanted.code, wording, tally)
    labels = network.labels(session, tally.audiences)
    return _told(wanted, tally, since, until, len(keys), len(read)), (
        network.strictest(labels.values()) if labels else None
    )


def _keys(session: Session, caller: Caller, status: str, since: date, until: date) -> list[int]:
    """The tagged reports of the period that the caller sees, and that have words, the latest first."""
    seen = reports.visible_reports(session, caller).with_only_columns(REPORT.c.id)
    tagged = and_(TAGGING.c.report_id == REPORT.c.id, TAGGING.c.revision == REPORT.c.revision)
    wanted = REPORT.c.status == status, REPORT.c.occurred_from.between(since, until), REPORT.c.emptied_at.is_(None)
    statement = seen.join(TAGGING, tagged).where(*wanted)
    return list(session.execute(statement.order_by(REPORT.c.occurred_from.desc(), REPORT.c.id.desc())).scalars())


def _part(session: Session, keys: Sequence[int]) -> list[int]:
    """An even part of these reports, no larger than may be read in one go: of very long ones the fewer."""
    most = min(len(keys), MOST)
    part = [keys[number * len(keys) // most] for number in range(most)]
    long = {row.id: row.long for row in session.execute(_LONG, {"keys": part}).all()}
    for key, more in attachments.lengths_of(session, part).items():
        long[key] += more
    while len(part) > 1 and sum(long[key] for key in part) > MOST_CHARACTERS:
        part = part[::2]
    return part


def _read(session: Session, keys: Sequence[int], code: str, wording: Themes, tally: _Tally) -> None:
    found = session.execute(_ROWS.where(bulk.among(REPORT.c.id)), {"keys": keys}).all()
    rows = {row.id: row for row in found}
    files = attachments.words_of(session, sorted(rows))
    answers = answers_of(session, ((row.id, row.form, row.form_version, row.answers) for row in rows.values()))
    said = decisions_of(session, sorted(rows))
    stored = _stored(session, keys)
    for key in keys:
        row = rows[key]
        then = _themes(row, wording, answers.get(key, ()), files.get(key, ()), said.get(key, ()))
        _count(tally, row, code, stored[key], then)


def _themes(
    row: Any, wording: Themes, answers: Sequence[Named], files: Sequence[Named], said: Iterable[Any]
) -> frozenset[str]:
    """The themes that tagging would give a report, as `service.plan` does."""
    found = themes_in(row.title, row.text, language=row.language, wording=wording)
    found = with_files(with_answers(found, answers, wording=wording), files, wording=wording)
    tags = tuple(one for one in found.tags if one.scheme == "theme")
    if said:
        tags = corrected(tags, said, words_of(row, files))
    return frozenset(one.value for one in tags if one.scheme == "theme")


def _stored(session: Session, keys: Sequence[int]) -> Mapping[int, Collection[str]]:
    statement = select(TAG.c.report_id, TAG.c.value).where(
        bulk.among(TAG.c.report_id), TAG.c.scheme == "theme", TAG.c.method != "sender"
    )
    found: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(statement, {"keys": keys}).all():
        found[row.report_id].add(row.value)
    return found


def _count(tally: _Tally, row: Any, code: str, now: Collection[str], then: Collection[str]) -> None:
    tally.audiences.add(row.audience_id)
    month = row.occurred_from.strftime("%Y-%m")
    if code in now or code in then:
        what = "kept" if code in now and code in then else "gained" if code in then else "lost"
        tally.counts[month, row.found_language, what] += 1
        if what != "kept" and len(tally.shown[what]) < SHOWN:
            tally.shown[what].append(row.reference)
    for other in {*now} ^ {*then}:
        if other != code:
            tally.others[other, "gained" if other in then else "lost"] += 1


def _told(wanted: Definition, tally: _Tally, since: date, until: date, total: int, read: int) -> TrialView:
    cells = sorted({(month, language) for month, language, _ in tally.counts})
    sums = Counter[str]()
    for (_, _, what), count in tally.counts.items():
        sums[what] += count
    return TrialView(
        code=wanted.code,
        version=wanted.version,
        since=since,
        until=until,
        reports=total,
        read=read,
        gained=sums["gained"],
        lost=sums["lost"],
        kept=sums["kept"],
        months=[
            TrialMonth(
                month=month,
                language=language,
                **{what: tally.counts[month, language, what] for what in ("gained", "lost", "kept")},
            )
            for month, language in cells
        ],
        gained_reports=tally.shown["gained"],
        lost_reports=tally.shown["lost"],
        others=[
            OtherView(theme=theme, gained=tally.others[theme, "gained"], lost=tally.others[theme, "lost"])
            for theme in sorted({theme for theme, _ in tally.others})
        ],
    )
