"""Corrections: the report that each names, for whoever sees both."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session

from services import network
from services.kernel import db
from services.kernel.bulk import among
from services.kernel.errors import Problem
from services.network import Caller
from services.reports.models import Report
from services.reports.ownership import REPORT, there_for
from services.reports.reading import NotValid
from services.reports.repeats import Case

_NAMED = select(REPORT.c.id, REPORT.c.reference, REPORT.c.status)
_UNSEEN = "is no report that you see: give the reference of one, such as EWN-7KQ4-M2XF-9RTA"
_OTHER_STATUS = "has another status: a correction has the status of the report that it corrects"


class Corrections(NamedTuple):
    """What a reader sees of the links: references of the corrected by key, and of the corrections by the corrected."""

    corrected: dict[int, str]
    correcting: dict[int, list[str]]


def _seen(session: Session, caller: Caller) -> ColumnElement[bool]:
    told: ColumnElement[bool] = REPORT.c.audience_id.in_(network.visible(session, caller))
    return and_(told, there_for(caller), REPORT.c.withdrawn_at.is_(None))


def corrections(session: Session, caller: Caller, rows: Sequence[Report]) -> Corrections:
    """The links from and to these reports, which the caller sees, to others that the caller sees too."""
    if not rows:
        return Corrections({}, {})
    seen, mine = _seen(session, caller), [row.key for row in rows]
    named = {row.corrects_id for row in rows if row.corrects_id is not None}
    corrected: dict[int, str] = {}
    if named:
        statement = select(REPORT.c.id, REPORT.c.reference).where(among(REPORT.c.id), seen)
        corrected = {row.id: row.reference for row in session.execute(statement, {"keys": named}).all()}
    correcting: dict[int, list[str]] = defaultdict(list)
    statement = select(REPORT.c.corrects_id, REPORT.c.reference).where(among(REPORT.c.corrects_id), seen)
    for row in session.execute(statement.order_by(REPORT.c.reference), {"keys": mine}).all():
        correcting[row.corrects_id].append(row.reference)
    return Corrections(corrected, correcting)


def refuse_strange(session: Session, cases: Sequence[Case]) -> None:
    """Note for each of these corrections which report it names, or refuse it. What is hidden and what is not there are
    refused alike."""
    by_caller: dict[tuple[str, bool], list[Case]] = defaultdict(list)
    for case in cases:
        by_caller[case.submission.caller.viewer, case.submission.caller.test_only].append(case)
    for group in by_caller.values():
        caller = group[0].submission.caller
        seen = _seen(session, caller)
        found: dict[str, Any] = {}
        for some in db.batches(sorted({_reference(case.submission.report) for case in group}), 500):
            rows = session.execute(_NAMED.where(REPORT.c.reference.in_(some), seen)).all()
            found |= {row.reference: row for row in rows}
        for case in group:
            named = found.get(_reference(case.submission.report))
            case.outcome = _fault(named, case.submission.report)
            case.corrects_id = named.id if named is not None else None


def corrected_by(session: Session, caller: Caller, edit: Any, report: Report) -> int | None:
    """The report that a revised correction names. It may go on naming the one that it named before.

    Raises:
        NotValid: the caller sees no such report.
    """
    if edit.corrects is None:
        return None
    wanted = _reference(edit)
    named = _named(session, wanted, REPORT.c.id == report.corrects_id) or _named(
        session, wanted, _seen(session, caller)
    )
    fault = _fault(named, edit)
    if named is not None and named.id == report.key:
        fault = _refused("is the report itself: name another")
    if fault is not None:
        raise fault
    return int(named.id) if named is not None else None


def _named(session: Session, reference: str, where: ColumnElement[bool]) -> Any:
    return session.execute(_NAMED.where(REPORT.c.reference == reference, where)).first()


def _reference(report: Any) -> str:
    return str(report.corrects).strip().upper()


def _fault(named: Any, report: Any) -> Problem | None:
    if named is None:
        return _refused(_UNSEEN)
    return _refused(_OTHER_STATUS) if named.status != report.status else None


def _refused(rule: str) -> NotValid:
    return NotValid(f"corrects: {rule}.", field="corrects", errors=[{"field": "corrects", "rule": rule}])
