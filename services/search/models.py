"""Tables of what reports mean, as the model has it, and of what was learned from analysts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Utc


class Meaning(SQLModel, table=True):
    """Where a report lies among others of its language, by its words as others than its owner read them; `made_by`: of
    which numbers and rules of screening it was made."""

    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    revision: int
    made_by: str
    vector: bytes


class Learned(SQLModel, table=True):
    """What was learned of a theme; `made_by`: of which meanings."""

    theme: str = Field(primary_key=True)
    made_by: str
    weights: bytes
    trained_at: datetime = Field(sa_type=Utc)


class LearnedFrom(SQLModel, table=True):
    """From which reports it was learned: whoever does not see all of them is told nothing by it."""

    __tablename__ = "learned_from"
    theme: str = Field(foreign_key="learned.theme", primary_key=True)
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey, index=True)
