"""Table of notices: what was done to a report, for one reader; never what it said, nor why."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from services.kernel.model import Record, Utc

_UNREAD = text("read_at IS NULL")


class Notice(Record, table=True):
    """That something was done to a report, told to one reader once. `version`: that with which began what it was done
    to; `at`: when it was done."""

    __table_args__ = (
        UniqueConstraint("report_reference", "version", "viewer", "what", name="notice_once"),
        Index("notice_by_viewer", "viewer", "at", "reference"),
        Index("notice_unread", "viewer", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    )
    reference: str = Field(unique=True)
    viewer: str = Field(description="m and the member's key, or k and that of the API key")
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    what: str
    report_reference: str
    version: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Utc)
    on_day: date | None = Field(default=None, description="Of what is announced: the first day on which it is done.")
    read_at: datetime | None = Field(default=None, sa_type=Utc)
