"""Weighing: how reliable who tells, how credible what is told, and what came of it; two axes, never one number."""

from services.weighing.api import router
from services.weighing.assessing import assess, assessments, moments
from services.weighing.forgetting import forget, to_forget
from services.weighing.judgements import look_over, scales_of
from services.weighing.models import Assessment, SourceReliability
from services.weighing.reliability import overview, rate_organisation, rate_source
from services.weighing.schemas import (
    OUTCOMES,
    AssessmentView,
    GradeView,
    JudgementText,
    NewCredibility,
    NewOutcome,
    NewReliability,
    ReliabilityView,
    SubjectView,
)
from services.weighing.service import grade

__all__ = [
    "OUTCOMES",
    "Assessment",
    "AssessmentView",
    "GradeView",
    "JudgementText",
    "NewCredibility",
    "NewOutcome",
    "NewReliability",
    "ReliabilityView",
    "SourceReliability",
    "SubjectView",
    "assess",
    "assessments",
    "forget",
    "grade",
    "look_over",
    "moments",
    "overview",
    "rate_organisation",
    "rate_source",
    "router",
    "scales_of",
    "to_forget",
]
