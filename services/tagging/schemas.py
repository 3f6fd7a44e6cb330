"""Shapes of reports together with what they are about."""

from datetime import date

from pydantic import BaseModel, Field

from services.reports import ReportView


class Designation(BaseModel):
    """Who put an actor on a list, and of which day the list is that says so."""

    by: str
    list_of: date


class TagView(BaseModel):
    """One tag with the words that led to it: code-point spans over title, one line break, text, as given here."""

    scheme: str
    value: str
    confidence: float
    method: str
    spans: list[tuple[int, int]]
    version: str
    attachment: str = Field(default="", description="The file in whose words it was found; its spans are over these.")
    answer: str = Field(
        default="",
        description="The answer in whose words it was found, such as `propaganda.evidence`: its question, and `value` "
        "or `evidence`; its spans are over these.",
    )
    name: str = Field(default="", description="What an actor is called; of a listed person nothing.")
    designated: Designation | None = Field(
        default=None, description="Of an actor or person on a list of designated ones: `value` is its reference number."
    )


class TaggedReport(ReportView):
    """A report as this caller may see it, with its tags; `tagged` is false until this revision is worked on."""

    tagged: bool
    tags: list[TagView]
    confirmed: bool = Field(
        description="Credibility 1, which is derived only: what you see of its incident has two independent origins or "
        "more, of organisations that you may know to be different."
    )


class ReportPage(BaseModel):
    """One page of reports, newest first; `next` is the cursor to the following page."""

    reports: list[TaggedReport]
    next: str | None


class Count(BaseModel):
    """How many of the reports that you see have this value."""

    value: str
    name: str
    reports: int


class OriginatorCounts(BaseModel):
    """Reports by originator, of those that you may know."""

    named: list[Count]
    not_named: int | None = Field(
        description="All others together; null with any filter, and where fewer than three originators stand behind "
        "them, or none."
    )


class FacetsView(BaseModel):
    """What the reports that you see and filtered for are, counted by one property at a time."""

    themes: list[Count]
    countries: list[Count]
    kinds: list[Count]
    statuses: list[Count]
    originators: OriginatorCounts


class IncidentView(BaseModel):
    """What tells the same as a report, among the reports this caller sees, and from how many independent origins."""

    reports: list[str]
    origins: int
    confirmed: bool = Field(description="Credibility 1: two independent origins or more, of whom you may know.")
    circular: bool = Field(
        description="It goes round in a circle: the reports cite each other, or all lead back to one of those who tell "
        "it. Told only over reports whose provenance you may know."
    )
