"""Shapes of attachments as a caller may see them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

State = Literal["waiting", "ready", "kept", "held"]


class AttachmentView(BaseModel):
    """A file of a report. Size and hash are those of what this caller is given: the file itself, or the copy."""

    reference: str
    name: str = Field(description="The reference, where you may not know who reports.")
    kind: Literal["docx", "pdf", "png", "jpeg", "text"] = Field(description="By its content.")
    state: State = Field(
        description="waiting: the copy for others is being made; ready; for its owner also kept: given to nobody else; "
        "held: the scanner found something in it."
    )
    size: int | None = Field(description="In bytes; null while it is being made.")
    digest: str | None = Field(description="SHA-256; null while it is being made.")
    added_at: datetime
    why: list[str] = Field(description="For its owner only: what keeps it from others.")
    left_out: list[str] = Field(description="For its owner only: what the copy for others is without.")
    mine: bool


class AttachmentList(BaseModel):
    """The files of a report, in the order in which they were attached."""

    attachments: list[AttachmentView]
