"""The table of form versions: those of the pack as they were taken in, and those made in the network."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from services.kernel.model import Record, Utc

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class FormVersion(Record, table=True):
    """One version of a form. Once published, `body` never changes: reports were written with it."""

    __tablename__ = "form_version"
    __table_args__ = (
        Index("form_version_once", "code", "version", unique=True),
        Index(
            "form_draft_once",
            "code",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    code: str
    version: int
    state: str = Field(description="draft, published or retired")
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_by: int | None = Field(default=None, foreign_key="member.id", description="None: the pack, or a key.")
    made_at: datetime = Field(sa_type=Utc)
    published_at: datetime | None = Field(default=None, sa_type=Utc)
    retired_at: datetime | None = Field(default=None, sa_type=Utc)
