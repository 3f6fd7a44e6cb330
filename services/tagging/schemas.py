"""Shapes of reports together with what they are about."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed
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


class NewPair(Closed):
    """What an analyst makes of two reports."""

    report: str = Field(min_length=3, max_length=40, description="The reference of the other report.")
    decided: Literal["same", "apart", "undecided"] = Field(
        description="They tell one event; they do not, however alike their words are; undecided takes that back."
    )
    reason: Text = Field(min_length=3, max_length=500)
    revision: int | None = Field(
        default=None, ge=1, le=1_000_000, description="The revision that was read: refused where it is another by now."
    )


class PairDecisionView(BaseModel):
    """What an analyst said of two reports, told to analysts who see both."""

    decided: Literal["same", "apart", "undecided"]
    reason: str
    made_at: datetime
    mine: bool = Field(description="Whether it is your own organisation's.")
    person: str | None = Field(description="The analyst's name, for its own organisation.")
    revised: bool = Field(description="Whether one of the reports was revised since: look at it again. It still holds.")


class PairView(BaseModel):
    """Another report, and what is known of the two."""

    report: str
    joined: bool = Field(description="Whether both are in one incident, among the reports that you see.")
    alike: float = Field(description="How alike their words are, in percent; 0: not alike.")
    decisions: list[PairDecisionView] = Field(description="Oldest first; the last stands.")


class PairsView(BaseModel):
    """A report, with each other that its incident holds or an analyst has judged with it."""

    reference: str
    pairs: list[PairView]


TagWord = Literal["confirmed", "rejected", "added", "undecided"]


class NewCorrection(Closed):
    """What an analyst says of a tag."""

    scheme: Literal["theme", "place", "actor"]
    value: str = Field(
        min_length=1,
        max_length=80,
        description="The code of a theme or place of the pack, or of a country abroad (ISO 3166-1); of an actor the "
        "slug of an organisation that you may know of, or the reference number of a listed group.",
    )
    decided: TagWord = Field(
        description="What tagging found is right; is wrong (of a place: with what lies in it); what it missed; "
        "undecided takes that back."
    )
    reason: Text = Field(min_length=3, max_length=500)
    words: Text | None = Field(
        default=None,
        min_length=2,
        max_length=200,
        description="Of what is added: the words that say so, as title or text give them; they stand as its evidence "
        "for as long as the report says the same.",
    )
    revision: int | None = Field(
        default=None, ge=1, le=1_000_000, description="The revision that was read: refused where it is another by now."
    )
    suggested: bool = Field(
        default=False,
        description="Of a theme that a model suggests and tagging has not found: it may then be rejected too. That "
        "is no error of its definition.",
    )


class TagDecisionView(BaseModel):
    """What an analyst said of a tag, told to analysts who see the report; of an actor, who may know of it."""

    scheme: Literal["theme", "place", "actor"]
    value: str
    decided: TagWord
    reason: str
    version: str = Field(description="Of the definitions that had given the tag; empty where they had not.")
    language: str = Field(description="Of the report, as it was tagged then.")
    revision: int
    made_at: datetime
    mine: bool = Field(description="Whether it is your own organisation's.")
    person: str | None = Field(description="The analyst's name, for its own organisation.")
    stands: bool = Field(description="Whether it is the latest on this tag; false: history.")
    holds: bool = Field(
        description="Whether it has effect: what was confirmed or rejected is judged anew when the words are others."
    )


class CorrectionsView(BaseModel):
    """A report, and what analysts said of its tags, oldest first."""

    reference: str
    decisions: list[TagDecisionView]


class SuggestionView(BaseModel):
    """Another report that may tell the same event, and what speaks for it."""

    report: str
    score: int
    why: dict[Literal["place", "days", "themes", "actors", "figures", "language"], int] = Field(
        description="Points: 3 for the same place below a country, 1 for the same country; 1 for days that overlap; 2 "
        "for a theme; 2 for a listed actor; 2 for each of up to two equal figures; 1 where the languages differ, so "
        "that words could not show it: then only in one first-level unit, or in one country with a theme or a listed "
        "actor in common. From 5 on."
    )


class SuggestionsView(BaseModel):
    """A report, and what an analyst may want to join to it; nothing is joined by itself."""

    reference: str
    suggestions: list[SuggestionView]


class TrialMonth(BaseModel):
    """Reports of one month, by when it happened, and one language."""

    month: str
    language: str
    gained: int
    lost: int
    kept: int


class OtherView(BaseModel):
    """A theme that the definition is not about, and that other reports would have: themes are weighed together."""

    theme: str
    gained: int
    lost: int


class TrialView(BaseModel):
    """What a definition would change in the reports of twelve months that you see. Nothing is changed."""

    code: str
    version: int
    since: date
    until: date
    reports: int = Field(description="That you see of these months.")
    read: int = Field(description="Of those, so many were read, spread evenly: all, up to a thousand of usual length.")
    gained: int = Field(description="Of the read: tagged by it and not now.")
    lost: int = Field(description="Of the read: tagged now and not by it.")
    kept: int
    months: list[TrialMonth]
    gained_reports: list[str] = Field(description="The latest, at most 20.")
    lost_reports: list[str] = Field(description="The latest, at most 20.")
    others: list[OtherView]
