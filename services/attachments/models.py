"""Tables of the files that partners attach to reports, and of the words found in them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc

WAITING, READY, WORDS, KEPT, HELD = "waiting", "ready", "words", "kept", "held"


class Attachment(Record, table=True):
    """A file of a report. Its bytes, and those of the copy that others are given, lie in the store by their hashes."""

    __table_args__ = (
        Index(
            "attachment_once",
            "report_id",
            "digest",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("attachment_waiting", "state", "due_at"),
    )
    reference: str = Field(unique=True)
    report_id: int = Field(foreign_key="report.id", index=True, sa_type=BigKey)
    name: str
    kind: str = Field(description="docx, pdf, png, jpeg or text: by its content")
    size: int = Field(sa_type=BigInteger)
    digest: str = Field(index=True, description="SHA-256 of the bytes as they were sent")
    added_at: datetime = Field(sa_type=Utc)
    state: str = Field(
        description="waiting, ready, words (personal data was found: others are given its words, masked), kept (its "
        "owner's alone) or held (by the scanner)"
    )
    decision: str | None = Field(default=None, description="The owner's about personal data: share or words.")
    why: list[str] = Field(default_factory=list, sa_type=JSON, description="Codes of what keeps it from others.")
    left_out: list[str] = Field(default_factory=list, sa_type=JSON, description="Codes of what the copy is without.")
    copy_digest: str | None = Field(default=None, index=True)
    copy_size: int | None = Field(default=None, sa_type=BigInteger)
    scanned_at: datetime | None = Field(default=None, sa_type=Utc)
    due_at: datetime | None = Field(default=None, sa_type=Utc, description="When a silent scanner is asked again.")
    removed_at: datetime | None = Field(default=None, sa_type=Utc, description="Then its bytes are to be destroyed.")


class AttachmentText(SQLModel, table=True):
    """The words of the copy that others are given, cleaned; `personal`: whether personal data was found in them."""

    __tablename__ = "attachment_text"
    attachment_id: int = Field(foreign_key="attachment.id", primary_key=True, sa_type=BigKey)
    text: str
    personal: bool = False
