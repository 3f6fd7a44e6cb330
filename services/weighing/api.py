"""Routes by which reports are weighed, and their grades read."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives
from services.weighing import assessing, service
from services.weighing.schemas import AssessmentView, GradeView, NewCredibility, NewOutcome

router = APIRouter(prefix="/v1", tags=["weighing"])


def _grader(caller: CallerIn) -> Caller:
    caller.require("reports:read")
    caller.require("reports:grade")
    return caller


# In a signature this stands before the transaction: nobody takes the write lock before being known.
Grader = Annotated[Caller, Depends(_grader)]


@router.get("/reports/{reference}/grade")
def read_grade(reference: str, giving: Gives, db: Read, caller: CallerIn) -> GradeView:
    """A report's grade: how reliable who told it, how credible what it says, and what analysts made of it."""
    caller.require("reports:read")
    found = service.grade(db, caller, reference)
    giving.told(db, caller, [found.reference, *found.credibility.confirmed_by])
    for one in found.assessments:
        giving.counted(db, caller, one.tlp)
    return found


@router.post("/reports/{reference}/credibility", status_code=201)
def grade_report(reference: str, caller: Grader, body: NewCredibility, db: Write) -> AssessmentView:
    """Say how credible you find a report that you read: your organisation's assessment from now on (for analysts)."""
    return assessing.assess(db, caller, reference, body)


@router.post("/reports/{reference}/verification", status_code=201)
def decide_outcome(reference: str, caller: Grader, body: NewOutcome, db: Write) -> AssessmentView:
    """Say that a report you read is verified or refuted; undecided takes that back (for analysts)."""
    return assessing.assess(db, caller, reference, body)
