"""Tables of the change feed: what a reader was ever given by it, and the rights that its cursors refer to."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey


class FeedGiven(SQLModel, table=True):
    """That a reader was given a report by the feed once, its owner too: only of that is it told that it lost it.

    `lost`: told so, for what had happened up to this position; what happens to it after that is nothing to the reader.
    """

    __tablename__ = "feed_given"
    viewer: str = Field(primary_key=True, description="m and the member's key, or k and that of the API key")
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    lost: int | None = Field(default=None, sa_type=BigKey)


class FeedSight(SQLModel, table=True):
    """Rights that some reader had when it was given a cursor; equal ones are one row."""

    __tablename__ = "feed_sight"
    digest: str = Field(primary_key=True)
    rights: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
