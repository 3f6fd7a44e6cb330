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
    closeness: int = Field(
        description="4: all words stand in the title as they were asked for, or it is the reference; 3: they stand "
        "there in any form; 2: anywhere as they were asked for; 1: anywhere in any form. It rests on this report and "
        "the query alone."
    )
    snippet: SnippetView | None = Field(description="Null where the words stand in the title only.")


class FoundPage(BaseModel):
    """Reports that were found, the closest first and of equally close ones the newest; and the cursor to the next."""

    hits: list[Hit]
    next: str | None
