"""Dialogue: what comes back to whoever reported, and what is asked and said about reports."""

from services.dialogue.api import router
from services.dialogue.models import OutcomeTold
from services.dialogue.schemas import EditionNamed, OutcomeIn, OutcomeView, StatusView, Step
from services.dialogue.status import moments, status, tell_outcome, told_by

__all__ = [
    "EditionNamed",
    "OutcomeIn",
    "OutcomeTold",
    "OutcomeView",
    "StatusView",
    "Step",
    "moments",
    "router",
    "status",
    "tell_outcome",
    "told_by",
]
