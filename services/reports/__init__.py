"""Reports: what partners tell us."""

from services.reports.addressing import planned, resolve
from services.reports.api import markings, router
from services.reports.asking import ask, asked, decide, incoming, requests_due
from services.reports.asking_api import asks
from services.reports.asking_schemas import Decision, NewRequest, RequestPage, RequestView
from services.reports.disclosure import DisclosuresView, Given, disclose, disclosures, not_had
from services.reports.events import (
    ReportGivenLate,
    ReportRecalled,
    ReportRemarked,
    ReportRevised,
    ReportSubmitted,
    ReportWithdrawn,
    ReviewDue,
)
from services.reports.giving import Gives, Giving, records, refused, searched
from services.reports.giving import stop as stop_records
from services.reports.history import earlier, revised_after, taken_back, terms_now, told_now
from services.reports.holding import holding
from services.reports.intake import checks, commit, intake
from services.reports.models import Disclosure, Idempotency, ReleaseRequest, Report, ReportRevision, TearLine
from services.reports.notifying import losses, notify, reminders
from services.reports.ownership import NoSuchReport, NotYourReport, own, owns
from services.reports.provenance import Breakdown, breakdown, independent, telling
from services.reports.readers import Asked, Change, ChangeView, ReadersView, readers, try_marking, would_read
from services.reports.reading import NotValid, parse, refusal
from services.reports.recall_api import recalls
from services.reports.recalling import AlreadyRecalled, AnotherReference, recall, recalled, wash_due
from services.reports.remarking import marking_view, remark, remarkings_due
from services.reports.repeats import Accepted, KeyReused, Submission
from services.reports.schemas import (
    KINDS,
    STATUSES,
    EditReport,
    NewReport,
    Reason,
    RecallIn,
    RecallView,
    Receipt,
    ReportView,
    TearLineIn,
    TearLinePage,
)
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
from services.reports.tear_lines import lines_of_period, put_line, standing, take_line_away, told_lines

__all__ = [
    "KINDS",
    "STATUSES",
    "Accepted",
    "AlreadyRecalled",
    "AnotherReference",
    "Asked",
    "Breakdown",
    "Change",
    "ChangeView",
    "Decision",
    "Disclosure",
    "DisclosuresView",
    "EditReport",
    "Given",
    "Gives",
    "Giving",
    "Idempotency",
    "KeyReused",
    "NewReport",
    "NewRequest",
    "NoSuchReport",
    "NotValid",
    "NotYourReport",
    "Page",
    "ReadersView",
    "Reason",
    "RecallIn",
    "RecallView",
    "Receipt",
    "ReleaseRequest",
    "Report",
    "ReportGivenLate",
    "ReportRecalled",
    "ReportRemarked",
    "ReportRevised",
    "ReportRevision",
    "ReportSubmitted",
    "ReportView",
    "ReportWithdrawn",
    "RequestPage",
    "RequestView",
    "ReviewDue",
    "Submission",
    "TearLine",
    "TearLineIn",
    "TearLinePage",
    "accept",
    "ask",
    "asked",
    "asks",
    "breakdown",
    "check",
    "checks",
    "commit",
    "decide",
    "disclose",
    "disclosures",
    "earlier",
    "forget_keys",
    "get",
    "holding",
    "incoming",
    "independent",
    "intake",
    "lines_of_period",
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
    "put_line",
    "readers",
    "recall",
    "recalled",
    "recalls",
    "receipt",
    "records",
    "refusal",
    "refused",
    "remark",
    "remarkings_due",
    "reminders",
    "requests_due",
    "resolve",
    "revise",
    "revised_after",
    "router",
    "search",
    "searched",
    "standing",
    "stop_records",
    "take_line_away",
    "taken_back",
    "telling",
    "terms_now",
    "told_lines",
    "told_now",
    "touch",
    "try_marking",
    "views",
    "visible_reports",
    "wash_due",
    "withdraw",
    "would_read",
]
