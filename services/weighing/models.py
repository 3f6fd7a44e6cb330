"""Tables of what analysts make of reports: each act a row, none changed afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.kernel.model import BigKey, Record, Utc


class Assessment(Record, table=True):
    """What an organisation's analyst makes of a report: `credibility` with a digit, or `outcome` with a word.

    The latest of each that an organisation made stands. `audience_id`: who may see it, as far as they see the report.

    Its reason is emptied with the words of the report; nothing else of a row ever changes.
    """

    __table_args__ = (
        Index("assessment_of_report", "report_id", "what", "id"),
        Index("assessment_by_organisation", "organisation_id", "what", "id"),
    )
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    revision: int
    what: str
    value: str
    reason: str
    audience_id: int = Field(foreign_key="audience.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int = Field(foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)


class SourceReliability(Record, table=True):
    """A decision of an organisation on how reliable a document or named source is, for itself; rows are only added.

    `source`: the sealed origin key of the reports that come from it. `proposed`: what the service proposed then.
    """

    __tablename__ = "source_reliability"
    __table_args__ = (Index("source_reliability_by_source", "organisation_id", "source", "id"),)
    source: str
    organisation_id: int = Field(foreign_key="organisation.id")
    before: str
    after: str
    why: str
    proposed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    member_id: int = Field(foreign_key="member.id")
    at: datetime = Field(sa_type=Utc)
