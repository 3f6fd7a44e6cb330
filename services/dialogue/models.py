"""Tables of the dialogue about reports: outcomes told, threads, and requests for information with their answers."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class OutcomeTold(Record, table=True):
    """What an analyst chose to tell an originator of its report; its words go when those of the report do."""

    __tablename__ = "outcome_told"
    __table_args__ = (Index("outcome_by_report", "report_id", "at"),)
    reference: str = Field(unique=True)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    outcome: str = Field(description="verified, refuted or unresolved")
    text: str
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    at: datetime = Field(sa_type=Utc)


class ThreadClosed(SQLModel, table=True):
    """That the owner of a report has closed the thread about it."""

    __tablename__ = "thread_closed"
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=Utc)


class ThreadMessage(Record, table=True):
    """A message about a report. `audience_id`: the report's when it was written, beyond which it never goes."""

    __tablename__ = "thread_message"
    __table_args__ = (Index("message_by_report", "report_id", "made_at", "reference"),)
    reference: str = Field(unique=True)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    audience_id: int = Field(foreign_key="audience.id")
    text: str
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    made_at: datetime = Field(sa_type=Utc)


class Inquiry(Record, table=True):
    """A request for information: a question to the originator of a report, or to organisations of the network.

    `audience_id`: who sees the question. `wanted`: how it was addressed, as the asker said it. `due_at`: the end of
    `due_on` in the asker's time zone when it was set.
    """

    __table_args__ = (
        Index("inquiry_by_audience", "audience_id", "made_at", "reference"),
        Index("inquiry_by_asker", "organisation_id", "made_at", "reference"),
        Index(
            "inquiry_due", "due_at", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")
        ),
    )
    reference: str = Field(unique=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    report_id: int | None = Field(default=None, foreign_key="report.id", sa_type=BigKey, index=True)
    status: str = Field(description="actual, exercise or test")
    question: str
    why: str
    wanted: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    audience_id: int = Field(foreign_key="audience.id")
    due_on: date
    due_at: datetime = Field(sa_type=Utc)
    made_at: datetime = Field(sa_type=Utc)
    reminded_at: datetime | None = Field(default=None, sa_type=Utc, description="Of this due date, before it.")
    overdue_at: datetime | None = Field(
        default=None, sa_type=Utc, description="When it was found overdue, of this date."
    )
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_as: str = Field(default="", description="closed or withdrawn")
    note: str = ""


class InquiryAsked(Record, table=True):
    """An organisation, or of RED a person, that a question was put to: told of it, and reminded until it answers."""

    __tablename__ = "inquiry_asked"
    __table_args__ = (Index("asked_by_organisation", "organisation_id", "inquiry_id"),)
    inquiry_id: int = Field(foreign_key="inquiry.id", sa_type=BigKey, index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")


class InquiryAnswer(Record, table=True):
    """An answer: a report, or a short text with a marking of its own, which at least the asker sees."""

    __tablename__ = "inquiry_answer"
    __table_args__ = (Index("answer_by_inquiry", "inquiry_id", "made_at"),)
    reference: str = Field(unique=True)
    inquiry_id: int = Field(foreign_key="inquiry.id", sa_type=BigKey)
    report_id: int | None = Field(default=None, foreign_key="report.id", sa_type=BigKey, index=True)
    text: str = ""
    audience_id: int | None = Field(default=None, foreign_key="audience.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    made_at: datetime = Field(sa_type=Utc)
