"""What is personal in a report: what was found at the door, and what its owner decided about it (docs/adr/0018)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import screening
from services.kernel import audit
from services.kernel.model import table
from services.network import Caller, Member
from services.reports import advising
from services.reports.models import Report, TearLine
from services.reports.ownership import own, refuse_emptied
from services.reports.repeats import Accepted, Submission
from services.reports.schemas import Checked, EditReport, FoundView, PersonalIn, PersonalView, ScreenedView
from services.reports.showing import decided, decision_of
from services.reports.translation_schemas import TranslationIn

MEMBER = table(Member)
LINE = table(TearLine)
Named = tuple[str, str]
_CLEANED = ("title", "text", "summary")  # what readers are given made readable


def screened(report: EditReport) -> ScreenedView:
    """What is found in a report that was sent, field by field, before anything of it is stored."""
    return _screened(list(fields_sent(report).items()))


def fields_sent(report: EditReport) -> dict[str, str]:
    """All words of a report that was sent, by the name of the field that they stand in."""
    said = report.model_dump(include={"title", "text", "source", "answers", "judgement"})
    note = report.marking.terms.stored().get("handling_note")
    return dict(_words(said, note, report.tear_line.text if report.tear_line else None))


def translated_words(given: TranslationIn) -> dict[str, str]:
    """All words of a translation that was sent, by the name of the field that they stand in."""
    return {"title": given.title, "summary": given.summary}


def screened_words(fields: Mapping[str, str]) -> ScreenedView:
    """What is found in these words, field by field."""
    return _screened(list(fields.items()))


def checked(before: Accepted | None, tried: Submission) -> Checked:
    """The answer to a check of what would be stored, or of what was sent before."""
    return Checked(
        stored=before.receipt.reference if before else None,
        judgement=advising.of_judgement(tried.report.judgement, tried.caller.language),
        **screened(tried.report).model_dump(),
    )


def personal_of(session: Session, caller: Caller, reference: str) -> PersonalView:
    """What was found in one of the caller's own reports as it stands, and what was decided about it."""
    return _view(session, own(session, caller, reference, withdrawn=True, lock=False))


def decide_personal(session: Session, caller: Caller, reference: str, given: PersonalIn) -> PersonalView:
    """Put on record what is to become of what is personal in one of the caller's own reports.

    mask: its own organisation reads it masked too, and opens the original where it must. needed: it goes on reading it.
    Others are given it masked in any case.
    """
    report = own(session, caller, reference)
    refuse_emptied(report)
    report.personal = (report.personal or {}) | (decided(caller, given.decision) or {})
    report.version += 1
    session.add(report)
    session.flush()
    audit.record(session, caller, "report.personal_decided", report.reference, personal=given.decision)
    return _view(session, report)


def fields_of(report: Report, line: str | None) -> dict[str, str]:
    """All words of a report, by the name of the field that they stand in."""
    return dict(_of(report, line))


def _of(report: Report, line: str | None) -> list[Named]:
    said = {name: getattr(report, name) for name in ("title", "text", "source", "answers", "judgement")}
    return _words(said, report.terms.get("handling_note"), line)


def found_in(named: Sequence[Named]) -> list[FoundView]:
    """What is personal in these fields, by its place in each."""
    return [
        FoundView(field=field, start=start, end=end, kind=kind)
        for field, words in named
        for start, end, kind in screening.find(words)
    ]


def _view(session: Session, report: Report) -> PersonalView:
    line = session.execute(select(LINE.c.text).where(LINE.c.report_id == report.key)).scalar()
    held = report.personal or {}
    name = None
    if held.get("by_member") is not None:
        known = MEMBER.c.id == held["by_member"]
        name = session.execute(select(MEMBER.c.name).where(known, MEMBER.c.erased_at.is_(None))).scalar()
    at = held.get("decided_at")
    return PersonalView(
        **_screened(_of(report, line)).model_dump(),
        decision=decision_of(report),
        decided_at=datetime.fromisoformat(at) if at else None,
        decided_by=name,
    )


def _screened(named: Sequence[Named]) -> ScreenedView:
    done = {step for field, words in named if field in _CLEANED for step in screening.clean(words).done}
    return ScreenedView(
        personal=found_in(named),
        looked_for=list(screening.KINDS),
        cleaned=[one for one in screening.DONE if one in done],
    )


def _words(said: Mapping[str, Any], note: str | None, line: str | None) -> list[Named]:
    more = {"marking.terms.handling_note": note, "tear_line.text": line}
    return [*_each("", said), *_each("", more)]


def _each(field: str, value: Any) -> Iterator[Named]:
    """The words in a value, by the way to each of them."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _each(f"{field}.{name}" if field else name, one)
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _each(f"{field}.{number}", one)
