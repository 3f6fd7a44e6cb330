"""Shapes that auditors see: entries, and the state of the seal."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class EntryView(BaseModel):
    """One act or one answer. Of RED the reference only: neither who, nor what else would tell who."""

    at: datetime
    action: str
    subject: str = Field(description="What it was done to: a reference, a short name, person:LOGIN, or a route.")
    organisation: str | None = Field(description="Who did it, or was given it; null: the service itself, or not shown.")
    person: str | None = Field(description="Its person's sign-in name; null for keys.")
    key: str | None = Field(description="The public part of its key.")
    label: str | None = Field(description="The strictest label of what was given; never RED beside a name.")
    references: list[str]
    detail: dict[str, Any] = Field(description="Names, numbers and hashes; never content.")
    address: str | None = Field(description="The network address as a hash that compares within one day.")
    sealed: bool


class AuditPage(BaseModel):
    """One page of entries, newest first; `next` is the cursor to the following page."""

    entries: list[EntryView]
    next: str | None


class CheckpointView(BaseModel):
    """What was signed last; the same as `ewn audit checkpoint` prints, to be kept elsewhere."""

    block: int
    last: int
    hash: str
    at: str
    key: str
    signature: str


class SealView(BaseModel):
    """How far the audit is sealed."""

    blocks: int
    sealed_at: datetime | None
    waiting: int = Field(description="Entries that are not sealed yet.")
    waiting_since: datetime | None
    checkpoint: CheckpointView | None
