"""Shapes of the revisions of a report, and of what changed between them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class RevisionSummary(BaseModel):
    """A revision without its words."""

    revision: int
    began_at: datetime = Field(description="When it came in.")
    tlp: str
    now: bool = Field(description="Whether it is the one that the report says now.")


class RevisionPage(BaseModel):
    """The revisions of a report that you may read, the latest first."""

    report: str
    revisions: list[RevisionSummary]


class PieceView(BaseModel):
    """A run of text: in both revisions, only in the earlier, or only in the later."""

    kind: Literal["same", "gone", "new"]
    text: str


class FieldChange(BaseModel):
    """A field that differs."""

    field: str
    before: Any
    after: Any


class RevisionView(BaseModel):
    """One revision, and what changed in it since another that you may read; nothing where there is none before it."""

    report: str
    revision: int
    since: int | None
    began_at: datetime
    tlp: str
    title: str
    text: str
    title_changes: list[PieceView]
    text_changes: list[PieceView]
    changes: list[FieldChange]
