"""Shapes of the dialogue about a report: its status, outcomes told, its revisions, its thread."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed


class EditionNamed(BaseModel):
    """An edition by its public name and period."""

    reference: str
    name: dict[str, str]
    grain: str
    start: date
    end: date


class Step(BaseModel):
    """One step in the life of a report, as its owner is told."""

    step: Literal[
        "received", "revised", "tagged", "in_incident", "used", "outcome_told", "withdrawn", "recalled", "emptied"
    ]
    at: datetime
    revision: int | None = Field(default=None, description="Of received, revised and tagged.")
    reports: int | None = Field(default=None, description="Of in_incident: how many reports, among those that you see.")
    origins: int | None = Field(default=None, description="Of in_incident: independent origins, among those.")
    edition: EditionNamed | None = Field(default=None, description="Of used.")
    by_words: bool | None = Field(
        default=None, description="Of used: whether its words were taken up; else it is counted among the received."
    )
    outcome: str | None = Field(default=None, description="Of outcome_told: verified, refuted or unresolved.")
    text: str | None = Field(
        default=None, description="Of outcome_told: what you are told, under the report's marking."
    )
    told_by: str | None = Field(default=None, description="Of outcome_told: who tells it, where you may know of it.")


class StatusView(BaseModel):
    """What became of one of your own reports, as far as you may know it: steps in the order of their times."""

    reference: str
    revision: int
    state: str = Field(description="The furthest step, or that it was taken back.")
    steps: list[Step]


class OutcomeIn(Closed):
    """What you tell the originator."""

    outcome: Literal["verified", "refuted", "unresolved"]
    text: Text = Field(min_length=3, max_length=2_000, description="Under the marking of the report.")


class OutcomeView(BaseModel):
    """That an outcome was told."""

    reference: str
    report: str
    outcome: str
    at: datetime
