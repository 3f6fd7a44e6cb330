"""Shapes of grades: what analysts may say of a report, and what readers are told of its worth."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed, Language, Letter, SightIn
from services.reports import FindingView

OUTCOMES = ("verified", "refuted", "undecided")
Outcome = Literal["verified", "refuted", "undecided"]


class _Assessed(Closed):
    """Why, and for whom."""

    reason: Text = Field(min_length=3, max_length=500)
    marking: SightIn | None = Field(
        default=None,
        description="Who may see it, as far as they see the report: never more. Left out: your own organisation.",
    )


class NewCredibility(_Assessed):
    """How credible an analyst finds what a report says."""

    credibility: int = Field(ge=2, le=6, description="2 to 6; 6: cannot be judged. 1 is derived only.")


class NewOutcome(_Assessed):
    """What has come of what a report says. To take one back, say undecided."""

    outcome: Outcome


class AssessmentView(BaseModel):
    """What an organisation's analyst made of a report, as far as this caller may see it."""

    what: Literal["credibility", "outcome"]
    value: str = Field(description="2 to 6; or verified, refuted, undecided.")
    reason: str
    organisation: str | None = Field(description="Null where its attribution is withheld from you.")
    organisation_name: str | None
    person: str | None = Field(description="The analyst's name, for its own organisation.")
    revision: int = Field(description="Of the report that it was made of.")
    made_at: datetime
    tlp: str = Field(description="The stricter of the report's label and its own.")
    stands: bool = Field(description="Whether it is that organisation's latest; false: history.")
    mine: bool = Field(description="Whether it is your own organisation's.")


class ReliabilityPart(BaseModel):
    """What is known of the source."""

    originator: str | None = Field(description="A to F, of the organisation that told it; null where it is withheld.")
    source: str | None = Field(
        description="A to F, given by your organisation to the document or source that it is relayed from."
    )
    between: tuple[str, str] = Field(description="The best and the worst that it may be: F may be anything.")


class CredibilityPart(BaseModel):
    """What is known of the information."""

    sender: int | None = Field(description="2 to 6, as its sender gave it.")
    evaluation: dict[str, str | int] | None = Field(description="The sender's Europol 4x4 codes as they were given.")
    confirmed: bool = Field(description="Credibility 1, derived from independent origins among the reports you see.")
    confirmed_by: list[str] = Field(description="What it is derived from, where it is.")
    origins: int
    circular: bool = Field(description="It goes round in a circle, as far as you may know where it comes from.")
    between: tuple[int, int] = Field(description="The best and the worst that it may be: 6 may be anything.")


class GradeView(BaseModel):
    """A report's grade on both axes, which are never made into one; and what analysts made of it, oldest first."""

    reference: str
    reliability: ReliabilityPart
    credibility: CredibilityPart
    assessments: list[AssessmentView]


class NewReliability(Closed):
    """How reliable a source is held to be from now on. What is proposed is never taken over by itself."""

    reliability: Letter = Field(description="A to E; F: cannot be judged.")
    reason: Text = Field(min_length=3, max_length=500)


class ProposalView(BaseModel):
    """What letter the record proposes, and from what: reports that your organisation sees, one of each incident."""

    letter: str = Field(description="F while the interval is wider than half of all shares.")
    low: float = Field(description="The share of its reports that hold: the lower end of 95 % (beta-binomial).")
    high: float = Field(description="The upper end.")
    verified: int
    refuted: int


class RatingView(BaseModel):
    """One decision on a letter. Why, who and from what proposal is told to the organisation that decided."""

    before: str
    after: str
    at: datetime
    why: str | None
    decided_by: str | None
    person: str | None
    proposed: ProposalView | None


class SubjectView(BaseModel):
    """An organisation or a source: its letter, the one that is proposed, and the history, oldest first."""

    organisation: str | None = Field(description="Of an organisation: its slug.")
    report: str | None = Field(description="Of a source: the latest report that names it, by which it is rated.")
    name: str
    reliability: str
    proposed: ProposalView
    history: list[RatingView]


class ReliabilityView(BaseModel):
    """Who tells, and how reliable each is held to be."""

    may_decide: bool = Field(description="Whether you may decide the letters of organisations.")
    organisations: list[SubjectView]
    sources: list[SubjectView] = Field(description="Documents and named sources, as your organisation rates them.")


class JudgementText(Closed):
    """A judgement to be looked over."""

    text: Text = Field(min_length=1, max_length=5000)
    scale: str | None = Field(default=None, description="The scale that is meant: see GET /v1/judgements/scales.")
    language: Language = Field(default="en", description="Of the advice; the text may be in any.")


class SpottedView(BaseModel):
    """A word of likelihood that the text holds; one that several scales have is there for each."""

    start: int = Field(description="Code points, as in the spans of tags.")
    end: int
    scale: str
    word: str
    low: float = Field(description="Percent.")
    high: float


class CheckedJudgement(BaseModel):
    """What was found. It warns and refuses nothing."""

    words: list[SpottedView]
    findings: list[FindingView]


class WordView(BaseModel):
    """A word of a scale and what it stands for."""

    code: str
    names: dict[str, str]
    low: float = Field(description="Percent.")
    high: float
    below: bool = Field(description="Whether less than `high` is meant.")


class ScaleView(BaseModel):
    """A scale of likelihood words, from the least likely to the most."""

    code: str
    name: str
    words: list[WordView]
