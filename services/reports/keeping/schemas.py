"""Shapes of retention rules, legal holds and a person's rights."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.forms import Kind
from services.kernel.text import Text
from services.network import Closed

Label = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
CountedFrom = Literal["event", "receipt"]
MOST_MONTHS = 1200


class NewRule(Closed):
    """A retention rule: what a kind and a label leave open, it is for any."""

    kind: Kind | None = None
    tlp: Label | None = None
    months: int = Field(ge=1, le=MOST_MONTHS, description="After which the words of a report go.")
    counted_from: CountedFrom = Field(default="event", description="The end of the event, or the receipt.")


class RuleView(BaseModel):
    """A retention rule that stands."""

    reference: str
    kind: str | None
    tlp: str | None
    months: int
    counted_from: str
    made_at: datetime


class NewHold(Closed):
    """A legal hold on one thing."""

    what: Literal["report", "person", "organisation"]
    name: str = Field(min_length=1, max_length=101, description="Reference, sign-in name or short name.")
    reason: Text = Field(min_length=3, max_length=500)


class HoldView(BaseModel):
    """A legal hold that stands."""

    reference: str
    what: str
    name: str
    reason: str
    set_by: str | None = Field(description="The sign-in name of who set it.")
    set_at: datetime


class Erase(Closed):
    """The sign-in name once more, since it cannot be undone."""

    login: str = Field(min_length=1, max_length=101)


class Erased(BaseModel):
    """What stands for an erased person."""

    login: str
    erased_at: datetime


class Dossier(BaseModel):
    """All that is held on a person: facts and references, no report's words, no secrets."""

    made_at: datetime
    profile: dict[str, Any]
    offices: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    holds_set: list[dict[str, Any]]
    keys_made: list[dict[str, Any]]
    handed_in: list[dict[str, Any]] = Field(description="References and times of the reports that it handed in.")
    had: list[dict[str, Any]] = Field(description="References of the reports that it was given, since when.")
    requests: list[dict[str, Any]]
    said: list[dict[str, Any]] = Field(
        description="What it wrote: messages, outcomes told, translations, questions and answers; the words for itself."
    )
    notices: list[dict[str, Any]]
    acts: list[dict[str, Any]] = Field(description="What the audit has of it.")


class Trial(BaseModel):
    """What one rule takes by a day."""

    rule: RuleView | None = Field(description="null: the rule that was tried out.")
    reports: int
    first: date | None = Field(description="The first day on which one of them goes.")
    last: date | None
    held: int = Field(description="How many of them a legal hold keeps.")
    references: list[str] = Field(description="The first of them by their day.")


class Taken(BaseModel):
    """What a dry run of the rules found: nothing was changed."""

    until: date
    trials: list[Trial]
    more: bool = Field(description="Whether there is more than a dry run looks at.")
