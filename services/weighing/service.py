"""A report's grade as one reader has it: both axes apart, credibility 1 derived from what that reader sees."""

from sqlmodel import Session

from services import reports, tagging
from services.network import Caller
from services.reports import Report, ReportView
from services.weighing import grades
from services.weighing.assessing import assessments
from services.weighing.reliability import letters, named
from services.weighing.schemas import CredibilityPart, GradeView, ReliabilityPart

MOST_NAMED = 50  # reports of an incident that are named as what a grade is derived from


def grade(session: Session, caller: Caller, reference: str) -> GradeView:
    """The grade of a report that the caller sees, with what analysts made of it; or NoSuchReport."""
    report = reports.get(session, caller, reference)
    view = reports.views(session, caller, [report])[0]
    return GradeView(
        reference=report.reference,
        reliability=_reliability(session, caller, report, view),
        credibility=_credibility(session, caller, report),
        assessments=assessments(session, caller, report),
    )


def _reliability(session: Session, caller: Caller, report: Report, view: ReportView) -> ReliabilityPart:
    known = view.source is not None and report.key in named(session, caller, [report])
    source = letters(session, caller, [report.origin]).get(report.origin) if known else None
    return ReliabilityPart(
        originator=view.reliability, source=source, between=grades.between(source or view.reliability)
    )


def _credibility(session: Session, caller: Caller, report: Report) -> CredibilityPart:
    account = tagging.accounts(session, caller, [report.key])[report.key]
    return CredibilityPart(
        sender=report.credibility,
        evaluation=report.evaluation,
        confirmed=account.confirmed,
        confirmed_by=sorted(account.received)[:MOST_NAMED] if account.confirmed else [],
        origins=account.origins,
        circular=account.circular,
        between=(1, 1) if account.confirmed else grades.credible_between(report.credibility),
    )
