"""Tables of uploads: how far each came, and which lines were refused for what. No words of a report."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Upload(Record, table=True):
    """A bulk upload that its sender announced; `attempt` grows each time its body is sent."""

    reference: str = Field(unique=True)
    viewer: str = Field(index=True, description="m and the member's key, or k and that of the API key")
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)
    attempt: int = 0
    state: str = Field(description="waiting, reading, done, refused or cut")
    checked: bool = Field(default=False, description="With ?validate=true: nothing was stored.")
    touched_at: datetime = Field(sa_type=Utc, description="By the machine's own clock, as leases are.")
    lines: int = 0
    accepted: int = 0
    replayed: int = 0
    refused: int = 0
    faults: int = Field(default=0, description="How many of the refused lines' faults are kept.")
    problem: str = Field(default="", description="What ended it early.")


class UploadFault(SQLModel, table=True):
    """One fault of one refused line: the field and the rule, never the value."""

    __tablename__ = "upload_fault"
    upload_id: int = Field(foreign_key="upload.id", primary_key=True, sa_type=BigKey)
    place: int = Field(primary_key=True, description="In the order of the lines.")
    line: int
    status: int
    problem: str
    field: str = ""
    rule: str
