"""Shapes of requests for information: a question with its addressees and due date, and the answers to it."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from services import vocabulary
from services.kernel.text import Text
from services.network import Called, Closed, SightIn, Slug

State = Literal["open", "answered", "overdue", "closed", "withdrawn"]
Box = Literal["in", "out", "all"]


class NewInquiry(Closed):
    """What you ask, and whom: the originator of a report, or the network by country, theme, group or organisation."""

    report: str | None = Field(default=None, max_length=40, description="Of whose originator you ask.")
    countries: list[str] = Field(default_factory=list, max_length=60, description="Members that cover any of them.")
    themes: list[str] = Field(
        default_factory=list,
        max_length=10,
        description="What it is about, as theme codes. Alone they ask every member; with countries, those.",
    )
    groups: list[Slug] = Field(default_factory=list, max_length=50)
    organisations: list[Called] = Field(default_factory=list, max_length=200)
    status: Literal["actual", "exercise", "test"] = "actual"
    question: Text = Field(min_length=3, max_length=2_000)
    why: Text = Field(min_length=3, max_length=1_000)
    marking: SightIn = Field(
        description="Who sees the question, beside those whom you ask. "
        "Of an originator: AMBER+STRICT, or RED as its report."
    )
    due_on: date = Field(description="The last day, in your time zone.")

    @field_validator("countries")
    @classmethod
    def _known_countries(cls, value: list[str]) -> list[str]:
        known = {one.code for one in vocabulary.places().countries()}
        for code in value:
            if code not in known:
                raise ValueError(f"{code[:80]} is not a country of the pack: see GET /v1/places")
        return sorted(set(value))

    @field_validator("themes")
    @classmethod
    def _known_themes(cls, value: list[str]) -> list[str]:
        for code in value:
            if code not in vocabulary.themes():
                raise ValueError(f"{code[:60]} is not a theme of the pack: see GET /v1/themes")
        return sorted(set(value))

    @model_validator(mode="after")
    def _to_somebody(self) -> Self:
        network = bool(self.countries or self.themes or self.groups or self.organisations)
        if self.report is not None and network:
            raise ValueError("a question is to the originator of a report or to the network, not to both")
        if self.report is None and not network and self.marking.tlp != "RED":
            raise ValueError("say whom you ask: a report, countries, themes, groups or organisations")
        if network and self.marking.tlp == "RED":
            raise ValueError("a question that is RED is to the persons that its marking names, and to nobody else")
        return self


class NewAnswer(Closed):
    """An answer: one of your own reports, which whoever asks sees, or a short text."""

    report: str | None = Field(default=None, max_length=40)
    text: Text | None = Field(default=None, min_length=1, max_length=5_000)
    marking: SightIn | None = Field(
        default=None, description="Of a text: who sees it. Whoever asks does in any case, and need not be named."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.report is None) == (self.text is None):
            raise ValueError("answer by a report or by a text")
        if (self.text is None) != (self.marking is None):
            raise ValueError("a text needs a marking; a report has its own")
        return self


class NewDue(Closed):
    """A later due date."""

    due_on: date


class Ending(Closed):
    """Why it ends, shown to those who see the question."""

    note: Text = Field(default="", max_length=500)


class AskedView(BaseModel):
    """An organisation that was asked, as far as whoever asks may know of it."""

    organisation: str
    name: str
    answered: bool = Field(description="Whether an answer of it is there that names it to you.")


class AnswerView(BaseModel):
    """An answer as this caller may see it."""

    reference: str
    organisation: str | None = Field(description="Null where its marking withholds it from you.")
    organisation_name: str | None
    mine: bool
    report: str | None
    text: str | None
    tlp: str
    made_at: datetime


class InquiryView(BaseModel):
    """A request for information as this caller may see it."""

    reference: str
    state: State = Field(
        description="As it stands for you: answered, where it is yours, by any answer that you see; else by your own."
    )
    status: str
    mine: bool = Field(description="Whether your organisation asks.")
    asked_you: bool = Field(description="Whether your organisation, or of RED you, are asked.")
    question: str
    why: str
    asked_by: str | None = Field(description="Null where its marking withholds it from you.")
    asked_by_name: str | None
    tlp: str
    report: str | None = Field(description="The report of whose originator it is asked.")
    countries: list[str]
    themes: list[str]
    groups: list[str]
    asked: list[AskedView] | None = Field(description="For whoever asks: of those asked, whom it may know of.")
    due_on: date
    due_at: datetime = Field(description="The end of that day in the time zone of whoever asks.")
    made_at: datetime
    ended_at: datetime | None
    note: str
    answers: list[AnswerView]


class InquiryPage(BaseModel):
    """One page of requests for information, the latest first; `next` is the cursor to the following."""

    inquiries: list[InquiryView]
    next: str | None
