"""The table of what desks are done with."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Utc


class DeskDone(SQLModel, table=True):
    """That the analysts of an organisation have looked a report through, and in which revision: another brings it back.
    One row for each desk, whoever of it said so."""

    __tablename__ = "desk_done"
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    revision: int
    member_id: int = Field(foreign_key="member.id")
    done_at: datetime = Field(sa_type=Utc)
