"""Shapes of uploads, as their sender sees them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class UploadView(BaseModel):
    """How far an upload came. Counts are of lines; they may lag behind what is stored by one chunk, never run ahead."""

    reference: str
    state: Literal["waiting", "reading", "done", "refused", "cut"] = Field(
        description="waiting: no body yet; reading: it is being taken in; done: read to its end; refused: ended by "
        "what `problem` names; cut: the line dropped. Send it again: what is stored has no second effect."
    )
    checked: bool = Field(description="Sent with ?validate=true: nothing was stored.")
    lines: int = Field(description="Lines read, empty ones too.")
    accepted: int = Field(description="Lines stored, or with ?validate=true those that would be.")
    replayed: int = Field(description="Lines that were stored before.")
    refused: int
    faults: int = Field(description="How many faults the file of errors holds; the first 10,000 are kept.")
    problem: str | None = Field(description="What ended it early: a section of /docs/problems.")
    made_at: datetime
    touched_at: datetime = Field(description="When its counts changed last.")
    expires_at: datetime = Field(description="From then on it is forgotten; what was stored of it stays.")
