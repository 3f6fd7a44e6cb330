"""Tables of what partners tell us: reports, their earlier revisions, who had them, and what makes a repeat harmless."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Report(Record, table=True):
    """A report in its current revision. `version` grows with whatever changes what it counts for."""

    __table_args__ = (
        Index("report_by_time", "received_at", "reference"),
        Index("report_by_audience", "audience_id", "received_at", "reference"),
        Index("report_by_originator", "organisation_id", "received_at", "reference"),
        Index("report_by_days", "organisation_id", "kind", "occurred_to"),  # whether what is expected came
        Index(
            "report_by_withdrawal",
            "withdrawn_at",
            sqlite_where=text("withdrawn_at IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NOT NULL"),
        ),
        Index(
            "report_by_emptying",
            "emptied_at",
            sqlite_where=text("emptied_at IS NOT NULL"),
            postgresql_where=text("emptied_at IS NOT NULL"),
        ),
        Index(
            "report_by_corrected",
            "corrects_id",
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
    )
    reference: str = Field(unique=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    own_reference: str | None = None
    status: str
    kind: str
    language: str | None = None
    title: str
    text: str
    occurred_from: date
    occurred_to: date
    place: str | None = None
    themes: list[str] = Field(default_factory=list, sa_type=JSON)
    figures: dict[str, float] = Field(default_factory=dict, sa_type=JSON)
    source: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    origin: str
    path: list[str] | None = Field(default=None, sa_type=JSON, description="Whom it was heard from, the nearest first.")
    credibility: int | None = None
    evaluation: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    judgement: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    selection: bool = False
    form: str | None = None
    form_version: int | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    corrects_id: int | None = Field(default=None, foreign_key="report.id", sa_type=BigKey)
    audience_id: int = Field(foreign_key="audience.id")
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    personal: dict[str, Any] | None = Field(
        default=None,
        sa_type=JSON(none_as_null=True),
        description="What of it is personal, by spans, and what its owner decided; see services/reports/showing.py",
    )
    told: str | None = Field(
        default=None,
        sa_type=Text,
        description="Title, line break, text as others than its owner read them, where that is not as they stand.",
    )
    received_at: datetime = Field(sa_type=Utc, description="For an embargoed report: when the embargo ended.")
    handed_in_at: datetime = Field(sa_type=Utc)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
    withdrawn_why: str | None = None
    recalled_at: datetime | None = Field(default=None, sa_type=Utc, description="From then on it has no words.")
    emptied_at: datetime | None = Field(default=None, sa_type=Utc, description="Emptied by a retention rule then.")
    emptied_by: str | None = Field(default=None, description="The reference of that rule.")
    digest: str
    revision: int = 1
    version: int = Field(default=1, sa_type=BigInteger)


class ReportRevision(SQLModel, table=True):
    """What a report said, and to whom, before it was revised or marked anew; `version` is the one that ended."""

    __tablename__ = "report_revision"
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    revision: int
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    audience_id: int = Field(foreign_key="audience.id")
    digest: str
    replaced_at: datetime = Field(sa_type=Utc, index=True)


class Remarking(SQLModel, table=True):
    """What a report's marking becomes at an instant, done once. `marking` is None where its owner is only asked."""

    __table_args__ = (Index("remarking_due", "done_at", "due_at"),)
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    due_at: datetime = Field(primary_key=True, sa_type=Utc)
    why: str = Field(description="embargo or review")
    marking: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    set_at: datetime = Field(sa_type=Utc, description="When its owner set the date.")
    held_at: datetime | None = Field(
        default=None,
        sa_type=Utc,
        description="When it was due first, if its owner's organisation could not agree then.",
    )
    done_at: datetime | None = Field(default=None, sa_type=Utc)


class TearLine(SQLModel, table=True):
    """What may be told of a report to those who may not read it. `place`: a random order within a day."""

    __tablename__ = "tear_line"
    __table_args__ = (Index("tear_line_by_day", "on_day", "place"),)
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    text: str
    audience_id: int = Field(foreign_key="audience.id", index=True)
    on_day: date = Field(description="The UTC day on which it could first be read.")
    place: str


class ReleaseRequest(Record, table=True):
    """A reader asks the owner of a report for more sight of it: to mark it wider, to write a tear-line, or to let that
    person read the original, of the revision in which it is granted."""

    __tablename__ = "release_request"
    __table_args__ = (
        Index(
            "request_open_once",
            "report_id",
            "kind",
            "organisation_id",
            unique=True,
            sqlite_where=text("state = 'open' AND kind <> 'original'"),
            postgresql_where=text("state = 'open' AND kind <> 'original'"),
        ),
        Index(
            "original_open_once",
            "report_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open' AND kind = 'original'"),
            postgresql_where=text("state = 'open' AND kind = 'original'"),
        ),
        Index("request_due", "due_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("request_by_organisation", "organisation_id", "made_at"),
    )
    reference: str = Field(unique=True)
    report_id: int = Field(foreign_key="report.id", index=True, sa_type=BigKey)
    kind: str = Field(description="release, tear_line or original")
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    wanted: str
    reason: str
    state: str = Field(description="open, granted, refused or lapsed")
    made_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    answer: str = ""
    revision: int | None = Field(default=None, description="Of an original: the one that was granted.")


class ReportStep(SQLModel, table=True):
    """A step that a report has come to, and first when: `triaged` by an analyst, `frozen` in an edition."""

    __tablename__ = "report_step"
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    step: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


class Translation(Record, table=True):
    """A report's title, and a summary of it, in another language; of the revision that it was made from."""

    __tablename__ = "report_translation"
    __table_args__ = (UniqueConstraint("report_id", "language", "organisation_id", name="translation_once"),)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    language: str
    revision: int
    title: str
    summary: str = ""
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    made_at: datetime = Field(sa_type=Utc)


class Idempotency(SQLModel, table=True):
    """A key under which a caller sent something, and the answer it got: kept for hours, or for ever (own reference)."""

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    route: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    expires_at: datetime | None = Field(default=None, sa_type=Utc, index=True)


class Disclosure(SQLModel, table=True):
    """That a reader was given a report's words, and first when; `version` is the earliest one given. Not of its owner's
    own readings."""

    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    viewer: str = Field(primary_key=True, description="m and the member's key, or k and that of the API key")
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    version: int = Field(sa_type=BigInteger)
    first_at: datetime = Field(sa_type=Utc)
