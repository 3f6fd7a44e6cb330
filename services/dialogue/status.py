"""The status of a report as its owner may follow it: what is known here, and what the slices above tell of it."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, or_, select
from sqlmodel import Session

from services import delivery, network, reports, screening
from services.delivery import Told
from services.dialogue.models import OutcomeTold
from services.dialogue.schemas import OutcomeIn, OutcomeView, StatusView, Step
from services.kernel import audit, clock, db, ids
from services.kernel.model import table
from services.network import Caller
from services.reports import Report

OUTCOME = table(OutcomeTold)
REPORT = table(Report)
Teller: TypeAlias = Callable[[Session, Caller, Report], Iterable[Step]]
_tellers: list[Teller] = []
FURTHER = ("received", "tagged", "in_incident", "used", "outcome_told")


def told_by(*tellers: Teller) -> None:
    """Wire what the slices above know of a report. Each is asked for reports that their caller owns and sees, and
    tells no more than that caller may know."""
    _tellers[:] = tellers


def status(session: Session, caller: Caller, reference: str) -> StatusView:
    """The steps of one of the caller's own reports. Of RED that it cannot see, a key is told that it came in.

    Raises:
        NoSuchReport, NotYourReport: as `reports.own`.
    """
    report = reports.own(session, caller, reference, withdrawn=True, lock=False)
    steps = [
        Step(step="received" if number == 1 else "revised", at=began, revision=number)
        for number, began in reports.begun(session, report)
    ]
    for what, when in (("withdrawn", report.withdrawn_at), ("recalled", report.recalled_at)):
        if when is not None and not (what == "withdrawn" and report.recalled_at == when):
            steps.append(Step.model_validate({"step": what, "at": when}))
    if report.emptied_at is not None:
        steps.append(Step(step="emptied", at=report.emptied_at))
    if report.recalled_at is None and report.audience_id in network.visible(session, caller):
        steps += [step for teller in _tellers for step in teller(session, caller, report)]
        steps += _outcomes(session, caller, report)
    steps.sort(key=lambda one: one.at)
    return StatusView(reference=report.reference, revision=report.revision, state=_state(report, steps), steps=steps)


def tell_outcome(session: Session, caller: Caller, reference: str, given: OutcomeIn) -> OutcomeView:
    """Tell the originator of a report that the caller reads what came of it.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is withdrawn.
    """
    report = reports.standing_report(session, caller, reference)
    at = clock.now()
    row = OutcomeTold(
        reference=ids.reference("OUT"),
        report_id=report.key,
        outcome=given.outcome,
        text=given.text,
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id,
        key_id=caller.key_id,
        at=at,
    )
    session.add(row)
    session.flush()
    reports.worked_on(session, caller, report)
    delivery.tell_unless_waiting(
        session,
        [
            Told(owner, "outcome_told", report.reference, row.key, at)
            for owner in reports.owners_of(session, report)
            if owner.viewer != caller.viewer
        ],
    )
    audit.record(session, caller, "outcome.told", row.reference, report=report.reference, state=given.outcome)
    return OutcomeView(reference=row.reference, report=report.reference, outcome=given.outcome, at=at)


def _outcomes(session: Session, caller: Caller, report: Report) -> list[Step]:
    known = network.directory(session)
    may_know = network.known_to(known, caller)
    rows = session.execute(select(OUTCOME).where(OUTCOME.c.report_id == report.key)).all()
    return [
        Step(
            step="outcome_told",
            at=row.at,
            outcome=row.outcome,
            text=row.text if row.organisation_id == caller.organisation_id else screening.told(row.text),
            told_by=known.parties[row.organisation_id].name(caller.language)
            if row.organisation_id in may_know
            else None,
        )
        for row in rows
    ]


def _state(report: Report, steps: list[Step]) -> str:
    ends: list[tuple[str, datetime | None]] = [("recalled", report.recalled_at), ("withdrawn", report.withdrawn_at)]
    ended = next((what for what, at in ends if at is not None), None)
    return ended or max((one.step for one in steps if one.step in FURTHER), key=FURTHER.index)


def moments(session: Session, caller: Caller, report_ids: Collection[int]) -> dict[int, datetime]:
    """When an outcome was first told of these reports, which the caller sees, by or to the caller's organisation."""
    found: dict[int, datetime] = {}
    own = or_(OUTCOME.c.organisation_id == caller.organisation_id, REPORT.c.organisation_id == caller.organisation_id)
    for some in db.batches(sorted(report_ids), 500):
        rows = session.execute(
            select(OUTCOME.c.report_id, func.min(OUTCOME.c.at).label("at"))
            .join(REPORT, REPORT.c.id == OUTCOME.c.report_id)
            .where(OUTCOME.c.report_id.in_(some), own)
            .group_by(OUTCOME.c.report_id)
        ).all()
        found |= {row.report_id: row.at for row in rows}
    return found
