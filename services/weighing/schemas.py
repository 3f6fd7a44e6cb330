"""Shapes of grades: what analysts may say of a report, and what readers are told of its worth."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed, SightIn

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
