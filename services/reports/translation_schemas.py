"""Shapes of titles and summaries in other languages."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.kernel.text import Text
from services.network import Closed

PersonalDecision = Literal["mask", "needed"]  # of a report and of its translation


class TranslationIn(Closed):
    """A title, and what the report says in brief, in another language than its own."""

    title: Text = Field(min_length=3, max_length=200)
    summary: Text = Field(default="", max_length=2_000)
    personal: PersonalDecision | None = Field(
        default=None,
        description="What is to become of personal data in it, on record. mask: it is stored covered. needed: your own "
        "organisation goes on reading it. Others are given it covered in any case.",
    )


class TranslationView(BaseModel):
    """A title and summary in another language; the original stands beside it."""

    language: str
    title: str
    summary: str
    by: Literal["originator", "reader"]
    translator: str | None = Field(description="The organisation; null where you may not know which it is.")
    translator_name: str | None
    original_language: str | None = Field(description="As its sender said; null where it did not.")
    mine: bool = Field(description="Whether your organisation translated it.")
    made_at: datetime
