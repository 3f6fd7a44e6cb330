"""Shapes that callers see of what was found."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class SnippetView(BaseModel):
    """A piece of the words in which a report was found, as you are given them."""

    found_in: Literal["text", "answers", "attachment"]
    text: str
    cut_before: bool
    cut_after: bool
    spans: list[tuple[int, int]] = Field(description="Code points of `text` that were looked for.")


class Hit(BaseModel):
    """A report that was found; its words are at `GET /v1/reports/{reference}`."""

    reference: str
    title: str
    title_spans: list[tuple[int, int]]
    kind: str
    status: str
    tlp: str
    occurred_from: date
    occurred_to: date
    place: str | None
    language: str | None = Field(description="As its sender declared it, else as it was found.")
    originator: str | None
    originator_name: str | None
    received_at: datetime
    closeness: int | None = Field(
        description="4: all words stand in the title as they were asked for, or it is the reference; 3: they stand "
        "there in any form; 2: anywhere as they were asked for; 1: anywhere in any form. It rests on this report and "
        "the query alone. Null of what the model suggests."
    )
    snippet: SnippetView | None = Field(
        description="Null where no word stands outside the title, or in files alone that are too long to look through."
    )


class FoundPage(BaseModel):
    """Reports that were found, the closest first and of equally close ones the newest; and the cursor to the next."""

    hits: list[Hit]
    next: str | None
    suggested: bool = Field(False, description="By meaning: a model suggests them, by rank alone; look for yourself.")


class ThemeHint(BaseModel):
    """A theme that a model suggests."""

    theme: str
    name: str
    learned: bool = Field(description="Whether it was learned from what analysts said, all of which you see.")
    told: bool = Field(description="Whether the report has it already. If not: confirm by adding it as its tag.")


class HintsView(BaseModel):
    """What a model suggests of a report: no tag and no link, counted nowhere, until an analyst says so."""

    reference: str
    ready: bool = Field(description="Whether the model has read it; false: not yet, or the extra is not installed.")
    themes: list[ThemeHint] = Field(description="The likeliest first; none that an analyst rejected.")
    related: list[str] = Field(description="The ten nearest in meaning among the latest 2,000 you see, nearest first.")
