"""Tables of editions: frozen facts as blocks named by their salted hash, listed in each edition's manifest."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Edition(Record, table=True):
    """One frozen edition. `owner_id`: the organisation it was built for on demand; None for those by the clock.

    `made_by`: the person who asked for it: a draft until somebody else releases it. None for what the clock or a
    machine made, which is released as it is frozen.
    """

    __table_args__ = (Index("edition_by_start", "start", "reference"),)
    reference: str = Field(unique=True)
    schedule: str
    name: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    grain: str
    start: date
    end: date
    cut_off: datetime = Field(sa_type=Utc)
    frozen_at: datetime = Field(sa_type=Utc)
    salt: str
    manifest: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    digest: str
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    made_by: int | None = Field(default=None, foreign_key="member.id")
    released_at: datetime | None = Field(default=None, sa_type=Utc)
    released_by: int | None = Field(default=None, foreign_key="member.id")


class Block(SQLModel, table=True):
    """Facts of an edition, under the salted hash of their content; never shown as they are, only through the policy.

    `report_id`: the report whose words it holds, by which they are found when it is recalled.
    """

    __table_args__ = (
        Index(
            "block_by_report",
            "report_id",
            sqlite_where=text("report_id IS NOT NULL"),
            postgresql_where=text("report_id IS NOT NULL"),
        ),
    )
    edition_id: int = Field(foreign_key="edition.id", primary_key=True, sa_type=BigKey)
    hash: str = Field(primary_key=True)
    kind: str
    report_id: int | None = Field(default=None, foreign_key="report.id", sa_type=BigKey)
    body: Any = Field(default=None, sa_type=JSON)


class Rendering(SQLModel, table=True):
    """What a rendering given out was made from beside its edition, under the salted hash of it; once for each viewer.

    `document`: the salted hash of what was given.
    """

    edition_id: int = Field(foreign_key="edition.id", primary_key=True, sa_type=BigKey)
    hash: str = Field(primary_key=True)
    viewer: str = Field(primary_key=True)
    rights: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    document: str
    given_at: datetime = Field(sa_type=Utc)
