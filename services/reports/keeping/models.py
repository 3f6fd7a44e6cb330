"""Tables of retention: the rules, and what was announced to owners."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class RetentionRule(Record, table=True):
    """A rule, kept after its end: tombstones name it."""

    __tablename__ = "retention_rule"
    reference: str = Field(unique=True)
    kind: str | None = None
    tlp: str | None = None
    months: int
    counted_from: str = Field(description="event or receipt")
    made_by: int | None = Field(default=None, foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)


class Announcement(SQLModel, table=True):
    """That a report's owner was told by which day its words go."""

    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    goes_on: date
    told_at: datetime = Field(sa_type=Utc)
