"""An analyst confirms, rejects or adds a tag of a report: for everybody who sees the report (docs/adr/0026)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import attachments, definitions, network, reports, screening, vocabulary
from services.kernel import audit, clock
from services.kernel.errors import Conflict, Invalid
from services.kernel.events import publish
from services.network import AudienceRow, Caller
from services.reports import Report
from services.tagging import corrections, showing
from services.tagging.accounts import AUDIENCE
from services.tagging.deciding import NotYoursToDecide, as_read, names_of
from services.tagging.events import ReportReread
from services.tagging.models import TagDecision
from services.tagging.nearby import TAGGING
from services.tagging.overlay import decisions_of, words_of
from services.tagging.quoting import spans_of
from services.tagging.schemas import CorrectionsView, NewCorrection, TagDecisionView
from services.tagging.service import tags_of
from services.texts import read, version_of


class NotTagged(Conflict):
    title = "There is no such tag to judge"


def correct(session: Session, caller: Caller, reference: str, given: NewCorrection) -> CorrectionsView:
    """Put on record what an analyst says of a tag of a report that it sees; tags and counts follow.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is withdrawn.
        AlreadyEmptied: its words are gone.
        NotYoursToDecide: the caller is neither of a secretariat nor of whoever told it.
        RevisedMeanwhile: it was revised since the revision that the caller has read.
        Invalid: the pack has no such theme or place, the caller knows no such actor, or the words do not stand there.
        NotTagged: tagging has not found what is confirmed or rejected, nor a model suggested what is rejected; or has
            found what is added.
    """
    report = reports.standing_report(session, caller, reference)
    reports.lock(session, [report.key])  # or a recall at the same time would miss the reason
    session.refresh(report)
    report = reports.standing_report(session, caller, reference)
    if not network.in_secretariat(session, caller) and not _owns(session, caller, report):
        raise NotYoursToDecide("Tags of others' reports are the secretariat's analysts' to correct: write to them.")
    as_read(report, given.revision)
    if not _there(session, caller, given):
        raise Invalid(f"There is no {given.scheme} {given.value[:80]}.", field="value")
    spans = _spans(report, given)
    words = words_of(report, attachments.words_of(session, [report.key]).get(report.key, ()))
    before = decisions_of(session, [report.key]).get(report.key, [])
    language, version = _judged(session, report, given, before, words)
    row = TagDecision(
        report_id=report.key,
        revision=report.revision,
        scheme=given.scheme,
        value=given.value,
        decided=given.decided,
        version=version,
        language=language,
        words=words,
        missed=_missed_by(session, given),
        spans=spans,
        reason=given.reason,
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id or 0,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    reports.touch(session, [report.key])  # a plan that was made without it is stale
    publish(session, ReportReread(report.key))
    audit.record(session, caller, "report.tag_decided", reference, what=given.decided, revision=report.revision)
    return corrections_of(session, caller, reference)


def _there(session: Session, caller: Caller, given: NewCorrection) -> bool:
    """Whether there is such a code for the caller. Of an actor that it may not know of it is told as of none."""
    if given.scheme == corrections.ACTOR:
        return showing.to(session, caller).knows(given.value)
    if given.scheme == corrections.THEME:
        return given.value in vocabulary.themes()
    return vocabulary.is_place(given.value)


def _missed_by(session: Session, given: NewCorrection) -> str:
    """The version that did not find what is added now."""
    if given.decided != corrections.ADDED:
        return ""
    return version_of(given.scheme, given.value, wording=definitions.wording(session).themes)


def _spans(report: Report, given: NewCorrection) -> list[list[int]]:
    """Where the words that were chosen for what is added stand in the original."""
    if given.words is None or given.decided != corrections.ADDED:
        return []
    found = spans_of(read(report.title, report.text), given.words)
    if not found:
        raise Invalid("Title and text do not hold these words as they are told.", field="words")
    return [list(span) for span in found]


def _owns(session: Session, caller: Caller, report: Report) -> bool:
    row = session.execute(select(AudienceRow).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    return reports.owns(caller, report, red=row.tlp == network.Tlp.RED)


def _judged(
    session: Session, report: Report, given: NewCorrection, before: Sequence[Any], words: str
) -> tuple[str, str]:
    """The language of the report, and the version of the definition whose tag is judged; or NotTagged."""
    done = session.execute(
        select(TAGGING.c.language, TAGGING.c.revision).where(TAGGING.c.report_id == report.key)
    ).first()
    if done is None or done.revision != report.revision:
        raise NotTagged("This revision is not tagged yet: try again in a moment.")
    there = corrections.found(tags_of(session, [report.key]).get(report.key, []), given.scheme, given.value)
    last = next((one for one in reversed(before) if (one.scheme, one.value) == (given.scheme, given.value)), None)
    found = there[0].version if there else last.version if last and corrections.holds(last, words) else ""
    if given.decided == corrections.ADDED and found:
        raise NotTagged("It was found already: confirm it.", field="decided")
    refused = given.suggested and (given.scheme, given.decided) == (corrections.THEME, corrections.REJECTED)
    if not found and not (given.decided == corrections.ADDED or refused or (given.decided == "undecided" and last)):
        raise NotTagged("Tagging has not found it in this report.", field="value")
    return done.language, found


def corrections_of(session: Session, caller: Caller, reference: str) -> CorrectionsView:
    """What analysts said of the tags of a report that the caller sees, oldest first."""
    report = reports.get(session, caller, reference)
    known = showing.to(session, caller)
    said = decisions_of(session, [report.key]).get(report.key, [])
    rows = [row for row in said if row.scheme != corrections.ACTOR or known.knows(row.value)]
    words = words_of(report, attachments.words_of(session, [report.key]).get(report.key, ()))
    last = {(one.scheme, one.value): one.id for one in rows}
    names = names_of(session, caller, rows)
    return CorrectionsView(
        reference=report.reference,
        decisions=[
            _view(caller, row, report, names, stands=last[row.scheme, row.value] == row.id, words=words) for row in rows
        ],
    )


def _view(
    caller: Caller, row: Any, report: Report, names: Mapping[int, str], *, stands: bool, words: str
) -> TagDecisionView:
    mine = row.organisation_id == caller.organisation_id
    return TagDecisionView(
        scheme=row.scheme,
        value=row.value,
        decided=row.decided,
        reason=row.reason if mine else screening.told(row.reason),
        version=row.version,
        language=row.language,
        revision=row.revision,
        made_at=row.made_at if mine else max(row.made_at, report.received_at),
        mine=mine,
        person=names.get(row.member_id),
        stands=stands,
        holds=stands and corrections.holds(row, words),
    )
