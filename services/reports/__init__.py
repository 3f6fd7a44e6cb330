"""Reports: what partners tell us."""

from services.reports.addressing import planned, resolve
from services.reports.api import markings, router
from services.reports.disclosure import DisclosuresView, Given, Gives, Giving, disclose, disclosures, not_had
from services.reports.events import (
    ReportGivenLate,
    ReportRemarked,
    ReportRevised,
    ReportSubmitted,
    ReportWithdrawn,
    ReviewDue,
)
from services.reports.history import earlier, taken_back, terms_now, told_now
from services.reports.holding import holding
from services.reports.intake import checks, commit, intake
from services.reports.models import Disclosure, Idempotency, Report, ReportRevision
from services.reports.notifying import losses, notify, reminders
from services.reports.ownership import NoSuchReport, NotYourReport, own, owns
from services.reports.provenance import Breakdown, breakdown, independent, telling
from services.reports.readers import Asked, Change, ReadersView, readers, try_marking, would_read
from services.reports.reading import NotValid, parse, refusal
from services.reports.remarking import marking_view, remark, remarkings_due
from services.reports.repeats import Accepted, KeyReused, Submission
from services.reports.schemas import KINDS, STATUSES, EditReport, NewReport, Reason, Receipt, ReportView
from services.reports.service import (
    Page,
    forget_keys,
    get,
    listed,
    lock,
    receipt,
    revise,
    search,
    touch,
    views,
    visible_reports,
    withdraw,
)
from services.reports.submission import accept, check

__all__ = [
    "KINDS",
    "STATUSES",
    "Accepted",
    "Asked",
    "Breakdown",
    "Change",
    "Disclosure",
    "DisclosuresView",
    "EditReport",
    "Given",
    "Gives",
    "Giving",
    "Idempotency",
    "KeyReused",
    "NewReport",
    "NoSuchReport",
    "NotValid",
    "NotYourReport",
    "Page",
    "ReadersView",
    "Reason",
    "Receipt",
    "Report",
    "ReportGivenLate",
    "ReportRemarked",
    "ReportRevised",
    "ReportRevision",
    "ReportSubmitted",
    "ReportView",
    "ReportWithdrawn",
    "ReviewDue",
    "Submission",
    "accept",
    "breakdown",
    "check",
    "checks",
    "commit",
    "disclose",
    "disclosures",
    "earlier",
    "forget_keys",
    "get",
    "holding",
    "independent",
    "intake",
    "listed",
    "lock",
    "losses",
    "marking_view",
    "markings",
    "not_had",
    "notify",
    "own",
    "owns",
    "parse",
    "planned",
    "readers",
    "receipt",
    "refusal",
    "remark",
    "remarkings_due",
    "reminders",
    "resolve",
    "revise",
    "router",
    "search",
    "taken_back",
    "telling",
    "terms_now",
    "told_now",
    "touch",
    "try_marking",
    "views",
    "visible_reports",
    "withdraw",
    "would_read",
]
