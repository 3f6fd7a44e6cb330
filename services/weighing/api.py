"""Routes by which reports are weighed, and their grades read."""

from typing import Annotated

from fastapi import Depends

from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives
from services.weighing import assessing, judgements, reliability, service
from services.weighing.schemas import (
    AssessmentView,
    CheckedJudgement,
    GradeView,
    JudgementText,
    NewCredibility,
    NewOutcome,
    NewReliability,
    ReliabilityView,
    ScaleView,
    SubjectView,
)

router = Router(prefix="/v1", tags=["weighing"])


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


@router.get("/reliability")
def list_reliability(giving: Gives, db: Read, caller: Grader) -> ReliabilityView:
    """How reliable who tells is held to be, beside what the record of verified and refuted reports proposes."""
    found, rest_on = reliability.overview(db, caller)
    giving.counted(db, caller, rest_on.label)
    giving.note(db, caller, [one.report for one in found.sources if one.report])  # by its words
    return found


@router.post("/reliability/organisations/{slug}", status_code=201)
def rate_organisation(slug: str, caller: Grader, body: NewReliability, db: Write) -> SubjectView:
    """Decide how reliable an organisation is held to be in this network (for analysts of the secretariat)."""
    return reliability.rate_organisation(db, caller, slug, body)


@router.post("/reports/{reference}/source-reliability", status_code=201)
def rate_source(reference: str, caller: Grader, body: NewReliability, db: Write) -> SubjectView:
    """Decide how reliable your organisation holds the document or source of a relayed report (for analysts)."""
    return reliability.rate_source(db, caller, reference, body)


@router.get("/judgements/scales")
def list_scales(caller: CallerIn) -> list[ScaleView]:
    """The scales of likelihood words, with the interval that each word stands for."""
    return judgements.scales_of(caller.language)


@router.post("/judgements/check")
def check_judgement(_caller: CallerIn, body: JudgementText) -> CheckedJudgement:
    """Look a judgement over: one word of one scale, how sure apart. Stores nothing, and refuses no judgement."""
    return judgements.look_over(body)
