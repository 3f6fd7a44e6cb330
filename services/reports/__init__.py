"""Reports: what partners tell us."""

from services.reports.api import router
from services.reports.events import ReportRevised, ReportSubmitted, ReportWithdrawn
from services.reports.intake import checks, commit, intake
from services.reports.models import Idempotency, Report, ReportRevision
from services.reports.provenance import independent, telling
from services.reports.reading import NotValid, parse, refusal
from services.reports.schemas import KINDS, STATUSES, EditReport, NewReport, Reason, Receipt, ReportView
from services.reports.service import (
    NoSuchReport,
    Page,
    earlier,
    find,
    forget_keys,
    get,
    lock,
    revise,
    search,
    taken_back,
    told_now,
    touch,
    views,
    visible_reports,
    withdraw,
)
from services.reports.submission import Accepted, KeyReused, Submission, accept, check, resolve

__all__ = [
    "KINDS",
    "STATUSES",
    "Accepted",
    "EditReport",
    "Idempotency",
    "KeyReused",
    "NewReport",
    "NoSuchReport",
    "NotValid",
    "Page",
    "Reason",
    "Receipt",
    "Report",
    "ReportRevised",
    "ReportRevision",
    "ReportSubmitted",
    "ReportView",
    "ReportWithdrawn",
    "Submission",
    "accept",
    "check",
    "checks",
    "commit",
    "earlier",
    "find",
    "forget_keys",
    "get",
    "independent",
    "intake",
    "lock",
    "parse",
    "refusal",
    "resolve",
    "revise",
    "router",
    "search",
    "taken_back",
    "telling",
    "told_now",
    "touch",
    "views",
    "visible_reports",
    "withdraw",
]
