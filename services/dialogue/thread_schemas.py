"""Shapes of the thread about a report."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed


class MessageIn(Closed):
    """What you write. It is seen by whoever sees the report, and by nobody whom the report reaches later."""

    text: Text = Field(min_length=1, max_length=5_000, description="Under the marking of the report.")


class MessageView(BaseModel):
    """A message as this caller may see it."""

    reference: str
    by: Literal["originator", "reader"]
    organisation: str | None = Field(description="Null where you may not know who it is.")
    organisation_name: str | None
    mine: bool = Field(description="Whether you wrote it: then you may take it back.")
    text: str
    made_at: datetime


class ThreadView(BaseModel):
    """One page of the thread about a report, the latest first; `next` is the cursor to the following."""

    report: str
    closed: bool = Field(description="Whether the owner of the report has closed it: then nobody writes.")
    messages: list[MessageView]
    next: str | None


class ThreadState(Closed):
    """Whether the thread about one of your own reports is closed."""

    closed: bool
