"""Shapes of attachments as a caller may see them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.network import Closed

State = Literal["waiting", "ready", "words", "kept", "held"]
Decision = Literal["share", "words"]


class AttachmentView(BaseModel):
    """A file of a report. Size and hash are those of what this caller is given: the file itself, or the copy."""

    reference: str
    name: str = Field(description="The reference, where you may not know who reports.")
    kind: Literal["docx", "pdf", "png", "jpeg", "text"] = Field(description="By its content.")
    state: State = Field(
        description="waiting: the copy for others is being made; ready; words: personal data was found, and others are "
        "given its words alone, masked; for its owner also kept: given to nobody else; held: by the scanner."
    )
    size: int | None = Field(description="In bytes; null while it is being made.")
    digest: str | None = Field(description="SHA-256; null while it is being made.")
    added_at: datetime
    why: list[str] = Field(description="For its owner only: what keeps it from others.")
    left_out: list[str] = Field(description="For its owner only: what the copy for others is without.")
    mine: bool


class PersonalDecision(Closed):
    """What is to become of a file in whose words personal data was found."""

    decision: Decision = Field(
        description="share: what was found is of no private person, or others need it, and are given the file; words: "
        "they are given its words, masked."
    )


class FoundInFile(BaseModel):
    """Personal data in the words of a file, by its place in them."""

    start: int
    end: int
    kind: str


class AttachmentWords(BaseModel):
    """The words that were found in a file: to its owner as they are, to others masked."""

    reference: str
    text: str
    personal: list[FoundInFile] = Field(
        description="For its owner only. That nothing was found does not say that there is nothing."
    )


class AttachmentList(BaseModel):
    """The files of a report, in the order in which they were attached."""

    attachments: list[AttachmentView]
