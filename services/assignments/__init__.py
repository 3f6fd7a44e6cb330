"""Assignments: which reports are expected of whom, and whether they came."""

from services.assignments.api import router
from services.assignments.delays import delays_by
from services.assignments.expecting import LATEST, OLDEST, Expected, expected, span
from services.assignments.expecting import page as listed
from services.assignments.freezing import freeze, told
from services.assignments.meeting import State
from services.assignments.models import Assignment, AssignmentReminder
from services.assignments.pack import Template, exempt, templates
from services.assignments.periods import GRAINS, Period, due_at, period_of
from services.assignments.rates import Tally, completeness, percent, quantile, tally
from services.assignments.reminding import remind, reminders_due
from services.assignments.reporting import countries_of, rate, reporting
from services.assignments.schemas import (
    AssignmentView,
    EditAssignment,
    ExpectedView,
    KeyedRate,
    NewAssignment,
    RateView,
    ReportingView,
)
from services.assignments.service import NoSuchAssignment, edit, get, keeps, make, search, strike
from services.assignments.tracing import traces

__all__ = [
    "GRAINS",
    "LATEST",
    "OLDEST",
    "Assignment",
    "AssignmentReminder",
    "AssignmentView",
    "EditAssignment",
    "Expected",
    "ExpectedView",
    "KeyedRate",
    "NewAssignment",
    "NoSuchAssignment",
    "Period",
    "RateView",
    "ReportingView",
    "State",
    "Tally",
    "Template",
    "completeness",
    "countries_of",
    "delays_by",
    "due_at",
    "edit",
    "exempt",
    "expected",
    "freeze",
    "get",
    "keeps",
    "listed",
    "make",
    "percent",
    "period_of",
    "quantile",
    "rate",
    "remind",
    "reminders_due",
    "reporting",
    "router",
    "search",
    "span",
    "strike",
    "tally",
    "templates",
    "told",
    "traces",
]
