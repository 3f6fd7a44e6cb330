"""Taking reports in: many at once in one transaction, each answered on its own, a repeat having no second effect."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from services import forms, network
from services.kernel import audit, clock, db, ids, log
from services.kernel.errors import Conflict, Forbidden, Invalid, Problem
from services.kernel.events import publish_all
from services.network import Directory
from services.reports.addressing import Plans, line_planned, provenance_of
from services.reports.correcting import refuse_strange
from services.reports.events import ReportSubmitted
from services.reports.models import Remarking, TearLine
from services.reports.ownership import REPORT
from services.reports.reading import broken
from services.reports.repeats import Accepted, Case, Outcome, Submission, keys_of, replay, take_keys
from services.reports.showing import decided


class NotAReplay(Forbidden):
    title = "as_of is for replays by an administrator's key"


def accept(session: Session, submissions: Sequence[Submission]) -> list[Outcome]:
    """Store what is new, replay what is known, refuse what is wrong: one outcome per submission, in order.

    All that was accepted is durable when the caller's transaction commits, and nothing before.
    """
    known = network.directory(session)
    plans = Plans(known)
    cases = [_case(known, plans, submission) for submission in submissions]
    replay(session, [case for case in cases if case.outcome is None])
    fresh = _kept(session, [case for case in cases if case.outcome is None])
    won = take_keys(session, fresh)
    _store(session, won)
    late = [case for case in fresh if case.outcome is None]
    replay(session, late)  # the same key twice in this batch, or committed by another process a moment ago
    for case in late:
        case.outcome = case.outcome or Conflict("The same key is being used right now: send it again.")
    return [case.outcome or Problem() for case in cases]


def check(session: Session, submissions: Sequence[Submission]) -> list[Outcome | None]:
    """What `accept` would answer each of them with, if it stood alone: a refusal, the receipt of what was sent before,
    or None for what it would store. Stores nothing, and tells of an earlier report only whom `accept` would."""
    known = network.directory(session)
    plans = Plans(known)
    cases = [_case(known, plans, submission) for submission in submissions]
    replay(session, [case for case in cases if case.outcome is None])
    _kept(session, [case for case in cases if case.outcome is None])
    return [case.outcome for case in cases]


def _kept(session: Session, fresh: list[Case]) -> list[Case]:
    """Those of what is new that keep the rules of their forms, and if they correct a report, one that they may."""
    written = [case for case in fresh if case.submission.report.form is not None]
    if written:
        shelf = forms.shelf(session)
        for case in written:
            case.form_version, faults = forms.judge(shelf, case.submission.report)
            case.outcome = broken(faults)
    refuse_strange(session, [case for case in fresh if case.submission.report.corrects and case.outcome is None])
    return [case for case in fresh if case.outcome is None]


def _case(known: Directory, plans: Plans, submission: Submission) -> Case:
    caller, report = submission.caller, submission.report
    case = Case(submission, submission.fingerprint, keys_of(submission))
    try:
        party = known.parties.get(caller.organisation_id or 0)
        if party is None or not party.active:
            raise Forbidden("Your organisation is not active in this network.")
        caller.require_status(report.status)
        case.marking, case.dates = plans.of(report.marking, caller)
        case.line = line_planned(known, report, caller)
        case.origin, case.path = provenance_of(known, report, caller)
        if report.as_of is not None:
            if "replay" not in caller.scopes:
                raise NotAReplay("Leave as_of out: the time of receipt is ours to set.", field="as_of")
            if report.as_of > clock.now():
                raise Invalid("as_of lies in the future.", field="as_of")
            case.received_at = report.as_of
    except Problem as problem:
        case.outcome = problem
    return case


def _store(session: Session, cases: list[Case]) -> None:
    if not cases:
        return
    markings = [case.marking for case in cases if case.marking is not None]
    distinct = list(dict.fromkeys(markings))  # many reports of a file are marked alike
    stamped = dict(zip(distinct, network.stamp(session, distinct), strict=True))
    audiences = [stamped[marking] for marking in markings]
    keys = db.next_keys(session, REPORT, len(cases))
    db.insert_all(
        session,
        REPORT,
        [
            {**row_of(case.submission.report), **_facts(case), "id": key, "audience_id": audience}
            for key, audience, case in zip(keys, audiences, cases, strict=True)
        ],
    )
    waiting = [dated.row(key) for key, case in zip(keys, cases, strict=True) for dated in case.dates]
    if waiting:
        session.execute(insert(Remarking), waiting)
    _store_lines(session, keys, cases)
    log.traces.set({key: case.submission.trace for key, case in zip(keys, cases, strict=True)})
    publish_all(session, ReportSubmitted, keys)
    audit.record_all(
        session,
        [
            audit.entry(case.submission.caller, "report.submitted", case.reference, **_logical(case))
            | {"trace": case.submission.trace, "address": case.submission.address}
            for case in cases
        ],
    )
    for case in cases:
        case.outcome = Accepted(case.receipt())


def _store_lines(session: Session, keys: Sequence[int], cases: Sequence[Case]) -> None:
    given = [(key, case.submission.report.tear_line, case) for key, case in zip(keys, cases, strict=True)]
    told = [(key, line, case, case.line) for key, line, case in given if line is not None and case.line is not None]
    if not told:
        return
    audiences = network.stamp(session, [marking for *_, marking in told])
    rows = [
        line_row(key, line.text, audience, case.received_at.date())
        for (key, line, case, _), audience in zip(told, audiences, strict=True)
    ]
    session.execute(insert(TearLine), rows)


def line_row(report_id: int, text: str, audience_id: int, day: date) -> dict[str, Any]:
    """A tear-line as its table keeps it."""
    place = ids.reference("L")
    return {"report_id": report_id, "text": text, "audience_id": audience_id, "on_day": day, "place": place}


COLUMNS = (
    "title", "text", "kind", "status", "occurred_from", "occurred_to", "place", "themes", "figures", "language",
    "source", "credibility", "evaluation", "judgement", "selection", "terms", "form",
    "form_version", "answers", "corrects_id",
)  # fmt: skip


def row_of(report: Any) -> dict[str, Any]:
    """The columns of a report that its sender filled in."""
    return {
        "title": report.title,
        "text": report.text,
        "kind": report.kind,
        "status": report.status,
        "occurred_from": report.occurred_from,
        "occurred_to": report.occurred_to,
        "place": report.place,
        "themes": report.themes,
        "figures": report.figures,
        "language": report.language,
        "source": _source(report),
        "credibility": report.graded,
        "evaluation": report.evaluation.stored() if report.evaluation is not None else None,
        "judgement": report.judgement.stored() if report.judgement is not None else None,
        "selection": report.selection,
        "terms": report.marking.terms.stored(),
        "form": report.form,
        "answers": forms.stored(report.answers) if report.answers else {},
    }


_OWN = {"kind": "own", "organisation": None, "document": None, "name": None}


def _source(report: Any) -> dict[str, Any]:
    """Where it comes from, as stored: a chain only where there is one."""
    if report.source.kind == "own":
        return dict(_OWN)  # it names nothing
    held: dict[str, Any] = report.source.model_dump(exclude=None if report.source.chain else {"chain"})
    return held


def _facts(case: Case) -> dict[str, Any]:
    caller, report = case.submission.caller, case.submission.report
    return {
        "reference": case.reference,
        "organisation_id": caller.organisation_id,
        "member_id": caller.member_id,
        "key_id": caller.key_id,
        "own_reference": report.own_reference,
        "origin": case.origin,
        "path": case.path,
        "form_version": case.form_version,
        "personal": decided(caller, report.personal),
        "corrects_id": case.corrects_id,
        "received_at": case.received_at,
        "handed_in_at": case.received_at,
        "withdrawn_at": None,
        "withdrawn_why": None,
        "recalled_at": None,
        "emptied_at": None,
        "emptied_by": None,
        "digest": case.fingerprint,
        "revision": 1,
        "version": 1,
    }


def _logical(case: Case) -> dict[str, str]:
    report = case.submission.report
    said = {"as_of": case.received_at.isoformat()} if report.as_of is not None else {}
    return said | ({"personal": report.personal} if report.personal else {})
