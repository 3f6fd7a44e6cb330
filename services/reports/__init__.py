"""Reports: what partners tell us."""

from services.forms import KINDS
from services.reports.addressing import planned, resolve
from services.reports.api import markings, router
from services.reports.asking import ask, asked, decide, incoming, requests_due
from services.reports.asking_api import asks
from services.reports.asking_schemas import Decision, NewRequest, RequestPage, RequestView
from services.reports.disclosure import DisclosuresView, Given, disclose, disclosures, not_had
from services.reports.events import (
    ReportEmptied,
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
from services.reports.keeping.api import retention
from services.reports.keeping.emptying import keep, retention_due
from services.reports.keeping.holds import lift_hold, set_hold, standing_holds
from services.reports.keeping.models import Announcement, RetentionRule
from services.reports.keeping.personal import erase, export, export_own
from services.reports.keeping.ruling import NoSuchRule, dry_run, end_rule, make_rule, rules
from services.reports.keeping.schemas import Dossier, HoldView, NewHold, NewRule, RuleView, Taken, Trial
from services.reports.models import Disclosure, Idempotency, ReleaseRequest, Report, ReportRevision, TearLine
from services.reports.notifying import losses, notify, reminders
from services.reports.ownership import AlreadyEmptied, NoSuchReport, NotYourReport, own, owned, owns
from services.reports.provenance import Breakdown, breakdown, independent, telling
from services.reports.readers import Asked, Change, ChangeView, ReadersView, SeenView, readers, try_marking, would_read
from services.reports.reading import NotValid, parse, refusal
from services.reports.recall_api import recalls
from services.reports.recalling import AlreadyRecalled, AnotherReference, recall, wash_due, wordless
from services.reports.remarking import marking_view, remark, remarkings_due
from services.reports.repeats import Accepted, KeyReused, Submission
from services.reports.schemas import (
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
    "AlreadyEmptied",
    "AlreadyRecalled",
    "Announcement",
    "AnotherReference",
    "Asked",
    "Breakdown",
    "Change",
    "ChangeView",
    "Decision",
    "Disclosure",
    "DisclosuresView",
    "Dossier",
    "EditReport",
    "Given",
    "Gives",
    "Giving",
    "HoldView",
    "Idempotency",
    "KeyReused",
    "NewHold",
    "NewReport",
    "NewRequest",
    "NewRule",
    "NoSuchReport",
    "NoSuchRule",
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
    "ReportEmptied",
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
    "RetentionRule",
    "ReviewDue",
    "RuleView",
    "SeenView",
    "Submission",
    "Taken",
    "TearLine",
    "TearLineIn",
    "TearLinePage",
    "Trial",
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
    "dry_run",
    "earlier",
    "end_rule",
    "erase",
    "export",
    "export_own",
    "forget_keys",
    "get",
    "holding",
    "incoming",
    "independent",
    "intake",
    "keep",
    "lift_hold",
    "lines_of_period",
    "listed",
    "lock",
    "losses",
    "make_rule",
    "marking_view",
    "markings",
    "not_had",
    "notify",
    "own",
    "owned",
    "owns",
    "parse",
    "planned",
    "put_line",
    "readers",
    "recall",
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
    "retention",
    "retention_due",
    "revise",
    "revised_after",
    "router",
    "rules",
    "search",
    "searched",
    "set_hold",
    "standing",
    "standing_holds",
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
    "wordless",
    "would_read",
]
