"""Weighing: how reliable who tells, how credible what is told, and what came of it; two axes, never one number."""

from services.weighing.api import router
from services.weighing.assessing import assess, assessments
from services.weighing.models import Assessment
from services.weighing.schemas import OUTCOMES, AssessmentView, GradeView, NewCredibility, NewOutcome
from services.weighing.service import grade

__all__ = [
    "OUTCOMES",
    "Assessment",
    "AssessmentView",
    "GradeView",
    "NewCredibility",
    "NewOutcome",
    "assess",
    "assessments",
    "grade",
    "router",
]
