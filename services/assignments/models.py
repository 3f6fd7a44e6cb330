"""Tables of what is expected of whom, and of which reminders were sent."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Assignment(Record, table=True):
    """A report of one form, expected of an organisation for every period that lies between two days.

    Its audience may know that it is expected, and whether it came; the organisation is its originator, so that it
    always does. Whether anything came is read from the reports that are there, and kept nowhere.
    """

    reference: str = Field(unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    form: str
    grain: str = Field(description="week, month, quarter or year")
    status: str = Field(description="actual or exercise: which reports meet it")
    place: str | None = None
    due_days: int = Field(description="After the last day of the period.")
    due_hour: int = Field(description="By the clocks of the organisation.")
    starts_on: date
    ends_on: date | None = None
    audience_id: int = Field(foreign_key="audience.id")
    active: bool = Field(default=True, description="Struck out, nothing was ever expected.")
    made_at: datetime = Field(sa_type=Utc)


class AssignmentReminder(SQLModel, table=True):
    """That an organisation was reminded of one period, before or after its deadline."""

    __tablename__ = "assignment_reminder"
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True, sa_type=BigKey)
    start: date = Field(primary_key=True)
    what: str = Field(primary_key=True, description="report_due or report_overdue")
    at: datetime = Field(sa_type=Utc)
