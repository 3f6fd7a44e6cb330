"""Titles and summaries in other languages: given by the sender or an analyst, read with the revision they are made of.

docs/adr/0022
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from services import network, screening, vocabulary
from services.kernel import audit, clock, db
from services.kernel.bulk import among
from services.kernel.errors import Invalid, NotFound
from services.kernel.model import table
from services.network import Caller, Directory, Shown, Tlp
from services.reports.models import Report, Translation
from services.reports.ownership import AUDIENCE, NoSuchReport, owns, refuse_emptied
from services.reports.showing import MASK
from services.reports.steps import ANALYST, worked_on
from services.reports.translation_schemas import TranslationIn, TranslationView

TRANSLATION = table(Translation)


class NoTranslation(NotFound):
    title = "No such translation"


def put_translation(session: Session, caller: Caller, report: Report, language: str, given: TranslationIn) -> None:
    """Give a report, which the caller sees, its title and a summary in another language, or another one. What is to be
    masked in it is stored so: unlike the report's own words nobody has to prove it.

    Raises:
        NoSuchReport: it is withdrawn.
        AlreadyEmptied: a retention rule has taken its words.
        ScopeMissing: it is another's, and the caller is no analyst.
        Invalid: the pack has no such language, or the report is in it.
    """
    check_translation(session, caller, report, language)
    covered = given.personal == MASK
    row = {
        "report_id": report.key,
        "language": language,
        "revision": report.revision,
        "title": screening.told(given.title) if covered else given.title,
        "summary": screening.told(given.summary) if covered else given.summary,
        "organisation_id": caller.organisation_id,
        "member_id": caller.member_id,
        "key_id": caller.key_id,
        "made_at": clock.now(),
    }
    _delete(session, caller, report, language)
    db.insert_new(session, TRANSLATION, [row], returning=("id",))
    worked_on(session, caller, report)
    audit.record(
        session, caller, "report.translated", report.reference, revision=report.revision, personal=given.personal
    )


def check_translation(session: Session, caller: Caller, report: Report, language: str) -> None:
    """Whether `put_translation` would take a translation into this language; raises what it would."""
    if report.withdrawn_at is not None:
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    refuse_emptied(report)
    _require(session, caller, report)
    if language not in vocabulary.languages():
        raise Invalid("It is not a language of the pack: give its code, such as en or ru.", field="language")
    if report.language == language:
        raise Invalid("The report is in this language itself.", field="language")


def take_translation(session: Session, caller: Caller, report: Report, language: str) -> None:
    """Take away what the caller's organisation has translated of a report.

    Raises:
        ScopeMissing: as `put_translation`.
        NoTranslation: there is none.
    """
    _require(session, caller, report)
    if not _delete(session, caller, report, language):
        raise NoTranslation("Your organisation has not translated it into this language.")
    audit.record(session, caller, "report.translation_taken", report.reference, revision=report.revision)


def translations_of(
    session: Session, caller: Caller, rows: Sequence[Report], known: Directory, shown: Mapping[int, Shown]
) -> dict[int, list[TranslationView]]:
    """The translations of reports that the caller sees, of the revision that it sees; the sender's own before others'.

    `shown`: what the caller may learn of the sources behind their audiences.
    """
    by_key = {row.key: row for row in rows}
    may_know = network.known_to(known, caller) | {caller.organisation_id}
    found: dict[int, list[TranslationView]] = {}
    for row in _stored(session, by_key):
        report = by_key[row.report_id]
        if row.revision == report.revision:
            originator = row.organisation_id == report.organisation_id
            named = shown[report.audience_id].originator if originator else row.organisation_id in may_know
            party = known.parties[row.organisation_id] if named else None
            mine = row.organisation_id == caller.organisation_id
            found.setdefault(row.report_id, []).append(
                TranslationView(
                    language=row.language,
                    title=row.title if mine else screening.told(row.title),
                    summary=row.summary if mine else screening.told(row.summary),
                    by="originator" if originator else "reader",
                    translator=party.slug if party else None,
                    translator_name=party.name(caller.language) if party else None,
                    original_language=report.language,
                    mine=mine,
                    made_at=row.made_at if mine else max(row.made_at, report.received_at),
                )
            )
    for some in found.values():
        some.sort(key=lambda one: (one.language, one.by != "originator", one.made_at))
    return found


def titles_of(session: Session, report_ids: Collection[int], *, at: datetime) -> dict[tuple[int, int], dict[str, Any]]:
    """The translated titles of these reports by report and revision, as they stood at an instant: by language the
    title and whether the sender gave it. For editions, which are rendered by policy."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in _stored(session, report_ids):
        if row.made_at <= at:
            held = found.setdefault((row.report_id, row.revision), {})
            said = [screening.told(row.title), row.organisation_id == row.owner]
            if row.language not in held or said[1]:
                held[row.language] = said
    return found


def forget_translations(session: Session, report: Report) -> None:
    """Delete the translations of a report whose words go."""
    session.execute(delete(TRANSLATION).where(TRANSLATION.c.report_id == report.key))


def _stored(session: Session, report_ids: Collection[int]) -> list[Any]:
    if not report_ids:
        return []
    told = table(Report)
    statement = (
        select(TRANSLATION, told.c.organisation_id.label("owner"))
        .join(told, told.c.id == TRANSLATION.c.report_id)
        .where(among(TRANSLATION.c.report_id))
        .order_by(TRANSLATION.c.report_id, TRANSLATION.c.made_at, TRANSLATION.c.id)
    )
    return list(session.execute(statement, {"keys": report_ids}).all())


def _require(session: Session, caller: Caller, report: Report) -> None:
    label = session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    if not owns(caller, report, red=label == Tlp.RED):
        caller.require(ANALYST)


def _delete(session: Session, caller: Caller, report: Report, language: str) -> bool:
    mine = (TRANSLATION.c.language == language, TRANSLATION.c.organisation_id == caller.organisation_id)
    done = session.execute(
        delete(TRANSLATION).where(TRANSLATION.c.report_id == report.key, *mine).returning(TRANSLATION.c.id)
    ).first()
    return done is not None
