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
from services.reports.models import Report, TearLine
from services.reports.ownership import own, refuse_emptied
from services.reports.repeats import Accepted
from services.reports.schemas import Checked, EditReport, FoundView, NewReport, PersonalIn, PersonalView, ScreenedView
from services.reports.showing import decided, decision_of

MEMBER = table(Member)
LINE = table(TearLine)
Named = tuple[str, str]


def screened(report: EditReport) -> ScreenedView:
    """What is found in a report that was sent, field by field, before anything of it is stored."""
    answers = report.model_dump(include={"answers"})["answers"]
    note = report.marking.terms.stored().get("handling_note")
    line = report.tear_line.text if report.tear_line else None
    return _screened([*_words(report.title, report.text, report.source.model_dump(), note, line), *_said(answers)])


def checked(before: Accepted | None, report: NewReport) -> Checked:
    """The answer to a check of what would be stored, or of what was sent before."""
    return Checked(stored=before.receipt.reference if before else None, **screened(report).model_dump())


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
    note = report.terms.get("handling_note")
    return [*_words(report.title, report.text, report.source, note, line), *_said(report.answers)]


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
    done = {step for field, words in named if field in ("title", "text") for step in screening.clean(words).done}
    return ScreenedView(
        personal=found_in(named),
        looked_for=list(screening.KINDS),
        cleaned=[one for one in screening.DONE if one in done],
    )


def _words(
    title: str, text: str, source: Mapping[str, Any], note: str | None, line: str | None
) -> Iterator[tuple[str, str]]:
    yield "title", title
    yield "text", text
    more = {"source.document": source.get("document"), "source.name": source.get("name")}
    more |= {"marking.terms.handling_note": note, "tear_line.text": line}
    yield from ((field, words) for field, words in more.items() if words)


def _said(value: Any, field: str = "answers") -> Iterator[tuple[str, str]]:
    """The words in answers, by the question that they answer."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _said(one, f"{field}.{key}")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _said(one, f"{field}.{number}")
