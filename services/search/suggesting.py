"""What the model suggests: reports by their meaning, related ones, themes. By rank alone, and counted nowhere."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session

from services import reports, tagging, vocabulary
from services.kernel.errors import Conflict
from services.network import Caller
from services.reports import Report
from services.search import encoding, vectors
from services.search.constants import QUERIES, shipped
from services.search.meanings import MEANING, REPORT, current
from services.search.schemas import FoundPage, HintsView, ThemeHint
from services.search.service import hits_of, words_of
from services.search.training import learned_hints
from services.tagging import Wanted

LOOKED_AT = 2_000  # of those that the caller sees, the latest: what one answer may cost
RELATED = 10
THEMES = 2  # measured: a right theme is among the first two in 6 of 7 texts


class MeaningNotInstalled(Conflict):
    title = "Search by meaning is not installed here"


def by_meaning(session: Session, caller: Caller, wanted: Wanted, *, size: int = 20) -> FoundPage:
    """Reports that the caller sees and wants, the nearest in meaning to the query first.

    Raises:
        MeaningNotInstalled: the extra `ai` is not there.
        NoWords, TooManyWords: as for words.
    """
    encode = encoding.encoder()
    query = (wanted.words or "").strip()
    words = words_of(query)
    if encode is None:
        raise MeaningNotInstalled("Search by words, or ask whoever runs the service for the extra 'ai'.", field="mode")
    asked = vectors.packed(vectors.less(encode(query, True), shipped().means[QUERIES]))
    among = _seen(session, caller, replace(wanted, words=None))
    found = vectors.nearest(asked, among, size)
    return FoundPage(hits=hits_of(session, caller, _rows(session, found), words), next=None, suggested=True)


def hints(session: Session, caller: Caller, reference: str) -> HintsView:
    """Themes that a report may have, and reports that may be related, among those that the caller sees.

    Raises:
        NoSuchReport, AlreadyEmptied: as for a decision on its tags.
    """
    report = reports.standing_report(session, caller, reference)
    held = session.execute(select(MEANING.c.vector).select_from(REPORT).join(MEANING, current()).where(
        REPORT.c.id == report.key
    )).scalar()  # fmt: skip
    if held is None:
        return HintsView(reference=report.reference, ready=False, themes=[], related=[])
    told = {one.value for one in tagging.tags_of(session, [report.key]).get(report.key, []) if one.scheme == "theme"}
    refused = tagging.rejected_themes(session, report.key)
    learned = learned_hints(session, caller, held)
    near = dict.fromkeys([*learned, *shipped().hints(held, THEMES)])
    others = (
        (key, vector) for key, vector in _seen(session, caller, Wanted(status=report.status)) if key != report.key
    )
    related = _rows(session, vectors.nearest(held, others, RELATED))
    return HintsView(
        reference=report.reference,
        ready=True,
        themes=[
            ThemeHint(
                theme=code,
                name=vocabulary.themes()[code].name(caller.language),
                told=code in told,
                learned=code in learned,
            )
            for code in near
            if code in vocabulary.themes() and code not in refused
        ],
        related=[one.reference for one in related],
    )


def _seen(session: Session, caller: Caller, wanted: Wanted) -> list[tuple[int, bytes]]:
    """The latest reports that the caller sees and wants, with what they mean."""
    listed = reports.listed(session, caller, where=tagging.conditions(session, caller, wanted), mine=wanted.mine)
    statement = (
        listed.join(MEANING, current())
        .with_only_columns(REPORT.c.id, MEANING.c.vector)
        .order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc())
        .limit(LOOKED_AT)
    )
    return [(row[0], row[1]) for row in session.execute(statement).all()]


def _rows(session: Session, keys: Sequence[int]) -> list[Report]:
    """The reports of these keys, in their order."""
    rows = {row.key: row for row in session.execute(select(Report).where(REPORT.c.id.in_(keys))).scalars()}
    return [rows[key] for key in keys]
