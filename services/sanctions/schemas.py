"""Shapes of lists: which are held, and what the secretariat decided of them. No entry is shown."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed


class NewApproval(Closed):
    """Whether a list feeds the network, and why."""

    approved: bool = Field(description="True: what it names leads to tags that say who designated; false: to none.")
    reason: Text = Field(min_length=3, max_length=500, description="It stays on record with the secretariat.")
    designated_by: str | None = Field(
        default=None,
        max_length=500,
        description="Whose list it was when it was looked into: refused where another has taken its name since.",
    )


class DecisionView(BaseModel):
    """One decision of the secretariat on a list."""

    designated_by: str = Field(description="Whose list it was then.")
    approved: bool
    reason: str
    person: str
    made_at: datetime


class ListView(BaseModel):
    """A list as it is held: whose it is, of which day, how many it names."""

    source: str
    designated_by: str
    dated: date
    imported_at: datetime
    individuals: int
    entities: int
    approved: bool = Field(description="Whether it feeds the network. The Security Council's does from its import.")
    binding: bool = Field(description="Whether it is the Security Council's, which needs no approval.")
    decisions: list[DecisionView] = Field(description="The latest first; for analysts of the secretariat, else empty.")
