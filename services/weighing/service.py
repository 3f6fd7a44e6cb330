"""A report's grade as one reader has it: both axes apart, credibility 1 derived from what that reader sees."""

from sqlmodel import Session

from services import reports, tagging
from services.network import Caller
from services.reports import Report
from services.weighing import grades
from services.weighing.assessing import assessments
from services.weighing.schemas import CredibilityPart, GradeView, ReliabilityPart

MOST_NAMED = 50  # reports of an incident that are named as what a grade is derived from


def grade(session: Session, caller: Caller, reference: str) -> GradeView:
    """The grade of a report that the caller sees, with what analysts made of it; or NoSuchReport."""
    report = reports.get(session, caller, reference)
    view = reports.views(session, caller, [report])[0]
    return GradeView(
        reference=report.reference,
        reliability=ReliabilityPart(originator=view.reliability, between=grades.between(view.reliability)),
        credibility=_credibility(session, caller, report),
        assessments=assessments(session, caller, report),
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
