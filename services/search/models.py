"""The table of what reports mean, as the model has it."""

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey


class Meaning(SQLModel, table=True):
    """Where a report lies among others of its language, by its words as others than its owner read them; `made_by`: of
    which numbers and rules of screening it was made."""

    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    revision: int
    made_by: str
    vector: bytes
