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
from services.reports.history import begun, earlier, revised_after, taken_back, terms_now, told_now
from services.reports.holding import holding
from services.reports.intake import checks, commit, intake
from services.reports.judging import JUDGED, Evaluation, Judgement
from services.reports.keeping.api import retention
from services.reports.keeping.emptying import keep, retention_due
from services.reports.keeping.holds import lift_hold, set_hold, standing_holds
from services.reports.keeping.models import Announcement, RetentionRule
from services.reports.keeping.personal import erase, export, export_own
from services.reports.keeping.ruling import NoSuchRule, dry_run, end_rule, make_rule, rules
from services.reports.keeping.schemas import Dossier, HoldView, NewHold, NewRule, RuleView, Taken, Trial
from services.reports.models import (
    Disclosure,
    Idempotency,
    ReleaseRequest,
    Report,
    ReportRevision,
    ReportStep,
    TearLine,
    Translation,
)
from services.reports.notifying import losses, notify, owners_of, reminders
from services.reports.ownership import AlreadyEmptied, NoSuchReport, NotYourReport, own, owned, owns
from services.reports.provenance import (
    Breakdown,
    breakdown,
    circular,
    corroborated,
    distinct,
    independent,
    reached,
    telling,
)
from services.reports.readers import Asked, Change, ChangeView, ReadersView, SeenView, readers, try_marking, would_read
from services.reports.reading import NotValid, parse, refusal
from services.reports.recall_api import recalls
from services.reports.recalling import AlreadyRecalled, AnotherReference, recall, wash_due, wordless
from services.reports.receipts import NoSuchRevision, SignedReceipt, receipt
from services.reports.receipts import keys as receipt_keys
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
    revise,
    search,
    standing_report,
    touch,
    views,
    visible_reports,
    withdraw,
)
from services.reports.steps import ANALYST, FROZEN, TRIAGED, note_step, steps_of, worked_on
from services.reports.submission import accept, check
from services.reports.tear_lines import lines_of_period, put_line, standing, take_line_away, told_lines
from services.reports.uploads.api import uploads
from services.reports.uploads.models import Upload, UploadFault
from services.reports.uploads.service import forget_uploads

__all__ = [
    "ANALYST",
    "FROZEN",
    "JUDGED",
    "KINDS",
    "STATUSES",
    "TRIAGED",
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
    "Evaluation",
    "Given",
    "Gives",
    "Giving",
    "HoldView",
    "Idempotency",
    "Judgement",
    "KeyReused",
    "NewHold",
    "NewReport",
    "NewRequest",
    "NewRule",
    "NoSuchReport",
    "NoSuchRevision",
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
    "ReportStep",
    "ReportSubmitted",
    "ReportView",
    "ReportWithdrawn",
    "RequestPage",
    "RequestView",
    "RetentionRule",
    "ReviewDue",
    "RuleView",
    "SeenView",
    "SignedReceipt",
    "Submission",
    "Taken",
    "TearLine",
    "TearLineIn",
    "TearLinePage",
    "Translation",
    "Trial",
    "Upload",
    "UploadFault",
    "accept",
    "ask",
    "asked",
    "asks",
    "begun",
    "breakdown",
    "check",
    "checks",
    "circular",
    "commit",
    "corroborated",
    "decide",
    "disclose",
    "disclosures",
    "distinct",
    "dry_run",
    "earlier",
    "end_rule",
    "erase",
    "export",
    "export_own",
    "forget_keys",
    "forget_uploads",
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
    "note_step",
    "notify",
    "own",
    "owned",
    "owners_of",
    "owns",
    "parse",
    "planned",
    "put_line",
    "reached",
    "readers",
    "recall",
    "recalls",
    "receipt",
    "receipt_keys",
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
    "standing_report",
    "steps_of",
    "stop_records",
    "take_line_away",
    "taken_back",
    "telling",
    "terms_now",
    "told_lines",
    "told_now",
    "touch",
    "try_marking",
    "uploads",
    "views",
    "visible_reports",
    "wash_due",
    "withdraw",
    "wordless",
    "worked_on",
    "would_read",
]
