"""Shapes of requests for more sight of a report: what a reader asks for, and what its owner answers."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed, MarkingIn
from services.reports.schemas import TearLineIn


class NewRequest(Closed):
    """What a reader asks for."""

    kind: Literal["release", "tear_line", "original"] = Field(
        description="release: mark it wider; tear_line: write a tear-line; original: let me read it as it came, with "
        "what is covered in it."
    )
    wanted: Text = Field(
        min_length=3, max_length=500, description="For whom, what the tear-line should say, or which part is needed."
    )
    reason: Text = Field(min_length=3, max_length=500, description="Why.")


class Decision(Closed):
    """The owner's answer. Granting does it in the same act: by the new marking, by the tear-line, or, for an
    original, by itself."""

    granted: bool
    answer: Text = Field(default="", max_length=500, description="Shown to those who asked.")
    marking: MarkingIn | None = Field(default=None, description="To grant a release: the report's new marking.")
    tear_line: TearLineIn | None = Field(default=None, description="To grant a tear-line: that tear-line.")


class RequestView(BaseModel):
    """A request on the record of whoever asked and of whoever decides. It never says whose the report is."""

    reference: str
    report: str = Field(description="The reference of the report.")
    kind: str
    wanted: str
    reason: str
    asked_by: str
    asked_by_name: str
    person: str | None = Field(
        description="Of a request for the original: the person who asks, and alone would read it."
    )
    state: str = Field(description="open, granted, refused, lapsed. Silence is refusal, without an answer.")
    answer: str
    made_at: datetime
    due_at: datetime = Field(description="When it is refused by silence.")
    decided_at: datetime | None


class RequestPage(BaseModel):
    """One page of requests, the latest first; `next` is the cursor to the following."""

    requests: list[RequestView]
    next: str | None
